//! Where each command in the documentation is run.
//!
//! Those of the program are run by `crates/ai4fashion-cli/tests/program/documented.rs`.

use std::fs;

use conventions::{root, text::lines};

/// What runs a command.
enum RunBy {
    /// A step of CI or a test, by its file and words of it; of long commands a short form.
    File(&'static str, &'static str),
    /// A person, because of what it needs.
    Hand(&'static str),
}

use RunBy::{File, Hand};

const PHOTOS: RunBy = Hand("photos that are not part of the repository");
const NIGHTLY: RunBy = Hand("a nightly compiler");
const OTHER_SYSTEMS: RunBy = Hand("an emulator, or the libraries of another system");
const CLUSTER: &str = "crates/ai4fashion-datafusion/tests/engine/cluster.rs";
const LABEL: &str = "crates/ai4fashion-datafusion/tests/engine/program.rs";
const BUCKET: &str = "crates/ai4fashion-datafusion/tests/engine/object_store.rs";
const PYTHON: &str = "python/tests/test_snippets.py";

/// How commands begin, and what runs them. The first that fits counts.
const COMMANDS: [(&str, RunBy); 36] = [
    ("git clone ", Hand("the address that it will have")),
    (
        "cargo run --release --example quickstart",
        File("examples/tests/programs/quickstart.rs", "\"quickstart\""),
    ),
    (
        "cargo install --path crates/ai4fashion-cli",
        File(".ci/run", "target/debug/ai4fashion"),
    ),
    (
        "cargo build --release -p ai4fashion-cli",
        File(".ci/run", "target/debug/ai4fashion"),
    ),
    (
        "cargo test --workspace --test browser",
        File(".ci/run", "--test browser -- --ignored"),
    ),
    ("cargo test --workspace", File(".ci/run", "$test_command")),
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
    ("cargo run --release -p fit-", PHOTOS),
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
        Hand("a program that was built"),
    ),
    ("python python/bench.py", PHOTOS),
    ("python benches/", Hand("the peers, and a quiet machine")),
    ("AI4FASHION_BENCH_DIR=", PHOTOS),
    ("mkdir ../alone", PHOTOS),
    ("awk ", PHOTOS),
    ("TORCH_PYTHON=", Hand("PyTorch, and photos")),
    ("PROPTEST_CASES=2 MIRIFLAGS=", NIGHTLY),
    ("cargo run --manifest-path fuzz/Cargo.toml", NIGHTLY),
    ("cd fuzz", NIGHTLY),
    ("RUSTFLAGS=\"--cfg fuzzing", NIGHTLY),
    ("TMPDIR=/dev/shm target/", NIGHTLY),
    ("DOCS_RS=1 cargo check ", Hand("the headers of a GPU's maker")),
    ("for cpu in ", OTHER_SYSTEMS),
    ("rustup target add ", OTHER_SYSTEMS),
    ("cargo clippy --workspace --exclude", OTHER_SYSTEMS),
    ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=", OTHER_SYSTEMS),
];

/// The commands in the documentation, with the page and lines that go on joined.
fn commands() -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let (mut is_shell, mut goes_on) = (false, false);
    for line in lines(&root(), &["md"]) {
        is_shell &= line.number > 1;
        if let Some(language) = line.text.trim().strip_prefix("```") {
            is_shell = language == "sh";
        } else if is_shell && goes_on {
            goes_on = line.text.ends_with('\\');
        } else if is_shell && !line.text.trim().is_empty() {
            goes_on = line.text.ends_with('\\');
            commands.push((line.file.display().to_string(), line.text.trim().to_owned()));
        }
    }
    commands
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
