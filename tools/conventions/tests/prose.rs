//! Documentation that is read to the end: lines of a width that editors show, pages that end.

use conventions::{
    root,
    text::{Line, lines},
};

/// Characters of a line of prose, and of a comment.
const WIDTH: usize = 100;

/// Lines of a file.
const FILE: usize = 400;

/// Lines of a page that says how to do something; measurements may be longer.
const PAGE: usize = 120;

#[test]
fn paragraphs_are_wrapped() {
    let mut is_code = false;
    let mut wrong = Vec::new();
    for line in lines(&root(), &["md"]) {
        if line.text.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let is_table = line.text.trim_start().starts_with('|');
        if !is_code && !is_table && !is_one_word(&line) && line.text.chars().count() > WIDTH {
            wrong.push(place(&line));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} lines over {WIDTH}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn comments_are_wrapped() {
    let mut is_code = false;
    let mut wrong = Vec::new();
    for line in lines(&root(), &["rs"]) {
        let text = line.text.trim_start();
        let is_fence = ["/// ```", "//! ```"].iter().any(|fence| text.starts_with(fence));
        is_code = text.starts_with("//") && is_code != is_fence;
        let is_prose = text.starts_with("//") && !is_code && !is_one_word(&line);
        // A table in documentation cannot be wrapped.
        if is_prose && line.text.chars().count() > WIDTH && !text.contains(" | ") {
            wrong.push(place(&line));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} comments over {WIDTH}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn files_end() {
    let mut wrong = Vec::new();
    for line in lines(&root(), &["rs", "py", "js", "css", "html"]) {
        if line.number == FILE + 1 {
            wrong.push(line.file.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "over {FILE} lines: {}", wrong.join(", "));
}

#[test]
fn how_to_pages_end() {
    let mut wrong = Vec::new();
    for line in lines(&root().join("docs"), &["md"]) {
        if line.number == PAGE + 1 && !line.file.starts_with("measurements") {
            wrong.push(line.file.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "over {PAGE} lines: {}", wrong.join(", "));
}

/// Whether a line is long because of one word, such as a link.
fn is_one_word(line: &Line) -> bool {
    line.text
        .split_whitespace()
        .any(|word| word.chars().count() > WIDTH / 2)
}

fn place(line: &Line) -> String {
    format!("{}:{}", line.file.display(), line.number)
}
