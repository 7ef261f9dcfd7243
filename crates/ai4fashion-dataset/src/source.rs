//! Where pictures come from.

mod archive;
mod entry;
mod folder;
mod kind;
mod list;
mod lookbook;
mod place;
mod plan;
mod small_fashion;
mod type_table;
mod walk;

pub use entry::Entry;
pub use folder::Folder;
pub use kind::SourceKind;
pub use list::FileList;
pub use lookbook::LookBook;
pub use plan::{Source, SourcePlan};
pub use small_fashion::SmallFashion;
pub use type_table::TypeTable;
