//! The same training by us and by PyTorch, from the same weights, pictures and noise: what the tests beside it compare.

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

pub(crate) const NZ: usize = 100;
pub(crate) const SIZE: usize = 64;

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
    kinds = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
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
pub(crate) type Curves = Vec<[f32; 5]>;

/// A short training.
pub(crate) struct Training {
    pub(crate) config: DcganConfig,
    pub(crate) steps: usize,
    /// Gone through in this order, again and again.
    pub(crate) pictures: Vec<f32>,
    pub(crate) noise: Vec<f32>,
}

impl Training {
    /// PyTorch's in its type `dtype`.
    pub(crate) fn in_pytorch(&self, (interpreter, peer): &(PathBuf, PathBuf), dtype: &str) -> Curves {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("pictures"), &self.pictures);
        write(&at("noise"), &self.noise);
        let start = TrainState::new(&self.config, &Device::flex()).unwrap();
        save_weights(start.generator(), at("generator.safetensors")).unwrap();
        save_weights(start.discriminator(), at("discriminator.safetensors")).unwrap();
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

    pub(crate) fn on(&self, device: &Device) -> Curves {
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
/// A training on pictures of one rectangle each.
pub(crate) fn drawn(config: DcganConfig, steps: usize, pictures: usize, seed: u64) -> Training {
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

/// The largest distance of one of a step's five numbers.
pub(crate) fn worst(found: &[f32; 5], expected: &[f32; 5]) -> f32 {
    let distances = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    distances.max_by(f32::total_cmp).unwrap_or_default()
}

fn write(path: &Path, values: &[f32]) {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(path, bytes).unwrap();
}

pub(crate) fn peer(test: &str) -> Option<(PathBuf, PathBuf)> {
    python(test, "TORCH_PYTHON").zip(shared(test, "peers/dcgan_torch.py"))
}
