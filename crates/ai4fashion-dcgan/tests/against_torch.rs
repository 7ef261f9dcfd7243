//! Training steps beside PyTorch's: the same initial weights, pictures and noise, in the tutorial's own networks.
//! It also shows that PyTorch takes our files of weights, with `strict=True`.
//!
//! At the tutorial's learning rate two correct programs part early: Adam's first steps have the size of the rate for
//! every weight, however small its gradient, so the last bit of a gradient decides a sign. PyTorch's own runs in `f32` and
//! `f64` differ by more than 1e-3 from the third step on (batch 64, real pictures), and Winograd's filtering, which rounds
//! more, from the second. So the first two steps are compared at that rate, the second within 1e-2 and on drawn pictures
//! (on those of `values`, whose gradients nearly cancel, it is just outside), and twenty at a hundredth of it.
//!
//! Whole curves are compared by their mean distance, of networks of half the width, beside the distance of PyTorch's from
//! its own in `f64`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use ai4fashion_dcgan::{
    DcganConfig, TrainState,
    burn::tensor::{Device, Tensor, TensorData},
    save_weights,
};
use ai4fashion_testkit::{printed, python, shared};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, StandardNormal};

const NZ: usize = 100;
const SIZE: usize = 64;

/// Reads our weights and the bytes of pictures and noise, runs the reference's `step` on them, and prints the five
/// numbers of each step.
const SCRIPT: &str = r#"
import importlib.util, json, struct, sys
import numpy as np, torch

spec = importlib.util.spec_from_file_location("peer", sys.argv[1])
peer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peer)
folder, steps, batch, lr, width, dtype = sys.argv[2], *(json.loads(arg) for arg in sys.argv[3:7]), sys.argv[7]
dtype = getattr(torch, dtype)
torch.set_default_dtype(dtype)
torch.Tensor.float = lambda self: self.to(dtype)
torch.set_num_threads(1)  # several wait busily for each other where the processor has other work

def load(net, name):
    data = open(f"{folder}/{name}.safetensors", "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    kinds = {"F32": np.float32, "I64": np.int64}
    state = {}
    for key, of in json.loads(data[8:8 + size]).items():
        start, end = (8 + size + offset for offset in of["data_offsets"])
        values = np.frombuffer(data[start:end], dtype=kinds[of["dtype"]]).copy().reshape(of["shape"])
        state[key.removeprefix("main.")] = torch.from_numpy(values)
    net.load_state_dict(state, strict=True)

def read(name, *shape):
    return torch.from_numpy(np.fromfile(f"{folder}/{name}", dtype=np.float32)).to(dtype).reshape(-1, batch, *shape)

peer.NGF = peer.NDF = width
g, d, og, od = peer.make()
load(g, "generator")
load(d, "discriminator")
for group in og.param_groups + od.param_groups:
    group["lr"] = lr
pictures, noise = read("pictures", 3, 64, 64), read("noise", 100, 1, 1)
for step in range(steps):
    torch.randn = lambda *shape: noise[step]
    print(json.dumps(peer.step(pictures[step % len(pictures)], g, d, og, od)))
"#;

/// Loss_D, Loss_G, D(x) and both D(G(z)) of each step.
type Curves = Vec<[f32; 5]>;

/// A short training.
struct Training {
    config: DcganConfig,
    steps: usize,
    /// Gone through in this order, again and again.
    pictures: Vec<f32>,
    noise: Vec<f32>,
}

impl Training {
    /// PyTorch's in its type `dtype`.
    fn in_pytorch(&self, (interpreter, peer): &(PathBuf, PathBuf), dtype: &str) -> Curves {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("pictures"), &self.pictures);
        write(&at("noise"), &self.noise);
        let start = TrainState::new(&self.config, &Device::flex()).unwrap();
        save_weights(start.generator(), &at("generator.safetensors")).unwrap();
        save_weights(start.discriminator(), &at("discriminator.safetensors")).unwrap();
        let (config, steps) = (&self.config, self.steps);
        let lines = printed(
            Command::new(interpreter)
                .args(["-c", SCRIPT])
                .args([peer, folder.path()])
                .args([steps, config.batch_size].map(|number| number.to_string()))
                .args([config.lr.to_string(), config.ngf.to_string(), dtype.to_owned()]),
        );
        let lines = String::from_utf8(lines).unwrap();
        let curves: Curves = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(curves.len(), steps);
        curves
    }

    fn on(&self, device: &Device) -> Curves {
        let mut state = TrainState::new(&self.config, device).unwrap();
        let batch = self.config.batch_size;
        let run = |step: usize| {
            let of = |values: &[f32], shape: [usize; 4]| {
                let len = shape.iter().product::<usize>();
                let start = step * len % values.len();
                let data = TensorData::new(values[start..][..len].to_vec(), shape);
                Tensor::<4>::from_data(data, device)
            };
            let pictures = of(&self.pictures, [batch, 3, SIZE, SIZE]);
            let found = state.step(pictures, of(&self.noise, [batch, NZ, 1, 1]));
            [found.loss_d, found.loss_g, found.d_x, found.d_g_z1, found.d_g_z2]
        };
        (0..self.steps).map(run).collect()
    }
}

/// Values that do not repeat, in [-1, 1].
fn values(len: usize, start: u32) -> Vec<f32> {
    let value = |i: u32| ((f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0) as f32;
    (start..).take(len).map(value).collect()
}

fn write(path: &Path, values: &[f32]) {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(path, bytes).unwrap();
}

fn peer(test: &str) -> Option<(PathBuf, PathBuf)> {
    python(test, "TORCH_PYTHON").zip(shared(test, "peers/dcgan_torch.py"))
}

#[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn compare(test: &str, lr: f64, steps: usize) {
    let Some(peer) = peer(test) else { return };
    let config = DcganConfig::tutorial().with_lr(lr).with_batch_size(8);
    let training = Training {
        pictures: values(steps * config.batch_size * 3 * SIZE * SIZE, 1),
        noise: values(steps * config.batch_size * NZ, 77),
        config,
        steps,
    };
    let expected = training.in_pytorch(&peer, "float32");
    for device in devices() {
        for (step, (found, expected)) in training.on(&device).iter().zip(&expected).enumerate() {
            let close = found
                .iter()
                .zip(expected)
                .all(|(found, expected)| (found - expected).abs() <= 1e-3);
            assert!(
                close,
                "step {step} on {device:?}: {found:?} instead of {expected:?}"
            );
        }
    }
}

#[test]
fn first_step_has_pytorchs_losses() {
    compare("first_step_has_pytorchs_losses", DcganConfig::tutorial().lr, 1);
}

#[test]
fn twenty_small_steps_have_pytorchs_losses() {
    compare(
        "twenty_small_steps_have_pytorchs_losses",
        DcganConfig::tutorial().lr / 100.0,
        20,
    );
}

/// The largest distance of one of a step's five numbers.
fn worst(found: &[f32; 5], expected: &[f32; 5]) -> f32 {
    let distances = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    distances.max_by(f32::total_cmp).unwrap_or_default()
}

#[test]
fn first_steps_on_drawn_pictures_have_pytorchs_losses() {
    let test = "first_steps_on_drawn_pictures_have_pytorchs_losses";
    let Some(peer) = peer(test) else { return };
    let limits = [1e-3, 1e-2];
    for seed in 1..5 {
        let config = DcganConfig::tutorial().with_batch_size(8);
        let training = drawn(config, 3, 24, seed);
        let expected = training.in_pytorch(&peer, "float32");
        let own = training.in_pytorch(&peer, "float64");
        let distances = |curves: &Curves| -> Vec<f32> {
            let steps = curves.iter().zip(&expected);
            steps.map(|(found, expected)| worst(found, expected)).collect()
        };
        println!("seed {seed}: PyTorch's own {:?}", distances(&own));
        for device in devices() {
            let found = distances(&training.on(&device));
            println!("seed {seed}: {device:?} {found:?}");
            for (step, (found, limit)) in found.iter().zip(limits).enumerate() {
                assert!(
                    *found <= limit,
                    "step {step} of seed {seed} on {device:?}: {found}"
                );
            }
        }
    }
}

/// Two hundred steps at half of the tutorial's width: the kernels' Winograd filters are used from 32 channels on.
fn long_training(lr: f64) -> Training {
    let config = DcganConfig::tutorial()
        .with_lr(lr)
        .with_batch_size(16)
        .with_ngf(32)
        .with_ndf(32);
    drawn(config, 200, 256, 1)
}

/// A training on pictures of one rectangle each.
fn drawn(config: DcganConfig, steps: usize, pictures: usize, seed: u64) -> Training {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let pictures = (0..pictures).flat_map(|_| rectangle(&mut rng)).collect();
    let len = steps * config.batch_size * NZ;
    Training {
        config,
        steps,
        pictures,
        noise: StandardNormal.sample_iter(rng).take(len).collect(),
    }
}

/// A picture of a rectangle of any colour in the middle of white.
fn rectangle(rng: &mut ChaCha12Rng) -> Vec<f32> {
    let [rows, columns] = [(); 2].map(|()| {
        let inside: usize = rng.random_range(SIZE / 4..SIZE * 3 / 4);
        let start = (SIZE - inside) / 2;
        start..start + inside
    });
    let mut picture = vec![1.0; 3 * SIZE * SIZE];
    for plane in picture.chunks_exact_mut(SIZE * SIZE) {
        let color = rng.random_range(-1.0..1.0);
        for row in rows.clone() {
            plane[row * SIZE..][columns.clone()].fill(color);
        }
    }
    picture
}

/// Mean distance of Loss_D, and of Loss_G, in the first `steps`.
fn distances(found: &Curves, expected: &Curves, steps: usize) -> [f32; 2] {
    [0, 1].map(|which| {
        let pairs = found.iter().zip(expected).take(steps);
        let sum: f32 = pairs.map(|(f, e)| (f[which] - e[which]).abs()).sum();
        sum / steps as f32
    })
}

/// Measured at the tutorial's rate, mean distances of (Loss_D, Loss_G) from PyTorch's `f32`:
///
/// | steps | PyTorch `f64` | ours, ndarray | ours, flex |
/// |---|---|---|---|
/// | 10 | 0.001, 0.010 | 0.003, 0.009 | 0.002, 0.008 |
/// | 25 | 0.006, 0.049 | 0.005, 0.035 | 0.005, 0.037 |
/// | 50 | 0.018, 0.394 | 0.009, 0.149 | 0.011, 0.248 |
/// | 100 | 0.178, 1.24 | 0.117, 0.88 | 0.119, 1.01 |
/// | 200 | 0.278, 1.60 | 0.387, 1.88 | 0.222, 1.65 |
#[test]
fn curves_are_as_close_to_pytorchs_as_its_own_are_to_each_other() {
    let Some(peer) = peer("curves_are_as_close_to_pytorchs_as_its_own_are_to_each_other") else {
        return;
    };
    let training = long_training(DcganConfig::tutorial().lr);
    let expected = training.in_pytorch(&peer, "float32");
    let own = training.in_pytorch(&peer, "float64");
    let found = training.on(&devices()[0]);
    for steps in [10, 25, 50, 100, 200] {
        let (own, found) = (
            distances(&own, &expected, steps),
            distances(&found, &expected, steps),
        );
        println!("{steps} steps: PyTorch's own {own:?}, ours {found:?}");
        for (own, found) in own.into_iter().zip(found) {
            assert!(
                found <= 2.0 * own + 0.01,
                "{steps} steps: {found}, PyTorch's own {own}"
            );
        }
    }
}

/// At a tenth of the rate the curves stay together, so that a wrong setting shows, which it does not at the tutorial's:
/// there, PyTorch's own with a wrong decay of Adam's moments are no farther off than its `f64`. Measured, mean distances
/// of (Loss_D, Loss_G) from PyTorch's `f32`:
///
/// | steps | PyTorch `f64` | ours, ndarray | ours from PyTorch with beta1 0.55 | with beta2 0.99 | with the rate 2% higher |
/// |---|---|---|---|---|---|
/// | 10 | 0.00005, 0.00007 | 0.00004, 0.00007 | 0.0019, 0.0052 | 0.0004, 0.0002 | 0.0061, 0.0040 |
/// | 200 | 0.0010, 0.0083 | 0.0010, 0.0101 | not reached | 0.0138, 0.1413 | not reached |
#[test]
fn curves_at_a_tenth_of_the_rate_are_pytorchs() {
    let Some(peer) = peer("curves_at_a_tenth_of_the_rate_are_pytorchs") else {
        return;
    };
    let training = long_training(DcganConfig::tutorial().lr / 10.0);
    let expected = training.in_pytorch(&peer, "float32");
    let found = training.on(&devices()[0]);
    for (steps, limits) in [(10, [5e-4, 1e-3]), (200, [0.003, 0.02])] {
        let found = distances(&found, &expected, steps);
        println!("{steps} steps at a tenth of the rate: {found:?}");
        for (found, limit) in found.into_iter().zip(limits) {
            assert!(found <= limit, "{steps} steps: {found}, more than {limit}");
        }
    }
}
