//! What outlasts a power cut, a full disk, and a data set that somebody else has prepared.

use super::*;
use crate::{
    corrections::{check, is_applied},
    dataset::transaction::{Step, synced},
};

/// Files are on the disk before the names that lead to them, and the journal stays until all is.
#[test]
fn everything_is_synced_before_what_leads_to_it() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let corrections = table([pink_coat(editor.dataset(), 0)]);
    let review = root.join(REVIEW);
    let mut by_step = Vec::new();
    let mut staged = Vec::new();
    synced();
    editor
        .apply_watched(&corrections, &mut |step| {
            if step == Step::Decide {
                staged = files_below(review.join("staged")).into_keys().collect();
            }
            by_step.push((step, synced()));
            Ok(())
        })
        .unwrap();
    let after = |wanted: Step| {
        let found = by_step.iter().find(|(step, _)| *step == wanted);
        found.unwrap().1.clone()
    };
    let decided = after(Step::Decide);
    let place = |path: &PathBuf| {
        let found = decided.iter().position(|synced| synced == path);
        found.unwrap_or_else(|| panic!("{} is not synced", path.display()))
    };
    assert!(staged.len() >= 3, "{staged:?}");
    for file in staged {
        assert!(place(&review.join("staged").join(file)) < place(&review.join("staged")));
    }
    assert!(place(&review.join("staged.undo/entry.json")) < place(&review.join("staged.undo")));
    assert!(place(&review.join("staged")) < place(&review));
    assert!(place(&review.join("staged.undo")) < place(&review));
    assert!(place(&review) < place(&root));
    // The journal itself, before the first image is renamed.
    assert!(after(Step::Rename).contains(&review));
    let done = after(Step::Done);
    for folder in [
        root.join("images"),
        root.clone(),
        review.join("undo"),
        review.clone(),
    ] {
        assert!(done.contains(&folder), "{}: {done:?}", folder.display());
    }
    assert_eq!(synced(), std::slice::from_ref(&review));

    let mut at_done = Vec::new();
    let undone = editor.undo_watched(&mut |step| {
        let since_last = synced();
        if step == Step::Done {
            at_done = since_last;
        }
        Ok(())
    });
    assert!(undone.unwrap());
    for folder in [root.join("images"), root, review.join("undo"), review.clone()] {
        assert!(at_done.contains(&folder), "{}: {at_done:?}", folder.display());
    }
    assert_eq!(synced(), [review]);
}

#[test]
fn failure_says_whether_the_change_is_decided_on() {
    let (_temp, root) = dataset();
    for failing in [
        Step::Staged,
        Step::Decide,
        Step::Rename,
        Step::Place,
        Step::Undo,
        Step::Done,
    ] {
        let mut editor = LabelEditor::open(&root).unwrap();
        let corrections = table([pink_coat(editor.dataset(), 0)]);
        let failed = editor.apply_watched(&corrections, &mut |step| {
            if step == failing {
                Err(Error::other("the disk is full"))
            } else {
                Ok(())
            }
        });
        drop(editor);
        let message = failed.unwrap_err().chain();
        let dataset = Dataset::open(&root).unwrap();
        let is_made = dataset.records()[0].color == BasicColor::Pink;
        let says_so = message.contains("it is decided on: opening the data set again finishes it");
        assert_eq!(says_so, is_made, "{failing:?}: {message}");
        assert!(message.contains("the disk is full"), "{message}");
        if is_made {
            assert!(LabelEditor::open(&root).unwrap().undo().unwrap());
        }
    }
}

#[test]
fn foreign_change_takes_no_manifest_and_no_image_away() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let review = root.join(REVIEW);
    fs::create_dir_all(review.join("staged")).unwrap();
    let images = Dataset::open(&root).unwrap();
    let [first, second] = [0, 1].map(|index| images.records()[index].file.clone());
    let over = format!(r#"{{"from":{first:?},"to":{second:?}}}"#);
    for (renames, files, removed, staged) in [
        ("", "", r#""manifest.jsonl""#, None),
        ("", "", r#""summary.json""#, None),
        ("", r#""manifest.jsonl""#, "", Some("")),
        ("", r#""manifest.jsonl""#, "", Some("{}\n{}\n")),
        (&*over, "", "", None),
    ] {
        let text = format!(
            r#"{{"renames":[{renames}],"files":[{files}],"removed":[{removed}],"undo":{{"pop":"000001"}}}}"#
        );
        fs::create_dir_all(review.join("staged")).unwrap();
        if let Some(staged) = staged {
            fs::write(review.join("staged/manifest.jsonl"), staged).unwrap();
        }
        fs::write(review.join("journal.json"), &text).unwrap();
        let error = Dataset::open(&root).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NotADataset { .. }),
            "{text}: {error}"
        );
        assert_eq!(content(&root), before, "{text}");
        fs::remove_file(review.join("journal.json")).unwrap();
        Dataset::open(&root).unwrap();
    }
    // A history that says that there was no manifest before.
    let hash = ai4fashion_files::sha256_hex(&fs::read(root.join("manifest.jsonl")).unwrap());
    let entry =
        format!(r#"{{"renames":[],"files":[{{"file":"manifest.jsonl","was":"absent","now":{hash:?}}}]}}"#);
    fs::create_dir_all(review.join("undo/000001")).unwrap();
    fs::write(review.join("undo/000001/entry.json"), entry).unwrap();
    assert!(LabelEditor::open(&root).unwrap().undo().is_err());
    assert_eq!(content(&root), before);
}

#[cfg(unix)]
#[test]
fn staged_link_is_not_put_into_place() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let staged = root.join(REVIEW).join("staged");
    fs::create_dir_all(&staged).unwrap();
    std::os::unix::fs::symlink(root.join("summary.json"), staged.join("metadata.csv")).unwrap();
    let text = r#"{"renames":[],"files":["metadata.csv"],"removed":[],"undo":{"pop":"000001"}}"#;
    fs::write(root.join(REVIEW).join("journal.json"), text).unwrap();
    assert!(Dataset::open(&root).is_err());
    assert_eq!(content(&root), before);
}

#[test]
fn reader_sweeps_what_nobody_is_writing() {
    let (_temp, root) = dataset();
    let staged = root.join(REVIEW).join("staged");
    let partial = root.join(REVIEW).join(".partial-x");
    let leave = || {
        fs::create_dir_all(&staged).unwrap();
        fs::write(&partial, "{").unwrap();
    };
    let editor = LabelEditor::open(&root).unwrap();
    leave();
    Dataset::open(&root).unwrap();
    assert!(staged.exists() && partial.exists());
    drop(editor);
    Dataset::open(&root).unwrap();
    assert!(!staged.exists() && !partial.exists());
    leave();
    drop(LabelEditor::open(&root).unwrap());
    assert!(!staged.exists() && !partial.exists());
}

#[test]
fn table_that_was_applied_is_known_again() {
    let (_temp, root) = dataset();
    let mut editor = LabelEditor::open(&root).unwrap();
    let first = table([pink_coat(editor.dataset(), 0), pink_coat(editor.dataset(), 3)]);
    let more = table([pink_coat(editor.dataset(), 0), pink_coat(editor.dataset(), 1)]);
    assert!(!is_applied(editor.dataset(), &first));
    editor.apply(&first).unwrap();
    assert!(is_applied(editor.dataset(), &first));
    assert!(check(editor.dataset(), &first).is_err());
    assert!(!is_applied(editor.dataset(), &more));
    assert!(!is_applied(editor.dataset(), &CorrectionTable::default()));
    editor.undo().unwrap();
    assert!(!is_applied(editor.dataset(), &first));
}
