//! Checkpoints that are kept, and damaged ones.

use super::*;

#[test]
fn damaged_checkpoint_is_named_with_the_one_before_it() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let run = SavedRun::open(&path).unwrap();
        let newest = run.newest().unwrap();
        for (file, damage) in [
            ("optimizer_d.safetensors", Some(40)),
            ("generator.safetensors", None),
        ] {
            let file = newest.join(file);
            let whole = fs::read(&file).unwrap();
            match damage {
                Some(at) => {
                    let mut bytes = whole.clone();
                    bytes[at] ^= 1;
                    fs::write(&file, bytes).unwrap();
                }
                None => fs::remove_file(&file).unwrap(),
            }
            let error = run.load(newest).unwrap_err();
            let ErrorKind::Checkpoint {
                path,
                source,
                previous,
            } = error.kind()
            else {
                panic!("{error}")
            };
            assert_eq!(path, newest);
            let name = file.file_name().unwrap().to_str().unwrap();
            assert_eq!(source.to_string(), format!("`{name}` is missing or damaged"));
            assert_eq!(previous.as_deref(), Some(&*run.checkpoints()[0]));
            run.load(previous.as_ref().unwrap()).unwrap();
            fs::write(&file, whole).unwrap();
        }
        run.load(newest).unwrap();
        let state = newest.join("state.json");
        let text = fs::read_to_string(&state).unwrap();
        fs::write(&state, text.replace("\"format\": 3", "\"format\": 7")).unwrap();
        let error = run.load(newest).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "the checkpoint has format 7, this version reads 3");
    });
}

#[test]
fn newest_checkpoints_and_the_best_are_kept() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        let mut folder = RunFolder::create(&path)
            .unwrap()
            .with_checkpoints((KeepLast(1), KeepBest));
        let config = config().with_epochs(6).with_lr(0.01);
        let trainer = Trainer::new(config, device()).unwrap();
        trainer.fit(&images(), &mut [&mut folder]).unwrap();
        let text = fs::read_to_string(path.join("epochs.jsonl")).unwrap();
        let distances: Vec<f64> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["distance"]
                    .as_f64()
                    .unwrap()
            })
            .collect();
        assert_eq!(distances.len(), 6);
        let best = (0..6)
            .min_by(|a, b| distances[*a].total_cmp(&distances[*b]))
            .unwrap();
        let mut expected = vec![2 * (best + 1), 12];
        expected.dedup();
        let kept: Vec<usize> = checkpoint_files::list(&path).unwrap().into_keys().collect();
        assert_eq!(kept, expected, "{distances:?}");
    });
}
