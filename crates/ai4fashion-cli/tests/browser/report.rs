//! `stats --plots`: all charts on one page.

use crate::{
    browser::Browser,
    place::{Place, synthetic_dataset},
    program::succeeds,
};

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn charts_are_legible_on_a_narrow_screen() {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    let (data, plots) = (synthetic_dataset(&place), place.path("plots"));
    succeeds("stats", &[&data, "--plots", &plots]);
    browser.open(&format!("file://{plots}/report.html"));
    browser
        .until("document.images.length > 4 && [...document.images].every((image) => image.naturalWidth > 0)");
    for (width, height) in [(390, 844), (1280, 800)] {
        browser.resize(width, height);
        let narrowest =
            browser.js("return Math.min(...[...document.images].map((image) => image.clientWidth))");
        assert!(narrowest.as_i64().unwrap() >= 700, "{width}: {narrowest}");
        // The title is in the middle of the chart, which may be out of sight.
        let titles = browser.js("return document.querySelector('.title').getClientRects().length");
        assert_eq!(titles, u8::from(width < 800), "{width}");
        let over = browser.js("return document.documentElement.scrollWidth - innerWidth");
        assert!(over.as_i64().unwrap() <= 0, "{width}: {over}");
    }
    browser.assert_no_complaints();
}
