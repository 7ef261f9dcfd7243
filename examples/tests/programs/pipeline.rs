//! From photos to names, labels and drawn pictures.

use std::{fs, path::Path};

use ai4fashion_dataset::Dataset;
use ai4fashion_testkit::jpeg;

use crate::{
    place::{Place, drawn_photos, red},
    program::{SMALL, fails, succeeds},
};

const PROGRAMS: [&str; 8] = [
    "quickstart",
    "ingest",
    "classify",
    "review",
    "stats",
    "train",
    "generate",
    "bench_step",
];

#[test]
fn every_program_explains_itself() {
    for name in PROGRAMS {
        let help = succeeds(name, &["--help"]);
        assert!(
            help.contains("Exit code: 0") && help.contains("Usage: "),
            "{name}: {help}"
        );
    }
}

#[test]
fn photos_go_all_the_way_to_drawn_pictures() {
    let place = Place::new();
    let photos = drawn_photos(&place);
    let [data, run, out] = ["data", "run", "out"].map(|name| place.path(name));

    let line = succeeds("ingest", &["small-fashion", &photos, "--out", &data, "--json"]);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["found"], &line["written"], &line["skipped"]),
        (&132.into(), &132.into(), &0.into())
    );
    for field in ["seconds", "pictures_per_s", "peak_mib"] {
        assert!(line[field].as_f64().unwrap() > 0.0, "{line}");
    }

    let line: serde_json::Value = serde_json::from_str(&succeeds("stats", &[&data, "--json"])).unwrap();
    assert_eq!(line["pictures"], 132);
    assert_eq!(line["types"]["Dresses"], 11);
    let dataset = Dataset::open(&data).unwrap();
    assert!(succeeds("stats", &[&data]).contains("132 pictures"));

    let which = ["--data", &data, "--run", &run, "--limit", "100"];
    let steps = ["--batch-size", "40", "--epochs", "2"];
    let log = succeeds("train", &[&which[..], &SMALL, &steps].concat());
    assert!(
        log.contains("training on 100 pictures, 3 steps of batch 40 in each of 2 epochs"),
        "{log}"
    );
    assert!(log.contains("[1/2][2/3] Loss_D: "), "{log}");
    for file in ["losses.png", "real-vs-fake.png", "samples/epoch-002.png"] {
        assert!(Path::new(&run).join(file).is_file(), "{file}");
    }

    succeeds(
        "generate",
        &["--run", &run, "--count", "5", "--seed", "3", "--out", &out],
    );
    assert_eq!(fs::read_dir(&out).unwrap().count(), 6);

    let picture = dataset.path(0);
    let table = succeeds("classify", &[picture.to_str().unwrap()]);
    assert!(table.contains(dataset.records()[0].color.name()), "{table}");
}

#[test]
fn names_are_compared_with_labels() {
    let place = Place::new();
    place.write("images/a.jpg", red());
    place.write("images/b.jpg", red());
    place.write("labels.csv", "id,type,color\na,1,red\nb,2,pink\nc,3,\n");
    let (images, labels) = (place.path("images"), place.path("labels.csv"));
    let args = ["--images", &images, "--labels", &labels];
    let line = succeeds("evaluate_color", &[&args[..], &["--json"]].concat());
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["n"], &line["accuracy"], &line["macro_recall"]),
        (&2.into(), &0.5.into(), &0.5.into())
    );
    assert_eq!(line["per_color"]["red"]["precision"], 0.5);
    assert!(succeeds("evaluate_color", &args).contains("accuracy      0.500"));
    place.write("labels.csv", "id,color\na,teal\n");
    assert!(fails("evaluate_color", &args).contains("cannot read the labels"));
}

#[test]
fn quickstart_takes_the_users_own_folder() {
    let place = Place::new();
    place.write("photos/a.png", red());
    place.write("photos/b.jpg", jpeg(60, 80));
    let out = place.path("out");
    let said = succeeds(
        "quickstart",
        &["--data", &place.path("photos"), "--out", &out, "--steps", "1"],
    );
    for file in [
        "dataset/plots/colors.png",
        "dataset/images/red_a_0.jpg",
        "run/losses.svg",
        "run/real-vs-fake.png",
    ] {
        assert!(Path::new(&out).join(file).is_file(), "{file}: {said}");
    }
    assert!(fails("quickstart", &["--out", &out]).contains("is not empty"));
}
