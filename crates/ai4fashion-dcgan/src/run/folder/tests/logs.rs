//! Logs that were damaged or edited since a checkpoint was written.

use super::*;

/// The logs that differ from what the newest checkpoint knows, and those that the one before does.
fn changed(path: &Path) -> [Vec<&'static str>; 2] {
    let trainer = Trainer::new(config(), device()).unwrap();
    let mut info = trainer.prepare(&images()).unwrap().info().clone();
    [4, 2].map(|steps| {
        info.steps_done = steps;
        let checkpoints = Checkpointer::new(path, KeepBest);
        checkpoints.changed_logs(&info).unwrap()
    })
}

#[test]
fn every_flipped_bit_and_lost_line_of_a_log_is_noticed() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("run");
        train(&path);
        let none = || [const { Vec::<&str>::new() }; 2];
        assert_eq!(changed(&path), none());
        for name in ["epochs.jsonl", "log.jsonl"] {
            let log = path.join(name);
            let whole = fs::read(&log).unwrap();
            let second = whole.len() / 2 + 3;
            for (at, expected) in [(5, [1, 1]), (second, [1, 0]), (whole.len() - 2, [1, 0])] {
                for bit in 0..8 {
                    let mut damaged = whole.clone();
                    damaged[at] ^= 1 << bit;
                    fs::write(&log, damaged).unwrap();
                    let found = changed(&path);
                    assert_eq!(
                        found.clone().map(|names| names.len()),
                        expected,
                        "{name} {at} {bit}"
                    );
                    assert_eq!(found[0], [name]);
                }
            }
            let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
            // The last line, the first, all of them.
            for (text, expected) in [
                (lines[..lines.len() - 1].concat(), [1, 0]),
                (lines[1..].concat(), [1, 1]),
                (Vec::new(), [1, 1]),
            ] {
                fs::write(&log, text).unwrap();
                assert_eq!(changed(&path).map(|names| names.len()), expected, "{name}");
            }
            // Lines of steps after the checkpoint are no damage.
            fs::write(&log, [&whole[..], b"{\"more\": 1}\n"].concat()).unwrap();
            assert_eq!(changed(&path), none());
            fs::write(&log, whole).unwrap();
        }
        assert_eq!(changed(&path), none());
    });
}
