//! Unsafe code is where `docs/architecture.md` says that it is, and each block tells its reason.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use conventions::{root, text::lines};
use regex::Regex;

/// The files with unsafe code, and the number of their blocks.
const FILES: [(&str, usize); 4] = [
    ("crates/ai4fashion-cli/src/memory.rs", 1),
    ("crates/ai4fashion-kernels/src/kernel/bf16.rs", 4),
    ("crates/ai4fashion-kernels/src/kernel/blocks.rs", 2),
    ("python/src/ffi.rs", 5),
];

#[test]
fn unsafe_code_is_where_it_is_said_to_be() {
    let form = Regex::new(r"\bunsafe\s*(\{|fn|impl|trait|extern)").unwrap();
    let mut found: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut without_reason = Vec::new();
    // How many lines ago the last reason was begun.
    let (mut file, mut since) = (PathBuf::new(), usize::MAX);
    for line in lines(&root(), &["rs"]) {
        if line.file != file {
            (file, since) = (line.file.clone(), usize::MAX);
        }
        let code = line.text.trim_start();
        since = if code.starts_with("// SAFETY:") {
            0
        } else {
            since.saturating_add(1)
        };
        let is_comment = code.starts_with("//");
        let is_unsafe = form.is_match(code);
        if is_comment || !is_unsafe || line.file.starts_with("tools/conventions") {
            continue;
        }
        *found.entry(line.file.clone()).or_default() += 1;
        if since > 8 {
            without_reason.push(format!("{}:{}", line.file.display(), line.number));
        }
    }
    let expected = FILES.map(|(file, blocks)| (Path::new(file).to_owned(), blocks));
    assert_eq!(found, BTreeMap::from(expected));
    assert!(without_reason.is_empty(), "without a reason: {without_reason:?}");
    let rules = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap_or_default();
    for (file, _) in FILES {
        let name = file.trim_start_matches("crates/ai4fashion-");
        assert!(
            rules.contains(name),
            "docs/architecture.md does not name `{name}`"
        );
    }
}
