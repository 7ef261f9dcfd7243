//! Weights to PyTorch's networks of the tutorial and back: the networks answer alike on both sides.
//!
//! `golden/weights.json` holds the names and shapes of PyTorch's `state_dict()`, and what its
//! networks answer with weights by a formula; `golden/generate.py` writes it. The tests that run
//! the script need a Python with torch and safetensors.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod torch;

use std::{collections::BTreeMap, fs, path::Path};

use ai4fashion_dcgan::{
    DcganConfig, Discriminator, Generator,
    burn::tensor::{Device, Tensor, TensorData},
    model::{NamedWeights, load_discriminator, load_generator, save_weights},
};
use ai4fashion_testkit::{golden::Summary, printed};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use torch::{NZ, cases, networks, noise, script};

fn golden() -> Vec<Value> {
    cases(include_str!("golden/weights.json"))
}

/// Has the script `--save` or `--load`, and answers with noise, images and logits.
fn pytorch(folder: &Path, mode: &str) -> [Vec<f32>; 3] {
    let _ = printed(script().arg(mode).arg(folder));
    ["noise", "images", "logits"].map(|name| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let (numbers, _) = bytes.as_chunks();
        numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()
    })
}

/// Images and logits of four noise vectors.
fn answers(
    generator: &Generator,
    discriminator: &Discriminator,
    noise: Vec<f32>,
    device: &Device,
) -> [Vec<f32>; 2] {
    let noise = Tensor::<4>::from_data(TensorData::new(noise, [4, NZ, 1, 1]), device);
    let images = generator.forward(noise);
    let logits = discriminator.forward(images.clone());
    [images.into_data(), logits.into_data()].map(|data| data.try_to_vec().unwrap())
}

fn close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-4, "{found} instead of {expected}");
    }
}

#[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

/// Shape and type of each tensor in the file of `network`.
fn tensors(network: &impl NamedWeights) -> BTreeMap<String, (Vec<usize>, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    save_weights(network, &path).unwrap();
    let bytes = fs::read(path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = |(name, tensor): (&str, safetensors::tensor::TensorView<'_>)| {
        let dtype = match tensor.dtype() {
            Dtype::F32 => "torch.float32".to_owned(),
            Dtype::I64 => "torch.int64".to_owned(),
            other => format!("{other:?}"),
        };
        (name.to_owned(), (tensor.shape().to_vec(), dtype))
    };
    file.iter().map(tensor).collect()
}

#[test]
fn files_have_the_tensors_of_pytorchs_state_dict() {
    let (golden, config) = (golden().swap_remove(0), DcganConfig::tutorial());
    let expected = |network: &str| -> BTreeMap<String, (Vec<usize>, String)> {
        let rows: Vec<(String, Vec<usize>, String)> =
            serde_json::from_value(golden[network].clone()).unwrap();
        rows.into_iter()
            .map(|(name, shape, dtype)| (name, (shape, dtype)))
            .collect()
    };
    for device in devices() {
        let (generator, discriminator) = (
            Generator::new(&config, &device).unwrap(),
            Discriminator::new(&config, &device).unwrap(),
        );
        assert_eq!(tensors(&generator), expected("generator"));
        assert_eq!(tensors(&discriminator), expected("discriminator"));
    }
}

#[test]
fn networks_answer_as_pytorchs() {
    let golden = golden().swap_remove(0);
    let expected: Summary = serde_json::from_value(golden["images"].clone()).unwrap();
    let expected_logits: Vec<f32> = serde_json::from_value(golden["logits"].clone()).unwrap();
    for device in devices() {
        let (generator, discriminator) = networks(&DcganConfig::tutorial(), &device, Dtype::F32);
        let [mut images, logits] = answers(&generator, &discriminator, noise(0, 4), &device);
        let error = Summary::of(&images).error(&expected);
        println!("{device:?}: {error:e}, {logits:?}");
        assert!(error <= 1e-4, "{error} on {device:?}");
        close(&logits, &expected_logits);
        // One wrong component of one pixel is told.
        images[30_000] += 0.1;
        assert!(Summary::of(&images).error(&expected) > 1e-4);
    }
}

#[test]
fn networks_of_pytorchs_files_answer_as_there() {
    let golden = golden().swap_remove(1);
    let config = DcganConfig::tutorial().with_image_size(8).with_nz(2).with_ngf(1);
    for (name, file) in [("tiny", "tiny.pth"), ("legacy", "tiny-legacy.pth")] {
        let expected: Vec<f32> = serde_json::from_value(golden[name].clone()).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data")
            .join(file);
        for device in devices() {
            let generator = load_generator(&config, &device, &path).unwrap();
            let noise = TensorData::new(vec![0.5_f32, -0.25], [1, 2, 1, 1]);
            let images = generator.forward(Tensor::<4>::from_data(noise, &device));
            let found: Vec<f32> = images.into_data().try_to_vec().unwrap();
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                assert!((found - expected).abs() <= 1e-6, "{found} instead of {expected}");
            }
        }
    }
}

#[test]
#[ignore = "needs TORCH_PYTHON: has PyTorch write files of its own and answer with them"]
fn networks_of_pth_files_answer_as_in_pytorch() {
    let folder = tempfile::tempdir().unwrap();
    let [noise, images, logits] = pytorch(folder.path(), "--save");
    let config = DcganConfig::tutorial();
    for device in devices() {
        let generator = load_generator(&config, &device, folder.path().join("netG.pth")).unwrap();
        let discriminator = load_discriminator(&config, &device, folder.path().join("netD.pth")).unwrap();
        let found = answers(&generator, &discriminator, noise.clone(), &device);
        close(&found[0], &images);
        close(&found[1], &logits);
    }
}

#[test]
#[ignore = "needs TORCH_PYTHON: has PyTorch read our files, with `strict=True`, and answer with them"]
fn networks_answer_in_pytorch_as_here() {
    let folder = tempfile::tempdir().unwrap();
    let config = DcganConfig::tutorial();
    for device in devices() {
        let generator = Generator::new(&config, &device).unwrap();
        let discriminator = Discriminator::new(&config, &device).unwrap();
        save_weights(&generator, folder.path().join("generator.safetensors")).unwrap();
        save_weights(&discriminator, folder.path().join("discriminator.safetensors")).unwrap();
        let [noise, images, logits] = pytorch(folder.path(), "--load");
        let found = answers(&generator, &discriminator, noise, &device);
        close(&found[0], &images);
        close(&found[1], &logits);
    }
}
