//! The command lines of a page.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page of the documentation.
pub(super) struct Page {
    /// The path of the page in the project.
    pub(super) name: String,
    /// The command lines of the program, in their order.
    pub(super) commands: Vec<String>,
    /// Commands of the program in the middle of a sentence or a table, whole or not.
    pub(super) mentions: Vec<String>,
}

/// The pages of the project and of the crates that name commands of the program.
pub(super) fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.clone(), root.join("docs"), root.join("docs/measurements")];
    let crates = fs::read_dir(root.join("crates")).unwrap();
    folders.extend(crates.map(|entry| entry.unwrap().path()));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    let pages = files.iter().map(|file| {
        let text = fs::read_to_string(file).unwrap();
        Page {
            name: file.strip_prefix(&root).unwrap().display().to_string(),
            commands: commands(&text),
            mentions: mentions(&text),
        }
    });
    pages
        .filter(|page| !(page.commands.is_empty() && page.mentions.is_empty()))
        .collect()
}

/// How the lines begin that are run: the program, and what makes a folder of photos for it.
const RUN: [&str; 3] = ["ai4fashion ", "mkdir ../alone ", "awk "];

/// The command lines of the program in a page, with lines that go on joined.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_shell = false;
    for line in page.replace("\\\n", " ").lines() {
        if let Some(language) = line.trim().strip_prefix("```") {
            is_shell = language == "sh";
        } else if is_shell && RUN.iter().any(|start| line.trim_start().starts_with(start)) {
            commands.push(line.trim().to_owned());
        } else if line.starts_with('|') {
            // In a table: those that are whole.
            let code = line.split('`').skip(1).step_by(2);
            let is_whole = |code: &&str| {
                let words = code.split(' ').count();
                code.starts_with("ai4fashion ") && words > 2 && !code.contains(['[', '|', '+'])
            };
            commands.extend(code.filter(is_whole).map(str::to_owned));
        }
    }
    commands
}

/// The commands of the program in the text of a page, outside its blocks of code.
fn mentions(page: &str) -> Vec<String> {
    let text: Vec<&str> = page.split("```").step_by(2).collect();
    let text = text.join("\n").replace('\n', " ");
    let code = text.split('`').skip(1).step_by(2);
    code.filter(|code| code.starts_with("ai4fashion "))
        .map(str::to_owned)
        .collect()
}
