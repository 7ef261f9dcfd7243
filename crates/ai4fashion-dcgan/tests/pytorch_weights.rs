//! Weights to PyTorch's networks of the tutorial and back: the networks answer alike on both sides.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, path::Path, process::Command};

use ai4fashion_dcgan::{
    DcganConfig, Discriminator, Generator,
    burn::tensor::{Device, Tensor, TensorData},
    load_discriminator, load_generator, save_weights,
};
use ai4fashion_testkit::{printed, python, shared};

/// Two functions for both ways: `read` and `write` arrays, and the reference's networks within a module named `main`, as
/// the tutorial's are.
const SCRIPT: &str = r#"
import importlib.util, json, struct, sys
import numpy as np, torch

spec = importlib.util.spec_from_file_location("peer", sys.argv[1])
peer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peer)
folder = sys.argv[2]

class Net(torch.nn.Module):
    def __init__(self, main):
        super().__init__()
        self.main = main

def write(name, tensor):
    tensor.detach().numpy().astype("<f4").tofile(f"{folder}/{name}")

def safetensors(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    kinds = {"F32": np.float32, "I64": np.int64}
    for key, of in json.loads(data[8:8 + size]).items():
        start, end = (8 + size + offset for offset in of["data_offsets"])
        values = np.frombuffer(data[start:end], dtype=kinds[of["dtype"]]).copy().reshape(of["shape"])
        yield key, torch.from_numpy(values)

torch.manual_seed(5)
noise = torch.randn(4, 100, 1, 1)
g, d = (Net(net) for net in peer.make()[:2])
if sys.argv[3] == "save":
    d.main(g.main(torch.randn(16, 100, 1, 1)))  # moves the running statistics
    torch.save(g.state_dict(), f"{folder}/netG.pth")
    torch.save(d.state_dict(), f"{folder}/netD.pth")
else:
    g.load_state_dict(dict(safetensors(f"{folder}/generator.safetensors")), strict=True)
    d.load_state_dict(dict(safetensors(f"{folder}/discriminator.safetensors")), strict=True)
pictures = g.eval().main(noise)
write("noise", noise)
write("pictures", pictures)
write("logits", d.eval().main(pictures))
"#;

/// Has the script `save` or `load`, and answers with noise, pictures and logits.
fn pytorch(test: &str, folder: &Path, what: &str) -> Option<[Vec<f32>; 3]> {
    let (interpreter, peer) = python(test, "TORCH_PYTHON").zip(shared(test, "peers/dcgan_torch.py"))?;
    let mut script = Command::new(interpreter);
    let _ = printed(script.args(["-c", SCRIPT]).args([&peer, folder]).arg(what));
    Some(["noise", "pictures", "logits"].map(|name| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let (numbers, _) = bytes.as_chunks();
        numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()
    }))
}

fn agree(generator: &Generator, discriminator: &Discriminator, device: &Device, expected: [Vec<f32>; 3]) {
    let [noise, pictures, logits] = expected;
    let drawn = generator.forward(Tensor::<4>::from_data(
        TensorData::new(noise, [4, 100, 1, 1]),
        device,
    ));
    let judged = discriminator.forward(drawn.clone());
    close(&drawn.into_data(), &pictures);
    close(&judged.into_data(), &logits);
}

fn close(found: &TensorData, expected: &[f32]) {
    let found = found.as_slice::<f32>().unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-4, "{found} instead of {expected}");
    }
}

#[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

#[test]
fn networks_of_pth_files_answer_as_in_pytorch() {
    let folder = tempfile::tempdir().unwrap();
    let Some(expected) = pytorch(
        "networks_of_pth_files_answer_as_in_pytorch",
        folder.path(),
        "save",
    ) else {
        return;
    };
    let config = DcganConfig::tutorial();
    for device in devices() {
        let generator = load_generator(&config, &device, folder.path().join("netG.pth")).unwrap();
        let discriminator = load_discriminator(&config, &device, folder.path().join("netD.pth")).unwrap();
        agree(&generator, &discriminator, &device, expected.clone());
    }
}

#[test]
fn networks_answer_in_pytorch_as_here() {
    let folder = tempfile::tempdir().unwrap();
    let config = DcganConfig::tutorial();
    for device in devices() {
        let generator = Generator::new(&config, &device).unwrap();
        let discriminator = Discriminator::new(&config, &device).unwrap();
        save_weights(&generator, folder.path().join("generator.safetensors")).unwrap();
        save_weights(&discriminator, folder.path().join("discriminator.safetensors")).unwrap();
        let Some(expected) = pytorch("networks_answer_in_pytorch_as_here", folder.path(), "load") else {
            return;
        };
        agree(&generator, &discriminator, &device, expected);
    }
}
