//! The names of a data set's files.

/// The folder of pictures.
pub(crate) const IMAGES: &str = "images";
/// The file of records.
pub(crate) const MANIFEST: &str = "manifest.jsonl";
/// The table for Hugging Face's `ImageFolder`.
pub(crate) const METADATA: &str = "metadata.csv";
/// The file of what could not be used.
pub(crate) const SKIPPED: &str = "skipped.jsonl";
/// The file of what was left out for what it shows.
pub(crate) const LEFT_OUT: &str = "left_out.jsonl";
/// The file of counts and settings.
pub(crate) const SUMMARY: &str = "summary.json";
/// The folder of charts.
pub(crate) const PLOTS: &str = "plots";
/// The folder where programs keep what they can make again from the rest.
pub(crate) const CACHE: &str = "cache";
/// The page for correcting labels.
pub(crate) const REVIEW_PAGE: &str = "review.html";

/// The name of a picture's file in the folder of pictures.
pub(crate) fn name_of(file: &str) -> &str {
    file.strip_prefix(IMAGES)
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(file)
}

/// Whether it is a file right below the folder of pictures.
pub(crate) fn is_picture(file: &str) -> bool {
    let name = name_of(file);
    name != file && !["", ".", ".."].contains(&name) && !name.contains(['/', '\\'])
}
