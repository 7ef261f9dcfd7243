//! How the tensors of a file differ from a network's.

use std::fmt;

use super::{few, first};

/// How the tensors of a file differ from a network's.
///
/// Tensors are described by their name and shape, such as `main.0.weight [100, 512, 4, 4]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misfit {
    /// What the file holds and what is expected, if both are known and differ: a generator or a
    /// discriminator, or generators of two kinds of upsampling.
    pub networks: Option<[&'static str; 2]>,
    /// The prefix of those tensors in the file that are closest to the network's; empty if the
    /// file's names have none.
    pub prefix: String,
    /// Tensors of the network that are not among them.
    pub missing: Vec<String>,
    /// Tensors whose shape differs, with both shapes.
    pub mismatched: Vec<String>,
    /// Tensors that the network does not have.
    pub unused: Vec<String>,
    /// The keys of the file's outermost dictionary, with what is there; empty if it has none.
    pub keys: Vec<String>,
    /// All tensors of the file, if they are not the network's under one prefix.
    pub tensors: Option<Vec<String>>,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some([found, expected]) = self.networks {
            parts.push(format!("it holds a {found}, expected a {expected}"));
        }
        let lists = [
            ("it lacks ", &self.missing, ", "),
            ("", &self.mismatched, "; "),
            ("it also holds ", &self.unused, ", "),
        ];
        let lists = lists.into_iter().filter(|(_, list, _)| !list.is_empty());
        let lists = lists.map(|(words, list, between)| format!("{words}{}", few(list, between)));
        let lists = lists.collect::<Vec<_>>().join("; ");
        match self.prefix.as_str() {
            "" => parts.push(lists),
            prefix => parts.push(format!("closest is what is under `{prefix}`: {lists}")),
        }
        if let Some(tensors) = &self.tensors {
            let tensors = match tensors.len() {
                0 => "no tensors".to_owned(),
                count => format!("{}: {}", count_of(count), few(tensors, ", ")),
            };
            parts.push(format!("the file holds {tensors}"));
        }
        if !self.keys.is_empty() {
            parts.push(format!("its keys are {}", first(&self.keys, 8, ", ")));
        }
        if self.tensors.is_some() {
            parts.push("expected are the network's tensors, in one entry or under one prefix".to_owned());
        }
        f.write_str(&parts.join("; "))
    }
}

fn count_of(tensors: usize) -> String {
    ai4fashion_files::count(tensors, "tensor")
}

impl std::error::Error for Misfit {}
