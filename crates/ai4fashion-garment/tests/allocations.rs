//! Memory is allocated once, not per image. A test binary of its own, because it counts in the
//! allocator.

use ai4fashion_garment::{GarmentClassifier, GarmentWorkspace, TypeHint, color::image::RgbImage};
use ai4fashion_testkit::{garment, textured};

#[test]
fn reused_workspace_allocates_nothing() {
    let (classifier, mut workspace) = (GarmentClassifier::new(), GarmentWorkspace::new());
    let images = [
        garment(300, [20, 60, 160]),
        textured(60, 80),
        textured(500, 400),
        RgbImage::new(0, 0),
    ];
    let mut classify_all = || {
        for image in &images {
            let _ = classifier.classify_with(&mut workspace, image, TypeHint::Unknown);
        }
    };
    let first = allocation_counter::measure(&mut classify_all);
    assert!(first.count_total > 0, "nothing is counted");
    let again = allocation_counter::measure(&mut classify_all);
    assert_eq!(again.count_total, 0, "{again:?}");
}
