//! Other ways to a garment's colour name: each crate's dominant colour, named by the published table that ours uses too.
//!
//! Most of a catalogue picture is white paper, which color-thief leaves out (all components above 250). The others know
//! nothing of it, so theirs is the first of their colours that is not as white; all white is white.

use ai4fashion_color::{__private as fitting, BasicColor, ColorClassifier, Workspace, notebook};
use image::{DynamicImage, RgbImage};
use kmeans_colors::Sort;
use palette::{FromColor, Lab, Srgb};

/// Names a picture.
pub(crate) type Namer = Box<dyn FnMut(&RgbImage) -> Option<BasicColor>>;

/// All of them, ours first.
pub(crate) fn all() -> [(&'static str, Namer); 8] {
    let classifier = ColorClassifier::default();
    let mut workspace = Workspace::new();
    let ours = move |picture: &RgbImage| Some(classifier.classify_with(&mut workspace, picture).name());
    [
        ("ours", Box::new(ours)),
        ("color-thief", Box::new(color_thief)),
        ("kmeans_colors", Box::new(kmeans_colors)),
        ("auto-palette", Box::new(auto_palette)),
        ("okmain", Box::new(okmain)),
        ("w2c-vote", Box::new(w2c_vote)),
        (
            "lookbook-rule",
            Box::new(|picture| notebook::LookBookRule.classify(picture)),
        ),
        (
            "small-fashion-rule",
            Box::new(|picture| notebook::SmallFashionRule.classify(picture)),
        ),
    ]
}

const NEARLY_WHITE: u8 = 250;

fn is_nearly_white(rgb: [u8; 3]) -> bool {
    rgb.iter().all(|&component| component > NEARLY_WHITE)
}

/// The first of a crate's colours, the most important one first, that is not paper.
fn name(mut colors: impl Iterator<Item = [u8; 3]>) -> Option<BasicColor> {
    let found = colors.find(|&rgb| !is_nearly_white(rgb));
    Some(BasicColor::nearest(found.unwrap_or([255; 3])))
}

/// Five colours of every pixel, as the notebooks ask for with the Python package.
fn color_thief(picture: &RgbImage) -> Option<BasicColor> {
    let palette = color_thief::get_palette(picture, color_thief::ColorFormat::Rgb, 1, 5).unwrap_or_default();
    name(palette.into_iter().map(|color| [color.r, color.g, color.b]))
}

/// Five clusters in Lab with the settings of the crate's program.
fn kmeans_colors(picture: &RgbImage) -> Option<BasicColor> {
    let lab = |pixel: &image::Rgb<u8>| Lab::from_color(Srgb::from(pixel.0).into_format::<f32>());
    let pixels: Vec<Lab> = picture.pixels().map(lab).collect();
    let found = kmeans_colors::get_kmeans_hamerly(5, 20, 5.0, false, &pixels, 0);
    let mut clusters = Lab::sort_indexed_colors(&found.centroids, &found.indices);
    clusters.sort_by(|a, b| b.percentage.total_cmp(&a.percentage));
    let colors = clusters
        .into_iter()
        .map(|cluster| Srgb::from_color(cluster.centroid).into_format::<u8>().into());
    name(colors)
}

/// The crate's default, DBSCAN; the largest swatch first.
fn auto_palette(picture: &RgbImage) -> Option<BasicColor> {
    let rgba = DynamicImage::from(picture.clone()).into_rgba8();
    let data = auto_palette::ImageData::new(rgba.width(), rgba.height(), rgba.as_raw()).ok()?;
    let palette = auto_palette::Palette::<f32>::extract(&data).ok()?;
    let mut swatches = palette.swatches().to_vec();
    swatches.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    name(swatches.into_iter().map(|swatch| {
        let rgb = swatch.color().to_rgb();
        [rgb.r, rgb.g, rgb.b]
    }))
}

/// The crate's default.
fn okmain(picture: &RgbImage) -> Option<BasicColor> {
    let (width, height) = (
        u16::try_from(picture.width()).ok()?,
        u16::try_from(picture.height()).ok()?,
    );
    let input = okmain::InputImage::from_bytes(width, height, picture.as_raw()).ok()?;
    name(
        okmain::colors(input)
            .into_iter()
            .map(|color| [color.r, color.g, color.b]),
    )
}

/// The published table alone: the mean membership over all pixels but paper.
fn w2c_vote(picture: &RgbImage) -> Option<BasicColor> {
    let mut sums = [0_u64; 11];
    for pixel in picture.pixels().filter(|pixel| !is_nearly_white(pixel.0)) {
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
