//! Photos from phones, with beds and floors behind the garments.

use ai4fashion_dataset::{Dataset, Folder, Ingest, IngestOptions};
use ai4fashion_testkit::phone_photos;

/// On such photos the label model is seldom sure: see `docs/label-model.md`.
#[test]
fn most_colours_are_those_that_a_person_accepts() {
    let temp = tempfile::tempdir().unwrap();
    let photos = phone_photos();
    let source = Folder::open(photos[0].path.parent().unwrap()).unwrap();
    let out = temp.path().join("out");
    let ingest = Ingest::new(IngestOptions::default()).unwrap();
    let report = ingest.run(&[&source], &out, &()).unwrap();
    assert!(report.rejected.is_empty(), "{report:?}");
    let dataset = Dataset::open(&out).unwrap();
    let (mut wrong, mut typed) = (Vec::new(), 0);
    for photo in &photos {
        let name = photo.path.file_name().unwrap().to_str().unwrap();
        let record = dataset
            .records()
            .iter()
            .find(|it| it.source_path == name)
            .unwrap();
        if !photo.colors.contains(&record.color.as_str()) {
            wrong.push((name, record.color, record.confidence));
        }
        typed += usize::from(record.product_type.is_some());
    }
    assert!(wrong.len() <= 2, "{wrong:?}");
    // Where it is wrong, it says so.
    assert!(
        wrong.iter().all(|(_, _, confidence)| *confidence < 0.2),
        "{wrong:?}"
    );
    assert!(typed >= 5, "{typed}");
}
