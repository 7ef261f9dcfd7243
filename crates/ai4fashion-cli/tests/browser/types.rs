//! Types that disagree: with the source's, and between duplicates.

use ai4fashion_image::image::ImageFormat;
use ai4fashion_testkit::{encoded, garment};

use crate::{
    browser::Browser,
    place::{Place, red},
    program::succeeds,
};

#[test]
#[ignore = "needs chromedriver and Chromium"]
fn types_that_disagree_are_filtered() {
    let place = Place::new();
    let browser = Browser::start(&place.path("downloads"));
    for name in ["a", "b"] {
        place.write(&format!("photos/{name}.png"), red());
    }
    place.write(
        "photos/c.png",
        encoded(garment(64, [30, 60, 200]), ImageFormat::Png),
    );
    place.write("types.csv", "stem,type\na,Tops\nb,Shirts\nc,Jeans\n");
    let (photos, types, data) = (place.path("photos"), place.path("types.csv"), place.path("data"));
    succeeds("ingest", &["folder", &photos, "--types", &types, "--out", &data]);
    succeeds("review", &[&data]);
    browser.open(&format!("file://{data}/review.html"));
    browser.until("document.querySelector('.cell img')?.naturalWidth > 0");
    let shown = |count: usize| {
        browser.until(&format!(
            "document.getElementById('shown').textContent.startsWith('{count} of 3 ')"
        ));
    };
    let labels = || {
        let cells = browser
            .js("return [...document.querySelectorAll('.cell')].map((c) => c.ariaLabel).sort().join('\\n')");
        cells.as_str().unwrap().to_owned()
    };

    // Duplicates with two types.
    browser.js("document.querySelector('[name=types_disagree]').click()");
    shown(2);
    assert_eq!(labels(), "red Shirts, b\nred Tops, a");
    browser.press(&["v"]);
    browser.until("document.querySelector('#single dl').textContent.includes('duplicate')");
    browser.press(&["v"]);

    // Both are tops: what is left is that the source calls one a shirt.
    browser.press(&["Home", "d", "2"]);
    browser.js("document.getElementById('refresh').click()");
    shown(1);
    assert_eq!(labels(), "red Tops, reviewed, b");

    // An empty list leads back to all.
    browser.press(&["/", "z", "z", "Escape"]);
    shown(0);
    browser.js("document.querySelector('#empty button').click()");
    shown(3);
    browser.assert_no_complaints();
}
