//! The field's words: `words.txt` lists those that are out.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::fs;

use conventions::{
    root,
    text::{Line, lines},
};
use regex::Regex;

/// Files that people read or see the output of.
const EXTENSIONS: [&str; 8] = ["rs", "md", "toml", "html", "js", "css", "py", "sh"];

/// First lines of documentation that say nothing on an index page.
const ELLIPTIC: &str =
    r"^\s*//[/!] ((The same|Those|Whether it|Its|So many|What happened|When)\b|As \[`|\[`[^`]*`\]$)";

/// Lines that the workspace has at least: fewer have not been read.
const LEAST: usize = 40_000;

#[test]
fn words_that_are_out_are_not_used() {
    let rules = rules();
    let mut wrong = Vec::new();
    for line in checked_lines(&EXTENSIONS) {
        for (word, term) in &rules {
            if let Some(found) = word.find(&line.text) {
                wrong.push(format!("{}: `{}`; say {term}", place(&line), found.as_str()));
            }
        }
    }
    println!("{} uses", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn first_lines_of_documentation_stand_alone() {
    let elliptic = Regex::new(ELLIPTIC).unwrap();
    assert!(elliptic.is_match("    /// What happened.") && elliptic.is_match("/// [`Folder`]"));
    assert!(!elliptic.is_match("/// [`Folder`] of images") && !elliptic.is_match("/// Itself"));
    let mut wrong = Vec::new();
    let mut is_inside = false;
    for line in checked_lines(&["rs"]) {
        let is_doc = line.text.trim_start().starts_with("///");
        if is_doc && !is_inside && elliptic.is_match(&line.text) {
            wrong.push(format!("{}: {}", place(&line), line.text.trim()));
        }
        is_inside = is_doc;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_finds_its_word() {
    let rules = rules();
    assert!(rules.len() > 10, "{}", rules.len());
    let (word, term) = &rules[0];
    assert!(word.is_match("a picture of it") && word.is_match("a_picture") && word.is_match("to_pictures"));
    assert!(!word.is_match("depicturesque"));
    assert!(term.contains("image"));
    let is_out = |text: &str| rules.iter().any(|(word, _)| word.is_match(text));
    for text in [
        "stops a training.",
        "a training that ends",
        "two trainings",
        "a worn one",
    ] {
        assert!(is_out(text), "{text}");
    }
    for text in ["stops a training run.", "a training image", "in training."] {
        assert!(!is_out(text), "{text}");
    }
}

fn rules() -> Vec<(Regex, String)> {
    let path = root().join("tools/conventions/words.txt");
    let text = fs::read_to_string(path).unwrap();
    let rules = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    rules
        .map(|line| {
            let (word, term) = line
                .split_once(" => ")
                .unwrap_or_else(|| panic!("no `=>` in `{line}`"));
            // An underscore ends a word, so that identifiers are held to the same words.
            let word = format!(r"(?i)(?:^|[^a-z])(?:{word})(?:$|[^a-z])");
            (Regex::new(&word).unwrap(), term.to_owned())
        })
        .collect()
}

/// All lines but those of this package, which has to name the words.
fn checked_lines(extensions: &[&str]) -> Vec<Line> {
    let mut all = lines(&root(), extensions);
    assert!(all.len() > LEAST, "{} lines were read", all.len());
    all.retain(|line| !line.file.starts_with("tools/conventions"));
    all
}

fn place(line: &Line) -> String {
    format!("{}:{}", line.file.display(), line.number)
}
