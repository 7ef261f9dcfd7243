//! A page for correcting labels by hand: pictures least sure first, one key for each name, nothing to install.
//!
//! [`write_page`] writes it into the data set; what is corrected there comes out as `corrections.csv`, for
//! [`Editor::apply`](crate::Editor::apply). A [`Server`] shows the same page on this machine and writes corrections
//! straight to the data set.
//!
//! Needs the feature `review`.

mod contact_sheets;
mod data;
mod page;
mod report;
mod server;
mod thumbnails;

use std::path::PathBuf;

use crate::{Dataset, Error, dataset, write_atomic};
pub use contact_sheets::write_contact_sheets;
pub use report::write_report;
pub use server::Server;

/// Default of [`ReviewOptions::inline`]: about 8 MB of page.
pub const DEFAULT_INLINE: usize = 2000;

/// Settings of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewOptions {
    /// Up to so many pictures, the page holds a small copy of each and can be taken anywhere; above, it loads pictures
    /// from the folder `images` beside it as they come into sight. Default [`DEFAULT_INLINE`].
    pub inline: usize,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        Self {
            inline: DEFAULT_INLINE,
        }
    }
}

impl ReviewOptions {
    /// Sets [`inline`](Self::inline).
    #[must_use]
    pub fn with_inline(mut self, inline: usize) -> Self {
        self.inline = inline;
        self
    }
}

/// Writes `review.html` into the data set's folder, over an older one, and says where it is.
///
/// # Errors
/// If a picture cannot be read, or the page not be written.
pub fn write_page(dataset: &Dataset, options: &ReviewOptions) -> Result<PathBuf, Error> {
    let path = dataset.root().join(dataset::layout::REVIEW_PAGE);
    let html = page::html(
        dataset,
        page::Kind::File {
            inline: options.inline,
        },
    )?;
    write_atomic(&path, html.as_bytes())?;
    Ok(path)
}
