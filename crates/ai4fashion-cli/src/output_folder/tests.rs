use super::*;

fn begin(place: &Path) -> OutputFolder {
    let folder = OutputFolder::begin(place, "--out", Earlier::Kept).unwrap();
    for name in ["a.png", "b.png"] {
        fs::write(folder.path().join(name), "new").unwrap();
    }
    folder
}

fn content(place: &Path) -> Vec<OsString> {
    names(place).unwrap().into_iter().collect()
}

#[test]
fn folder_is_whole_once_it_is_finished_and_as_before_if_it_is_not() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path().join("out");
    drop(begin(&place));
    assert!(!place.exists());
    fs::create_dir(&place).unwrap();
    drop(begin(&place));
    assert!(content(&place).is_empty());
    let first = begin(&place).finish("b.png").unwrap();
    assert_eq!(first, place.join("b.png"));
    assert_eq!(content(&place), ["a.png", "b.png"]);
    let error = OutputFolder::begin(&place, "--out", Earlier::Kept)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("out` is not empty; name another one with --out"),
        "{error}"
    );
}

#[test]
fn killed_at_any_moment_the_same_command_goes_on() {
    let temp = tempfile::tempdir().unwrap();
    let killed = |prepare: &dyn Fn(&Path)| {
        let place = tempfile::tempdir_in(&temp).unwrap().keep();
        let work = place.join(UNFINISHED);
        fs::create_dir(&work).unwrap();
        prepare(&work);
        begin(&place).finish("a.png").unwrap();
        assert_eq!(content(&place), ["a.png", "b.png"]);
        assert_eq!(fs::read_to_string(place.join("a.png")).unwrap(), "new");
    };
    let written = |work: &Path| {
        fs::write(work.join(LOCK), "").unwrap();
        fs::create_dir(work.join(NEW)).unwrap();
        fs::write(work.join(NEW).join("old.png"), "old").unwrap();
    };
    killed(&|_| {});
    killed(&|work| written(work));
    killed(&|work| {
        written(work);
        fs::write(work.join(".partial-x"), "old").unwrap();
    });
    // Two of three are moved.
    killed(&|work| {
        written(work);
        fs::write(work.join(NAMES), "a.png\nc.png\nold.png").unwrap();
        for name in ["a.png", "c.png"] {
            fs::write(work.with_file_name(name), "old").unwrap();
        }
    });
    // All are moved.
    killed(&|work| {
        fs::write(work.join(NAMES), "a.png").unwrap();
        fs::write(work.with_file_name("a.png"), "old").unwrap();
    });
}

#[test]
fn what_others_have_written_is_never_taken_for_ours() {
    let temp = tempfile::tempdir().unwrap();
    let work = temp.path().join(UNFINISHED);
    let refused = || assert!(OutputFolder::begin(temp.path(), "--out", Earlier::Kept).is_err());
    fs::create_dir(&work).unwrap();
    fs::write(temp.path().join("mine.png"), "mine").unwrap();
    refused();
    fs::write(work.join(NAMES), "other.png\n../mine.png").unwrap();
    refused();
    fs::remove_file(temp.path().join("mine.png")).unwrap();
    fs::write(work.join("mine"), "").unwrap();
    refused();
    fs::remove_dir_all(&work).unwrap();
    fs::write(&work, "a file").unwrap();
    refused();
}

#[test]
fn folder_that_another_process_fills_is_in_use() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path().join("out");
    let first = begin(&place);
    let error = OutputFolder::begin(&place, "--out", Earlier::Kept)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("is in use: another process is writing to it"),
        "{error}"
    );
    first.finish("a.png").unwrap();
    assert_eq!(content(&place), ["a.png", "b.png"]);
}

#[test]
fn file_is_no_output_folder() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("out");
    fs::write(&file, "mine").unwrap();
    assert!(OutputFolder::check(&file, "--out", Earlier::Kept).is_err());
}

#[test]
fn earlier_output_is_replaced_unless_it_was_changed() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let begin = || OutputFolder::begin(place, "--plots", Earlier::Replaced);
    let write = |names: &[&str], text: &str| {
        let folder = begin()?;
        for name in names {
            fs::write(folder.path().join(name), text)?;
        }
        folder.finish("a.svg")
    };
    let shown = || -> Vec<OsString> {
        let all = content(place).into_iter();
        all.filter(|name| !name.to_string_lossy().starts_with('.'))
            .collect()
    };
    write(&["a.svg", "b.svg"], "1").unwrap();
    write(&["a.svg", "c.svg"], "2").unwrap();
    assert_eq!(shown(), ["a.svg", "c.svg"]);
    assert!(!place.join(UNFINISHED).exists());
    // Not by a command of another kind.
    assert!(OutputFolder::begin(place, "--out", Earlier::Kept).is_err());
    assert!(OutputFolder::begin(place, "--sheets", Earlier::Replaced).is_err());
    for (name, text) in [("a.svg", "edited"), ("mine.txt", "mine")] {
        let file = place.join(name);
        let before = fs::read(&file).ok();
        fs::write(&file, text).unwrap();
        let error = write(&["a.svg"], "3").unwrap_err().to_string();
        let expected = format!("holds `{name}`, which is no unchanged output of --plots");
        assert!(error.contains(&expected), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        match before {
            Some(before) => fs::write(file, before).unwrap(),
            None => fs::remove_file(file).unwrap(),
        }
    }
    write(&["a.svg"], "4").unwrap();
    assert_eq!(shown(), ["a.svg"]);
}

#[test]
fn file_of_somebody_else_that_appears_meanwhile_stays() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let begin = || OutputFolder::begin(place, "--plots", Earlier::Replaced).unwrap();
    let first = begin();
    fs::write(first.path().join("a.svg"), "1").unwrap();
    first.finish("").unwrap();
    for name in ["a.svg", "b.svg"] {
        let folder = begin();
        for written in ["a.svg", "b.svg"] {
            fs::write(folder.path().join(written), "2").unwrap();
        }
        fs::write(place.join(name), "mine").unwrap();
        let error = folder.finish("").unwrap_err().to_string();
        assert!(error.ends_with("was changed while --plots was written; nothing was replaced"));
        assert_eq!(fs::read_to_string(place.join(name)).unwrap(), "mine");
        fs::write(place.join("a.svg"), "1").unwrap();
        let _ = fs::remove_file(place.join("b.svg"));
    }
    // A name that is not written is no matter.
    let folder = begin();
    fs::write(place.join("mine.svg"), "mine").unwrap();
    folder.finish("").unwrap();
    assert_eq!(fs::read_to_string(place.join("mine.svg")).unwrap(), "mine");
}

#[test]
fn replacement_that_was_stopped_at_any_file_goes_on() {
    let write = |place: &Path, text: &str| -> anyhow::Result<PathBuf> {
        let folder = OutputFolder::begin(place, "--plots", Earlier::Replaced)?;
        for name in ["a.svg", "b.svg", "c.svg"] {
            fs::write(folder.path().join(name), format!("{text}{name}"))?;
        }
        folder.finish("")
    };
    for moved in 0..=3 {
        let temp = tempfile::tempdir().unwrap();
        let place = temp.path();
        write(place, "old").unwrap();
        // As a command that was killed after that many files has left it.
        let new = place.join(UNFINISHED).join(NEW);
        fs::create_dir_all(&new).unwrap();
        let names: BTreeSet<OsString> = ["a.svg", "b.svg", "c.svg"].map(OsString::from).into();
        for name in &names {
            fs::write(new.join(name), "new").unwrap();
        }
        Written::write(&new, &names, "--plots").unwrap();
        for name in names.iter().take(moved) {
            fs::rename(new.join(name), place.join(name)).unwrap();
        }
        write(place, "newest").unwrap();
        for name in ["a.svg", "b.svg", "c.svg"] {
            let text = fs::read_to_string(place.join(name)).unwrap();
            assert_eq!(text, format!("newest{name}"), "{moved} moved");
        }
        assert!(!place.join(UNFINISHED).exists());
    }
}
