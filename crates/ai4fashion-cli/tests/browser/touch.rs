//! By touch, on the screen of a telephone.

use ai4fashion_image::image::ImageFormat;
use ai4fashion_testkit::{encoded, garment};

use crate::{browser::Browser, file::page, place::Place, program::succeeds};

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn touch_selects_and_labels_and_swipes() {
    let (place, _data, browser) = page();
    browser.telephone();
    browser.until("document.getElementById('grid').clientWidth < 400");
    let target = |words: &str| {
        browser.until(&format!(
            "document.getElementById('target-few').innerText === '{words}'"
        ));
    };
    browser.tap("#select-mode");
    for (cell, words) in [
        (0, "1 selected"),
        (2, "2 selected"),
        (4, "3 selected"),
        (2, "2 selected"),
    ] {
        browser.tap(&format!("#cell-{cell}"));
        target(words);
    }
    browser.tap("#colors :nth-child(7)");
    target("");
    for place in [0, 4] {
        assert!(
            browser.cell(place).starts_with("pink "),
            "{}",
            browser.cell(place)
        );
    }
    assert!(!browser.cell(2).contains("reviewed"));
    // A label goes to the one that is selected, not to the last one that was tapped.
    for cell in [1, 3, 3] {
        browser.tap(&format!("#cell-{cell}"));
    }
    let stem = browser.cell(1).rsplit(", ").next().unwrap().to_owned();
    browser.until(&format!(
        "document.getElementById('target').textContent.startsWith('labels go to {stem} ')"
    ));
    browser.tap("#types :nth-child(1)");
    browser.until("document.getElementById('cell-1').ariaLabel.includes('Dresses, reviewed')");
    assert!(!browser.cell(3).contains("reviewed"));
    browser.tap("#undo");
    browser.until("!document.getElementById('cell-1').ariaLabel.includes('reviewed')");
    browser.tap("#select-mode");

    browser.tap("#cell-0");
    browser.tap("#view");
    browser.until("document.querySelector('#single img').naturalWidth > 0");
    let shows = |number: usize| {
        browser.until(&format!(
            "document.querySelector('#single figcaption p + p').textContent === '{number} of 132'"
        ));
    };
    shows(1);
    browser.swipe((300, 300), (100, 310));
    shows(2);
    // Up and a little aside is no turn of the page.
    browser.swipe((250, 500), (190, 250));
    browser.swipe((300, 300), (100, 310));
    shows(3);
    // To the right is no way back to the page before, either.
    for number in [2, 1, 1] {
        browser.swipe((100, 300), (300, 310));
        shows(number);
    }
    // Nor is it where there is nothing to swipe, or a row that is at its end.
    for height in [20, 777] {
        browser.swipe((50, height), (380, height));
        shows(1);
    }
    browser.assert_no_complaints();
    drop(place);
}

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn long_name_leaves_labels_in_sight() {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    let image = encoded(garment(64, [30, 60, 200]), ImageFormat::Png);
    place.write(&format!("photos/{}.png", "L".repeat(200)), image);
    let (photos, data) = (place.path("photos"), place.path("data"));
    succeeds("ingest", &["folder", &photos, "--out", &data]);
    succeeds("review", &[&data]);
    browser.open(&format!("file://{data}/review.html"));
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    for (width, height) in [(1280, 800), (820, 1100), (390, 844)] {
        browser.resize(width, height);
        for _ in 0..2 {
            // Grid, then single image.
            let over = browser.js(
                "const ends = [...document.querySelectorAll('#colors button, #right, #target')].map((e) => e.getBoundingClientRect().right);
                 return Math.max(document.documentElement.scrollWidth, ...ends) - innerWidth",
            );
            assert!(over.as_f64().unwrap() <= 0.0, "{width}: {over}");
            browser.press(&["v"]);
        }
    }
    browser.assert_no_complaints();
}
