//! The body of the fuzz target of the journal of an ingestion.

use std::{fs, path::Path};

use ai4fashion_files::json_lines;

use super::{journal::Journal, options::IngestOptions};

/// What is read of a journal is read again from what is written of it.
pub fn ingest_journal(bytes: &[u8], root: &Path) {
    let settings = IngestOptions::default().settings();
    let path = root.join("journal.jsonl");
    let mut text = serde_json::to_vec(&settings).unwrap_or_default();
    // Half of the inputs are what follows the settings, the others all of the file.
    match bytes.split_first() {
        Some((b'+', lines)) => {
            text.push(b'\n');
            text.extend(lines);
        }
        _ => text = bytes.to_vec(),
    }
    if fs::write(&path, &text).is_err() {
        return;
    }
    let _ = Journal::is_one(&path);
    let Ok(lines) = Journal::look(&path, &settings) else {
        return;
    };
    let mut text = Vec::new();
    for line in &lines {
        assert!(json_lines::write_line(&mut text, line).is_ok(), "{line:?}");
    }
    let again = json_lines::read_complete(&mut &*text).map(|(lines, _)| lines);
    let [again, lines] = [again.unwrap_or_default(), lines].map(|lines: Vec<super::journal::Line>| {
        let shown = lines.iter().map(|line| format!("{line:?}"));
        shown.collect::<Vec<_>>()
    });
    assert_eq!(again, lines);
}
