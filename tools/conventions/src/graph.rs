//! A directed graph of names.

use std::collections::{BTreeMap, BTreeSet};

/// Names and the names that each of them uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Adds an edge; one from a name to itself is left out.
    pub fn add(&mut self, from: &str, to: &str) {
        if from != to {
            self.edges
                .entry(from.to_owned())
                .or_default()
                .insert(to.to_owned());
        }
    }

    /// Finds a cycle: the names on it in order, the first one repeated at the end.
    #[must_use]
    pub fn cycle(&self) -> Option<Vec<String>> {
        let mut done = BTreeSet::new();
        self.edges
            .keys()
            .find_map(|name| self.follow(name, &mut Vec::new(), &mut done))
    }

    fn follow<'a>(
        &'a self,
        name: &'a str,
        path: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|step| *step == name) {
            let steps = path[start..].iter().copied().chain([name]);
            return Some(steps.map(str::to_owned).collect());
        }
        if !done.insert(name) {
            return None;
        }
        path.push(name);
        let next = self.edges.get(name).into_iter().flatten();
        let found = next.into_iter().find_map(|to| self.follow(to, path, done));
        path.pop();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycle_is_found_and_a_diamond_is_none() {
        let mut graph = Graph::default();
        for (from, to) in [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "d")] {
            graph.add(from, to);
        }
        assert_eq!(graph.cycle(), None);
        graph.add("d", "b");
        assert_eq!(graph.cycle(), Some(["b", "d", "b"].map(str::to_owned).to_vec()));
    }
}
