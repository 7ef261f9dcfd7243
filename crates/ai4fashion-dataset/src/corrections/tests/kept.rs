//! What corrections keep: human labels in another data set, and the bytes of other records.

use super::*;

#[test]
fn human_labels_go_to_the_same_images_elsewhere() {
    let (temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let table = table([
        pink_coat(editor.dataset(), 0),
        pink_coat(editor.dataset(), 1),
        of(editor.dataset(), 2).with_type(LabelChange::Set(None)),
    ]);
    editor.apply(&table).unwrap();
    let human = HumanLabels::of(editor.dataset().records());
    assert_eq!(human.len(), 3);

    let photos = temp.path().join("photos");
    fs::write(
        photos.join("p1.png"),
        encoded(garment(48, [250, 220, 40]), ImageFormat::Png),
    )
    .unwrap();
    let other = temp.path().join("other");
    ingest(&photos, &other, false);
    let mut records = Dataset::open(&other).unwrap().records().to_vec();
    let moved: Vec<Option<String>> = records
        .iter_mut()
        .map(|record| human.apply(record).unwrap())
        .collect();
    assert_eq!(records[0], editor.dataset().records()[0]);
    assert_eq!(moved[0].as_deref(), Some("images/red_p0_0.jpg"));
    // Another image stands there now.
    assert_eq!((records[1].color, moved[1].is_none()), (BasicColor::Yellow, true));
    assert_eq!(
        (records[2].type_source, &moved[2]),
        (Some(TypeSource::Human), &None)
    );
}

#[test]
fn human_labels_outlive_a_new_ingestion() {
    let (temp, root) = dataset();
    let photos = temp.path().join("photos");
    let mut editor = LabelEditor::open(&root).unwrap();
    let table = table([
        pink_coat(editor.dataset(), 0),
        of(editor.dataset(), 3).with_type(LabelChange::Set(None)),
    ]);
    editor.apply(&table).unwrap();
    let corrected = editor.dataset().records().to_vec();
    drop(editor);
    for overwrite in [true, false] {
        ingest(&photos, &root, overwrite);
        let again = Dataset::open(&root).unwrap();
        assert_eq!(again.records(), corrected, "overwrite {overwrite}");
        assert_eq!(again.summary().unwrap().colors["pink"], 1);
        assert!((0..again.len()).all(|index| again.load(index).is_ok()));
    }
    // Another photo makes it a new folder; the old ones are taken over as they were made.
    fs::copy(photos.join("p0.png"), photos.join("q.png")).unwrap();
    ingest(&photos, &root, false);
    let again = Dataset::open(&root).unwrap();
    let labels = |record: &Record| (record.color, record.product_type, record.annotation.clone());
    let of_all = |records: &[Record]| records.iter().map(labels).collect::<Vec<_>>();
    assert_eq!(of_all(&again.records()[..5]), of_all(&corrected));
    assert_eq!(
        (again.records()[5].color, &again.records()[5].annotation),
        (BasicColor::Red, &None)
    );
}

#[test]
fn manifest_keeps_the_bytes_of_other_records() {
    let (_temp, root) = dataset();
    let manifest = root.join("manifest.jsonl");
    // As another program might have written it, which writes no summary.
    fs::remove_file(root.join("summary.json")).unwrap();
    let text = fs::read_to_string(&manifest).unwrap();
    let odd = text.replacen(
        "{\"format\":4,\"file\"",
        "\n{ \"note\": 1, \"format\":4,\"file\"",
        2,
    );
    fs::write(&manifest, odd.trim_end()).unwrap();
    let mut editor = LabelEditor::open(&root).unwrap();
    let table = table([pink_coat(editor.dataset(), 0), pink_coat(editor.dataset(), 4)]);
    editor.apply(&table).unwrap();
    let new = fs::read_to_string(&manifest).unwrap();
    let (old, new): (Vec<&str>, Vec<&str>) =
        (odd.trim_end().split('\n').collect(), new.split('\n').collect());
    assert_eq!(old.len(), new.len());
    let differ: Vec<usize> = (0..old.len()).filter(|line| old[*line] != new[*line]).collect();
    assert_eq!(differ, [1, 6]);
    assert!(editor.undo().unwrap());
    assert_eq!(fs::read_to_string(&manifest).unwrap(), odd.trim_end());
}
