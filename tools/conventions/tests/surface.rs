//! What a published crate shows stays small.

use conventions::{
    crates::packages,
    root,
    surface::{error_kinds, root_exports},
};

/// Exports at the root of a crate; a public module counts as one.
const MAX_EXPORTS: usize = 25;

/// Variants of `ErrorKind`.
const MAX_KINDS: usize = 20;

#[test]
fn crates_show_few_names_and_kinds_of_error() {
    let mut wrong = Vec::new();
    for package in packages(&root()).iter().filter(|package| package.is_published) {
        let source = root().join(&package.folder).join("src");
        if !source.join("lib.rs").is_file() {
            continue;
        }
        let (exports, kinds) = (root_exports(&source), error_kinds(&source));
        println!(
            "{}: {} exports, {} kinds of error",
            package.name,
            exports.len(),
            kinds.len()
        );
        assert!(!exports.is_empty(), "{} exports something", package.name);
        for (what, names, limit) in [("exports", exports, MAX_EXPORTS), ("kinds", kinds, MAX_KINDS)] {
            if names.len() > limit {
                wrong.push(format!(
                    "{} has {} {what}: {}",
                    package.name,
                    names.len(),
                    names.join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
