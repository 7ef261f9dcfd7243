//! The page as a file in the data set.

use std::path::PathBuf;

use ai4fashion_dataset::{Dataset, layout::REVIEW_PAGE};

use crate::{
    error::Error,
    page::{self, Kind},
    page_file::write_swept,
};

/// Default of [`ReviewOptions::inline`]: about 8 MB of page.
const INLINE: usize = 2000;

/// Settings of a page.
///
/// ```
/// use ai4fashion_review::ReviewOptions;
///
/// // The page stays small, and loads images from the folder beside it.
/// let options = ReviewOptions::default().with_inline(0);
/// assert_eq!(options.inline, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReviewOptions {
    /// The most images of which the page holds thumbnails. Default 2,000.
    ///
    /// Such a page can be moved anywhere. With more images it loads them from the folder `images`
    /// beside it as they come into sight.
    pub inline: usize,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        Self { inline: INLINE }
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

/// Writes `review.html` into the data set's folder, over an older one, and returns its path.
///
/// What a killed writer of a page has left half-written in that folder is removed.
///
/// Annotations made in the page are exported as `corrections.csv`, for
/// [`LabelEditor::apply`](ai4fashion_dataset::LabelEditor::apply).
///
/// # Errors
/// If an image cannot be read, or the page cannot be written.
pub fn write_page(dataset: &Dataset, options: &ReviewOptions) -> Result<PathBuf, Error> {
    let path = dataset.root().join(REVIEW_PAGE);
    let inline = options.inline;
    let html = page::html(dataset, Kind::File { inline })?;
    write_swept(&path, html.as_bytes()).map_err(Error::write(&path))?;
    Ok(path)
}
