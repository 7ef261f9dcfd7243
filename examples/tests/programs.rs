//! The programs as a user runs them: exit codes, what they print, what they leave behind.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use ai4fashion_dataset::{Dataset, synthetic::Catalogue};
use ai4fashion_testkit::{encoded, garment, hostile_files, jpeg};
use image::ImageFormat;
use tempfile::TempDir;

const PROGRAMS: [&str; 7] = [
    "quickstart",
    "ingest",
    "classify",
    "stats",
    "train",
    "generate",
    "bench_step",
];

/// Examples lie beside the folder that this test lies in; `cargo test` builds them.
fn program(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().with_file_name("examples").join(name);
    assert!(
        path.is_file(),
        "`{}` is not built: run `cargo test` without --test",
        path.display()
    );
    Command::new(path)
}

fn run(name: &str, args: &[&str]) -> Output {
    program(name).args(args).output().unwrap()
}

/// Exit code, standard output, standard error.
fn said(name: &str, args: &[&str]) -> (i32, String, String) {
    let output = run(name, args);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[track_caller]
fn succeeds(name: &str, args: &[&str]) -> String {
    let (code, out, err) = said(name, args);
    assert_eq!(code, 0, "{name} {args:?}: {err}");
    out
}

/// The message of a program that fails, which must be a line of its own.
#[track_caller]
fn fails(name: &str, args: &[&str]) -> String {
    let (code, out, err) = said(name, args);
    assert_eq!((code, &*out), (2, ""), "{name} {args:?}: {err}");
    let line = err.lines().next().unwrap_or_default().to_owned();
    assert!(line.starts_with("error: "), "{err}");
    line
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// What is there, by name.
    fn content(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().file_name().into()).collect();
        names.sort();
        names
    }
}

fn red() -> Vec<u8> {
    encoded(garment(64, [200, 30, 30]), ImageFormat::Png)
}

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
    let [photos, data, run, out] = ["photos", "data", "run", "out"].map(|name| place.path(name));
    Catalogue::new(1)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();

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

    let small = [
        "--image-size",
        "8",
        "--ngf",
        "4",
        "--ndf",
        "4",
        "--batch-size",
        "40",
        "--epochs",
        "2",
    ];
    let log = succeeds(
        "train",
        &[&["--data", &data, "--run", &run, "--limit", "100"], &small[..]].concat(),
    );
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

/// A data set of 132 drawn pictures, each colour and type once.
fn drawn_dataset(place: &Place) -> String {
    let [photos, data] = ["photos", "data"].map(|name| place.path(name));
    Catalogue::new(1)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    succeeds("ingest", &["small-fashion", &photos, "--out", &data]);
    data
}

/// Settings of a quick training.
const SMALL: [&str; 8] = [
    "--image-size",
    "8",
    "--ngf",
    "4",
    "--ndf",
    "4",
    "--batch-size",
    "11",
];

#[test]
fn training_goes_on_where_it_was_stopped_and_refuses_to_become_another() {
    let place = Place::new();
    let data = drawn_dataset(&place);
    let [whole, halved] = ["whole", "halved"].map(|name| place.path(name));
    let train = |run: &str, more: &[&str]| {
        succeeds(
            "train",
            &[&["--data", &data, "--run", run], &SMALL[..], more].concat(),
        )
    };
    let log = train(&whole, &["--epochs", "2", "--types", "1,Skirts", "--ema", "0.9"]);
    assert!(
        log.contains("110 of 132 pictures left out") && log.contains("training on 22 pictures"),
        "{log}"
    );
    train(&halved, &["--epochs", "1", "--types", "1,Skirts", "--ema", "0.9"]);

    let (code, _, error) = said("train", &["--resume", &halved, "--lr", "0.1", "--epochs", "2"]);
    assert_eq!(code, 2);
    assert!(error.contains("lr was 0.0002 and is 0.1 now"), "{error}");
    let (code, _, error) = said("train", &["--resume", &halved, "--checkpoint", "step-9"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("there is no checkpoint `step-9`; there are: step-000002"),
        "{error}"
    );
    let log = succeeds("train", &["--resume", &halved, "--epochs", "2"]);
    assert!(log.contains("going on after step 2 of 4"), "{log}");
    for file in [
        "log.jsonl",
        "samples/epoch-002.png",
        "checkpoints/step-000004/generator_ema.safetensors",
        "checkpoints/step-000004/optimizer_d.safetensors",
        "config.json",
    ] {
        let [whole, halved] = [&whole, &halved].map(|run| fs::read(Path::new(run).join(file)).unwrap());
        assert!(whole == halved, "{file}");
    }
    let log = succeeds(
        "train",
        &["--resume", &halved, "--epochs", "3", "--lr", "0.1", "--force"],
    );
    assert!(
        log.contains("going on although lr was 0.0002 and is 0.1 now"),
        "{log}"
    );
}

/// Ctrl-C is a signal of Unix.
#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_go_on() {
    let place = Place::new();
    let data = drawn_dataset(&place);
    let run = place.path("run");
    let args = [
        &["--data", &data, "--run", &run, "--epochs", "100000"],
        &SMALL[..],
    ]
    .concat();
    let mut child = program("train")
        .args(args)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let log = Path::new(&run).join("log.jsonl");
    while fs::read_to_string(&log).unwrap_or_default().lines().count() < 30 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && out.contains("all of it is saved"),
        "{out}"
    );
    assert!(out.contains(&format!("--resume {run}")), "{out}");
    let steps = fs::read_to_string(&log).unwrap().lines().count();
    let saved = Path::new(&run).join(format!("checkpoints/step-{steps:06}/state.json"));
    assert!(saved.is_file(), "{}", saved.display());
}

#[test]
fn dry_run_says_what_a_training_would_take_and_writes_nothing() {
    let place = Place::new();
    let data = drawn_dataset(&place);
    let before = place.content();
    let plan = succeeds(
        "train",
        &[&["--data", &*data, "--dry-run", "--epochs", "7"], &SMALL[..]].concat(),
    );
    assert!(
        plan.contains("12 of batch 11 in each of 7 epochs, 84 in all"),
        "{plan}"
    );
    assert!(plan.contains("a checkpoint"), "{plan}");
    assert_eq!(place.content(), before);
}

#[test]
fn pictures_of_a_color_and_the_way_between_two_are_drawn() {
    let place = Place::new();
    let data = drawn_dataset(&place);
    let [run, red, way] = ["run", "red", "way"].map(|name| place.path(name));
    let config = place.path("config.json");
    place.write("config.json", r#"{"condition": "color", "epochs": 1, "nz": 5}"#);
    let args = [&["--data", &data, "--run", &run, "--config", &config], &SMALL[..]].concat();
    succeeds("train", &args);
    let draw = [
        "--run",
        &run,
        "--count",
        "3",
        "--color",
        "red",
        "--truncation",
        "0.8",
    ];
    succeeds("generate", &[&draw[..], &["--out", &red]].concat());
    assert_eq!(fs::read_dir(&red).unwrap().count(), 4);
    let ends = [
        "--run",
        &run,
        "--interpolate",
        "0",
        "5",
        "--frames",
        "6",
        "--out",
        &way,
    ];
    succeeds("generate", &ends);
    assert_eq!(
        image::image_dimensions(Path::new(&way).join("strip.png")).unwrap(),
        (6 * 10 + 2, 12)
    );
    assert!(Path::new(&way).join("film.png").is_file());
    let other = place.path("other");
    let error = fails("generate", &["--run", &run, "--type", "Coats", "--out", &other]);
    assert!(error.contains("type is Coats, legal is left out"), "{error}");
    let error = fails("generate", &["--run", &run, "--color", "mauve", "--out", &other]);
    assert!(error.contains("mauve"), "{error}");
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
            "small-fashion, lookbook, folder, auto",
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
