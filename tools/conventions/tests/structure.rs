//! Crates depend downwards, modules form no cycles, and imports name the module that an item lives
//! in.

use conventions::{crates::packages, graph::Graph, modules::Modules, root};

/// The published crates from the bottom up, as in `docs/architecture.md`: each may use those before
/// it.
const LAYERS: [&str; 16] = [
    "ai4fashion-files",
    "ai4fashion-color",
    "ai4fashion-garment",
    "ai4fashion-kernels",
    "ai4fashion-fit",
    "ai4fashion-image",
    "ai4fashion-dataset",
    "ai4fashion-arrow",
    "ai4fashion-datafusion",
    "ai4fashion-synthetic",
    "ai4fashion-plot",
    "ai4fashion-export",
    "ai4fashion-review",
    "ai4fashion-score",
    "ai4fashion-dcgan",
    "ai4fashion-cli",
];

#[test]
fn crates_depend_downwards() {
    let packages = packages(&root());
    let level = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut graph = Graph::default();
    let mut wrong = Vec::new();
    for package in &packages {
        let ours = package
            .dependencies
            .iter()
            .filter(|name| packages.iter().any(|it| it.name == **name));
        for dependency in ours {
            graph.add(&package.name, dependency);
            let (from, to) = (level(&package.name), level(dependency));
            if package.is_published && (from.is_none() || to.is_none() || to >= from) {
                wrong.push(format!("{} uses {dependency}", package.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(graph.cycle(), None);
    assert!(graph != Graph::default());
}

#[test]
fn modules_form_no_cycle() {
    let found = each(Modules::cycles);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn modules_import_from_modules() {
    let found = each(Modules::through_the_root);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What is wrong in each package of the workspace.
fn each(wrong: impl Fn(&Modules) -> Vec<String>) -> Vec<String> {
    let packages = packages(&root());
    let sources = packages
        .iter()
        .map(|it| (&it.name, root().join(&it.folder).join("src")));
    let sources: Vec<_> = sources.filter(|(_, source)| source.is_dir()).collect();
    assert!(
        sources.len() >= LAYERS.len(),
        "{} packages were read",
        sources.len()
    );
    sources
        .into_iter()
        .flat_map(|(name, source)| {
            let found = wrong(&Modules::read(&source));
            found.into_iter().map(move |it| format!("{name}: {it}"))
        })
        .collect()
}
