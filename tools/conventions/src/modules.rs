//! The modules of a crate and what they import from each other, without what is compiled for tests
//! alone.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item};

use crate::graph::Graph;

/// A module's path inside its crate: `["ingest", "options"]`; empty for the root.
pub type ModulePath = Vec<String>;

/// A path that a module writes down, from the root of the crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its segments after `crate::`.
    pub path: Vec<String>,
    /// Whether it is the name of a macro that is called.
    pub is_macro: bool,
}

/// A crate's modules that have a file of their own, with the references in each.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    files: BTreeMap<ModulePath, Vec<Reference>>,
}

impl Modules {
    /// Reads the modules below `source`, which holds `lib.rs`, `main.rs` or, in a package of
    /// examples alone, neither.
    ///
    /// # Panics
    /// If a file is missing or is not Rust.
    #[must_use]
    pub fn read(source: &Path) -> Self {
        let roots = ["lib.rs", "main.rs"].map(|name| source.join(name));
        let mut modules = Self::default();
        for root in roots.iter().filter(|root| root.is_file()) {
            modules.add(&Vec::new(), root, source);
        }
        modules
    }

    fn add(&mut self, path: &ModulePath, file: &Path, folder: &Path) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut items = parsed.items;
        remove_tests(&mut items);
        let mut found = Vec::new();
        for item in &items {
            references(item.to_token_stream(), path, &mut found);
        }
        self.files.entry(path.clone()).or_default().extend(found);
        for item in &items {
            if let Item::Mod(module) = item
                && module.content.is_none()
            {
                let name = module.ident.to_string();
                let (flat, nested) = (
                    folder.join(format!("{name}.rs")),
                    folder.join(&name).join("mod.rs"),
                );
                let mut inner = path.clone();
                inner.push(name.clone());
                let file: PathBuf = if flat.is_file() { flat } else { nested };
                self.add(&inner, &file, &folder.join(name));
            }
        }
    }

    /// References that name an item of the crate's root instead of a module, as `file:
    /// crate::Item`.
    #[must_use]
    pub fn through_the_root(&self) -> Vec<String> {
        let inner = self.files.iter().filter(|(module, _)| !module.is_empty());
        inner
            .flat_map(|(module, references)| {
                let through = references
                    .iter()
                    .filter(|reference| !reference.is_macro && self.module_of(&reference.path).is_empty());
                through.map(move |it| format!("{}: crate::{}", module.join("::"), it.path.join("::")))
            })
            .collect()
    }

    /// Cycles among the modules of one folder, at every level: which use which.
    #[must_use]
    pub fn cycles(&self) -> Vec<String> {
        let mut levels: BTreeMap<&[String], Graph> = BTreeMap::new();
        for (module, references) in &self.files {
            for reference in references {
                let to = self.module_of(&reference.path);
                let shared = module.iter().zip(to).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (module.get(shared), to.get(shared)) {
                    levels.entry(&module[..shared]).or_default().add(from, to);
                }
            }
        }
        let found = levels
            .into_iter()
            .filter_map(|(folder, graph)| Some((folder, graph.cycle()?)));
        found
            .map(|(folder, cycle)| format!("crate::{}: {}", folder.join("::"), cycle.join(" -> ")))
            .collect()
    }

    /// The longest beginning of `path` that is a module with a file.
    fn module_of<'a>(&self, path: &'a [String]) -> &'a [String] {
        let longest = (0..=path.len())
            .rev()
            .find(|end| self.files.contains_key(&path[..*end]));
        &path[..longest.unwrap_or(0)]
    }
}

/// Takes out what is compiled for tests or documentation tests alone.
fn remove_tests(items: &mut Vec<Item>) {
    items.retain(|item| !attributes(item).iter().any(is_test));
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, inner)) = &mut module.content
        {
            remove_tests(inner);
        }
    }
}

fn is_test(attribute: &Attribute) -> bool {
    let text = attribute.to_token_stream().to_string().replace(' ', "");
    text.starts_with("#[cfg(test")
        || text.starts_with("#[cfg(any(test")
        || text.starts_with("#[cfg(all(test")
        || text == "#[cfg(doctest)]"
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

/// Finds `crate::..` and `super::..` in tokens, in groups of imports, too.
fn references(tokens: TokenStream, module: &ModulePath, found: &mut Vec<Reference>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => references(group.stream(), module, found),
            TokenTree::Ident(name) if is_separator(&tokens, at + 1) && !is_separator_before(&tokens, at) => {
                let base = match name.to_string().as_str() {
                    "crate" => Some(Vec::new()),
                    "super" => module.split_last().map(|(_, outer)| outer.to_vec()),
                    _ => None,
                };
                if let Some(base) = base {
                    at = path(&tokens, at + 3, base, found);
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Reads a path's rest, or a group of them, from `at` on; gives the place after it.
fn path(tokens: &[TokenTree], mut at: usize, mut base: Vec<String>, found: &mut Vec<Reference>) -> usize {
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) if name == "super" && is_separator(tokens, at + 1) => {
                base.pop();
                at += 3;
            }
            Some(TokenTree::Ident(name)) => {
                base.push(name.to_string());
                at += 1;
                if !is_separator(tokens, at) {
                    let is_macro =
                        matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == '!');
                    found.push(Reference { path: base, is_macro });
                    return at;
                }
                at += 2;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let mut place = 0;
                while place < inner.len() {
                    if matches!(&inner[place], TokenTree::Punct(it) if it.as_char() == ',') {
                        place += 1;
                        continue;
                    }
                    place = path(&inner, place, base.clone(), found).max(place + 1);
                }
                return at + 1;
            }
            // A glob, or generic arguments: what stands before it counts.
            _ => {
                if !base.is_empty() {
                    found.push(Reference {
                        path: base,
                        is_macro: false,
                    });
                }
                return at + 1;
            }
        }
    }
}

fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |at| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

fn is_separator_before(tokens: &[TokenTree], at: usize) -> bool {
    at >= 2 && is_separator(tokens, at - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let module = ["ingest", "options"].map(str::to_owned).to_vec();
        references(text.parse().unwrap(), &module, &mut found);
        found.iter().map(|it| it.path.join("::")).collect()
    }

    #[test]
    fn references_are_found_in_groups_expressions_and_macros() {
        assert_eq!(
            found("use crate::{a::B, c::{D, e::F}};"),
            ["a::B", "c::D", "c::e::F"]
        );
        assert_eq!(found("use super::plan::Plan;"), ["ingest::plan::Plan"]);
        assert_eq!(found("fn f() { g(crate::x::y(1)) }"), ["x::y"]);
        assert_eq!(found("format!(\"{}\", crate::x::Y)"), ["x::Y"]);
        assert_eq!(
            found("use a::b; pub(crate) fn f(x: self::X) {}"),
            Vec::<String>::new()
        );
    }

    fn modules(files: &[(&str, &[&str])]) -> Modules {
        let split = |text: &str| -> Vec<String> {
            text.split("::")
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let reference = |path: &&str| Reference {
            path: split(path),
            is_macro: false,
        };
        let files = files
            .iter()
            .map(|(module, uses)| (split(module), uses.iter().map(reference).collect()));
        Modules {
            files: files.collect(),
        }
    }

    #[test]
    fn cycle_of_folders_is_found_where_no_two_files_import_each_other() {
        let fine = modules(&[
            ("", &[]),
            ("a", &["b::X"]),
            ("a::x", &["b::X"]),
            ("b", &[]),
            ("b::y", &["c::Z"]),
            ("c", &[]),
        ]);
        assert_eq!(fine.cycles(), Vec::<String>::new());
        let round = modules(&[
            ("", &[]),
            ("a", &[]),
            ("a::x", &["b::X"]),
            ("b", &[]),
            ("b::y", &["a::Z"]),
        ]);
        assert_eq!(round.cycles(), ["crate::: a -> b -> a"]);
        let inner = modules(&[
            ("", &[]),
            ("a", &[]),
            ("a::x", &["a::y::Y"]),
            ("a::y", &["a::x::X"]),
        ]);
        assert_eq!(inner.cycles(), ["crate::a: x -> y -> x"]);
    }

    #[test]
    fn import_through_the_root_is_found() {
        let modules = modules(&[("", &["Error"]), ("a", &["Error", "b::B"]), ("b", &[])]);
        assert_eq!(modules.through_the_root(), ["a: crate::Error"]);
    }
}
