//! What the programs say of input that cannot be used.

use ai4fashion_testkit::hostile_files;

use crate::{
    place::{Place, red},
    program::{fails, said},
};

/// On Linux, `/dev/full` takes nothing, as a full disk.
#[cfg(target_os = "linux")]
#[test]
fn work_is_finished_but_not_called_good_if_its_words_do_not_fit_the_disk() {
    let place = Place::new();
    place.write("photos/good.png", red());
    let (photos, out) = (place.path("photos"), place.path("out"));
    for (name, args) in [
        ("ingest", vec!["folder", &*photos, "--out", &out]),
        ("stats", vec![&*out]),
        ("classify", vec![&*photos]),
        ("classify", vec![&*photos, "--csv"]),
        ("classify", vec![&*photos, "--json"]),
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = crate::program::program(name)
            .args(&args)
            .stdout(full)
            .output()
            .unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name} {args:?}: {err}");
        assert!(err.contains("error: "), "{name} {args:?}: {err}");
    }
    assert!(std::fs::exists(place.path("out/images")).unwrap());
}

#[test]
fn bad_pictures_are_named_and_give_exit_code_1() {
    let place = Place::new();
    place.write("photos/good.png", red());
    for file in hostile_files() {
        place.write(&format!("photos/{}.jpg", file.name), &file.bytes);
    }
    let photos = place.path("photos");
    for (name, args) in [
        ("ingest", vec!["folder", &photos, "--out", &place.path("out")]),
        ("classify", vec![&*photos]),
    ] {
        let (code, out, err) = said(name, &args);
        assert_eq!(code, 1, "{name}: {err}");
        assert!(!out.is_empty());
        for file in hostile_files() {
            assert!(err.contains(&format!("{}.jpg`: ", file.name)), "{name}: {err}");
        }
    }
}

#[test]
fn each_kind_of_bad_input_is_named_on_one_line_and_nothing_is_left_behind() {
    let place = Place::new();
    place.write("empty-folder/readme.txt", "no picture");
    place.write("no-table/images/1.jpg", red());
    place.write("only-bad/a.jpg", "");
    place.write("file", "");
    let before = place.content();
    let [missing, empty, no_table, only_bad, file, out] =
        ["missing", "empty-folder", "no-table", "only-bad", "file", "out"].map(|name| place.path(name));

    let cases: [(&[&str], &str); 7] = [
        (&["folder", &missing], "missing` does not exist"),
        (&["folder", &empty], "no picture in `"),
        (
            &["lookbook", &only_bad],
            "looked for picture files with CLEAN1 in the name",
        ),
        (&["small-fashion", &no_table], "styles.csv` does not exist"),
        (&["folder", &only_bad], "`a.jpg`: file is empty"),
        (&["folder", &file], "file` is no folder"),
        (
            &["folder", &only_bad, "--and", "shop", &empty],
            "`shop` is no kind of source; legal are small-fashion",
        ),
    ];
    for (args, part) in cases {
        let line = fails("ingest", &[args, &["--out", &out]].concat());
        assert!(line.contains(part), "{line}");
    }
    for (name, args, part) in [
        ("classify", &[&*missing][..], "no picture could be read"),
        ("stats", &[&*missing], "missing` does not exist"),
        ("stats", &[&*empty], "is no data set: manifest.jsonl is missing"),
        (
            "train",
            &["--data", &missing, "--run", &out],
            "missing` does not exist",
        ),
        (
            "train",
            &["--data", &empty, "--run", &out, "--image-size", "63"],
            "legal is 8, 16, 32, 64 or 128",
        ),
        (
            "generate",
            &["--run", &empty, "--out", &out],
            "config.json is missing",
        ),
        (
            "quickstart",
            &["--data", &missing, "--out", &out],
            "missing` does not exist",
        ),
        (
            "quickstart",
            &["--data", &only_bad, "--out", &out],
            "`a.jpg`: file is empty",
        ),
    ] {
        let (code, _, err) = said(name, args);
        assert!(code == 2 && err.contains(part), "{name} {args:?}: {code} {err}");
    }
    assert_eq!(place.content(), before);
}

#[test]
fn unknown_option_values_are_refused_with_the_legal_ones() {
    for (name, args, legal) in [
        (
            "ingest",
            &["shop", "dir", "--out", "out"][..],
            "small-fashion, lookbook, folder, list, auto",
        ),
        (
            "ingest",
            &["folder", "dir", "--out", "out", "--keep", "best"],
            "all, apparel, typed",
        ),
        (
            "classify",
            &["a.jpg", "--method", "guess"],
            "perceptual, lookbook, small-fashion",
        ),
        (
            "train",
            &["--data", "a", "--run", "b", "--device", "tpu"],
            "ndarray, flex",
        ),
        (
            "generate",
            &["--run", "a", "--out", "b", "--count", "0"],
            "1..=1000000",
        ),
        ("bench_step", &["--steps", "0"], "1.."),
        (
            "ingest",
            &["folder", "a", "--out", "b", "--size", "9"],
            "16..=4096",
        ),
        (
            "ingest",
            &["folder", "a", "--out", "b", "--quality", "300"],
            "1..=100",
        ),
    ] {
        let (code, _, err) = said(name, args);
        assert!(code == 2 && err.contains(legal), "{name} {args:?}: {code} {err}");
    }
}
