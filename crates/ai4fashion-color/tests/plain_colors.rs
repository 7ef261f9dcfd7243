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
