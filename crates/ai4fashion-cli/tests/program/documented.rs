//! Command lines in the documentation, run page by page, in their order.
//!
//! What a line writes is removed first: pages do not follow each other, and some show alternatives.
//! Commands in the middle of a sentence are often a part of one: of these, names and options are
//! looked up.
#![cfg(unix)]

mod page;
mod scene;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use page::{Page, pages};
use scene::Scene;

use crate::program::succeeds;

/// The program in its shortest form, as a function of the shell.
const SHORT: &str = include_str!("documented/short.sh");

/// Runs the commands of each page in a folder of its own, and returns what failed.
fn failures(pages: &[Page], scene: &Scene) -> Vec<String> {
    let mut failures = Vec::new();
    for page in pages {
        let folder = scene.copy();
        for line in &page.commands {
            let output = Command::new("bash")
                .args(["-c", &format!("set -euo pipefail\n{SHORT}\n{line}")])
                .current_dir(folder.project())
                .env("PROGRAM", env!("CARGO_BIN_EXE_ai4fashion"))
                .output()
                .unwrap();
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                failures.push(format!("{}: {line}\n{said}", page.name));
            }
        }
    }
    failures
}

#[test]
fn every_documented_command_line_works() {
    let pages = pages();
    let count: usize = pages.iter().map(|page| page.commands.len()).sum();
    assert!(count > 50, "{count} command lines were found");
    let scene = Scene::new();
    // Half of the pages on each core.
    let failures = std::thread::scope(|scope| {
        let halves = pages.chunks(pages.len().div_ceil(2));
        let threads: Vec<_> = halves
            .map(|pages| scope.spawn(|| failures(pages, &scene)))
            .collect();
        let failures = threads.into_iter().map(|thread| thread.join().unwrap());
        failures.collect::<Vec<_>>().concat()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The words of a command's help that begin with two dashes.
fn options_of(command: &[&str]) -> BTreeSet<String> {
    let arguments = [&command[1..], &["--help"]].concat();
    let help = succeeds(command[0], &arguments);
    let words = help.split(|c: char| c != '-' && !c.is_ascii_alphanumeric());
    words
        .filter(|word| word.starts_with("--"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn commands_in_sentences_exist_with_their_options() {
    let mut known = BTreeMap::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for page in pages() {
        for mention in &page.mentions {
            let words: Vec<&str> = mention.split(['|', '[', ']', ' ', '=']).collect();
            let command = match words[1] {
                "bench" => &words[1..3],
                // Stands for any command, or explains one.
                "SUBCOMMAND" | "help" => continue,
                _ => &words[1..2],
            };
            let options = known
                .entry(command.join(" "))
                .or_insert_with(|| options_of(command));
            for option in words.iter().filter(|word| word.starts_with("--")) {
                count += 1;
                if !options.contains(*option) {
                    wrong.push(format!("{}: `{mention}` has no `{option}`", page.name));
                }
            }
        }
    }
    assert!(count > 30, "{count} options were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
