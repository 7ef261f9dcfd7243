//! Input that cannot be used, and what the program says of it.

use std::fs;

use ai4fashion_dataset::Dataset;
use ai4fashion_testkit::hostile_files;

use crate::{
    place::{Place, red, synthetic_dataset},
    program::{SMALL, fails, said, succeeds},
};

/// On Linux, `/dev/full` takes nothing, as a full disk.
#[cfg(target_os = "linux")]
#[test]
fn full_disk_fails_but_the_work_is_done() {
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
fn thumbnails_and_trash_are_left_out_and_said() {
    let place = Place::new();
    for name in ["good.png", ".thumbnails/good.png", "#recycle/old.png"] {
        place.write(&format!("photos/{name}"), red());
    }
    let (photos, out) = (place.path("photos"), place.path("out"));
    let words = "2 files left out (the first: `#recycle/old.png`)";
    let (code, said_out, _) = said("ingest", &[&*photos, "--out", &out]);
    assert_eq!(code, 0);
    assert!(said_out.contains(words), "{said_out}");
    for more in [&["--json"][..], &["--json", "--dry-run"]] {
        let (code, said_out, _) = said("ingest", &[&[&*photos, "--out", &out], more].concat());
        let json: serde_json::Value = serde_json::from_str(&said_out).unwrap();
        assert_eq!((code, &json["left_out"]), (0, &2.into()), "{json}");
        assert_eq!(json["first_left_out"], "#recycle/old.png");
    }
    let (code, _, err) = said("classify", &[&*photos]);
    assert_eq!(code, 0);
    assert!(err.contains(words), "{err}");
}

#[test]
fn bad_images_are_skipped_with_exit_code_1() {
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
fn bad_input_is_one_line_and_leaves_nothing_behind() {
    let place = Place::new();
    place.write("empty-folder/readme.txt", "no image");
    place.write("no-table/images/1.jpg", red());
    place.write("only-bad/a.jpg", "");
    place.write("file", "");
    let before = place.content();
    let [missing, empty, no_table, only_bad, file, out] =
        ["missing", "empty-folder", "no-table", "only-bad", "file", "out"].map(|name| place.path(name));

    let cases: [(&[&str], &str); 7] = [
        (&["folder", &missing], "missing` does not exist"),
        (&["folder", &empty], "no image in `"),
        (
            &["lookbook", &only_bad],
            "expected image files with CLEAN1 in the name",
        ),
        (&["small-fashion", &no_table], "styles.csv` does not exist"),
        (&["folder", &only_bad], "`a.jpg`: file is empty"),
        (&["folder", &file], "cannot read `"),
        (
            &["folder", &only_bad, "--source", &format!("list={missing}")],
            "missing`",
        ),
    ];
    for (args, part) in cases {
        let line = fails("ingest", &[args, &["--out", &out]].concat());
        assert!(line.contains(part), "{line}");
    }
    for (name, args, part) in [
        ("classify", &[&*missing][..], "no image could be read"),
        ("stats", &[&*missing], "missing` does not exist"),
        (
            "stats",
            &[&*empty],
            "is not an ai4fashion data set: `manifest.jsonl` is missing",
        ),
        (
            "train",
            &["--data", &missing, "--run", &out],
            "missing` does not exist",
        ),
        (
            "train",
            &["--data", &empty, "--run", &out, "--image-size", "63"],
            "expected 8, 16, 32, 64 or 128",
        ),
        (
            "generate",
            &["--run", &empty, "--out", &out],
            "config.json is missing",
        ),
    ] {
        let (code, _, err) = said(name, args);
        assert!(code == 2 && err.contains(part), "{name} {args:?}: {code} {err}");
    }
    assert_eq!(place.content(), before);
}

#[test]
fn folder_of_photos_in_place_of_a_data_set_is_told_how_to_make_one() {
    let place = Place::new();
    place.write("photos/a.png", red());
    let (code, _, err) = said("stats", &[&place.path("photos")]);
    assert!(
        code == 2 && err.contains("`ai4fashion ingest PHOTOS --out DATASET` makes a data set"),
        "{err}"
    );
}

#[test]
fn missing_folder_of_images_is_one_line() {
    let place = Place::new();
    place.write("labels.csv", "id,color\na,red\nb,pink\n");
    let (missing, labels) = (place.path("missing"), place.path("labels.csv"));
    for images in [&missing, &labels] {
        let (code, _, err) = said("evaluate", &["--images", images, "--labels", &labels]);
        assert!(
            code == 2 && err.contains(&format!("there is no folder `{images}`")),
            "{err}"
        );
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}

#[cfg(unix)]
#[test]
fn broken_link_is_skipped() {
    let place = Place::new();
    place.write("photos/a.png", red());
    let link = place.path("photos/lost.png");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    let (code, _, err) = said("classify", &[&place.path("photos")]);
    assert_eq!(code, 1, "{err}");
    assert!(
        err.starts_with(&format!("skipped: cannot read `{link}`: ")),
        "{err}"
    );
}

#[test]
fn list_of_missing_files_names_the_first() {
    let place = Place::new();
    place.write("list", "gone.jpg\n");
    let args = ["list", &place.path("list"), "--out", &place.path("out")];
    let line = fails("ingest", &args);
    assert!(
        line.contains("there was no image to write: 1 rejected (the first: row 1 of `"),
        "{line}"
    );
}

#[test]
fn error_comes_first_and_hint_last() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let train = |more: &[&str]| {
        // The run has started where it meets the image.
        let run = place.path("run");
        let _ = fs::remove_dir_all(&run);
        let args = ["--data", &*data, "--run", &*run, "--epochs", "1"];
        said("train", &[&args[..], &SMALL, more].concat())
    };
    let ends = |(code, _, err): (i32, String, String), first: &str, last: &str| {
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(code, 2);
        let found = lines.iter().position(|line| line.starts_with("error: "));
        assert!(found.is_some_and(|at| lines[at].contains(first)), "{err}");
        assert!(lines.last().is_some_and(|line| line.contains(last)), "{err}");
    };
    // A file stands where the cache's folder would.
    place.write("data/cache", "");
    ends(train(&[]), "cannot read `", "hint: --cache FILE");
    fs::remove_file(place.path("data/cache")).unwrap();

    let image = Dataset::open(&data).unwrap().path(5);
    fs::write(&image, "").unwrap();
    ends(
        train(&["--no-cache"]),
        "cannot use image",
        "hint: ingesting the photos again",
    );
    let photos = place.path("photos");
    succeeds("ingest", &["small-fashion", &photos, "--out", &data]);
    Dataset::open(&data).unwrap().load(5).unwrap();

    let manifest = place.path("data/manifest.jsonl");
    let lines = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, lines.replacen("{", "", 1)).unwrap();
    let problem = ("cannot parse line 1 of `", "hint: put the manifest back");
    ends(train(&[]), problem.0, problem.1);
    ends(said("stats", &[&data]), problem.0, problem.1);
    let again = ["small-fashion", &*photos, "--out", &*data, "--overwrite"];
    ends(said("ingest", &again), problem.0, problem.1);
    // As it says.
    fs::write(&manifest, &lines).unwrap();
    succeeds("ingest", &again[..4]);
    assert!(fs::read_to_string(&manifest).unwrap() == lines);
}

#[test]
fn illegal_values_are_refused_with_the_legal_ones() {
    for (name, args, legal) in [
        (
            "ingest",
            &["shop", "dir", "--out", "out"][..],
            "auto, small-fashion, lookbook, folder, list",
        ),
        (
            "ingest",
            &["folder", "dir", "--out", "out", "--filter", "best"],
            "all, apparel, typed",
        ),
        (
            "ingest",
            &["dir", "--out", "out", "--source", "shop=dir"],
            "`shop` is no kind of source; expected one of auto, small-fashion",
        ),
        (
            "classify",
            &["a.jpg", "--method", "guess"],
            "garment, color, lookbook, small-fashion",
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
        (
            "train",
            &["--data", "a", "--run", "b", "--lr", "-1"],
            "lr is -1, expected",
        ),
        (
            "ingest",
            &["folder", "a", "--out", "b", "--max-hash-distance", "-1"],
            "-1 is not in 0..=256",
        ),
        ("bench", &["step", "--steps", "0"], "1.."),
        (
            "ingest",
            &["folder", "a", "--out", "b", "--size", "9"],
            "16..=4096",
        ),
        (
            "ingest",
            &["folder", "a", "--out", "b", "--jpeg-quality", "300"],
            "1..=100",
        ),
    ] {
        let (code, _, err) = said(name, args);
        assert!(code == 2 && err.contains(legal), "{name} {args:?}: {code} {err}");
    }
}
