//! Which network has such tensors.

use std::collections::BTreeSet;

/// What two sets of tensors are, by their names and numbers of dimensions, if both are known and
/// differ.
pub(super) fn differing(
    found: impl Iterator<Item = (impl AsRef<str>, usize)>,
    expected: impl Iterator<Item = (impl AsRef<str>, usize)>,
) -> Option<[&'static str; 2]> {
    let [found, expected] = [of(found)?, of(expected)?];
    match (found, expected) {
        (Network::Discriminator, Network::Discriminator) => None,
        (Network::Generator(found), Network::Generator(expected)) => {
            let [found, expected] = [found?, expected?];
            (found != expected).then_some([found, expected])
        }
        (Network::Discriminator, Network::Generator(_)) => Some(["discriminator", "generator"]),
        (Network::Generator(_), Network::Discriminator) => Some(["generator", "discriminator"]),
    }
}

#[derive(Clone, Copy, Debug)]
enum Network {
    Discriminator,
    /// With its upsampling, in words, if that is known.
    Generator(Option<&'static str>),
}

/// Tells networks apart by entries of their `nn.Sequential`: the third one is a convolution in the
/// discriminator, the second one a batch norm in the generator; there, the fourth one is the next
/// convolution, or the fifth one if nearest-neighbour upsampling comes before it.
fn of(tensors: impl Iterator<Item = (impl AsRef<str>, usize)>) -> Option<Network> {
    let places = tensors.filter_map(|(name, dimensions)| {
        let name = name.as_ref();
        let is = |own: &str| {
            name.strip_suffix(own)
                .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        match dimensions {
            4 if is("main.2.weight") => Some(2),
            1 if is("main.1.weight") => Some(1),
            4 if is("main.3.weight") => Some(3),
            4 if is("main.4.weight") => Some(4),
            _ => None,
        }
    });
    let places: BTreeSet<u8> = places.collect();
    match (places.contains(&1), places.contains(&2)) {
        (false, true) => Some(Network::Discriminator),
        (true, false) => Some(Network::Generator(
            match (places.contains(&3), places.contains(&4)) {
                (true, false) => Some("generator with upsampling transposed"),
                (false, true) => Some("generator with upsampling nearest"),
                _ => None,
            },
        )),
        _ => None,
    }
}
