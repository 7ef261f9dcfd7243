//! Documentation that is read to the end: lines of a width that editors show, pages that end.

use conventions::{
    root,
    text::{Line, lines},
};

/// Characters of a line of prose, and of a comment.
const WIDTH: usize = 100;

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
    let all = lines(&root(), &["rs"]);
    let comments = all.iter().filter(|line| line.text.trim_start().starts_with("//"));
    let long = comments.filter(|line| !is_one_word(line) && line.text.chars().count() > WIDTH);
    // A table in documentation cannot be wrapped.
    let wrong: Vec<String> = long
        .filter(|line| !line.text.contains(" | "))
        .map(place)
        .collect();
    assert!(
        wrong.is_empty(),
        "{} comments over {WIDTH}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
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
