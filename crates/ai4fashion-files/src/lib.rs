#![doc = include_str!("../README.md")]

mod atomic;
mod decode;
mod durable;
mod error;
mod hash;
pub mod json;
pub mod json_lines;
mod lock;
pub mod machine;
pub mod names;
pub mod numbers;
mod text;

pub use atomic::{AtomicFile, PARTIAL, sweep_partial, write_atomic};
pub use decode::{decode, line_with_nul};
pub use durable::{TreeSync, sync_file, sync_folder};
pub use error::{Error, ErrorKind};
pub use hash::{hex, sha256_hex, sha256_hex_of};
pub use lock::{FileLock, try_lock};
pub use text::{chain, count, messages, printable};
