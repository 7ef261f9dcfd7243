//! Corrections that are applied and undone.

mod durable;
mod interrupted;
mod kept;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_testkit::{encoded, files_below, garment};
use image::ImageFormat;
use proptest::prelude::*;
use tempfile::TempDir;

use ai4fashion_color::BasicColor;

use super::*;
use crate::{
    dataset::{Dataset, Summary, layout::REVIEW},
    error::{Error, ErrorKind},
    ingest::{Ingest, IngestOptions, LabelMethod},
    labels::{ProductType, TypeSource},
    record::{ColorSource, Record},
    source::Folder,
};

const COLORS: [[u8; 3]; 5] = [
    [200, 20, 30],
    [30, 80, 190],
    [20, 20, 20],
    [40, 140, 60],
    [120, 75, 40],
];

/// A data set of five images without types.
fn dataset() -> (TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    for (place, color) in COLORS.into_iter().enumerate() {
        let photo = encoded(garment(32, color), ImageFormat::Png);
        fs::write(photos.join(format!("p{place}.png")), photo).unwrap();
    }
    ingest(&photos, &out, false);
    (temp, out)
}

fn ingest(photos: &Path, out: &Path, overwrite: bool) {
    let options = IngestOptions::default().with_labels(LabelMethod::Color);
    let options = options.with_image_size(16).with_overwrite(overwrite);
    let source = Folder::open(photos).unwrap();
    Ingest::new(options).unwrap().run(&[&source], out, &()).unwrap();
}

/// All files but the editor's own, by name.
fn content(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_below(root);
    files.retain(|path, _| !path.starts_with(REVIEW));
    files
}

fn of(dataset: &Dataset, index: usize) -> Correction {
    let record = &dataset.records()[index];
    Correction::new(&record.file, record.color, record.product_type)
}

fn pink_coat(dataset: &Dataset, index: usize) -> Correction {
    of(dataset, index)
        .with_color(LabelChange::Set(BasicColor::Pink))
        .with_type(LabelChange::Set(Some(ProductType::Coat)))
        .with_time("2026-11-25T12:00:00Z")
}

fn table(corrections: impl IntoIterator<Item = Correction>) -> CorrectionTable {
    corrections.into_iter().collect()
}

#[test]
fn correction_renames_and_is_recorded_everywhere() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let before = editor.dataset().records()[0].clone();
    let confirmed = of(editor.dataset(), 1).with_color(LabelChange::Set(editor.dataset().records()[1].color));
    let table = table([pink_coat(editor.dataset(), 0), confirmed]);
    let plan = editor.apply(&table).unwrap();
    assert_eq!((plan.corrections, plan.confirmed, plan.reset), (2, 1, 0));
    assert_eq!(plan.colors[&(before.color, BasicColor::Pink)], 1);
    assert_eq!(plan.types[&(None, Some(ProductType::Coat))], 1);
    drop(editor);

    let dataset = Dataset::open(&root).unwrap();
    let record = &dataset.records()[0];
    assert_eq!(record.file, "images/pink_p0_12.jpg");
    assert!(dataset.path(0).is_file() && !root.join(&before.file).exists());
    assert_eq!(
        (record.color_source(), record.classified_color()),
        (ColorSource::Human, before.color)
    );
    assert_eq!(
        (record.type_source, record.source_type()),
        (Some(TypeSource::Human), None)
    );
    assert_eq!(
        (record.confidence, record.runner_up),
        (before.confidence, before.runner_up)
    );
    assert_eq!(dataset.records()[1].color_source(), ColorSource::Human);
    assert_eq!(dataset.records()[2].color_source(), ColorSource::Classifier);
    let metadata = fs::read_to_string(root.join("metadata.csv")).unwrap();
    assert!(
        metadata.contains("images/pink_p0_12.jpg,pink,12,Coats"),
        "{metadata}"
    );
    let summary: Summary = serde_json::from_slice(&fs::read(root.join("summary.json")).unwrap()).unwrap();
    assert_eq!((summary.colors["pink"], summary.types[&12]), (1, 1));
}

#[test]
fn one_bad_row_keeps_all_from_being_applied_and_each_is_listed() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let mut editor = LabelEditor::open(&root).unwrap();
    let dataset = editor.dataset();
    fs::write(root.join("images/pink_p3_12.jpg"), "somebody's").unwrap();
    let mut stale = pink_coat(dataset, 1);
    stale.old_color = OldLabel::Is(BasicColor::Yellow);
    let mut unknown = pink_coat(dataset, 1);
    unknown.file = "images/red_nobody_1.jpg".to_owned();
    let rows = [
        pink_coat(dataset, 0),
        unknown,
        stale,
        pink_coat(dataset, 0),
        of(dataset, 2),
        pink_coat(dataset, 3),
        pink_coat(dataset, 4).with_time("x".repeat(65)),
    ];
    let error = editor.apply(&table(rows)).unwrap_err();
    let ErrorKind::Corrections { rows: 7, bad, .. } = error.kind() else {
        panic!("{error}");
    };
    let messages: Vec<String> = bad.iter().map(BadRow::to_string).collect();
    let parts = [
        "row 3: there is no image `images/red_nobody_1.jpg`",
        "row 4: the current labels are blue and type 0",
        "row 5: row 2 corrects the same image",
        "row 6: neither new_color nor new_type",
        "row 7: `",
        "row 8: time `xx",
    ];
    assert_eq!(messages.len(), parts.len(), "{messages:?}");
    for (message, part) in messages.iter().zip(parts) {
        assert!(message.starts_with(part), "{message}");
    }
    fs::remove_file(root.join("images/pink_p3_12.jpg")).unwrap();
    assert_eq!(content(&root), before);
}

/// Data sets that were put together may have equal stems.
#[test]
fn two_images_do_not_become_one_file() {
    let (_temp, root) = dataset();
    for (from, to) in [("red_p0_0", "red_same_0"), ("blue_p1_0", "blue_same_0")] {
        let [from, to] = [from, to].map(|name| format!("images/{name}.jpg"));
        fs::rename(root.join(&from), root.join(&to)).unwrap();
        let manifest = fs::read_to_string(root.join("manifest.jsonl")).unwrap();
        fs::write(root.join("manifest.jsonl"), manifest.replace(&from, &to)).unwrap();
    }
    fs::remove_file(root.join("summary.json")).unwrap();
    let before = content(&root);
    let mut editor = LabelEditor::open(&root).unwrap();
    let both = [0, 1].map(|index| pink_coat(editor.dataset(), index));
    let error = editor.apply(&table(both.clone())).unwrap_err().to_string();
    assert!(
        error.ends_with("row 3: the image of row 2 becomes `images/pink_same_12.jpg`, too"),
        "{error}"
    );
    assert_eq!(content(&root), before);
    editor.apply(&table(both.into_iter().take(1))).unwrap();
}

#[test]
fn image_may_be_named_without_its_folder() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let mut correction = pink_coat(editor.dataset(), 0);
    correction.file = "red_p0_0.jpg".to_owned();
    editor.apply(&table([correction])).unwrap();
    assert!(root.join("images/pink_p0_12.jpg").is_file());
}

/// A data set of somebody else's must not make us write elsewhere.
#[test]
fn foreign_journal_and_foreign_undo_touch_nothing_else() {
    let (temp, root) = dataset();
    let mine = temp.path().join("mine.txt");
    fs::write(&mine, "mine").unwrap();
    let mut editor = LabelEditor::open(&root).unwrap();
    editor.apply(&table([pink_coat(editor.dataset(), 0)])).unwrap();
    drop(editor);
    let path = mine.display().to_string();
    let journal = |renames: &str, files: &str, removed: &str, undo: &str| {
        format!(
            r#"{{"renames":[{renames}],"files":[{files}],"removed":[{removed}],"undo":{{"pop":"{undo}"}}}}"#
        )
    };
    let images = r#"{"from":"images/a.jpg","to":"../mine.txt"}"#;
    for text in [
        journal("", "", &format!("{path:?}"), "000001"),
        journal("", r#""../mine.txt""#, "", "000001"),
        journal("", "", r#""plots/../../mine.txt""#, "000001"),
        journal("", "", r#""images/blue_p1_0.jpg""#, "000001"),
        journal(images, "", "", "000001"),
        journal("", "", "", &path),
        journal("", "", "", ".."),
    ] {
        fs::write(root.join(REVIEW).join("journal.json"), &text).unwrap();
        let before = content(temp.path());
        let error = Dataset::open(&root).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NotADataset { .. }),
            "{text}: {error}"
        );
        assert_eq!(content(temp.path()), before);
    }
    fs::remove_file(root.join(REVIEW).join("journal.json")).unwrap();

    let entry = root.join(REVIEW).join("undo/000001/entry.json");
    let good = fs::read_to_string(&entry).unwrap();
    fs::write(&entry, good.replacen("\"metadata.csv\"", &format!("{path:?}"), 1)).unwrap();
    let mut editor = LabelEditor::open(&root).unwrap();
    let error = editor.undo().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotADataset { .. }), "{error}");
    assert_eq!(fs::read(&mine).unwrap(), b"mine");
    fs::write(&entry, good).unwrap();
    assert!(editor.undo().unwrap());
}

#[test]
fn table_that_was_applied_before_names_the_new_file() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let table = table([pink_coat(editor.dataset(), 0)]);
    editor.apply(&table).unwrap();
    let error = editor.apply(&table).unwrap_err().to_string();
    assert!(
        error.contains("no image `images/red_p0_0.jpg`, but `images/pink_p0_12.jpg`"),
        "{error}"
    );
}

#[test]
fn reset_label_leaves_nothing() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let mut editor = LabelEditor::open(&root).unwrap();
    editor.apply(&table([pink_coat(editor.dataset(), 0)])).unwrap();
    let back = of(editor.dataset(), 0)
        .with_color(LabelChange::Reset)
        .with_type(LabelChange::Reset);
    editor.apply(&table([back])).unwrap();
    assert_eq!(content(&root), before);
    let nothing = of(editor.dataset(), 0).with_color(LabelChange::Reset);
    let plan = editor.apply(&table([nothing])).unwrap();
    assert!(plan.is_empty());
    assert_eq!((plan.corrections, plan.confirmed, plan.reset), (1, 0, 0));
    // Beside a human label that stays, and keeps its time.
    let confirmed = of(editor.dataset(), 1)
        .with_type(LabelChange::Set(None))
        .with_time("1");
    assert_eq!(editor.apply(&table([confirmed.clone()])).unwrap().confirmed, 1);
    let nothing = of(editor.dataset(), 1)
        .with_color(LabelChange::Reset)
        .with_time("2");
    let plan = editor.apply(&table([nothing])).unwrap();
    assert!(plan.is_empty());
    assert_eq!((plan.corrections, plan.confirmed, plan.reset), (1, 0, 0));
    assert_eq!(editor.check(&table([confirmed])).unwrap().confirmed, 1);
    assert!(editor.undo().unwrap());
    assert_eq!(editor.undo_depth().unwrap(), 2);
}

#[test]
fn only_one_at_a_time_corrects() {
    let (_temp, root) = dataset();
    let first = LabelEditor::open(&root).unwrap();
    let error = LabelEditor::open(&root).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InUse { .. }), "{error}");
    assert_eq!(Dataset::open(&root).unwrap().len(), COLORS.len());
    drop(first);
    assert!(LabelEditor::open(&root).is_ok());
}

#[test]
fn files_changed_by_others_are_not_undone() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    editor.apply(&table([pink_coat(editor.dataset(), 0)])).unwrap();
    let metadata = root.join("metadata.csv");
    let text = fs::read_to_string(&metadata).unwrap();
    fs::write(&metadata, format!("{text}mine\n")).unwrap();
    let after = content(&root);
    let error = editor.undo().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    assert_eq!(content(&root), after);
    fs::write(&metadata, text).unwrap();
    assert!(editor.undo().unwrap());
    assert!(!editor.undo().unwrap());
}

/// Any correction of any image.
fn any_correction()
-> impl Strategy<Value = (usize, LabelChange<BasicColor>, LabelChange<Option<ProductType>>)> {
    let color = prop_oneof![
        Just(LabelChange::Keep),
        Just(LabelChange::Reset),
        proptest::sample::select(BasicColor::ALL.to_vec()).prop_map(LabelChange::Set),
    ];
    let product_type = prop_oneof![
        Just(LabelChange::Keep),
        Just(LabelChange::Reset),
        proptest::option::of(proptest::sample::select(ProductType::ALL.to_vec())).prop_map(LabelChange::Set),
    ];
    (0..COLORS.len(), color, product_type)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_sequence_applied_and_undone_gives_the_same_bytes(
        applications in proptest::collection::vec(proptest::collection::vec(any_correction(), 1..4), 1..5),
    ) {
        let (_temp, root) = dataset();
        let mut states = Vec::new();
        let mut editor = LabelEditor::open(&root).unwrap();
        for rows in applications {
            let mut corrections = BTreeMap::new();
            for (index, color, product_type) in rows {
                if (color, product_type) != (LabelChange::Keep, LabelChange::Keep) {
                    corrections.insert(index, of(editor.dataset(), index).with_color(color).with_type(product_type));
                }
            }
            let before = content(&root);
            if !editor.apply(&table(corrections.into_values())).unwrap().is_empty() {
                states.push(before);
            }
            let read = Dataset::open(&root).unwrap();
            prop_assert_eq!(read.records(), editor.dataset().records());
        }
        while let Some(state) = states.pop() {
            prop_assert!(editor.undo().unwrap());
            prop_assert!(content(&root) == state);
        }
        prop_assert!(!editor.undo().unwrap());
    }
}

#[test]
fn plan_counts_one_and_many() {
    let (_temp, root) = dataset();
    let editor = LabelEditor::open(&root).unwrap();
    let shown = |table: CorrectionTable| editor.check(&table).unwrap().to_string();
    let one = shown(table([pink_coat(editor.dataset(), 0)]));
    assert!(
        one.starts_with("1 correction: 1 other colour, 1 other type, 0 confirmed"),
        "{one}"
    );
    assert_eq!(
        shown(table([])),
        "0 corrections: 0 other colours, 0 other types, 0 confirmed"
    );
}
