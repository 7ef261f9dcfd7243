//! Files of weights: safetensors, under the names of the tutorial's networks in PyTorch, such as
//! `main.0.weight`. Layers that the tutorial does not have count as entries of the
//! `nn.Sequential`, too.

mod convert;
mod kind;
mod names;
mod networks;
#[cfg(feature = "pytorch")]
mod pytorch;
mod search;
mod tensors;
mod values;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use ai4fashion_files::write_atomic;
use burn::{
    store::{ModuleSnapshot, bridge},
    tensor::Device,
};
use safetensors::{Dtype, tensor::TensorView};

use crate::{
    config::DcganConfig,
    error::{Error, ErrorKind, WeightsError},
    model::{discriminator::Discriminator, generator::Generator, network::NamedWeights},
};
use kind::{HEAD, Kind};
use names::Names;
use tensors::Tensors;

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
/// It reads the files of [`save_weights`] and of PyTorch: safetensors or, with the feature
/// `pytorch`, what `torch.save` writes of a `state_dict()`, of a module or of a whole checkpoint.
/// Nothing in a file is executed.
///
/// The network may be anywhere in the file: under any prefix, such as those of `nn.DataParallel`,
/// `torch.compile` and training programs (`netG.`), and in any dictionary of a checkpoint. Exactly
/// one place is to hold all its tensors, in their shapes, and no others. Values of F16, BF16, F32
/// and F64 are converted to the network's type. Counts of batches (`num_batches_tracked`) are not
/// read.
///
/// # Errors
/// If the file cannot be read, is of another kind, does not hold exactly one such network, or a
/// value is NaN or infinite; the message names what it holds and what is expected.
pub fn load_weights<N: NamedWeights>(network: N, path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    let read = |problem| Error::io("read", path)(problem);
    let mut file = File::open(path).map_err(read)?;
    let mut bytes = head(&mut file).map_err(read)?;
    let loaded = match Kind::of(&bytes) {
        Kind::Safetensors => {
            file.read_to_end(&mut bytes).map_err(read)?;
            from_bytes(network, &bytes)
        }
        Kind::Pytorch | Kind::Pickle => from_pytorch(network, path),
        Kind::Other(what) => Err(WeightsError::Kind(what.to_owned())),
    };
    loaded.map_err(|problem| weights(path, problem))
}

/// The first bytes of a file.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

#[cfg(feature = "pytorch")]
fn from_pytorch<N: NamedWeights>(network: N, path: &Path) -> Result<N, WeightsError> {
    let file = pytorch::read(path)?;
    apply(network, &file, || pytorch::keys(path))
}

#[cfg(not(feature = "pytorch"))]
fn from_pytorch<N: NamedWeights>(_: N, _: &Path) -> Result<N, WeightsError> {
    Err(WeightsError::NoPytorch)
}

/// Reads a generator of this configuration, for use on `device`.
///
/// # Errors
/// As [`load_weights`], and if the configuration is not valid.
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
/// As [`load_weights`], and if the configuration is not valid.
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
    let tensors = values::of(&module)?;
    let mut file = counters(network)?;
    for (own, dtype, data) in &tensors {
        let view = TensorView::new(*dtype, data.shape().to_vec(), data.as_bytes());
        file.insert(names.in_file(own), view.map_err(WeightsError::format)?);
    }
    safetensors::serialize(file, None).map_err(WeightsError::format)
}

/// The name of the batch counter of PyTorch's `BatchNorm2d`. PyTorch uses the count only without a
/// momentum, which the tutorial has, but does not load a file without it; we write 0.
const COUNTER: &str = "num_batches_tracked";

/// A [`COUNTER`] for each batch norm.
fn counters<'a>(network: &impl NamedWeights) -> Result<BTreeMap<String, TensorView<'a>>, WeightsError> {
    let names = network.weight_prefixes().into_iter();
    let norms = names.filter(|(ours, _)| ours.ends_with(".norm."));
    let counters = norms.map(|(_, theirs)| {
        let zero = TensorView::new(Dtype::I64, Vec::new(), &[0; 8]).map_err(WeightsError::format)?;
        Ok((format!("{theirs}{COUNTER}"), zero))
    });
    counters.collect()
}

/// Reads the bytes of a safetensors file into `network`.
pub(crate) fn from_bytes<N: NamedWeights>(network: N, bytes: &[u8]) -> Result<N, WeightsError> {
    apply(network, &tensors::of_safetensors(bytes)?, Vec::new)
}

/// Reads those of a file's tensors into `network` that are its own.
fn apply<N: NamedWeights>(
    mut network: N,
    file: &Tensors<'_>,
    keys: impl FnOnce() -> Vec<String>,
) -> Result<N, WeightsError> {
    let names = Names::of(&network)?;
    let found = search::find(&names, file, keys)?;
    // Burn ends the process where it cannot put a tensor into a module, so that shapes and types
    // have to fit before.
    let mut bad = Vec::new();
    let converted = found.into_iter().map(|(expected, name, tensor)| {
        let data = convert::convert(name, tensor, expected.dtype)?;
        bad.extend(convert::not_finite(name, &data));
        Ok(bridge::from_data(data, expected.own.clone(), None))
    });
    let converted = converted.collect::<Result<Vec<_>, WeightsError>>()?;
    if !bad.is_empty() {
        return Err(WeightsError::NotFinite(bad));
    }
    let result = network.apply(converted, None, None, false);
    let problems = result.errors.iter().map(ToString::to_string);
    let missing = result.missing.iter().map(|(own, _)| names.in_file(own));
    let problems: Vec<String> = problems.chain(missing).collect();
    match problems.is_empty() {
        true => Ok(network),
        false => Err(WeightsError::Mismatched(problems)),
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
mod tests;
