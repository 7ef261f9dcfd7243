#![doc = include_str!("../README.md")]

mod contact_sheets;
mod data;
mod doubt;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod page;
mod page_file;
mod report;
mod review_page;
mod server;
mod thumbnails;

pub use contact_sheets::write_contact_sheets;
pub use error::{Error, ErrorKind};
pub use report::write_report;
pub use review_page::{ReviewOptions, write_page};
pub use server::Server;

// Its types are part of our signatures.
pub use ai4fashion_dataset as dataset;
