//! The types that the classifier suggests.

use std::fs;

use ai4fashion_dataset::{Dataset, ProductType, Record, record::TypeSource};

use crate::{
    browser::Browser,
    file::downloaded,
    place::{Place, red},
    program::succeeds,
};

fn record<'a>(dataset: &'a Dataset, stem: &str) -> &'a Record {
    let path = format!("{stem}.png");
    let mut records = dataset.records().iter();
    records.find(|record| record.source_path == path).unwrap()
}

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn suggested_type_is_accepted_by_its_key() {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    // One image, so that the suggestion is one: two types of the source, and none.
    for stem in ["a", "b", "c"] {
        place.write(&format!("photos/{stem}.png"), red());
    }
    place.write("types.csv", "stem,type\na,Tops\nb,Coats\n");
    let (photos, types, data) = (place.path("photos"), place.path("types.csv"), place.path("data"));
    succeeds("ingest", &["folder", &photos, "--types", &types, "--out", &data]);
    succeeds("review", &[&data]);
    let dataset = Dataset::open(&data).unwrap();
    let suggested = record(&dataset, "c").suggested_type;
    assert_eq!(record(&dataset, "c").type_source, Some(TypeSource::Classifier));
    let words = suggested.map_or("none of these", ProductType::as_str);

    browser.open(&format!("file://{data}/review.html"));
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    let cell = |stem: &str| format!("document.querySelector('.cell[aria-label$=\", {stem}\"]')");
    let labels = |stem: &str| {
        let label = browser.js(&format!("return {}.ariaLabel", cell(stem)));
        label.as_str().unwrap().to_owned()
    };
    let badge = |stem: &str| {
        let badge = browser.js(&format!(
            "return {}.querySelector('.suggested').textContent",
            cell(stem)
        ));
        badge.as_str().unwrap().to_owned()
    };
    // Where it differs, and where the source says nothing.
    for stem in ["a", "b", "c"] {
        let record = record(&dataset, stem);
        assert_eq!(record.suggested_type, suggested, "{stem}");
        let is_new = record.product_type != suggested || stem == "c";
        assert_eq!(badge(stem).starts_with(words), is_new, "{stem}: {}", badge(stem));
        assert_eq!(badge(stem).ends_with('%'), is_new, "{stem}: {}", badge(stem));
    }

    // All three at once, and undone.
    browser.press(&["Control+a", "s"]);
    let name = suggested.map_or("unknown", ProductType::as_str);
    for stem in ["a", "b", "c"] {
        assert!(labels(stem).ends_with(&format!(" {name}, reviewed, {stem}")));
        assert_eq!(badge(stem), "");
    }
    browser.press(&["z"]);
    assert!(labels("b").ends_with(" Coats, b"), "{}", labels("b"));

    // One of them alone.
    browser.js(&format!("{}.click()", cell("c")));
    browser.press(&["v"]);
    browser.until(&format!(
        "document.querySelector('#single .label').textContent.includes('suggested: {words} ')"
    ));
    browser.press(&["Shift+s"]);
    browser.until("document.querySelector('#single .label').textContent.endsWith('✓')");
    browser.press(&["e"]);
    let csv = downloaded(&place, &browser);
    let number = ProductType::number_of(suggested);
    let (file, color) = (&record(&dataset, "c").file, record(&dataset, "c").color);
    let table = fs::read_to_string(&csv).unwrap();
    let row = format!("{file},{color},,{number},{number},");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows.len() == 1 && rows[0].starts_with(&row), "{table}");
    succeeds("review", &[&data, "--apply", &csv]);
    let corrected = Dataset::open(&data).unwrap();
    let record = record(&corrected, "c");
    assert_eq!(
        (record.product_type, record.type_source),
        (suggested, Some(TypeSource::Human))
    );
    browser.assert_no_complaints();
}
