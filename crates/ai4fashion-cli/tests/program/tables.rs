//! Tables and lists that fit few images, or hold what a terminal would act on.

use ai4fashion_dataset::Dataset;

use crate::{
    place::{Place, red},
    program::{fails, said},
};

#[test]
fn table_that_fits_few_images_is_said_once_with_exit_code_1() {
    let place = Place::new();
    for name in ["a", "b", "c"] {
        place.write(&format!("photos/images/{name}.png"), red());
    }
    let (photos, out) = (place.path("photos"), place.path("out"));
    let ingest = |more: &[&str]| said("ingest", &[&[&*photos, "--out", &*out][..], more].concat());
    let dataset = || Dataset::open(&out).unwrap();
    for table in ["id,articleType\r1,Tops\r2,Jeans\r\n", "id,articleType\n"] {
        place.write("photos/styles.csv", table);
        for more in [&["--dry-run"][..], &["--overwrite"]] {
            let (code, _, err) = ingest(more);
            let warnings = err
                .lines()
                .filter(|line| line.starts_with("warning: `styles.csv`: "));
            assert_eq!((code, warnings.count()), (1, 1), "{err}");
            assert!(
                err.contains("3 of 3 images have no row (the first: `images/a.png`)"),
                "{err}"
            );
        }
        assert_eq!(dataset().len(), 3);
    }
    let (_, _, err) = ingest(&["--dry-run"]);
    assert!(err.contains(", of 0 rows"), "{err}");
    // Rows of more images than these are none of that.
    place.write("photos/styles.csv", "id,articleType,season\ra.0,\r1,Tops,x\r2,Jeans,x\rA,shorts,Fall\rb.JPG,t-shirts,Fall\r c ,Tops,NA\r\n");
    let (code, _, err) = ingest(&["--overwrite"]);
    assert_eq!((code, err.lines().count()), (1, 1), "{err}");
    assert!(
        err.contains("row 2 of `styles.csv`: row has 2 of 3 fields"),
        "{err}"
    );
    let types: Vec<u8> = dataset()
        .records()
        .iter()
        .map(|it| it.product_type.unwrap().number())
        .collect();
    assert_eq!(types, [7, 3, 2]);
    place.write("types.csv", "stem,type\nx,1\ny,2\n");
    let types = place.path("types.csv");
    let (code, _, err) = said(
        "ingest",
        &[
            "folder",
            &photos,
            "--types",
            &types,
            "--out",
            &place.path("typed"),
        ],
    );
    assert!(
        code == 1 && err.contains(&format!("warning: `{types}`: 3 of 3 images have no row")),
        "{err}"
    );
    assert!(
        err.contains("2 of 2 rows fit no image (the first: row 2, `x`)"),
        "{err}"
    );
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let place = Place::new();
    place.write("photos/images/a.png", red());
    let hostile = "\u{1b}[2J\u{9b}31m\u{202e}";
    place.write(
        "photos/styles.csv",
        format!("id,articleType\na,Tops\n{hostile}b,Tops\na{hostile},x,y\n"),
    );
    place.write("ids", format!("a\n{hostile}\n\"a\"\n"));
    place.write("labels.csv", format!("file,{hostile}\n"));
    place.write("list", format!("{hostile}.jpg\n"));
    place.write("zero", "a\nb\0\n");
    let [photos, out, ids, labels, list, zero] =
        ["photos", "out", "ids", "labels.csv", "list", "zero"].map(|name| place.path(name));
    for (name, args) in [
        ("ingest", vec![&*photos, "--out", &out, "--select", &ids]),
        ("ingest", vec!["list", &list, "--out", &out]),
        ("ingest", vec![&*photos, "--out", &out, "--select", &zero]),
        (
            "ingest",
            vec!["folder", &photos, "--out", &out, "--types", &labels],
        ),
        ("evaluate", vec!["--images", &photos, "--labels", &labels]),
        ("review", vec![&*out, "--apply", &labels]),
    ] {
        let (code, said, err) = said(name, &args);
        assert_ne!(code, 0, "{name} {args:?}");
        let is_plain = |text: &str| !text.contains(|c: char| c != '\n' && c.is_control() || c == '\u{202e}');
        assert!(is_plain(&said) && is_plain(&err), "{name} {args:?}: {err:?}");
    }
    let line = fails(
        "ingest",
        &[&*photos, "--out", &place.path("other"), "--select", &zero],
    );
    assert!(
        line.starts_with(&format!("error: cannot parse line 2 of `{zero}`")),
        "{line}"
    );
}
