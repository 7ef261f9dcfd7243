//! Training runs that are stopped, resumed, planned and generated from.

use std::{fs, path::Path};

use ai4fashion_dataset::{Dataset, Split};
use ai4fashion_dcgan::DcganConfig;

use crate::{
    place::{Place, red, synthetic_dataset},
    program::{SMALL, fails, said, succeeds},
};

/// Steps of a data set of 132.
const BATCH: [&str; 2] = ["--batch-size", "11"];

#[test]
fn training_resumes_to_the_same_bytes_and_refuses_other_settings() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let [whole, halved] = ["whole", "halved"].map(|name| place.path(name));
    let train = |run: &str, more: &[&str]| {
        succeeds(
            "train",
            &[&["--data", &data, "--run", run], &SMALL[..], &BATCH, more].concat(),
        )
    };
    let log = train(&whole, &["--epochs", "2", "--types", "1,Skirts", "--ema", "0.9"]);
    assert!(
        log.contains("110 of 132 images filtered out") && log.contains("training on 22 images"),
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
    let (code, _, error) = said(
        "train",
        &["--resume", &halved, "--device", "flex", "--precision", "f32"],
    );
    assert_eq!(code, 2);
    assert!(error.contains("device was ndarray and is flex now"), "{error}");
    let weights = format!("{halved}/checkpoints/step-000002/generator.safetensors");
    let (code, _, error) = said("generate", &["--weights", &weights, "--out", &place.path("out")]);
    assert_eq!(code, 2);
    assert!(
        error.contains("need their settings: --config RUN/config.json"),
        "{error}"
    );
    let log = succeeds("train", &["--resume", &halved, "--epochs", "2"]);
    assert!(log.contains("resuming after step 2 of 4"), "{log}");
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
    let log = succeeds("train", &["--resume", &halved, "--epochs", "2"]);
    assert!(log.contains("nothing to do: all 2 epochs are done"), "{log}");
    let log = succeeds(
        "train",
        &["--resume", &halved, "--epochs", "3", "--lr", "0.1", "--force"],
    );
    assert!(
        log.contains("resuming although lr was 0.0002 and is 0.1 now"),
        "{log}"
    );
}

/// Output of a command that gets Ctrl-C, a signal of Unix, once there are 30 lines in `log`.
#[cfg(unix)]
fn interrupted(command: &str, args: &[&str], log: &Path) -> String {
    let mut child = crate::program::program(command)
        .args(args)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while fs::read_to_string(log).unwrap_or_default().lines().count() < 30 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{out}");
    out
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_resume() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    let args = [
        &["--data", &data, "--run", &run, "--epochs", "100000"],
        &SMALL[..],
        &BATCH,
    ]
    .concat();
    let log = Path::new(&run).join("log.jsonl");
    let out = interrupted("train", &args, &log);
    assert!(out.contains("everything is saved"), "{out}");
    assert!(out.contains(&format!("--resume {run}")), "{out}");
    let steps = fs::read_to_string(&log).unwrap().lines().count();
    let saved = Path::new(&run).join(format!("checkpoints/step-{steps:06}/state.json"));
    assert!(saved.is_file(), "{}", saved.display());
}

#[test]
fn dry_run_measures_and_writes_nothing() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let before = place.content();
    let plan = succeeds(
        "train",
        &[
            &["--data", &*data, "--dry-run", "--epochs", "7"],
            &SMALL[..],
            &BATCH,
        ]
        .concat(),
    );
    assert!(
        plan.contains("12 of batch 11 in each of 7 epochs, 84 in all"),
        "{plan}"
    );
    assert!(plan.contains("checkpoint  "), "{plan}");
    assert_eq!(place.content(), before);
}

#[test]
fn conditional_images_and_interpolation() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let [run, red, between] = ["run", "red", "between"].map(|name| place.path(name));
    let config = place.path("config.json");
    place.write("config.json", r#"{"condition": "color", "epochs": 1, "nz": 5}"#);
    let args = [
        &["--data", &data, "--run", &run, "--config", &config],
        &SMALL[..],
        &BATCH,
    ]
    .concat();
    succeeds("train", &args);
    let few = [
        "--run",
        &run,
        "--count",
        "3",
        "--color",
        "red",
        "--truncation",
        "0.8",
    ];
    succeeds("generate", &[&few[..], &["--out", &red]].concat());
    assert_eq!(fs::read_dir(&red).unwrap().count(), 4);
    assert!(Path::new(&red).join("000002_red.png").is_file());
    let ends = [
        "--run",
        &run,
        "--interpolate",
        "0",
        "5",
        "--frames",
        "6",
        "--out",
        &between,
    ];
    succeeds("generate", &ends);
    assert_eq!(
        ai4fashion_image::image::image_dimensions(Path::new(&between).join("strip.png")).unwrap(),
        (6 * 10 + 2, 12)
    );
    assert!(Path::new(&between).join("interpolation.png").is_file());
    let other = place.path("other");
    let error = fails("generate", &["--run", &run, "--type", "Coats", "--out", &other]);
    assert!(
        error.contains("type is Coats, expected none: only a run of"),
        "{error}"
    );
    let both = place.path("both");
    let args = [
        "--data",
        &data,
        "--run",
        &both,
        "--colors",
        "red,blue",
        "--condition",
        "both",
    ];
    succeeds("train", &[&args[..], &SMALL, &["--epochs", "1"]].concat());
    let error = fails("generate", &["--run", &both, "--color", "green", "--out", &other]);
    assert!(
        error.contains("color is green, expected one that the run was trained on: blue, red"),
        "{error}"
    );
    succeeds("generate", &["--run", &both, "--count", "3", "--out", &other]);
    let mut names: Vec<_> = fs::read_dir(&other)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "000000_blue_Dresses.png",
            "000001_red_Dresses.png",
            "000002_blue_Tops.png",
            "grid.png"
        ]
    );
    let error = fails(
        "generate",
        &["--run", &run, "--color", "mauve", "--out", &place.path("none")],
    );
    assert!(error.contains("mauve"), "{error}");
}

#[test]
fn one_split_is_trained_on_and_weights_are_generated_from() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let [run, of_run, of_file] = ["run", "of-run", "of-file"].map(|name| place.path(name));
    let args = [
        &[
            "--data",
            &data,
            "--run",
            &run,
            "--epochs",
            "1",
            "--split",
            "validation",
        ],
        &SMALL[..],
    ]
    .concat();
    let log = succeeds("train", &args);
    let dataset = Dataset::open(&data).unwrap();
    let splits = dataset.records().iter().map(|record| record.split);
    let wanted = splits.filter(|split| *split == Split::Validation).count();
    assert!(
        wanted > 0 && log.contains(&format!("training on {wanted} images")),
        "{log}"
    );
    let (code, _, error) = said("train", &["--data", &data, "--run", &of_run, "--split", "dev"]);
    assert!(code == 2 && error.contains("train, validation, test"), "{error}");

    let checkpoints = Path::new(&run).join("checkpoints");
    let newest = fs::read_dir(checkpoints).unwrap().next().unwrap().unwrap().path();
    let weights = newest.join("generator.safetensors").display().to_string();
    let config = format!("{run}/config.json");
    succeeds("generate", &["--run", &run, "--count", "2", "--out", &of_run]);
    let of_weights = ["--weights", &weights, "--config", &config, "--count", "2"];
    succeeds("generate", &[&of_weights[..], &["--out", &of_file]].concat());
    let [of_run, of_file] = [of_run, of_file].map(|folder| fs::read(format!("{folder}/000001.png")).unwrap());
    assert!(of_run == of_file);
    // The tutorial's generator has other shapes.
    let error = fails(
        "generate",
        &["--weights", &weights, "--out", &place.path("other")],
    );
    assert!(error.contains("generator.safetensors"), "{error}");
}

#[test]
fn option_that_would_leave_nothing_is_not_proposed() {
    let place = Place::new();
    for name in ["a", "b"] {
        place.write(&format!("photos/{name}.png"), red());
    }
    let [photos, data, run] = ["photos", "data", "run"].map(|name| place.path(name));
    succeeds("ingest", &["folder", &photos, "--out", &data]);
    let args = ["--data", &data, "--run", &run, "--epochs", "1"];
    let log = succeeds("train", &[&args[..], &SMALL].concat());
    assert!(!log.contains("--require-type"), "{log}");
}

#[test]
fn preset_is_what_other_options_change() {
    let place = Place::new();
    place.write("photos/a.png", red());
    let [photos, data, run] = ["photos", "data", "run"].map(|name| place.path(name));
    succeeds("ingest", &["folder", &photos, "--out", &data]);
    let args = [
        "--data", &data, "--run", &run, "--epochs", "1", "--preset", "small",
    ];
    succeeds("train", &[&args[..], &SMALL].concat());
    let config: DcganConfig =
        serde_json::from_slice(&fs::read(format!("{run}/config.json")).unwrap()).unwrap();
    let small = DcganConfig::small();
    assert_eq!((config.ema, config.lr), (small.ema, small.lr));
    assert_eq!((config.epochs, config.image_size), (1, 8));
    let (code, _, error) = said("train", &["--data", &data, "--run", "r", "--preset", "large"]);
    assert!(code == 2 && error.contains("tutorial, small"), "{error}");
    let both = ["--preset", "small", "--config", "a.json"];
    let (code, _, error) = said("train", &[&["--data", &data, "--run", "r"], &both[..]].concat());
    assert!(code == 2 && error.contains("--config"), "{error}");
}

#[test]
fn what_is_not_trained_on_is_not_decoded() {
    let place = Place::new();
    let (data, runs) = (synthetic_dataset(&place), place.path("runs"));
    let train = |run: &str, more: &[&str]| {
        let run = format!("{runs}/{run}");
        let args = [
            &["--data", &*data, "--run", &run, "--epochs", "1"],
            &SMALL[..],
            more,
        ]
        .concat();
        succeeds("train", &args);
        // Three bytes a pixel of 8x8, behind a header that is shorter than an image.
        let caches = fs::read_dir(format!("{data}/cache")).unwrap();
        let mut sizes: Vec<u64> = caches
            .map(|cache| cache.unwrap().metadata().unwrap().len() / (3 * 8 * 8))
            .collect();
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(train("some", &["--limit", "12"]), [12]);
    assert_eq!(train("red", &["--colors", "red,blue", "--limit", "100"]), [24]);
    assert_eq!(train("all", &[]), [24, 132]);
    assert_eq!(train("some-again", &["--limit", "12"]), [12, 132]);
}
