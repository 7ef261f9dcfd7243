//! The files and folders of a data set.

/// The folder of images.
pub const IMAGES: &str = "images";
/// The records, one a line.
pub const MANIFEST: &str = "manifest.jsonl";
/// The table for Hugging Face's `ImageFolder`.
pub const METADATA: &str = "metadata.csv";
/// Images and rows that could not be used, one a line.
pub const REJECTED: &str = "rejected.jsonl";
/// Images that were filtered because of their content, one a line.
pub const FILTERED: &str = "filtered.jsonl";
/// Counts and settings.
pub const SUMMARY: &str = "summary.json";
/// The folder of charts, and of any other files that a [`Sidecar`](crate::Sidecar) writes.
pub const PLOTS: &str = "plots";
/// The folder for files that programs can make again from the rest.
pub const CACHE: &str = "cache";
/// The page for reviewing labels.
pub const REVIEW_PAGE: &str = "review.html";
/// The folder that changes of labels are prepared and kept in.
pub const REVIEW: &str = "review";

/// The name of an image in the folder of images, without that folder.
///
/// ```
/// use ai4fashion_dataset::layout::image_name;
///
/// assert_eq!(image_name("images/red_a_1.jpg"), "red_a_1.jpg");
/// assert_eq!(image_name("red_a_1.jpg"), "red_a_1.jpg");
/// ```
#[must_use]
pub fn image_name(file: &str) -> &str {
    file.strip_prefix(IMAGES)
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(file)
}

/// Whether a path below a data set is a file right below the folder of images.
pub(crate) fn is_image(file: &str) -> bool {
    let name = image_name(file);
    name != file && is_plain_name(name)
}

/// Whether a path below a data set is a file right below the folder of charts.
pub(crate) fn is_plot(file: &str) -> bool {
    let name = file.strip_prefix(PLOTS).and_then(|rest| rest.strip_prefix('/'));
    name.is_some_and(is_plain_name)
}

fn is_plain_name(name: &str) -> bool {
    !["", ".", ".."].contains(&name) && !name.contains(['/', '\\'])
}
