//! What a crate shows at its root, and how many kinds of error it has.

use std::{fs, path::Path};

use syn::{Item, UseTree, Visibility};
use walkdir::WalkDir;

/// The names that a crate's `lib.rs` exports: `pub use` and `pub mod`, those hidden from the
/// documentation left out.
///
/// # Panics
/// If `lib.rs` is missing or is not Rust.
#[must_use]
pub fn root_exports(source: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for item in items(&source.join("lib.rs")) {
        match item {
            Item::Use(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => leaves(&it.tree, &mut names),
            Item::Mod(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => names.push(it.ident.to_string()),
            Item::Fn(it) if is_public(&it.vis) => names.push(it.sig.ident.to_string()),
            Item::Struct(it) if is_public(&it.vis) && !is_hidden(&it.attrs) => {
                names.push(it.ident.to_string())
            }
            Item::Enum(it) if is_public(&it.vis) => names.push(it.ident.to_string()),
            Item::Const(it) if is_public(&it.vis) => names.push(it.ident.to_string()),
            _ => {}
        }
    }
    names
}

/// The variants of the enum `ErrorKind`, wherever it stands below `source`; none if there is no
/// such enum.
///
/// # Panics
/// If a file cannot be read or is not Rust.
#[must_use]
pub fn error_kinds(source: &Path) -> Vec<String> {
    let files = WalkDir::new(source).into_iter();
    let files = files.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")));
    let files = files.filter(|entry| entry.path().extension().is_some_and(|it| it == "rs"));
    let kinds = files
        .flat_map(|entry| items(entry.path()))
        .find_map(|item| match item {
            Item::Enum(it) if it.ident == "ErrorKind" => Some(it.variants),
            _ => None,
        });
    kinds
        .into_iter()
        .flatten()
        .map(|variant| variant.ident.to_string())
        .collect()
}

fn items(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    syn::parse_file(&text)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        .items
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    let text = |it: &syn::Attribute| quote::ToTokens::to_token_stream(it).to_string().replace(' ', "");
    attributes
        .iter()
        .any(|it| matches!(text(it).as_str(), "#[doc(hidden)]" | "#[cfg(doctest)]"))
}

fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(it) => leaves(&it.tree, names),
        UseTree::Name(it) => names.push(it.ident.to_string()),
        UseTree::Rename(it) => names.push(it.rename.to_string()),
        UseTree::Glob(_) => names.push("*".to_owned()),
        UseTree::Group(it) => it.items.iter().for_each(|tree| leaves(tree, names)),
    }
}
