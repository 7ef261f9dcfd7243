//! Command lines in the documentation, as far as the program itself reads them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Pages with commands: those of the project and of the crates.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    let mut folders = vec![root.join("docs"), root.join("docs/measurements")];
    let crates = fs::read_dir(root.join("crates")).unwrap();
    folders.extend(crates.map(|entry| entry.unwrap().path()));
    for folder in folders {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|it| it == "md")));
    }
    pages
}

/// The command lines of the program in a page, with lines that go on joined.
fn command_lines(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut is_shell = false;
    let page = page.replace("\\\n", " ");
    for line in page.lines() {
        if let Some(language) = line.trim().strip_prefix("```") {
            is_shell = language == "sh";
        } else if is_shell && line.trim_start().starts_with("ai4fashion ") {
            lines.push(line.trim().to_owned());
        } else if line.starts_with('|') {
            // In a table: those without a choice.
            let code = line.split('`').skip(1).step_by(2);
            let commands =
                code.filter(|code| code.starts_with("ai4fashion ") && !code.contains(['[', '|', '.', '+']));
            lines.extend(commands.map(str::to_owned));
        }
    }
    lines
}

#[test]
fn every_documented_command_line_is_one_that_the_program_takes() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        for line in command_lines(&fs::read_to_string(&page).unwrap()) {
            let words = shlex::Shlex::new(&line).skip(1);
            // Up to where the shell goes on.
            let words = words.take_while(|word| !["|", ">", "2>", "&&", ";"].contains(&&**word));
            // Options and their values are read before help is printed.
            let mut program = Command::new(env!("CARGO_BIN_EXE_ai4fashion"));
            let output = program.args(words).arg("--help").output().unwrap();
            count += 1;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                wrong.push(format!("{}: {line}\n{said}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "{count} command lines were found");
}
