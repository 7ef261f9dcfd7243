//! Files of runs that are damaged: what is told, and what goes on.

use std::{fs, path::Path};

use crate::{
    place::{Place, synthetic_dataset},
    program::{SMALL, fails, program, said, succeeds},
};

/// A run of two epochs, of two steps each.
fn run(place: &Place) -> String {
    let (data, run) = (synthetic_dataset(place), place.path("run"));
    let args = [
        "--data",
        &*data,
        "--run",
        &*run,
        "--epochs",
        "2",
        "--batch-size",
        "66",
    ];
    succeeds("train", &[&args[..], &SMALL].concat());
    run
}

#[test]
fn damaged_line_of_an_epoch_is_told() {
    let place = Place::new();
    let run = run(&place);
    let epochs = Path::new(&run).join("epochs.jsonl");
    let whole = fs::read_to_string(&epochs).unwrap();
    let place_of = |text: &str| whole.find(text).unwrap();
    let resume = |at: usize, bit: u8| {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] ^= bit;
        fs::write(&epochs, bytes).unwrap();
        let (code, _, err) = said("train", &["--resume", &run]);
        assert_eq!(code, 0, "{err}");
        err
    };
    // A digit of the diversity, and a brace.
    let altered = resume(place_of("\"diversity\":") + 15, 1);
    assert!(
        altered.contains("warn: `") && altered.contains("epochs.jsonl` is not as it was at step 4"),
        "{altered}"
    );
    let dropped = resume(0, 1);
    assert!(
        dropped.contains("epochs.jsonl` is not as it was at step 4"),
        "{dropped}"
    );
    assert!(
        dropped.contains("epochs.jsonl`: 1 line that cannot be parsed left out"),
        "{dropped}"
    );
    fs::write(&epochs, &whole).unwrap();
    let (_, _, err) = said("train", &["--resume", &run]);
    assert_eq!(err, "");
}

#[test]
fn weights_that_are_nan_are_refused_by_the_name_of_their_tensor() {
    let place = Place::new();
    let run = run(&place);
    let weights = format!("{run}/checkpoints/step-000004/generator.safetensors");
    let config = format!("{run}/config.json");
    let mut bytes = fs::read(&weights).unwrap();
    // The last tensor of the file ends with it.
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    place.write("nan.safetensors", bytes);
    let nan = place.path("nan.safetensors");
    let args = [
        "--weights",
        &*nan,
        "--config",
        &*config,
        "--out",
        &place.path("out"),
    ];
    let (code, _, err) = said("generate", &args);
    assert_eq!(code, 2);
    assert!(err.contains("nan.safetensors"), "{err}");
    assert!(err.contains("values that are NaN or infinite: main."), "{err}");
    assert!(!err.contains("hint"), "{err}");
}

#[test]
fn cache_with_a_flipped_bit_is_built_again() {
    let place = Place::new();
    let run = run(&place);
    let mut files = fs::read_dir(place.path("data/cache")).unwrap();
    let cache = files.next().unwrap().unwrap().path();
    let whole = fs::read(&cache).unwrap();
    for (epochs, at) in [("3", 0), ("4", 6), ("5", 200)] {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        fs::write(&cache, bytes).unwrap();
        let (code, _, err) = said("train", &["--resume", &run, "--epochs", epochs]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("is damaged: building it again"), "{err}");
        assert!(fs::read(&cache).unwrap() == whole);
    }
}

#[test]
fn any_number_of_threads_ends_with_the_same_bytes_twice() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let train = |threads: &str, name: &str| {
        let run = place.path(&format!("{threads}-{name}"));
        let args = [
            "--data",
            &*data,
            "--run",
            &*run,
            "--epochs",
            "2",
            "--batch-size",
            "33",
        ];
        let output = program("train")
            .args(args)
            .args([
                "--image-size",
                "16",
                "--ngf",
                "4",
                "--ndf",
                "4",
                "--workers",
                threads,
            ])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let files = ["log.jsonl", "checkpoints/step-000008/generator.safetensors"];
        files.map(|file| fs::read(Path::new(&run).join(file)).unwrap())
    };
    for threads in ["1", "2", "3", "64"] {
        assert!(
            train(threads, "one") == train(threads, "two"),
            "{threads} threads"
        );
    }
    let none = place.path("none");
    let error = fails("train", &["--data", &data, "--run", &none, "--workers", "0"]);
    assert!(error.contains("workers is 0"), "{error}");
}
