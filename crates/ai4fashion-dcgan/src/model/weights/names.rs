//! Names of tensors in files.

use std::collections::BTreeMap;

use burn::{store::ModuleSnapshot as _, tensor::DType};

use crate::{error::WeightsError, model::network::NamedWeights};

/// The names of a network's tensors in the module and in files, one to one.
#[derive(Debug)]
pub(super) struct Names {
    in_file: BTreeMap<String, String>,
    expected: BTreeMap<String, Expected>,
}

/// A tensor of the network.
#[derive(Debug)]
pub(super) struct Expected {
    /// The name in the module.
    pub(super) own: String,
    pub(super) shape: Vec<usize>,
    pub(super) dtype: DType,
}

impl Names {
    /// The names of all tensors of `network`.
    pub(super) fn of<N: NamedWeights>(network: &N) -> Result<Self, WeightsError> {
        let prefixes = network.weight_prefixes();
        let (mut in_file, mut expected) = (BTreeMap::new(), BTreeMap::new());
        // In training, reading a spectrally normalized weight changes it.
        for tensor in network.valid().collect(None, None, false) {
            let name = renamed(&tensor.name, &prefixes);
            let one = Expected {
                own: tensor.name.clone(),
                shape: tensor.shape.as_slice().to_vec(),
                dtype: tensor.dtype,
            };
            if expected.insert(name.clone(), one).is_some() {
                return Err(WeightsError::SameName(name));
            }
            in_file.insert(tensor.name, name);
        }
        Ok(Self { in_file, expected })
    }

    /// The name in files of the tensor with this name in the module.
    pub(super) fn in_file(&self, own: &str) -> String {
        self.in_file.get(own).map_or(own, String::as_str).to_owned()
    }

    /// The network's tensors by their names in files.
    pub(super) fn expected(&self) -> &BTreeMap<String, Expected> {
        &self.expected
    }
}

/// Replaces the longest of the prefixes that `name` begins with.
fn renamed(name: &str, prefixes: &[(String, String)]) -> String {
    let fitting = prefixes
        .iter()
        .filter_map(|(ours, theirs)| Some((ours.len(), theirs, name.strip_prefix(ours.as_str())?)));
    match fitting.max_by_key(|(len, ..)| *len) {
        Some((_, theirs, rest)) => format!("{theirs}{rest}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use burn::{
        module::Module,
        nn::{Linear, LinearConfig},
        tensor::Tensor,
    };
    use safetensors::SafeTensors;

    use super::*;
    use crate::{
        error::ErrorKind,
        model::weights::{load_weights, save_weights},
        testing::{device, on_each_device},
    };

    #[derive(Module, Debug)]
    struct Pair {
        enc: Linear,
        dec: Linear,
        #[module(skip)]
        names: Vec<(String, String)>,
    }

    impl NamedWeights for Pair {
        fn weight_prefixes(&self) -> Vec<(String, String)> {
            self.names.clone()
        }
    }

    impl Pair {
        fn new(names: &[(&str, &str)]) -> Self {
            let layer = || LinearConfig::new(3, 3).with_bias(false).init(&device());
            let names = names
                .iter()
                .map(|(ours, theirs)| ((*ours).to_owned(), (*theirs).to_owned()));
            Self {
                enc: layer(),
                dec: layer(),
                names: names.collect(),
            }
        }

        fn forward(&self) -> Vec<f32> {
            let x = Tensor::<2>::from_data([[1.0, -2.0, 3.0]], &device());
            let y = self.dec.forward(self.enc.forward(x)).into_data();
            y.try_to_vec().unwrap()
        }
    }

    #[test]
    fn parts_are_renamed_literally_also_where_they_exchange_their_names() {
        for (names, expected) in [
            ([("enc.", "dec."), ("dec.", "enc.")], ["dec.weight", "enc.weight"]),
            (
                [("enc.", "layers[0].$1."), ("dec.", "a(b|c)*.")],
                ["layers[0].$1.weight", "a(b|c)*.weight"],
            ),
            // A dot is a dot, and the longest prefix counts.
            ([("e.c.", "no."), ("dec.wei", "k")], ["enc.weight", "kght"]),
            ([("", "net."), ("enc", "0")], ["0.weight", "net.dec.weight"]),
        ] {
            on_each_device(|| {
                let temp = tempfile::tempdir().unwrap();
                let path = temp.path().join("pair.safetensors");
                let saved = Pair::new(&names);
                save_weights(&saved, &path).unwrap();
                let bytes = fs::read(&path).unwrap();
                let file = SafeTensors::deserialize(&bytes).unwrap();
                let own = [&saved.enc, &saved.dec].map(|layer| layer.weight.val().into_data());
                for (name, own) in expected.iter().zip(own) {
                    assert_eq!(file.tensor(name).unwrap().data(), own.as_bytes(), "{name}");
                }
                assert_eq!(file.len(), 2);
                let loaded = load_weights(Pair::new(&names), &path).unwrap();
                assert_eq!(loaded.forward(), saved.forward(), "{names:?}");
            });
        }
    }

    #[test]
    fn two_tensors_of_one_name_are_refused_before_anything_is_written() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("pair.safetensors");
            let network = Pair::new(&[("enc.", "one."), ("dec.", "one.")]);
            let error = save_weights(&network, &path).unwrap_err();
            let ErrorKind::Weights { source, .. } = error.kind() else {
                panic!("{error}")
            };
            assert!(matches!(source, WeightsError::SameName(name) if name == "one.weight"));
            assert!(!path.exists());
        });
    }

    #[test]
    fn file_under_the_networks_own_names_is_not_taken_for_one_under_those_of_files() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("pair.safetensors");
            save_weights(&Pair::new(&[]), &path).unwrap();
            let error = load_weights(Pair::new(&[("enc.", "0.")]), &path).unwrap_err();
            let source = std::error::Error::source(&error).unwrap().to_string();
            let expected = "it lacks 0.weight [3, 3]; it also holds enc.weight [3, 3]";
            assert_eq!(source, expected);
        });
    }
}
