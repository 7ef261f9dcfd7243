//! Where an export may lie, and what is refused.

use std::{fs, path::Path};

use ai4fashion_export::{ErrorKind, Format};
use ai4fashion_testkit::{files_below, write};

use crate::helpers::{StopAfter, dataset, export, run, work_folder};

#[test]
fn nothing_is_written_over_and_what_is_refused_leaves_nothing() {
    let (temp, dataset) = dataset(2);
    let refused = |out: &Path| run(Format::ImageFolder, &dataset, out).unwrap_err().0;
    let taken = temp.path().join("taken");
    write(taken.join("mine.txt"), "mine");
    let before = files_below(temp.path());
    assert!(matches!(refused(&taken).kind(), ErrorKind::NotEmpty { .. }));
    let file = taken.join("mine.txt");
    assert!(matches!(refused(&file).kind(), ErrorKind::NotAFolder { .. }));
    for inside in ["exported", "deep/er/exported"] {
        let error = refused(&dataset.root().join(inside));
        assert!(matches!(error.kind(), ErrorKind::Overlap { .. }), "{error}");
    }
    assert!(matches!(refused(temp.path()).kind(), ErrorKind::Overlap { .. }));
    assert!(!dataset.root().join("deep").exists());
    assert_eq!(files_below(temp.path()), before);
}

#[test]
fn name_that_loaders_take_for_a_pattern_is_refused() {
    let (temp, dataset) = dataset(2);
    for name in ["a*b", "a?", "[br]", "{a,b}", "a::b", "~", "a\u{7f}", "~/below"] {
        let error = run(Format::Parquet, &dataset, &temp.path().join(name))
            .unwrap_err()
            .0;
        assert!(
            matches!(error.kind(), ErrorKind::Name { .. }),
            "{name:?}: {error}"
        );
    }
    let error = run(Format::Parquet, &dataset, &temp.path().join("missing/.."))
        .unwrap_err()
        .0;
    assert!(matches!(error.kind(), ErrorKind::NotAFolder { .. }), "{error}");
    run(
        Format::Parquet,
        &dataset,
        &temp.path().join("spaces & quotes' #1"),
    )
    .unwrap();
}

#[test]
fn work_folder_of_somebody_else_is_left_alone() {
    let (temp, dataset) = dataset(2);
    let refused = |name: &str| {
        run(Format::ImageFolder, &dataset, &temp.path().join(name))
            .unwrap_err()
            .0
    };
    write(temp.path().join(".a.part/mine.txt"), "mine");
    write(temp.path().join(".b.part"), "mine");
    for name in ["a", "b"] {
        assert!(
            matches!(refused(name).kind(), ErrorKind::NotOurs { .. }),
            "{name}"
        );
    }
    assert_eq!(
        fs::read_to_string(temp.path().join(".a.part/mine.txt")).unwrap(),
        "mine"
    );
    // In use: another process holds the lock.
    let lock = temp.path().join(".c.part/lock");
    write(&lock, "");
    let held = ai4fashion_files::FileLock::try_acquire(&lock).unwrap();
    assert!(matches!(refused("c").kind(), ErrorKind::InUse { .. }));
    drop(held);
    run(Format::ImageFolder, &dataset, &temp.path().join("c")).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_folders_and_refused_elsewhere() {
    use std::os::unix::fs::symlink;
    let (temp, dataset) = dataset(20);
    let [target, link, nowhere] = ["target", "link", "nowhere"].map(|name| temp.path().join(name));
    fs::create_dir(&target).unwrap();
    symlink(&target, &link).unwrap();
    symlink(temp.path().join("missing"), &nowhere).unwrap();
    run(Format::ImageFolder, &dataset, &link).unwrap();
    assert!(target.join("README.md").is_file() && link.is_symlink());
    let error = run(Format::ImageFolder, &dataset, &nowhere).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotAFolder { .. }), "{error}");
    // What somebody has put in place of our folder is not followed.
    let out = temp.path().join("out");
    export(Format::ImageFolder)
        .run(&dataset, &out, &StopAfter::new(1))
        .unwrap_err();
    fs::remove_dir_all(work_folder(&out).join("new")).unwrap();
    symlink(&target, work_folder(&out).join("new")).unwrap();
    let error = run(Format::ImageFolder, &dataset, &out).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotOurs { .. }), "{error}");
}
