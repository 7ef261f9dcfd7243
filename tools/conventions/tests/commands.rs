//! Where each command in the documentation is run.
//!
//! Those of the program are run by `crates/ai4fashion-cli/tests/program/documented.rs`.

use std::{collections::BTreeMap, fs};

use conventions::{root, text::lines};

/// What runs a command.
enum RunBy {
    /// A step of CI or a test, by its file and words of it; of long commands a short form.
    File(&'static str, &'static str),
    /// A person, because of what it needs.
    Hand(&'static str),
}

use RunBy::{File, Hand};

/// Jobs of the hosted CI, for what needs more than Rust and two cores.
const HOSTED: &str = ".github/workflows/ci.yml";
const CLUSTER: &str = "crates/ai4fashion-datafusion/tests/engine/cluster.rs";
const LABEL: &str = "crates/ai4fashion-datafusion/tests/engine/program.rs";
const BUCKET: &str = "crates/ai4fashion-datafusion/tests/engine/object_store.rs";
const PHOTO_FOLDER: &str = "crates/ai4fashion-cli/tests/program/documented/page.rs";
const PYTHON: &str = "python/tests/test_snippets.py";

/// How commands begin, and what runs them. The first that fits counts.
const COMMANDS: [(&str, RunBy); 45] = [
    ("git clone ", Hand("the address that it will have")),
    (
        "cargo run --release --example quickstart",
        File("examples/tests/programs/quickstart.rs", "\"quickstart\""),
    ),
    (
        "cargo install --path crates/ai4fashion-cli",
        File(HOSTED, "cargo install --path crates/ai4fashion-cli"),
    ),
    (
        "cargo build --release -p ai4fashion-cli",
        File(HOSTED, "cargo build --release -p ai4fashion-cli"),
    ),
    (
        "cargo test --workspace --test browser",
        File(".ci/run", "--test browser -- --ignored"),
    ),
    ("cargo test --workspace", File(".ci/run", "$test_command")),
    ("cargo test -p ", File(".ci/run", "$test_command")),
    ("cargo doc --workspace ", File(".ci/run", "cargo doc --workspace")),
    (
        "cargo build --release --example quickstart",
        File(HOSTED, "cargo run --release --example quickstart"),
    ),
    (
        "cargo bench --bench color",
        File(HOSTED, "cargo bench --bench color -- table"),
    ),
    (
        "cargo bench --bench ",
        File(
            HOSTED,
            "cargo bench --bench ingest --bench grouping --bench arrow",
        ),
    ),
    (
        "cargo bench -p ai4fashion-benches ",
        File(HOSTED, "--bench shapes --bench train_step"),
    ),
    ("cargo +nightly update ", File(HOSTED, "cargo +nightly update ")),
    ("cargo deny check", File(HOSTED, "cargo deny check")),
    (
        "cargo publish --workspace ",
        File(HOSTED, "cargo publish --workspace "),
    ),
    ("cargo semver-checks ", File(HOSTED, "cargo semver-checks ")),
    (
        "cargo run --release -p fault-injection",
        File(".ci/run", "inject syscalls --sample"),
    ),
    (
        "cargo run -p fault-injection -- sync-order",
        File(".ci/run", "inject sync-order"),
    ),
    (
        "cargo run -p fault-injection -- syscalls",
        File(".ci/run", "inject syscalls --sample"),
    ),
    (
        "cargo run --release -p fit-color",
        File("tools/fit-color/tests/documented.rs", "\"robustness\""),
    ),
    (
        "cargo run --release -p fit-garment",
        File("tools/fit-garment/tests/documented.rs", "\"--epochs\""),
    ),
    ("label-scheduler ", File(CLUSTER, "CARGO_BIN_EXE_label-scheduler")),
    ("label-executor ", File(CLUSTER, "CARGO_BIN_EXE_label-executor")),
    ("label s3://", File(BUCKET, "CARGO_BIN_EXE_label")),
    ("label --out ", File(LABEL, "--sql")),
    ("label ", File(LABEL, "CARGO_BIN_EXE_label")),
    (
        "cargo install --path crates/ai4fashion-datafusion",
        File(LABEL, "CARGO_BIN_EXE_label"),
    ),
    ("pip install ", File("python/test.sh", "install")),
    ("python/test.sh", File("python/test.sh", "pytest")),
    ("python python/examples/", File(PYTHON, "shards.py")),
    (
        "python python/tests/golden/generate.py --check",
        File(HOSTED, "python/tests/golden/generate.py --check"),
    ),
    ("python python/bench.py", File(HOSTED, "python/bench.py")),
    (
        "python benches/against_torch.py",
        File(HOSTED, "benches/against_torch.py"),
    ),
    (
        "python benches/against_pillow.py",
        File(HOSTED, "benches/against_pillow.py"),
    ),
    ("AI4FASHION_BENCH_DIR=", File(HOSTED, "AI4FASHION_BENCH_DIR=")),
    ("mkdir ../alone", File(PHOTO_FOLDER, "mkdir ../alone")),
    ("awk ", File(PHOTO_FOLDER, "awk ")),
    ("TORCH_PYTHON=", File(HOSTED, "TORCH_PYTHON=")),
    ("fuzz/run.sh ", File(HOSTED, "fuzz/run.sh all")),
    ("DOCS_RS=1 cargo check ", File(HOSTED, "DOCS_RS=1 cargo check")),
    (
        "tools/other-cpus/run.sh miri",
        File(HOSTED, "tools/other-cpus/run.sh miri"),
    ),
    (
        "tools/other-cpus/run.sh neon",
        File(HOSTED, "tools/other-cpus/run.sh neon"),
    ),
    (
        "tools/other-cpus/run.sh qemu",
        File(HOSTED, "tools/other-cpus/run.sh qemu"),
    ),
    (
        "rustup target add ",
        File(HOSTED, "rustup target add x86_64-pc-windows-msvc"),
    ),
    (
        "cargo clippy --workspace --exclude",
        File(HOSTED, "--exclude ai4fashion-benches"),
    ),
];

/// The commands in the documentation with their page: lines of shell blocks (those that go on are
/// joined), and what stands in sentences.
fn commands() -> Vec<(String, String)> {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for line in lines(&root(), &["md"]) {
        let page = pages.entry(line.file.display().to_string()).or_default();
        page.push_str(&line.text);
        page.push('\n');
    }
    // What has changed is told with the commands of its day.
    pages.remove("CHANGELOG.md");
    let mut commands = Vec::new();
    for (page, text) in pages {
        // Every second part is a block.
        for (number, part) in text.split("```").enumerate() {
            let found = match part.strip_prefix("sh\n") {
                Some(block) if number % 2 == 1 => in_block(block),
                None if number % 2 == 0 => in_sentences(part),
                _ => Vec::new(),
            };
            commands.extend(found.into_iter().map(|command| (page.clone(), command)));
        }
    }
    commands
}

fn in_block(block: &str) -> Vec<String> {
    let joined = block.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

fn in_sentences(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let code = text.split('`').skip(1).step_by(2);
    let is_command = |code: &&str| code.starts_with("cargo ") || code.starts_with("python ");
    code.filter(is_command).map(str::to_owned).collect()
}

#[test]
fn every_command_has_what_runs_it_or_a_reason() {
    let commands = commands();
    let runner = |command: &str| COMMANDS.iter().position(|(start, _)| command.starts_with(start));
    let others = commands
        .iter()
        .filter(|(_, command)| !command.starts_with("ai4fashion "));
    let unknown: Vec<_> = others
        .filter(|(_, command)| runner(command).is_none())
        .map(|(page, command)| format!("{page}: {command}"))
        .collect();
    assert!(unknown.is_empty(), "nothing runs\n{}", unknown.join("\n"));
    assert!(commands.len() > 80, "{} commands were found", commands.len());
    for (number, (start, run_by)) in COMMANDS.iter().enumerate() {
        let is_used = commands
            .iter()
            .any(|(_, command)| runner(command) == Some(number));
        assert!(is_used, "no page has `{start}`");
        match run_by {
            File(file, words) => {
                let text = fs::read_to_string(root().join(file)).unwrap_or_default();
                assert!(text.contains(words), "`{file}` does not have `{words}`");
            }
            Hand(needs) => assert!(!needs.is_empty(), "`{start}`"),
        }
    }
}
