//! Which tensors of a file are a network's.
//!
//! Programs put prefixes before the names: `nn.DataParallel` and `torch.compile` one each, a
//! training program the name of the network, and a checkpoint the keys of its dictionaries. A
//! network is found under any prefix if its tensors are there, all of them, in their shapes, and no
//! others.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    COUNTER,
    names::{Expected, Names},
    networks,
    tensors::{FileTensor, Tensors},
};
use crate::error::{Misfit, WeightsError, shown};

/// Parts of a name that wrappers of modules add, anywhere in it: `nn.DataParallel`,
/// `torch.compile`, and two of `torch.distributed`.
const WRAPPERS: [&str; 4] = [
    "module",
    "_orig_mod",
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
];

/// A tensor of the network, and that of the file for it, with its name there.
pub(super) type Found<'a> = (&'a Expected, &'a str, &'a FileTensor<'a>);

/// Finds the tensors of a network among those of a file.
///
/// # Errors
/// If they are nowhere in it, or at several places. `keys` are the keys of the file's outermost
/// dictionary, for the message.
pub(super) fn find<'a>(
    names: &'a Names,
    file: &'a Tensors<'a>,
    keys: impl FnOnce() -> Vec<String>,
) -> Result<Vec<Found<'a>>, WeightsError> {
    // With all parts of the names first: `AveragedModel` has a count beside its `module.`.
    let mut search = Search::new(names, file, false);
    let mut fitting = search.fitting();
    if fitting.is_empty() {
        search = Search::new(names, file, true);
        fitting = search.fitting();
    }
    match &fitting[..] {
        [prefix] => Ok(search.found(prefix)),
        [] => Err(WeightsError::Misfit(Box::new(search.closest(keys())))),
        _ => {
            let entries = fitting.iter().map(|prefix| match search.root(prefix) {
                "" => "without a prefix".to_owned(),
                root => format!("`{}`", shown(root)),
            });
            Err(WeightsError::Ambiguous(entries.collect()))
        }
    }
}

struct Search<'a> {
    /// The file's tensors by their names, with or without [`WRAPPERS`], and the names in the file.
    file: BTreeMap<String, (&'a str, &'a FileTensor<'a>)>,
    /// What all names of the network begin with, such as `main.`.
    common: &'a str,
    /// The network's tensors, by what follows [`Self::common`].
    rests: BTreeMap<&'a str, &'a Expected>,
}

impl<'a> Search<'a> {
    fn new(names: &'a Names, file: &'a Tensors<'a>, without_wrappers: bool) -> Self {
        let expected = names.expected();
        let own: BTreeSet<&str> = expected.keys().flat_map(|name| name.split('.')).collect();
        let is_kept = |part: &&str| !WRAPPERS.contains(part) || own.contains(part);
        let named = |without: bool| -> BTreeMap<_, _> {
            let tensors = file.iter().map(|(name, tensor)| {
                let parts = name.split('.').filter(|part| !without || is_kept(part));
                let parts: Vec<&str> = parts.collect();
                (parts.join("."), (name.as_str(), tensor))
            });
            tensors.collect()
        };
        let mut tensors = named(without_wrappers);
        if tensors.len() < file.len() {
            // Two tensors that differ by a wrapper alone keep it.
            tensors = named(false);
        }
        let common = common_prefix(expected.keys().map(String::as_str));
        let rests = expected.iter().map(|(name, one)| (&name[common.len()..], one));
        Self {
            file: tensors,
            common,
            rests: rests.collect(),
        }
    }

    /// The prefixes under which all tensors of the network are, and no others.
    fn fitting(&self) -> Vec<String> {
        let votes = self.votes();
        let complete = votes.iter().filter(|(_, count)| **count == self.rests.len());
        let complete = complete.map(|(prefix, _)| *prefix);
        let fitting = complete.filter(|prefix| self.misfit(prefix).fits());
        fitting.map(str::to_owned).collect()
    }

    /// How many names of the network follow each prefix in the file.
    fn votes(&self) -> BTreeMap<&str, usize> {
        let mut votes = BTreeMap::new();
        for name in self.file.keys() {
            let prefixes = self.rests.keys().filter_map(|rest| name.strip_suffix(rest));
            // A name is not to begin in the midst of a word or a number.
            let prefixes = prefixes.filter(|prefix| !prefix.ends_with(char::is_alphanumeric));
            for prefix in prefixes {
                *votes.entry(prefix).or_default() += 1;
            }
        }
        votes
    }

    /// The prefix of everything that belongs to the network's tensors under `prefix`: without
    /// [`Self::common`], or else without the last part of the name, which is there in its place.
    fn root<'p>(&self, prefix: &'p str) -> &'p str {
        let root = prefix.strip_suffix(self.common);
        let root = root.filter(|root| !root.ends_with(char::is_alphanumeric));
        root.unwrap_or_else(|| {
            let parent = prefix.strip_suffix('.').unwrap_or(prefix);
            parent.rfind('.').map_or("", |dot| &parent[..=dot])
        })
    }

    /// The file's tensors whose names begin with `root`.
    fn below<'s>(&'s self, root: &'s str) -> impl Iterator<Item = (&'s str, &'a FileTensor<'a>)> {
        let from = self.file.range(root.to_owned()..);
        let below = from.take_while(move |(name, _)| name.starts_with(root));
        below.map(|(name, (_, tensor))| (name.as_str(), *tensor))
    }

    /// How the tensors under `prefix` differ from the network's.
    fn misfit(&self, prefix: &str) -> Misfit {
        let (root, mut misfit) = (self.root(prefix), Misfit::default());
        misfit.prefix = shown(root);
        let mut known = BTreeSet::new();
        for (rest, expected) in &self.rests {
            let name = format!("{prefix}{rest}");
            match self.file.get(&name) {
                None => {
                    let name = format!("{}{rest}", self.common);
                    misfit.missing.push(described(&name, &expected.shape));
                }
                Some((_, tensor)) if tensor.shape != expected.shape => {
                    let (found, expected) = (shape(&tensor.shape), shape(&expected.shape));
                    let name = shown(&name[root.len()..]);
                    let problem = format!("{name} is {found}, in the network {expected}");
                    misfit.mismatched.push(problem);
                }
                Some(_) => {}
            }
            known.insert(name);
        }
        let others = self.below(root).filter(|(name, _)| !known.contains(*name));
        let others = others.filter(|(name, _)| !name.ends_with(COUNTER));
        let others = others.map(|(name, tensor)| described(&name[root.len()..], &tensor.shape));
        misfit.unused = others.collect();
        misfit
    }

    /// How those of the file's tensors differ from the network's that are closest to them.
    fn closest(&self, keys: Vec<String>) -> Misfit {
        let votes = self.votes();
        // Other names that are alike in a few tensors are alike by chance.
        let like = votes
            .iter()
            .filter(|(prefix, count)| prefix.ends_with(self.common) || 2 * **count >= self.rests.len());
        let best = like.max_by_key(|(prefix, count)| {
            let same = self.rests.iter().filter(|(rest, expected)| {
                let found = self.file.get(&format!("{prefix}{rest}"));
                found.is_some_and(|(_, tensor)| tensor.shape == expected.shape)
            });
            // Of equals the first one, which is the shortest.
            (**count, same.count(), std::cmp::Reverse(**prefix))
        });
        let tensors = self
            .file
            .values()
            .map(|(name, tensor)| described(name, &tensor.shape));
        let Some((prefix, count)) = best else {
            let missing = self.rests.iter();
            let missing = missing.map(|(rest, one)| described(&format!("{}{rest}", self.common), &one.shape));
            return Misfit {
                missing: missing.collect(),
                tensors: Some(tensors.collect()),
                keys,
                ..Misfit::default()
            };
        };
        let mut misfit = self.misfit(prefix);
        let root = self.root(prefix);
        let found = self.below(root).map(|(name, one)| (name, one.shape.len()));
        let full = self.rests.iter();
        let full = full.map(|(rest, one)| (format!("{}{rest}", self.common), one.shape.len()));
        misfit.networks = networks::differing(found, full);
        if !root.is_empty() || 2 * count < self.rests.len() {
            misfit.tensors = Some(tensors.collect());
            misfit.keys = keys;
        }
        misfit
    }

    /// The network's tensors under `prefix`, which fit.
    fn found(&self, prefix: &str) -> Vec<Found<'a>> {
        let found = self.rests.iter().filter_map(|(rest, expected)| {
            let (name, tensor) = self.file.get(&format!("{prefix}{rest}"))?;
            Some((*expected, *name, *tensor))
        });
        found.collect()
    }
}

impl Misfit {
    /// Whether there is no difference.
    fn fits(&self) -> bool {
        self.missing.is_empty() && self.mismatched.is_empty() && self.unused.is_empty()
    }
}

/// What several names begin with, up to a dot.
fn common_prefix<'a>(names: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let (first, others) = (names.clone().next().unwrap_or_default(), names.skip(1));
    if others.clone().next().is_none() {
        return "";
    }
    let shared = |dot: &usize| others.clone().all(|name| name.starts_with(&first[..=*dot]));
    let dots = first.match_indices('.').map(|(at, _)| at);
    dots.filter(shared).last().map_or("", |dot| &first[..=dot])
}

fn described(name: &str, dimensions: &[usize]) -> String {
    format!("{} {}", shown(name), shape(dimensions))
}

fn shape(dimensions: &[usize]) -> String {
    match dimensions.len() {
        0..=8 => format!("{dimensions:?}"),
        many => format!("[{many} dimensions]"),
    }
}
