//! The page as a file: labels by keys, undo, filters, export, apply, reload.

use std::{fs, path::Path};

use ai4fashion_dataset::{BasicColor, Dataset, ProductType, Record, record::ColorSource};

use crate::{
    browser::Browser,
    place::{Place, synthetic_dataset},
    program::succeeds,
};

/// A data set of 132 synthetic images, and its page in a browser.
pub(crate) fn page() -> (Place, String, Browser) {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    let data = synthetic_dataset(&place);
    let said = succeeds("review", &[&data]);
    assert!(said.contains("132 images"), "{said}");
    browser.open(&format!("file://{data}/review.html"));
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    (place, data, browser)
}

/// Where the corrections are that the page has exported.
pub(crate) fn downloaded(place: &Place, browser: &Browser) -> String {
    let csv = place.path("downloads/corrections.csv");
    while !Path::new(&csv).is_file() {
        browser.until("true");
    }
    csv
}

/// The image that the page shows there, by its place in the manifest.
fn shown(browser: &Browser, dataset: &Dataset, place: usize) -> usize {
    let cell = browser.cell(place);
    let stem = cell.rsplit(", ").next().unwrap().to_owned();
    let named = |file: &str| file.contains(&format!("_{stem}_"));
    dataset
        .records()
        .iter()
        .position(|record| named(&record.file))
        .unwrap()
}

/// Shows the reviewed images alone.
pub(crate) fn show_reviewed(browser: &Browser) {
    browser.js("const s = document.querySelector('[name=reviewed]'); s.value = 'reviewed'; s.dispatchEvent(new Event('input', { bubbles: true }))");
}

/// The probability that a label is wrong which no person has set yet.
fn doubt(record: &Record) -> f32 {
    let suggested = record.suggested_type_confidence.unwrap();
    let is_type_right = if record.product_type == record.suggested_type {
        suggested
    } else {
        1.0 - suggested
    };
    1.0 - record.confidence * is_type_right
}

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn labels_by_keys_are_exported_and_applied() {
    let (place, data, browser) = page();
    let dataset = Dataset::open(&data).unwrap();
    let indexes: Vec<usize> = (0..4).map(|place| shown(&browser, &dataset, place)).collect();
    let doubts: Vec<f32> = indexes
        .iter()
        .map(|&index| doubt(&dataset.records()[index]))
        .collect();
    assert!(
        doubts.is_sorted_by(|before, after| *before > after - 0.002),
        "most doubtful first: {doubts:?}"
    );

    // A colour and a type for the first image, the second is right, the third is undone and done
    // again.
    browser.press(&["Shift+R", "0", "Enter", "b", "z", "Shift+Z"]);
    assert!(
        browser.cell(0).starts_with("red Skirts, reviewed"),
        "{}",
        browser.cell(0)
    );
    assert!(browser.cell(2).starts_with("blue "), "{}", browser.cell(2));
    browser.until("document.getElementById('toast').textContent.endsWith(': blue. Z undoes it')");
    // The type before is struck through, and the classifier's confidence goes with its colour.
    let text = browser.js("return document.getElementById('cell-0').querySelectorAll('p')[1].innerHTML");
    let text = text.as_str().unwrap();
    assert!(
        !text.contains('%') && text.contains("<span class=\"was\">"),
        "{text}"
    );
    browser.press(&["z"]);
    assert!(!browser.cell(2).contains("reviewed"));
    assert_eq!(
        browser.js("return document.getElementById('progress-text').textContent"),
        "2 reviewed, 130 left"
    );

    browser.press(&["e"]);
    let csv = downloaded(&place, &browser);
    let first = &dataset.records()[indexes[0]];
    let text = fs::read_to_string(&csv).unwrap();
    assert!(
        text.starts_with("file,old_color,new_color,old_type,new_type,when\n"),
        "{text}"
    );
    assert!(
        text.contains(&format!("{},{},red,", first.file, first.color)),
        "{text}"
    );

    let plan = succeeds("review", &[&data, "--apply", &csv, "--dry-run"]);
    assert!(
        plan.contains("2 corrections") && plan.contains("Nothing was changed"),
        "{plan}"
    );
    succeeds("review", &[&data, "--apply", &csv]);
    let corrected = Dataset::open(&data).unwrap();
    let record = &corrected.records()[indexes[0]];
    assert_eq!(
        (record.color, record.product_type),
        (BasicColor::Red, Some(ProductType::Skirt))
    );
    assert_eq!(corrected.records()[indexes[1]].color_source(), ColorSource::Human);

    // The page was written anew; what is in the data set by now is not to be exported again.
    browser.reload();
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    let cells = browser.js("return document.getElementById('shown').textContent");
    assert!(
        cells.as_str().unwrap().contains("130 left · 0 to export"),
        "{cells}"
    );
    // What a person has set is doubted least.
    show_reviewed(&browser);
    let reviewed = [browser.cell(0), browser.cell(1)];
    assert!(
        reviewed
            .iter()
            .any(|cell| cell.starts_with("red Skirts, reviewed")),
        "{reviewed:?}"
    );

    succeeds("review", &[&data, "--undo"]);
    assert_eq!(Dataset::open(&data).unwrap().records(), dataset.records());
    browser.assert_no_complaints();
}

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn filters_and_labels_for_many() {
    let (place, _data, browser) = page();
    let shown = || {
        let words = browser.js("return document.getElementById('shown').textContent");
        words
            .as_str()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse::<usize>()
            .unwrap()
    };
    let press = |id: &str, name: &str| {
        browser.js(&format!(
            "[...document.querySelectorAll('#{id} button')].find((b) => b.textContent === '{name}').click()"
        ))
    };
    press("filter-types", "Dresses");
    assert_eq!(shown(), 11);
    press("filter-types", "Dresses");
    assert_eq!(shown(), 132);
    // The source's own word is found, too.
    let search = |words: &str| {
        browser.js(&format!(
            "const s = document.querySelector('[name=search]'); s.value = '{words}'; \
             s.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        ));
    };
    search("jeans");
    assert_eq!(shown(), 11);
    search("");
    assert_eq!(shown(), 132);

    // Five in a row, by the keyboard alone; the list does not move while they are labelled.
    browser.press(&[
        "Home",
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "u",
    ]);
    for place in 0..5 {
        assert!(
            browser.cell(place).starts_with("purple "),
            "{}",
            browser.cell(place)
        );
    }
    browser.js("const s = document.querySelector('[name=reviewed]'); s.value = 'unreviewed'; s.dispatchEvent(new Event('input', { bubbles: true }))");
    assert_eq!(shown(), 127);
    browser.press(&["z"]);
    browser.js("document.getElementById('refresh').click()");
    assert_eq!(shown(), 132);

    let cell = browser.cell(0);
    let stem = cell.rsplit(", ").next().unwrap();
    browser.press(&["/"]);
    stem.chars().for_each(|key| browser.press(&[&key.to_string()]));
    browser.press(&["Escape"]);
    assert_eq!((shown(), browser.cell(0)), (1, cell.clone()));
    browser.js("document.querySelector('[type=reset]').click()");
    browser.until("document.getElementById('shown').textContent.startsWith('132 ')");

    // A reload in the middle loses nothing.
    browser.press(&["Home", "w", "k"]);
    browser.reload();
    browser.until("document.getElementById('progress-text').textContent === '2 reviewed, 130 left'");

    browser.press(&["v"]);
    browser.until("document.querySelector('#single img').naturalWidth > 0");
    for (width, height) in [(390, 800), (820, 1100), (1300, 800)] {
        browser.resize(width, height);
        let over = browser.js("return document.documentElement.scrollWidth - innerWidth");
        assert!(over.as_i64().unwrap() <= 0, "{width}: {over}");
    }
    browser.assert_no_complaints();
    drop(place);
}
