//! Training runs whose weights, images and noise come from the formula of `golden/generate.py`:
//! what the tests beside this one compare with PyTorch's results.
#![allow(dead_code, reason = "each program of tests uses a part of it")]

use std::{fs, path::Path, process::Command};

use ai4fashion_dcgan::{
    DcganConfig, Discriminator, Generator, TrainState,
    burn::tensor::{Device, Tensor, TensorData},
    model::{NamedWeights, load_weights, save_weights},
};
use ai4fashion_testkit::{
    golden::{uniform, word},
    interpreter, printed,
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

pub(crate) const NZ: usize = 100;
pub(crate) const SIZE: usize = 64;

/// Standard deviations of 0.02, and of 1.
const WEIGHTS: f32 = 0.034_641_016;
const NOISE: f32 = 1.732_050_8;
/// Streams of the formula: of each network's tensors, of images and of noise.
const GENERATOR: u32 = 100;
const DISCRIMINATOR: u32 = 200;
const IMAGES: u32 = 300;
const NOISES: u32 = 400;
const KINDS: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

/// Loss_D, Loss_G, D(x) and both D(G(z)) of each step.
pub(crate) type Curves = Vec<[f32; 5]>;

/// A short training run: a case of `golden/training.json` or `golden/curves.json`.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
pub(crate) struct Training {
    /// Feature maps of both networks.
    pub(crate) width: usize,
    pub(crate) batch: usize,
    pub(crate) lr: f64,
    pub(crate) steps: usize,
    /// How many there are; gone through in this order, again and again.
    pub(crate) images: usize,
    pub(crate) seed: u32,
}

impl Training {
    pub(crate) fn config(&self) -> DcganConfig {
        DcganConfig::tutorial()
            .with_lr(self.lr)
            .with_batch_size(self.batch)
            .with_ngf(self.width)
            .with_ndf(self.width)
    }

    /// The numbers of each step on `device`; `dtype` is the type of its tensors.
    pub(crate) fn on(&self, device: &Device, dtype: Dtype) -> Curves {
        self.with_config(self.config(), device, dtype)
    }

    /// The numbers of each step, as [`on`](Self::on), with other settings than the training's own.
    pub(crate) fn with_config(&self, config: DcganConfig, device: &Device, dtype: Dtype) -> Curves {
        let (generator, discriminator) = networks(&config, &device.clone().autodiff(), dtype);
        let mut state =
            TrainState::with_networks(&config, generator, discriminator, &device.clone().autodiff()).unwrap();
        let images = self.rectangles();
        let noise = noise(self.seed, self.steps * self.batch);
        let run = |step: usize| {
            let of = |values: &[f32], shape: [usize; 4]| {
                let len = shape.iter().product::<usize>();
                let start = step * len % values.len();
                let data = TensorData::new(values[start..][..len].to_vec(), shape);
                Tensor::<4>::from_data(data, device)
            };
            let images = of(&images, [self.batch, 3, SIZE, SIZE]);
            let found = state.step(images, of(&noise, [self.batch, NZ, 1, 1]));
            [found.loss_d, found.loss_g, found.d_x, found.d_g_z1, found.d_g_z2]
        };
        (0..self.steps).map(run).collect()
    }

    /// PyTorch's numbers in its type `dtype`, computed now.
    pub(crate) fn in_pytorch(&self, dtype: &str) -> Curves {
        let lines = printed(
            script()
                .arg("--train")
                .args([serde_json::to_string(self).unwrap(), dtype.into()]),
        );
        let lines = String::from_utf8(lines).unwrap();
        let curves: Curves = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(curves.len(), self.steps);
        curves
    }

    /// Images of a rectangle of any colour in the middle of white.
    fn rectangles(&self) -> Vec<f32> {
        let colors = uniform(IMAGES + 50 + self.seed, 3 * self.images);
        let image = |index: u32| {
            let [rows, columns] = [0, 1].map(|side| {
                let inside = (word(IMAGES + self.seed, 2 * index + side) % 32 + 16) as usize;
                let start = (SIZE - inside) / 2;
                start..start + inside
            });
            let mut image = vec![1.0; 3 * SIZE * SIZE];
            for (channel, plane) in image.chunks_exact_mut(SIZE * SIZE).enumerate() {
                for row in rows.clone() {
                    plane[row * SIZE..][columns.clone()].fill(colors[3 * index as usize + channel]);
                }
            }
            image
        };
        (0..self.images as u32).flat_map(image).collect()
    }
}

/// `count` noise vectors.
pub(crate) fn noise(seed: u32, count: usize) -> Vec<f32> {
    let noise = uniform(NOISES + seed, count * NZ);
    noise.iter().map(|value| NOISE * value).collect()
}

/// Both networks with weights by the formula.
pub(crate) fn networks(config: &DcganConfig, device: &Device, dtype: Dtype) -> (Generator, Discriminator) {
    (
        fill(Generator::new(config, device).unwrap(), GENERATOR, dtype),
        fill(Discriminator::new(config, device).unwrap(), DISCRIMINATOR, dtype),
    )
}

/// `network` with weights by the formula: each tensor of its file has a stream by its name.
fn fill<N: NamedWeights>(network: N, stream: u32, dtype: Dtype) -> N {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    save_weights(&network, &path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let filled = tensors.iter().filter(|(_, tensor)| !tensor.shape().is_empty());
    let filled: Vec<(&str, Vec<usize>, Vec<u8>)> = filled
        .map(|(name, tensor)| {
            let values = values(name, tensor.shape(), stream).into_iter();
            let bytes = match dtype {
                Dtype::F64 => values.flat_map(|value| f64::from(value).to_le_bytes()).collect(),
                _ => values.flat_map(f32::to_le_bytes).collect(),
            };
            (name, tensor.shape().to_vec(), bytes)
        })
        .collect();
    let views = filled
        .iter()
        .map(|(name, shape, bytes)| (name, TensorView::new(dtype, shape.clone(), bytes).unwrap()));
    fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    load_weights(network, &path).unwrap()
}

fn values(name: &str, shape: &[usize], stream: u32) -> Vec<f32> {
    let parts: Vec<&str> = name.split('.').collect();
    let [_, layer, kind] = parts[..] else {
        panic!("{name} is no name of the tutorial's")
    };
    let place = KINDS.iter().position(|known| *known == kind).unwrap() as u32;
    let stream = stream + 5 * layer.parse::<u32>().unwrap() + place;
    let is_norm = kind == "weight" && shape.len() == 1;
    let scaled = |value: f32| match kind {
        "running_var" => 0.25 + 0.125 * value,
        "running_mean" => 0.1 * value,
        _ if is_norm => 1.0 + WEIGHTS * value,
        _ => WEIGHTS * value,
    };
    uniform(stream, shape.iter().product())
        .into_iter()
        .map(scaled)
        .collect()
}

/// The largest distance of one of a step's five numbers.
pub(crate) fn worst(found: &[f32; 5], expected: &[f32; 5]) -> f32 {
    let distances = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    distances.max_by(f32::total_cmp).unwrap_or_default()
}

/// The cases of a file of golden results.
pub(crate) fn cases<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    let mut file: serde_json::Value = serde_json::from_str(json).unwrap();
    serde_json::from_value(file["cases"].take()).unwrap()
}

/// `golden/generate.py`, run by the Python that has torch.
pub(crate) fn script() -> Command {
    let mut command = Command::new(interpreter("TORCH_PYTHON"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/generate.py"));
    command
}
