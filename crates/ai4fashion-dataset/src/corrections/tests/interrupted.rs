//! Changes that are killed, or fail, at any step.

use super::*;

/// Whatever step the process dies at, the next one who opens the data set finds it as before or as
/// after.
#[test]
fn killed_at_any_step_it_is_as_before_or_as_after() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let killed = || Error::other("killed");
    let (mut lives, mut steps) = (0, 0);
    loop {
        let mut editor = LabelEditor::open(&root).unwrap();
        let corrections = table([pink_coat(editor.dataset(), 0), pink_coat(editor.dataset(), 3)]);
        let mut step = 0;
        let applied = editor.apply_watched(&corrections, &mut |_| {
            step += 1;
            if step > lives { Err(killed()) } else { Ok(()) }
        });
        drop(editor);
        // By way of reading: nobody needs to know of the correction.
        let dataset = Dataset::open(&root).unwrap();
        let is_after = dataset.records()[0].color == BasicColor::Pink;
        assert!((0..dataset.len()).all(|index| dataset.load(index).is_ok()));
        if !is_after {
            assert!(applied.is_err());
            assert_eq!(content(&root), before);
        }
        let after = content(&root);

        if is_after {
            let mut editor = LabelEditor::open(&root).unwrap();
            let mut step = 0;
            let undone = editor.undo_watched(&mut |_| {
                step += 1;
                if step > lives { Err(killed()) } else { Ok(()) }
            });
            drop(editor);
            let now = Dataset::open(&root).map(|_| content(&root)).unwrap();
            assert!(now == before || (undone.is_err() && now == after));
            let mut editor = LabelEditor::open(&root).unwrap();
            if now == after {
                assert!(editor.undo().unwrap());
            }
            assert_eq!(editor.undo_depth().unwrap(), 0);
            assert_eq!(content(&root), before);
        }
        let own: Vec<_> = fs::read_dir(root.join(REVIEW))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert!(
            own.iter()
                .all(|name| name == "lock" || name == "undo" || name == "staged" || name == "staged.undo")
        );
        steps = steps.max(step);
        if applied.is_ok() {
            break;
        }
        lives += 1;
    }
    assert!(steps >= 8, "{steps}");
}

/// A disk that was full for a moment must not cost a data set whose editor is used again.
#[test]
fn editor_goes_on_whole_after_a_failure_at_any_step() {
    let (_temp, root) = dataset();
    let before = content(&root);
    let failing_at = |at: usize| {
        let mut step = 0;
        move |_| {
            step += 1;
            if step == at {
                Err(Error::other("killed"))
            } else {
                Ok(())
            }
        }
    };
    let mut editor = LabelEditor::open(&root).unwrap();
    let is_whole = |editor: &LabelEditor| {
        let read = Dataset::open(&root).unwrap();
        assert_eq!(read.records(), editor.dataset().records());
        assert!((0..read.len()).all(|index| read.load(index).is_ok()));
    };
    for at in 1.. {
        let first = table([0, 3].map(|index| pink_coat(editor.dataset(), index)));
        let second = table([pink_coat(editor.dataset(), 1)]);
        let failed = editor.apply_watched(&first, &mut failing_at(at)).is_err();
        editor.apply(&second).unwrap();
        is_whole(&editor);
        let after = content(&root);

        let undone = editor.undo_watched(&mut failing_at(at));
        editor.apply(&table([pink_coat(editor.dataset(), 4)])).unwrap();
        is_whole(&editor);
        assert!(editor.undo().unwrap());
        if undone.is_err() && editor.dataset().records()[1].color == BasicColor::Pink {
            assert_eq!(content(&root), after);
        }
        while editor.undo().unwrap() {
            is_whole(&editor);
        }
        assert_eq!(content(&root), before, "step {at}");
        if !failed && undone.is_ok() {
            assert!(at > 8, "{at}");
            break;
        }
    }
}
