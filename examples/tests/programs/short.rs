//! Every short example is run, on images that are made on the spot.

use std::{fs, path::Path, process::Output};

use ai4fashion_testkit::{jpeg, red_garment, write};
use tempfile::TempDir;

use crate::example;

fn run(name: &str, arguments: &[&str]) -> Output {
    example(name).args(arguments).output().unwrap()
}

/// Standard output of an example that succeeds.
#[track_caller]
fn output(name: &str, arguments: &[&str]) -> String {
    let output = run(name, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Two photos, and the data set of them.
fn dataset(folder: &TempDir) -> String {
    let (photos, data) = (path(folder, "photos"), path(folder, "data"));
    write(Path::new(&photos).join("a.png"), red_garment());
    write(Path::new(&photos).join("b.jpg"), jpeg(60, 80));
    let text = output("ingest_a_folder", &[&photos, &data]);
    assert!(text.contains("2 of 2 photos"), "{text}");
    data
}

#[test]
fn examples_are_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let programs =
        files.filter(|file| file.extension().is_some_and(|name| name == "rs") && !file.ends_with("lib.rs"));
    for file in programs {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 60, "{}: {lines} lines", file.display());
    }
}

#[test]
fn color_of_a_photo() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("a.png"), red_garment());
    assert!(output("name_a_color", &[]).contains("white: red"));
    assert!(output("name_a_color", &[&path(&folder, "a.png")]).contains("a.png: red"));
    assert!(!run("name_a_color", &["missing.png"]).status.success());
}

#[test]
fn folder_to_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let data = dataset(&folder);
    let images = fs::read_dir(Path::new(&data).join("images")).unwrap();
    let names: Vec<String> = images
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("red_a_")), "{names:?}");
}

#[test]
fn source_of_a_shop() {
    let folder = tempfile::tempdir().unwrap();
    let text = output("own_source", &[&path(&folder, "data")]);
    for line in ["sunset.png is orange", "sea.png is blue", "coal.png is black"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn trained_and_generated() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let photos = path(&folder, "photos");
    ai4fashion_synthetic::Catalogue::new(1)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    let source = ai4fashion_dataset::SmallFashion::open(&photos).unwrap();
    let ingest = ai4fashion_dataset::Ingest::new(ai4fashion_dataset::IngestOptions::default()).unwrap();
    ingest.run(&[&source], &data, &()).unwrap();

    let [run, out] = ["run", "out"].map(|name| path(&folder, name));
    let text = output("train", &[&data, &run, "1", "8"]);
    assert!(
        text.contains("training on 110 of 132 images") && text.contains("4 steps done"),
        "{text}"
    );
    assert!(Path::new(&run).join("report.html").is_file());
    output("generate", &[&run, &out]);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 18);
}

#[test]
fn stopped_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let run = path(&folder, "run");
    let text = output("resume", &[&run]);
    assert!(
        text.contains("stopped after step 6") && text.contains("finished after step 12"),
        "{text}"
    );
    let log = fs::read_to_string(Path::new(&run).join("log.jsonl")).unwrap();
    assert_eq!(log.lines().count(), 12);
}

#[test]
fn own_generator_watched() {
    let text = output("own_networks_and_observer", &[]);
    assert!(
        text.contains("step 7: discriminator") && text.contains("8 steps done"),
        "{text}"
    );
}

#[test]
fn stripes_told_apart() {
    let text = output("kernels_in_another_network", &[]);
    let loss: f32 = text.trim().rsplit(' ').next().unwrap().parse().unwrap();
    assert!(loss < 0.1, "{text}");
}
