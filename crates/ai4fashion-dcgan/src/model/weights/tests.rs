//! Files that are written and read here.

pub(super) mod damaged;
mod finite;
mod places;
mod types;

use std::fs;

use burn::{module::Module as _, store::SafetensorsStore, tensor::Tensor};
use safetensors::SafeTensors;

use super::*;
use crate::{
    config::upsampling::Upsampling,
    data::condition::Condition,
    testing::{device, on_each_device},
};

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
fn values_are_those_that_burns_store_writes() {
    on_each_device(|| {
        let config = config().with_spectral_norm(true).with_minibatch_std(true);
        let config = config.with_condition(Condition::Color);
        let network = Discriminator::new(&config, &device()).unwrap();
        let mut store = SafetensorsStore::from_bytes(None);
        network.save_into(&mut store).unwrap();
        let bytes = store.get_bytes().unwrap();
        let expected = SafeTensors::deserialize(&bytes).unwrap();
        let found = values::of(&network).unwrap();
        assert_eq!(found.len(), expected.len());
        for (name, dtype, data) in found {
            let expected = expected.tensor(&name).unwrap();
            assert_eq!((dtype, &data.shape()[..]), (expected.dtype(), expected.shape()));
            assert_eq!(data.as_bytes(), expected.data(), "{name}");
        }
    });
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
        let loaded = load_discriminator(&config().with_seed(2), &device(), path.to_str().unwrap()).unwrap();
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
            ["weight", "bias", "running_mean", "running_var", COUNTER].map(|name| format!("main.{at}.{name}"))
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
        let discriminator = |output: usize| {
            let expected = [0, 2, 5, 8, output].into_iter().flat_map(conv);
            expected.chain([3, 6, 9].into_iter().flat_map(norm)).collect()
        };
        assert_eq!(sorted(keys(&path)), sorted(discriminator(11)));
        // Upsampling and the deviation between images are entries of their own.
        let config = config
            .with_upsampling(Upsampling::Nearest)
            .with_minibatch_std(true);
        save_weights(&Generator::new(&config, &device()).unwrap(), &path).unwrap();
        let expected = [0, 4, 8, 12, 16].into_iter().flat_map(conv);
        let expected = expected.chain([1, 5, 9, 13].into_iter().flat_map(norm)).collect();
        assert_eq!(sorted(keys(&path)), sorted(expected));
        save_weights(&Discriminator::new(&config, &device()).unwrap(), &path).unwrap();
        assert_eq!(sorted(keys(&path)), sorted(discriminator(12)));
    });
}

#[test]
fn weights_of_another_upsampling_are_refused_by_its_name() {
    on_each_device(|| {
        let (_folder, path) = saved();
        let [transposed, nearest] = Upsampling::ALL.map(|kind| config().with_upsampling(kind));
        for size in [8, 16, 64] {
            let [transposed, nearest] = [&transposed, &nearest].map(|it| it.clone().with_image_size(size));
            for (saved, other, names) in [
                (&transposed, &nearest, ["transposed", "nearest"]),
                (&nearest, &transposed, ["nearest", "transposed"]),
            ] {
                save_weights(&Generator::new(saved, &device()).unwrap(), &path).unwrap();
                load_generator(saved, &device(), &path).unwrap();
                let error = load_generator(other, &device(), &path).unwrap_err();
                let text = std::error::Error::source(&error).unwrap().to_string();
                let expected = format!(
                    "it holds a generator with upsampling {}, expected a generator with upsampling {}; it lacks main.",
                    names[0], names[1]
                );
                assert!(text.starts_with(&expected), "{text}");
            }
        }
    });
}

#[test]
fn discriminator_that_sees_the_deviation_is_another_network() {
    on_each_device(|| {
        let with = config().with_minibatch_std(true);
        let [bytes, bytes_with] = [config(), with.clone()]
            .map(|config| to_bytes(&Discriminator::new(&config, &device()).unwrap()).unwrap());
        let network = |config: &DcganConfig| Discriminator::new(config, &device()).unwrap();
        from_bytes(network(&with), &bytes_with).unwrap();
        let found = problem(network(&with), &bytes);
        let expected = "it lacks main.6.weight [1, 9, 4, 4]; it also holds main.5.weight [1, 8, 4, 4]";
        assert_eq!(found, expected);
        let found = problem(network(&config()), &bytes_with);
        let expected = "it lacks main.5.weight [1, 8, 4, 4]; it also holds main.6.weight [1, 9, 4, 4]";
        assert_eq!(found, expected);
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
            assert!(text.len() < 450 && !text.contains("blocks"), "{text}");
            text
        };
        let wide = cause(&config().with_ngf(2));
        assert!(
            wide.contains("main.0.weight is [6, 8, 4, 4], in the network [6, 4, 4, 4]"),
            "{wide}"
        );
        assert!(wide.contains("; and "), "{wide}");
        let large = cause(&config().with_image_size(32));
        assert!(
            large.starts_with("it lacks main.7.bias [4], main.7.running_mean [4], "),
            "{large}"
        );
        assert!(large.contains("; main.0.weight is [6, 8, 4, 4], in the network [6, 16, 4, 4]; "));
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
        assert!(matches!(source, WeightsError::Kind(_)), "{source}");
    });
}

/// A tensor of a file: name, type, shape and bytes.
pub(super) type Part = (String, Dtype, Vec<usize>, Vec<u8>);

/// The tensors in the file of `network`.
pub(super) fn parts(network: &impl NamedWeights) -> Vec<Part> {
    let bytes = to_bytes(network).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let parts = file.tensors().into_iter().map(|(name, view)| {
        let (dtype, shape, bytes) = (view.dtype(), view.shape().to_vec(), view.data().to_vec());
        (name, dtype, shape, bytes)
    });
    parts.collect()
}

/// The bytes of a file with these tensors.
pub(super) fn file_of(parts: &[Part]) -> Vec<u8> {
    let views = parts.iter().map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes).unwrap();
        (name.as_str(), view)
    });
    safetensors::serialize(views, None).unwrap()
}

/// The values of a network by the names of its tensors, as `f32`.
pub(super) fn values(network: &impl NamedWeights) -> BTreeMap<String, Vec<f32>> {
    let parts = parts(network).into_iter();
    let values = parts.filter(|(_, dtype, ..)| *dtype == Dtype::F32);
    let values = values.map(|(name, _, _, bytes)| {
        let (numbers, _) = bytes.as_chunks();
        let numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
        (name, numbers.collect())
    });
    values.collect()
}

/// What is wrong with a file of these bytes for `network`.
pub(super) fn problem(network: impl NamedWeights, bytes: &[u8]) -> String {
    from_bytes(network, bytes).unwrap_err().to_string()
}

#[test]
fn files_of_another_kind_are_named_in_words() {
    on_each_device(|| {
        let (_folder, path) = saved();
        for (bytes, expected) in [
            (
                &b""[..],
                "it is empty; expected safetensors, or what `torch.save(",
            ),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
                "it is a pointer of Git LFS",
            ),
            (b"<!DOCTYPE html><html>", "it is a web page"),
            (b"{\n \"metadata\": {}}", "it is JSON"),
            (b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG image"),
            (b"\x93NUMPY\x01\0", "it is an array of NumPy"),
            (b"no weights\n", "it is neither safetensors nor a file of PyTorch"),
        ] {
            fs::write(&path, bytes).unwrap();
            let error = load_generator(&config(), &device(), &path).unwrap_err();
            assert!(error.to_string().contains("generator.safetensors"), "{error}");
            let text = std::error::Error::source(&error).unwrap().to_string();
            assert!(text.starts_with(expected), "{text}");
        }
    });
}
