//! Exports that are stopped or killed, and what is there already.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_export::{ErrorKind, Export, ExportOptions, Format};
use ai4fashion_testkit::{files_below, write};

use crate::helpers::{StopAfter, dataset, export, run, work_folder};

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_bytes() {
    let (temp, dataset) = dataset(20);
    for format in Format::ALL {
        let whole = temp.path().join(format!("whole-{format}/out"));
        run(format, &dataset, &whole).unwrap();
        let expected = files_below(&whole);
        for images in 1..20 {
            let out = temp.path().join(format!("{format}-{images}/out"));
            let stop = StopAfter::new(images);
            match export(format).run(&dataset, &out, &stop) {
                // With many threads all images may be under way.
                Ok(_) => {}
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Stopped { .. }), "{error}");
                    assert!(!out.exists());
                    // What a process leaves that is killed while it writes.
                    write(work_folder(&out).join("new/.partial-1"), "half");
                    write(work_folder(&out).join("new/stray.txt"), "of another program");
                    write(work_folder(&out).join("new/data/.partial-2"), "half");
                    if format != Format::Parquet {
                        fs::remove_dir_all(work_folder(&out).join("new/data")).unwrap();
                    }
                    run(format, &dataset, &out).unwrap();
                }
            }
            assert!(files_below(&out) == expected, "{format} after {images}");
            assert!(!work_folder(&out).exists());
        }
    }
}

#[test]
fn whole_shards_of_a_stopped_export_are_kept_and_others_are_not() {
    let (temp, dataset) = dataset(20);
    let whole = temp.path().join("whole/out");
    let report = run(Format::Parquet, &dataset, &whole).unwrap();
    let (first, _) = files_below(&whole)
        .into_iter()
        .find(|(path, _)| path.starts_with("data"))
        .unwrap();
    let begun = temp.path().join("begun/out");
    export(Format::Parquet)
        .run(&dataset, &begun, &StopAfter::new(1))
        .unwrap_err();
    let shard = work_folder(&begun).join("new").join(&first);
    write(&shard, "kept as it is");
    let resumed = run(Format::Parquet, &dataset, &begun).unwrap();
    assert!(resumed.kept >= 1 && resumed.kept < report.shards, "{resumed:?}");
    assert_eq!(fs::read_to_string(begun.join(&first)).unwrap(), "kept as it is");
    // Of another export nothing is kept.
    let other = temp.path().join("other/out");
    export(Format::Parquet)
        .run(&dataset, &other, &StopAfter::new(1))
        .unwrap_err();
    write(work_folder(&other).join("new").join(&first), "not kept");
    let options = ExportOptions::new(Format::Parquet).with_shard_bytes(1_000_000);
    let report = Export::new(options).unwrap().run(&dataset, &other, &()).unwrap();
    assert_eq!(report.kept, 0);
    assert_eq!(
        fs::read(other.join(&first)).unwrap(),
        fs::read(whole.join(&first)).unwrap()
    );
}

#[test]
fn what_is_exported_already_stays_as_it_is() {
    let (temp, dataset) = dataset(2);
    let out = temp.path().join("finished/out");
    run(Format::Parquet, &dataset, &out).unwrap();
    // Filled in by hand, and what is left of an export that was killed after its last step.
    write(out.join("README.md"), "license: cc0-1.0");
    write(work_folder(&out).join("export.json"), "{}");
    let before = files_below(&out);
    let report = run(Format::Parquet, &dataset, &out).unwrap();
    assert_eq!(report.kept, report.shards);
    assert_eq!(files_below(&out), before);
    assert!(!work_folder(&out).exists());
    let error = run(Format::WebDataset, &dataset, &out).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotEmpty { .. }), "{error}");
}

#[test]
fn folder_that_is_there_is_filled_and_goes_on_wherever_it_was_stopped() {
    let (temp, dataset) = dataset(20);
    let (whole, out) = (temp.path().join("whole/out"), temp.path().join("there/out"));
    run(Format::WebDataset, &dataset, &whole).unwrap();
    let expected = files_below(&whole);
    fs::create_dir_all(&out).unwrap();
    let work = out.join(".export.part");
    export(Format::WebDataset)
        .run(&dataset, &out, &StopAfter::new(1))
        .unwrap_err();
    assert!(work.join("export.json").is_file());
    let state = fs::read(work.join("export.json")).unwrap();
    run(Format::WebDataset, &dataset, &out).unwrap();
    assert_eq!(files_below(&out), expected);
    // Killed while it moved its files up: two are there, the others are not, the metadata least.
    write(work.join("export.json"), state);
    for (path, bytes) in expected
        .iter()
        .filter(|(path, _)| path.extension() != Some("tar".as_ref()))
    {
        fs::remove_file(out.join(path)).unwrap();
        write(work.join("new").join(path), bytes);
    }
    run(Format::WebDataset, &dataset, &out).unwrap();
    assert_eq!(files_below(&out), expected);
    // A file of somebody else stays, and stops it.
    let other = temp.path().join("other/out");
    fs::create_dir_all(&other).unwrap();
    export(Format::WebDataset)
        .run(&dataset, &other, &StopAfter::new(1))
        .unwrap_err();
    write(other.join("mine.txt"), "mine");
    let error = run(Format::WebDataset, &dataset, &other).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotEmpty { .. }), "{error}");
    assert_eq!(fs::read_to_string(other.join("mine.txt")).unwrap(), "mine");
}

#[test]
fn export_that_lost_or_changed_a_file_is_told_with_its_name() {
    let (temp, dataset) = dataset(4);
    for format in Format::ALL {
        let out = temp.path().join(format.as_str());
        run(format, &dataset, &out).unwrap();
        let is_table = |path: &PathBuf| path.ends_with("README.md") || path.ends_with("croissant.json");
        for path in files_below(&out).into_keys().filter(|path| !is_table(path)) {
            let bytes = fs::read(out.join(&path)).unwrap();
            for changed in [None, Some([&*bytes, b"x"].concat())] {
                match changed {
                    None => fs::remove_file(out.join(&path)).unwrap(),
                    Some(bytes) => write(out.join(&path), bytes),
                }
                let error = run(format, &dataset, &out).unwrap_err().0;
                let ErrorKind::Incomplete { file, .. } = error.kind() else {
                    panic!("{error}")
                };
                assert_eq!(Path::new(file), path);
            }
            write(out.join(&path), bytes);
        }
        run(format, &dataset, &out).unwrap();
    }
}
