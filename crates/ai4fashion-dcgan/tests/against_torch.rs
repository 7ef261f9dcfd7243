//! Twenty training steps beside PyTorch's: the same initial weights, pictures and noise, in the tutorial's own networks.
//! It also shows that PyTorch takes our files of weights, with `strict=True`.
//!
//! At the tutorial's learning rate two correct programs part early: Adam's first steps have the size of the rate for
//! every weight, however small its gradient, so the last bit of a gradient decides a sign. PyTorch's own runs in `f32` and
//! `f64` differ by more than 1e-3 from the third step on (batch 64, real pictures). So the first two steps are compared
//! at that rate, and twenty at a hundredth of it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, path::Path, process::Command};

use ai4fashion_dcgan::{
    DcganConfig, TrainState,
    burn::tensor::{Device, Tensor, TensorData},
    save_discriminator, save_generator,
};
use ai4fashion_testkit::{python, shared};

const BATCH: usize = 8;
const NZ: usize = 100;

/// Reads our weights and the bytes of pictures and noise, runs the reference's `step` on them, and prints the five
/// numbers of each step.
const SCRIPT: &str = r#"
import importlib.util, json, struct, sys
import numpy as np, torch

spec = importlib.util.spec_from_file_location("peer", sys.argv[1])
peer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peer)
folder, steps, batch = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

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

g, d, og, od = peer.make()
load(g, "generator")
load(d, "discriminator")
for group in og.param_groups + od.param_groups:
    group["lr"] = float(sys.argv[5])
pictures = torch.from_numpy(np.fromfile(f"{folder}/pictures", dtype=np.float32)).reshape(steps, batch, 3, 64, 64)
noise = torch.from_numpy(np.fromfile(f"{folder}/noise", dtype=np.float32)).reshape(steps, batch, 100, 1, 1)
for step in range(steps):
    torch.randn = lambda *shape: noise[step]
    print(json.dumps(peer.step(pictures[step], g, d, og, od)))
"#;

/// Values that do not repeat, in [-1, 1].
fn values(len: usize, start: u32) -> Vec<f32> {
    let value = |i: u32| ((f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0) as f32;
    (start..).take(len).map(value).collect()
}

fn write(path: &Path, values: &[f32]) {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(path, bytes).unwrap();
}

fn compare(test: &str, lr: f64, steps: usize) {
    let (Some(interpreter), Some(peer)) =
        (python(test, "TORCH_PYTHON"), shared(test, "peers/dcgan_torch.py"))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (pictures, noise) = (
        values(steps * BATCH * 3 * 64 * 64, 1),
        values(steps * BATCH * NZ, 77),
    );
    write(&at("pictures"), &pictures);
    write(&at("noise"), &noise);
    let config = DcganConfig::tutorial().with_lr(lr);
    let start = TrainState::new(&config, &Device::flex()).unwrap();
    save_generator(start.generator(), &at("generator.safetensors")).unwrap();
    save_discriminator(start.discriminator(), &at("discriminator.safetensors")).unwrap();

    let output = Command::new(interpreter)
        .args(["-c", SCRIPT])
        .args([peer, folder.path().to_owned()])
        .args([steps.to_string(), BATCH.to_string(), lr.to_string()])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<[f32; 5]> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(expected.len(), steps);

    for device in devices() {
        let mut state = TrainState::new(&config, &device).unwrap();
        for (step, expected) in expected.iter().enumerate() {
            let of = |values: &[f32], shape: [usize; 4]| {
                let len = shape.iter().product::<usize>();
                let data = TensorData::new(values[step * len..][..len].to_vec(), shape);
                Tensor::<4>::from_data(data, &device)
            };
            let found = state.step(of(&pictures, [BATCH, 3, 64, 64]), of(&noise, [BATCH, NZ, 1, 1]));
            let found = [found.loss_d, found.loss_g, found.d_x, found.d_g_z1, found.d_g_z2];
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

#[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

#[test]
fn first_steps_have_pytorchs_losses() {
    compare("first_steps_have_pytorchs_losses", DcganConfig::tutorial().lr, 2);
}

#[test]
fn twenty_small_steps_have_pytorchs_losses() {
    compare(
        "twenty_small_steps_have_pytorchs_losses",
        DcganConfig::tutorial().lr / 100.0,
        20,
    );
}
