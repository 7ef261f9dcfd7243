//! Seconds of a training step, and of generating images.

use serde_json::Value;

use crate::{
    place::Place,
    program::{fails, succeeds},
};

#[test]
fn bench_prints_json() {
    for what in ["step", "sample"] {
        let options = [
            "--batch",
            "2",
            "--size",
            "8",
            "--steps",
            "2",
            "--precision",
            "f32",
        ];
        let line = succeeds(
            "bench",
            &[&[what], &options[..], &["--json", "--device", "flex"]].concat(),
        );
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&line["device"], &line["batch"], &line["size"]),
            (&"flex".into(), &2.into(), &8.into())
        );
        let [median, mean, best, peak] =
            ["median_s", "mean_s", "min_s", "peak_mib"].map(|key| line[key].as_f64().unwrap());
        assert!(
            0.0 < best && best <= median && best <= mean && peak > 1.0,
            "{line}"
        );
        assert!(succeeds("bench", &[&[what], &options[..]].concat()).contains("median"));
    }
}

#[test]
fn bench_takes_the_settings_of_a_file() {
    let place = Place::new();
    let file = place.path("settings.json");
    let settings = r#"{"image_size": 16, "ngf": 4, "ndf": 4, "batch_size": 3, "channels": 1, "loss": "relativistic",
        "upsampling": "nearest"}"#;
    place.write("settings.json", settings);
    for (what, batch) in [("step", 3), ("sample", 64)] {
        let line = succeeds("bench", &[what, "--config", &file, "--steps", "1", "--json"]);
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&line["batch"], &line["size"]), (&batch.into(), &16.into()));
    }
    let line = succeeds(
        "bench",
        &["step", "--config", &file, "--steps", "1", "--size", "8"],
    );
    assert!(line.contains("batch 3 of 8x8"), "{line}");
    place.write("settings.json", r#"{"condition": "color"}"#);
    let error = fails("bench", &["step", "--config", &file]);
    assert!(
        error.contains("condition is color in --config, expected none"),
        "{error}"
    );
}
