//! Photos that people have taken of their clothes.

use std::path::{Path, PathBuf};

/// A photo, and what a person says of it.
#[derive(Clone, Debug)]
pub struct PhonePhoto {
    /// The JPEG, 400 pixels wide.
    pub path: PathBuf,
    /// The colour names that a person accepts for the garment.
    pub colors: &'static [&'static str],
}

/// Ten photos of garments on beds, floors and hangers, in the order of their names; see CREDITS.md.
#[must_use]
pub fn phone_photos() -> Vec<PhonePhoto> {
    const PHOTOS: [(&str, &[&str]); 10] = [
        ("01-longsleeve", &["red"]),
        ("02-outwear", &["red"]),
        ("03-pants", &["blue"]),
        ("04-shirt", &["grey"]),
        ("05-shorts", &["blue"]),
        ("06-skirt", &["purple", "pink"]),
        ("07-t-shirt", &["green"]),
        ("08-hat", &["black"]),
        ("09-dress", &["black"]),
        ("10-t-shirt", &["white"]),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("photos");
    let photo = |(name, colors): (&str, _)| PhonePhoto {
        path: folder.join(format!("{name}.jpg")),
        colors,
    };
    PHOTOS.map(photo).into()
}
