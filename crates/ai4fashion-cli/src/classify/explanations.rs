//! Explanations of names, rendered to files.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use ai4fashion_color::Explanation;
use ai4fashion_dataset::{LabeledName, ProductType};
use ai4fashion_garment::GarmentClassification;
use ai4fashion_plot::render_explanation;

use crate::output::write_png;

/// A file in `folder` for each image: its stem, with `~2`, `~3`, ... if an earlier one has it.
pub(super) fn paths<'a>(folder: &Path, images: impl Iterator<Item = &'a Path>) -> Vec<PathBuf> {
    let mut given = HashSet::new();
    let path = |image: &Path| {
        let stem = LabeledName::clean_stem(image);
        let numbered = (2..).map(|number: u64| format!("{stem}~{number}"));
        // Some file systems do not tell upper from lower case.
        let mut free = std::iter::once(stem.clone())
            .chain(numbered)
            .filter(|name| given.insert(name.to_lowercase()));
        folder.join(format!("{}.png", free.next().unwrap_or(stem.clone())))
    };
    images.map(path).collect()
}

/// Renders the explanation of the image `file` to `path`, with the type and whether the garment is
/// alone, if they are known.
///
/// # Errors
/// If it cannot be rendered or written.
pub(super) fn write(
    path: &Path,
    file: &Path,
    explanation: &Explanation,
    garment: Option<&GarmentClassification>,
) -> anyhow::Result<()> {
    let found = explanation.classification();
    let name = file.file_name().unwrap_or(file.as_os_str());
    let mut title = format!(
        "{}: {} {:.2}, runner-up {}",
        name.display(),
        found.name(),
        found.confidence(),
        found.runner_up()
    );
    if let Some(garment) = garment {
        title += &format!(
            "; {} {:.2}; alone {:.2}",
            ProductType::name_of(garment.product_type()),
            garment.type_confidence(),
            garment.garment_only_probability()
        );
    }
    write_png(path, &render_explanation(&title, explanation)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_one_name_get_files_of_their_own() {
        let images = ["a/x.jpg", "b/X.png", "b/y.jpg", "x.gif"].map(Path::new);
        let expected = ["out/x.png", "out/X~2.png", "out/y.png", "out/x~3.png"].map(PathBuf::from);
        assert_eq!(paths(Path::new("out"), images.into_iter()), expected);
    }
}
