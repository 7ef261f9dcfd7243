//! Corrections that are made are never told as not made.

use std::fs;

use ai4fashion_dataset::{
    BasicColor, Dataset,
    corrections::{Correction, CorrectionTable, LabelChange},
};
use ai4fashion_testkit::files_below;

use crate::{
    place::{Place, synthetic_dataset},
    program::{said, succeeds},
};

fn pink(dataset: &Dataset, index: usize) -> String {
    let record = &dataset.records()[index];
    let correction = Correction::new(&record.file, record.color, record.product_type);
    CorrectionTable::write(&[correction.with_color(LabelChange::Set(BasicColor::Pink))])
}

#[test]
fn page_that_cannot_be_written_is_told_beside_the_corrections_that_are_made() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let dataset = Dataset::open(&data).unwrap();
    let first = &dataset.records()[0];
    let place_of_first = (0..dataset.len())
        .find(|index| dataset.records()[*index].color != BasicColor::Pink)
        .unwrap();
    place.write("one.csv", pink(&dataset, place_of_first));
    let (table, page) = (place.path("one.csv"), place.path("data/review.html"));
    succeeds("review", &[&data]);
    let old_page = fs::read(&page).unwrap();
    // An image that cannot be read has no thumbnail.
    let damaged = dataset.path(dataset.len() - 1);
    let whole = fs::read(&damaged).unwrap();
    fs::write(&damaged, "damaged").unwrap();

    let (code, out, err) = said("review", &[&data, "--apply", &table]);
    assert_eq!(code, 1, "{err}");
    assert!(out.ends_with("Applied. --undo reverts it.\n"), "{out}");
    assert!(
        err.starts_with("warning: the labels are changed, but `review.html` still shows the old ones: "),
        "{err}"
    );
    assert!(err.contains("\n  hint: `ai4fashion review "), "{err}");
    let now = Dataset::open(&data).unwrap();
    assert_eq!(now.records()[place_of_first].color, BasicColor::Pink);
    assert_eq!(fs::read(&page).unwrap(), old_page);

    // The same again: as long as the page cannot be written, and then.
    let again = ["review", &data, "--apply", &table];
    let (code, out, _) = said(again[0], &again[1..]);
    assert_eq!(code, 1);
    assert!(out.contains("applied already"), "{out}");
    fs::write(&damaged, &whole).unwrap();
    let out = succeeds(again[0], &again[1..]);
    assert!(
        out.contains("applied already") && out.contains("\npage  "),
        "{out}"
    );
    assert_ne!(fs::read(&page).unwrap(), old_page);
    let dry = succeeds("review", &[&data, "--apply", &table, "--dry-run"]);
    assert!(dry.contains("applied already"), "{dry}");

    fs::write(&damaged, "damaged").unwrap();
    let (code, out, err) = said("review", &[&data, "--undo"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.ends_with("The last corrections are undone.\n"), "{out}");
    assert!(err.starts_with("warning: the labels are changed, but"), "{err}");
    fs::write(&damaged, &whole).unwrap();
    assert_eq!(Dataset::open(&data).unwrap().records()[0], *first);
}

#[test]
fn dry_run_writes_nothing() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let dataset = Dataset::open(&data).unwrap();
    place.write("one.csv", pink(&dataset, 0));
    let before = files_below(&data);
    let table = place.path("one.csv");
    let said_dry = succeeds("review", &[&data, "--apply", &table, "--dry-run"]);
    assert!(said_dry.ends_with("Nothing was changed.\n"), "{said_dry}");
    assert!(said_dry.contains("1 correction: "), "{said_dry}");
    assert_eq!(files_below(&data), before);
    assert!(!dataset.root().join("review").exists());
}
