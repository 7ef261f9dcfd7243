//! `corrections.csv`, out of one browser and into another.

use std::fs;

use ai4fashion_dataset::Dataset;

use crate::{
    browser::Browser,
    file::{downloaded, page, show_reviewed},
    program::succeeds,
};

const DIALOG: &str =
    "return document.getElementById('dialog').open && document.getElementById('dialog').innerText";
const SHOWN: &str = "return document.getElementById('shown').textContent";

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn exported_corrections_are_imported_and_applied() {
    let (place, data, first) = page();
    // A colour, a type, both, confirmed.
    first.press(&["r", "0", "Shift+u", "=", "Enter", "e"]);
    let labels: Vec<String> = (0..5).map(|place| first.cell(place)).collect();
    let exported = downloaded(&place, &first);
    let table = fs::read_to_string(&exported).unwrap();
    let csv = place.path("first.csv");
    fs::rename(&exported, &csv).unwrap();
    first.assert_no_complaints();
    drop(first);

    // A browser that knows nothing of it.
    let browser = Browser::start(&place.path("downloads"));
    let url = format!("file://{data}/review.html");
    browser.open(&url);
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    assert!(browser.js(SHOWN).as_str().unwrap().ends_with("· 0 to export"));
    browser.choose_file(&csv);
    browser.until("document.getElementById('toast').textContent === '4 corrections imported'");
    let imported: Vec<String> = (0..5).map(|place| browser.cell(place)).collect();
    assert_eq!(imported, labels);

    // One step for all of them; what goes out is what came in.
    browser.press(&["z"]);
    assert!(browser.js(SHOWN).as_str().unwrap().ends_with("· 0 to export"));
    browser.choose_file(&csv);
    browser.until("document.getElementById('shown').textContent.endsWith('· 4 to export')");
    browser.press(&["e"]);
    assert_eq!(fs::read_to_string(downloaded(&place, &browser)).unwrap(), table);
    browser.choose_file(&csv);
    browser.until("document.getElementById('toast').textContent === 'Nothing new to import'");

    let before = Dataset::open(&data).unwrap();
    succeeds("review", &[&data, "--apply", &csv]);
    browser.reload();
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    // Human labels are no longer doubted, so that their images come in another order.
    show_reviewed(&browser);
    let mut reviewed: Vec<String> = (0..4).map(|place| browser.cell(place)).collect();
    let mut expected = labels[..4].to_vec();
    reviewed.sort();
    expected.sort();
    assert_eq!(reviewed, expected);

    // What was applied is not taken again: each row that does not fit is named, by the line that an
    // editor shows.
    let mut lines: Vec<&str> = table.lines().collect();
    lines.insert(1, "");
    fs::write(&csv, lines.join("\n")).unwrap();
    browser.choose_file(&csv);
    browser.until("document.getElementById('dialog').open");
    let words = browser.js(DIALOG);
    let words = words.as_str().unwrap();
    assert!(
        words.contains("so none was imported") && words.contains(" as in this row"),
        "{words}"
    );
    let numbers = browser.js("return [...document.querySelectorAll('#dialog li')].map((row) => row.value)");
    let changed = |line: &&str| {
        let fields: Vec<&str> = line.split(',').collect();
        (!fields[2].is_empty() && fields[1] != fields[2]) || (!fields[4].is_empty() && fields[3] != fields[4])
    };
    let expected: Vec<usize> = (1..)
        .zip(&lines)
        .skip(2)
        .filter(|(_, line)| changed(line))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(serde_json::from_value::<Vec<usize>>(numbers).unwrap(), expected);
    browser.press(&["Escape"]);

    succeeds("review", &[&data, "--undo"]);
    assert_eq!(Dataset::open(&data).unwrap().records(), before.records());
    browser.assert_no_complaints();
}
