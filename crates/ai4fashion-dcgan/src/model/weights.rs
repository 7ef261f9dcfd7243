//! Files of weights: safetensors, under the names of the tutorial's networks in PyTorch, such as
//! `main.0.weight`.

mod names;
#[cfg(feature = "pytorch")]
mod pytorch;

use std::{collections::BTreeMap, fs, path::Path};

use ai4fashion_files::write_atomic;
use burn::{
    store::{ApplyError, ModuleSnapshot, SafetensorsStore},
    tensor::Device,
};

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::{
    config::DcganConfig,
    error::{Error, ErrorKind, WeightsError},
    model::{discriminator::Discriminator, generator::Generator, network::NamedWeights},
};
use names::Names;

/// Writes a network's weights as safetensors; an existing file is replaced as a whole.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, cpu, model::{load_generator, save_weights}};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("generator.safetensors");
/// save_weights(&Generator::new(&config, &cpu())?, &path)?;
/// let generator = load_generator(&config, &cpu(), &path)?;
/// assert_eq!(generator.nz(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the file cannot be written.
pub fn save_weights(network: &impl NamedWeights, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = to_bytes(network).map_err(|problem| weights(path, problem))?;
    write_atomic(path, &bytes).map_err(Error::file)
}

/// Reads weights into a network of the same shape.
///
/// It reads the files of [`save_weights`] and of PyTorch under the same names: safetensors or, with
/// the feature `pytorch`, what `torch.save(network.state_dict(), ...)` writes. Nothing in a file is
/// executed.
///
/// # Errors
/// If the file cannot be read or does not hold exactly such a network.
pub fn load_weights<N: NamedWeights>(network: N, path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let bytes = if is_pytorch(&bytes) {
        from_pytorch(path).map_err(|problem| weights(path, problem))?
    } else {
        bytes
    };
    from_bytes(network, bytes).map_err(|problem| weights(path, problem))
}

/// Whether a file is an archive or a pickle, by its first bytes; a safetensors file has `{` at its
/// ninth.
fn is_pytorch(bytes: &[u8]) -> bool {
    bytes.get(8) != Some(&b'{') && (bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x80"))
}

#[cfg(feature = "pytorch")]
fn from_pytorch(path: &Path) -> Result<Vec<u8>, WeightsError> {
    pytorch::to_safetensors(path)
}

#[cfg(not(feature = "pytorch"))]
fn from_pytorch(_: &Path) -> Result<Vec<u8>, WeightsError> {
    Err(WeightsError::NoPytorch)
}

/// Reads a generator of this configuration, for use on `device`.
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

/// Makes the bytes of a file of weights.
pub(crate) fn to_bytes<N: NamedWeights>(network: &N) -> Result<Vec<u8>, WeightsError> {
    let names = Names::of(network)?;
    // Running statistics are one update behind until the module leaves training.
    let module = network.valid();
    let mut store = SafetensorsStore::from_bytes(None).clear_metadata();
    let bytes = module.save_into(&mut store).and_then(|()| store.get_bytes());
    let bytes = bytes.map_err(WeightsError::store)?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(WeightsError::format)?;
    let mut file = counters(network)?;
    let tensors = tensors.tensors().into_iter();
    file.extend(tensors.map(|(own, tensor)| (names.in_file(&own), tensor)));
    safetensors::serialize(file, None).map_err(WeightsError::format)
}

/// The name of the batch counter of PyTorch's `BatchNorm2d`. PyTorch uses the count only without a
/// momentum, which the tutorial has, but does not load a file without it; we write 0.
const COUNTER: &str = "num_batches_tracked";

/// A [`COUNTER`] for each batch norm.
fn counters(network: &impl NamedWeights) -> Result<BTreeMap<String, TensorView<'static>>, WeightsError> {
    let names = network.weight_prefixes().into_iter();
    let norms = names.filter(|(ours, _)| ours.ends_with(".norm."));
    let counters = norms.map(|(_, theirs)| {
        let zero = TensorView::new(Dtype::I64, Vec::new(), &[0; 8]).map_err(WeightsError::format)?;
        Ok((format!("{theirs}{COUNTER}"), zero))
    });
    counters.collect()
}

/// Reads the bytes of a file of weights into `network`.
pub(crate) fn from_bytes<N: NamedWeights>(mut network: N, bytes: Vec<u8>) -> Result<N, WeightsError> {
    let names = Names::of(&network)?;
    let file = SafeTensors::deserialize(&bytes).map_err(WeightsError::format)?;
    let (mut known, mut unused) = (BTreeMap::new(), Vec::new());
    for (name, tensor) in file.tensors() {
        if let Some(own) = names.own(&name) {
            known.insert(own, tensor);
        } else if !name.ends_with(COUNTER) {
            unused.push(name);
        }
    }
    let known = safetensors::serialize(known, None).map_err(WeightsError::format)?;
    let mut store = SafetensorsStore::from_bytes(Some(known))
        .allow_partial(true)
        .validate(false);
    drop(bytes);
    let result = network.load_from(&mut store).map_err(WeightsError::store)?;
    // Errors name tensors by their names in the file, not in the module.
    let in_file = |own: &str| names.in_file(own);
    if !result.missing.is_empty() {
        let missing = result.missing.iter().map(|(own, _)| in_file(own)).collect();
        return Err(WeightsError::Missing(missing));
    }
    if !result.errors.is_empty() {
        let errors = result
            .errors
            .iter()
            .map(|error| mismatch(error, in_file))
            .collect();
        return Err(WeightsError::Mismatched(errors));
    }
    if !unused.is_empty() {
        unused.sort_unstable();
        return Err(WeightsError::Unused(unused));
    }
    Ok(network)
}

/// Says what does not fit in a tensor.
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

fn weights(path: &Path, source: WeightsError) -> Error {
    ErrorKind::Weights {
        path: path.to_owned(),
        source,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use burn::{module::Module as _, tensor::Tensor};

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
            let images = generator.forward(noise.clone());
            assert_eq!(loaded.forward(noise).into_data(), images.clone().into_data());

            let discriminator = Discriminator::new(&config().with_seed(1), &device()).unwrap();
            save_weights(&discriminator, &path).unwrap();
            let loaded =
                load_discriminator(&config().with_seed(2), &device(), path.to_str().unwrap()).unwrap();
            let expected = discriminator.forward(images.clone()).into_data();
            assert_eq!(loaded.forward(images).into_data(), expected);
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
    fn misfits_are_described_shortly_by_the_names_of_the_file() {
        on_each_device(|| {
            let (_folder, path) = saved();
            save_weights(&Generator::new(&config(), &device()).unwrap(), &path).unwrap();
            let cause = |config: &DcganConfig| {
                let error = load_generator(config, &device(), &path).unwrap_err();
                let text = std::error::Error::source(&error).unwrap().to_string();
                assert!(text.len() < 250 && !text.contains("blocks"), "{text}");
                text
            };
            let wide = cause(&config().with_ngf(2));
            assert!(
                wide.contains("main.0.weight is [6, 8, 4, 4], in the network [6, 4, 4, 4]"),
                "{wide}"
            );
            assert!(wide.contains("; and "), "{wide}");
            let large = cause(&config().with_image_size(32));
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
            assert!(matches!(source, WeightsError::Format(_)), "{source}");
        });
    }
}
