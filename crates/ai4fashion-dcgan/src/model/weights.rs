//! Weights as safetensors, under the names that the tutorial's networks have in PyTorch
//! (`main.0.weight`, ...).

mod names;
#[cfg(feature = "pytorch")]
mod pytorch;

use std::{collections::BTreeMap, fs, path::Path};

use ai4fashion_dataset::write_atomic;
use burn::{
    module::Module,
    store::{ApplyError, ModuleSnapshot, SafetensorsStore},
    tensor::Device,
};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::{
    config::DcganConfig,
    error::{Error, ErrorKind, WeightsProblem},
    model::{discriminator::Discriminator, generator::Generator, network::Network},
};
use names::Names;

/// Writes a network's weights as safetensors; a file that is there is replaced as a whole.
///
/// # Errors
/// If the file cannot be written.
pub fn save_weights(network: &impl Network, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = to_bytes(network).map_err(|problem| weights(path, problem))?;
    Ok(write_atomic(path, &bytes)?)
}

/// Reads weights into a network of the same shape: those that [`save_weights`] has written, or PyTorch under the same
/// names, as safetensors or, with the feature `pytorch`, by `torch.save(network.state_dict(), ...)`. Nothing in the file is
/// executed.
///
/// # Errors
/// If the file cannot be read or does not hold exactly such a network.
pub fn load_weights<N: Network>(network: N, path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let bytes = if is_pytorch(&bytes) {
        from_pytorch(path).map_err(|problem| weights(path, problem))?
    } else {
        bytes
    };
    from_bytes(network, bytes).map_err(|problem| weights(path, problem))
}

/// Whether a file is an archive or a pickle, by its first bytes; a safetensors file has `{` at its ninth.
fn is_pytorch(bytes: &[u8]) -> bool {
    bytes.get(8) != Some(&b'{') && (bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x80"))
}

#[cfg(feature = "pytorch")]
fn from_pytorch(path: &Path) -> Result<Vec<u8>, WeightsProblem> {
    pytorch::to_safetensors(path)
}

#[cfg(not(feature = "pytorch"))]
fn from_pytorch(_: &Path) -> Result<Vec<u8>, WeightsProblem> {
    Err(WeightsProblem::NoPytorch)
}

/// Reads a generator of this configuration, to draw with on `device`.
///
/// # Errors
/// If the file cannot be read or does not hold exactly such a network.
pub fn load_generator(
    config: &DcganConfig,
    device: &Device,
    path: impl AsRef<Path>,
) -> Result<Generator, Error> {
    let path = path.as_ref();
    load_weights(Generator::new(config, device)?, path)
}

/// Reads a discriminator of this configuration.
///
/// # Errors
/// If the file cannot be read or does not hold exactly such a network.
pub fn load_discriminator(
    config: &DcganConfig,
    device: &Device,
    path: impl AsRef<Path>,
) -> Result<Discriminator, Error> {
    load_weights(Discriminator::new(config, device)?, path)
}

/// The bytes of a file of weights.
pub(crate) fn to_bytes<N: Network>(network: &N) -> Result<Vec<u8>, WeightsProblem> {
    let names = Names::of(network)?;
    // Running statistics are kept one update behind until the module leaves training.
    let module = network.valid();
    let mut store = SafetensorsStore::from_bytes(None).clear_metadata();
    let bytes = module.save_into(&mut store).and_then(|()| store.get_bytes());
    let bytes = bytes.map_err(WeightsProblem::store)?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(WeightsProblem::format)?;
    let mut file = counters(network)?;
    let tensors = tensors.tensors().into_iter();
    file.extend(tensors.map(|(own, tensor)| (names.in_file(&own), tensor)));
    safetensors::serialize(file, None).map_err(WeightsProblem::format)
}

/// What PyTorch's `BatchNorm2d` counts its batches under. It uses the count only where momentum is `None`, which the
/// tutorial's is not; we do not count, and write 0, without which PyTorch would not load the file.
const COUNTER: &str = "num_batches_tracked";

/// A [`COUNTER`] for each batch norm.
fn counters(network: &impl Network) -> Result<BTreeMap<String, TensorView<'static>>, WeightsProblem> {
    let names = network.file_names().into_iter();
    let norms = names.filter(|(ours, _)| ours.ends_with(".norm."));
    let counters = norms.map(|(_, theirs)| {
        let zero = TensorView::new(Dtype::I64, Vec::new(), &[0; 8]).map_err(WeightsProblem::format)?;
        Ok((format!("{theirs}{COUNTER}"), zero))
    });
    counters.collect()
}

/// `network` with the weights of a file of these bytes.
pub(crate) fn from_bytes<N: Network>(mut network: N, bytes: Vec<u8>) -> Result<N, WeightsProblem> {
    let names = Names::of(&network)?;
    let file = SafeTensors::deserialize(&bytes).map_err(WeightsProblem::format)?;
    let (mut known, mut unused) = (BTreeMap::new(), Vec::new());
    for (name, tensor) in file.tensors() {
        if let Some(own) = names.own(&name) {
            known.insert(own, tensor);
        } else if !name.ends_with(COUNTER) {
            unused.push(name);
        }
    }
    let known = safetensors::serialize(known, None).map_err(WeightsProblem::format)?;
    let mut store = SafetensorsStore::from_bytes(Some(known))
        .allow_partial(true)
        .validate(false);
    drop(bytes);
    let result = network.load_from(&mut store).map_err(WeightsProblem::store)?;
    // Errors name tensors as the file does, not by where they are in the module.
    let in_file = |own: &str| names.in_file(own);
    if !result.missing.is_empty() {
        let missing = result.missing.iter().map(|(own, _)| in_file(own)).collect();
        return Err(WeightsProblem::Missing(missing));
    }
    if !result.errors.is_empty() {
        let errors = result
            .errors
            .iter()
            .map(|error| mismatch(error, in_file))
            .collect();
        return Err(WeightsProblem::Mismatched(errors));
    }
    if !unused.is_empty() {
        unused.sort_unstable();
        return Err(WeightsProblem::Unused(unused));
    }
    Ok(network)
}

/// What does not fit in one tensor, in a few words.
fn mismatch(error: &ApplyError, in_file: impl Fn(&str) -> String) -> String {
    match error {
        ApplyError::ShapeMismatch {
            path,
            expected,
            found,
        } => {
            let (file, network) = (found.as_slice(), expected.as_slice());
            format!("{} is {file:?}, in the network {network:?}", in_file(path))
        }
        ApplyError::DTypeMismatch {
            path,
            expected,
            found,
        } => format!(
            "{} is of {found:?}, in the network of {expected:?}",
            in_file(path)
        ),
        other => other.to_string(),
    }
}

fn weights(path: &Path, source: WeightsProblem) -> Error {
    ErrorKind::Weights {
        path: path.to_owned(),
        source,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tensor;

    use super::*;
    use crate::testing::{device, on_each_device};

    fn config() -> DcganConfig {
        DcganConfig::tutorial()
            .with_image_size(16)
            .with_nz(6)
            .with_ngf(4)
            .with_ndf(4)
    }

    fn saved() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("generator.safetensors");
        (folder, path)
    }

    #[test]
    fn loaded_networks_answer_as_the_saved_ones() {
        on_each_device(|| {
            let (_folder, path) = saved();
            let noise = Tensor::<4>::ones([2, 6, 1, 1], &device());
            let generator = Generator::new(&config().with_seed(1), &device()).unwrap();
            save_weights(&generator, &path).unwrap();
            let loaded = load_generator(&config().with_seed(2), &device(), &path).unwrap();
            let pictures = generator.forward(noise.clone());
            assert_eq!(loaded.forward(noise).into_data(), pictures.clone().into_data());

            let discriminator = Discriminator::new(&config().with_seed(1), &device()).unwrap();
            save_weights(&discriminator, &path).unwrap();
            let loaded =
                load_discriminator(&config().with_seed(2), &device(), path.to_str().unwrap()).unwrap();
            let expected = discriminator.forward(pictures.clone()).into_data();
            assert_eq!(loaded.forward(pictures).into_data(), expected);
        });
    }

    #[test]
    fn running_statistics_are_saved_up_to_the_last_update() {
        on_each_device(|| {
            let (_folder, path) = saved();
            let training = device().autodiff();
            let generator = Generator::new(&config(), &training).unwrap();
            let noise = Tensor::<4>::ones([2, 6, 1, 1], &training);
            let _ = generator.forward(noise.clone());
            save_weights(&generator, &path).unwrap();
            let loaded = load_generator(&config(), &device(), &path).unwrap();
            let expected = generator.valid().forward(noise.clone().inner()).into_data();
            assert_eq!(loaded.forward(noise.inner()).into_data(), expected);
        });
    }

    #[test]
    fn names_are_those_of_the_tutorials_networks() {
        on_each_device(|| {
            let (_folder, path) = saved();
            let config = DcganConfig::tutorial().with_nz(2).with_ngf(1).with_ndf(1);
            let keys = |path: &Path| {
                use burn::store::ModuleStore;
                let bytes = fs::read(path).unwrap();
                SafetensorsStore::from_bytes(Some(bytes)).keys().unwrap()
            };
            let conv = |at: usize| [format!("main.{at}.weight")];
            let norm = |at: usize| {
                ["weight", "bias", "running_mean", "running_var", COUNTER]
                    .map(|name| format!("main.{at}.{name}"))
            };
            let sorted = |mut names: Vec<String>| {
                names.sort();
                names
            };
            save_weights(&Generator::new(&config, &device()).unwrap(), &path).unwrap();
            let expected = [0, 3, 6, 9, 12].into_iter().flat_map(conv);
            let expected = expected.chain([1, 4, 7, 10].into_iter().flat_map(norm)).collect();
            assert_eq!(sorted(keys(&path)), sorted(expected));
            save_weights(&Discriminator::new(&config, &device()).unwrap(), &path).unwrap();
            let expected = [0, 2, 5, 8, 11].into_iter().flat_map(conv);
            let expected = expected.chain([3, 6, 9].into_iter().flat_map(norm)).collect();
            assert_eq!(sorted(keys(&path)), sorted(expected));
        });
    }

    #[test]
    fn same_weights_give_the_same_bytes() {
        on_each_device(|| {
            let (_folder, path) = saved();
            let generator = Generator::new(&config(), &device()).unwrap();
            let bytes = || {
                save_weights(&generator, &path).unwrap();
                fs::read(&path).unwrap()
            };
            assert_eq!(bytes(), bytes());
        });
    }

    #[test]
    fn what_does_not_fit_is_told_shortly_and_by_the_names_of_the_file() {
        on_each_device(|| {
            let (_folder, path) = saved();
            save_weights(&Generator::new(&config(), &device()).unwrap(), &path).unwrap();
            let told = |config: &DcganConfig| {
                let error = load_generator(config, &device(), &path).unwrap_err();
                let told = std::error::Error::source(&error).unwrap().to_string();
                assert!(told.len() < 250 && !told.contains("blocks"), "{told}");
                told
            };
            let wide = told(&config().with_ngf(2));
            assert!(
                wide.contains("main.0.weight is [6, 8, 4, 4], in the network [6, 4, 4, 4]"),
                "{wide}"
            );
            assert!(wide.contains("; and "), "{wide}");
            let large = told(&config().with_image_size(32));
            assert!(large.starts_with("it lacks main."), "{large}");
        });
    }

    #[test]
    fn weights_of_another_network_are_refused_by_name() {
        on_each_device(|| {
            let (_folder, path) = saved();
            save_weights(&Generator::new(&config(), &device()).unwrap(), &path).unwrap();
            for other in [
                config().with_nz(7),
                config().with_image_size(8),
                config().with_image_size(32),
            ] {
                let error = load_generator(&other, &device(), &path).unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Weights { .. }), "{error}");
                assert!(error.to_string().contains("generator.safetensors"), "{error}");
            }
            fs::write(&path, b"not safetensors").unwrap();
            let error = load_generator(&config(), &device(), &path).unwrap_err();
            let ErrorKind::Weights { source, .. } = error.kind() else {
                panic!("{error}")
            };
            assert!(matches!(source, WeightsProblem::Format(_)), "{source}");
        });
    }
}
