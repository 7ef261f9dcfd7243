//! Ways to name a garment's colour: our classifiers, and the dominant colour of other crates, named
//! by the published table that our models use as well.
//!
//! Most of a catalogue image is white paper, which color-thief leaves out (all components above
//! 250). For the other crates it is the first colour that is not as white; all white is white.

use ai4fashion_color::{__private as fitting, BasicColor, ColorClassifier, Workspace, notebook};
use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint};
use image::{DynamicImage, RgbImage};
use kmeans_colors::Sort;
use palette::{FromColor, Lab, Srgb};

/// A function that names an image.
pub(crate) type Namer = Box<dyn FnMut(&RgbImage) -> Option<BasicColor>>;

/// Returns all namers, ours first.
pub(crate) fn all() -> [(&'static str, Namer); 9] {
    [
        ("ColorClassifier", color_classifier()),
        ("GarmentClassifier", garment_classifier()),
        ("color-thief", Box::new(color_thief)),
        ("kmeans_colors", Box::new(kmeans_colors)),
        ("auto-palette", Box::new(auto_palette)),
        ("okmain", Box::new(okmain)),
        ("w2c-vote", Box::new(w2c_vote)),
        (
            "lookbook-rule",
            Box::new(|image| notebook::LookBookRule.classify(image)),
        ),
        (
            "small-fashion-rule",
            Box::new(|image| notebook::SmallFashionRule.classify(image)),
        ),
    ]
}

fn color_classifier() -> Namer {
    let (classifier, mut workspace) = (ColorClassifier::default(), Workspace::new());
    Box::new(move |image: &RgbImage| Some(classifier.classify_with(&mut workspace, image).name()))
}

/// Does not know the type of the garment.
fn garment_classifier() -> Namer {
    let (classifier, mut workspace) = (GarmentClassifier::new(), GarmentWorkspace::new());
    Box::new(move |image: &RgbImage| {
        let found = classifier.classify_with(&mut workspace, image, TypeHint::Unknown);
        Some(found.color().name())
    })
}

const NEARLY_WHITE: u8 = 250;

fn is_nearly_white(rgb: [u8; 3]) -> bool {
    rgb.iter().all(|&component| component > NEARLY_WHITE)
}

/// Names the first of a crate's colours, sorted by importance, that is not paper.
fn name(mut colors: impl Iterator<Item = [u8; 3]>) -> Option<BasicColor> {
    let found = colors.find(|&rgb| !is_nearly_white(rgb));
    Some(fitting::published(found.unwrap_or([255; 3])))
}

/// Asks for five colours of all pixels, as the notebooks do with the Python package.
fn color_thief(image: &RgbImage) -> Option<BasicColor> {
    let palette = color_thief::get_palette(image, color_thief::ColorFormat::Rgb, 1, 5).unwrap_or_default();
    name(palette.into_iter().map(|color| [color.r, color.g, color.b]))
}

/// Finds five clusters in Lab with the settings of the crate's program.
fn kmeans_colors(image: &RgbImage) -> Option<BasicColor> {
    let lab = |pixel: &image::Rgb<u8>| Lab::from_color(Srgb::from(pixel.0).into_format::<f32>());
    let pixels: Vec<Lab> = image.pixels().map(lab).collect();
    let found = kmeans_colors::get_kmeans_hamerly(5, 20, 5.0, false, &pixels, 0);
    let mut clusters = Lab::sort_indexed_colors(&found.centroids, &found.indices);
    clusters.sort_by(|a, b| b.percentage.total_cmp(&a.percentage));
    let colors = clusters
        .into_iter()
        .map(|cluster| Srgb::from_color(cluster.centroid).into_format::<u8>().into());
    name(colors)
}

/// Uses the crate's default, DBSCAN; the largest swatch first.
fn auto_palette(image: &RgbImage) -> Option<BasicColor> {
    let rgba = DynamicImage::from(image.clone()).into_rgba8();
    let data = auto_palette::ImageData::new(rgba.width(), rgba.height(), rgba.as_raw()).ok()?;
    let palette = auto_palette::Palette::<f32>::extract(&data).ok()?;
    let mut swatches = palette.swatches().to_vec();
    swatches.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    name(swatches.into_iter().map(|swatch| {
        let rgb = swatch.color().to_rgb();
        [rgb.r, rgb.g, rgb.b]
    }))
}

/// Uses the crate's default.
fn okmain(image: &RgbImage) -> Option<BasicColor> {
    let (width, height) = (
        u16::try_from(image.width()).ok()?,
        u16::try_from(image.height()).ok()?,
    );
    let input = okmain::InputImage::from_bytes(width, height, image.as_raw()).ok()?;
    name(
        okmain::colors(input)
            .into_iter()
            .map(|color| [color.r, color.g, color.b]),
    )
}

/// Uses the published table alone: the mean membership over all pixels except paper.
fn w2c_vote(image: &RgbImage) -> Option<BasicColor> {
    let mut sums = [0_u64; 11];
    for pixel in image.pixels().filter(|pixel| !is_nearly_white(pixel.0)) {
        for (sum, membership) in sums.iter_mut().zip(fitting::memberships(pixel.0)) {
            *sum += u64::from(membership);
        }
    }
    let white = BasicColor::White;
    Some(BasicColor::ALL.into_iter().fold(white, |best, name| {
        if sums[name.index()] > sums[best.index()] {
            name
        } else {
            best
        }
    }))
}
