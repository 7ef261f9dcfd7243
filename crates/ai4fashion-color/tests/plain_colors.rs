//! Garments of one plain colour, on white and on grey paper.

use ai4fashion_color::{
    BasicColor::{self, Black, Blue, Brown, Green, Grey, Orange, Pink, Purple, Red, Yellow},
    ColorClassifier,
    image::{Rgb, RgbImage},
};

fn square(color: [u8; 3], paper: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(64, 64, |x, y| {
        let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
        Rgb(if is_cloth { color } else { paper })
    })
}

#[test]
fn near_black_has_no_hue_and_pale_colors_have_theirs() {
    let classifier = ColorClassifier::default();
    let near_black = [
        [0, 0, 8],
        [16, 0, 0],
        [32, 8, 8],
        [0, 8, 0],
        [8, 0, 8],
        [0, 16, 16],
        [24, 8, 0],
        [8, 24, 8],
        [16, 16, 0],
        [20, 4, 12],
        [4, 4, 20],
    ];
    let named = |color: [u8; 3]| classifier.classify(&square(color, [255; 3])).name();
    let wrong = near_black.into_iter().filter(|color| named(*color) != Black);
    assert_eq!(wrong.collect::<Vec<_>>(), [[0_u8; 3]; 0]);
    for peach in [
        [255, 219, 182],
        [255, 218, 185],
        [255, 210, 180],
        [250, 215, 185],
        [255, 225, 190],
    ] {
        let found = named(peach);
        assert!(
            matches!(found, Pink | Orange | Brown | Yellow),
            "{peach:?} is {found}"
        );
    }
}

/// The name of a colour is that of a garment of this colour, on paper and cut out.
#[test]
fn nearest_name_is_the_classifiers() {
    let classifier = ColorClassifier::default();
    let levels = || (0..=255_u8).step_by(15);
    let colors = levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])));
    let differ = colors.filter(|&color| {
        let found = classifier.classify(&square(color, [255; 3]));
        // White on white is no garment.
        found.garment_fraction() > 0.0 && found.name() != BasicColor::nearest(color)
    });
    assert_eq!(differ.collect::<Vec<_>>(), [[0_u8; 3]; 0]);
}

/// What nobody disputes, saturated as no cloth is.
#[test]
fn plain_colors_have_their_names() {
    let expected: [([u8; 3], BasicColor); 24] = [
        ([0, 0, 0], Black),
        ([30, 30, 30], Black),
        ([128, 128, 128], Grey),
        ([160, 160, 160], Grey),
        ([255, 0, 0], Red),
        ([200, 0, 0], Red),
        ([0, 255, 0], Green),
        ([0, 128, 0], Green),
        ([153, 255, 102], Green),
        ([0, 0, 255], Blue),
        ([20, 20, 200], Blue),
        ([0, 0, 128], Blue),
        ([0, 255, 255], Blue),
        ([51, 255, 255], Blue),
        ([135, 206, 235], Blue),
        ([255, 255, 0], Yellow),
        ([255, 255, 102], Yellow),
        ([255, 220, 0], Yellow),
        ([255, 128, 0], Orange),
        ([255, 165, 0], Orange),
        ([255, 105, 180], Pink),
        ([255, 204, 255], Pink),
        ([128, 0, 128], Purple),
        ([139, 69, 19], Brown),
    ];
    let classifier = ColorClassifier::default();
    for paper in [[255; 3], [225; 3]] {
        let wrong = expected.iter().filter_map(|(color, name)| {
            let found = classifier.classify(&square(*color, paper)).name();
            (found != *name).then_some((color, name, found))
        });
        assert_eq!(wrong.collect::<Vec<_>>(), [], "on {paper:?}");
    }
}
