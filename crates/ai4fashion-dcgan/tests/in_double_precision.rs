//! The tutorial's training in `f64`, at its own rate, beside PyTorch's in `f64`.
//!
//! In `f32` two correct programs part by more than 1e-3 within three steps (see
//! `against_torch.rs`), so that there only the first ones can be compared one by one. In `f64`
//! rounding is too small for that: twenty steps, in networks of a quarter of the width, and three
//! in the full ones, show that networks, losses, gradients, Adam's formula and their order are
//! PyTorch's. Layers and Adam are Burn's own operations here, because the kernels are of `f32`;
//! these are compared one by one in `ai4fashion-kernels`. The five numbers of a step are `f32`, so
//! that is how closely they are compared.
//!
//! Steps with options beyond the tutorial are compared in the same way, with the networks and the
//! step of `golden/options.py`.
//!
//! Checkpoints hold such a training run to the last bit, too.
//!
//! In a program of its own, because a device's type is chosen once in a process.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![allow(clippy::print_stdout, reason = "`--nocapture` shows the distances")]

mod torch;

use std::{fs, path::Path, sync::LazyLock};

use ai4fashion_dcgan::{
    DcganConfig, Loss, RunFolder, SavedRun, Trainer,
    burn::tensor::{Device, FloatDType},
    image::{Rgb, RgbImage},
    model::Upsampling,
};
use safetensors::Dtype;
use torch::{Curves, Training, cases, worst};

static DEVICE: LazyLock<Device> = LazyLock::new(|| {
    let mut device = Device::flex();
    device.configure(FloatDType::F64).unwrap();
    device
});

/// PyTorch's five numbers of each step.
#[derive(serde::Deserialize)]
struct Steps {
    #[serde(flatten)]
    training: Training,
    losses: Curves,
}

/// Twenty steps of networks of a quarter of the width, and three of the tutorial's.
fn golden() -> [Steps; 2] {
    let mut golden: Vec<Steps> = cases(include_str!("golden/training.json"));
    golden.retain(|golden| golden.training.lr == 2e-4);
    golden.try_into().ok().unwrap()
}

fn compare(Steps { training, losses }: Steps) {
    let found = training.on(&DEVICE, Dtype::F64);
    assert_eq!(found.len(), losses.len());
    for (step, (found, expected)) in found.iter().zip(&losses).enumerate() {
        let distance = worst(found, expected);
        println!("{training:?}, step {step}: {distance:e} of {found:?}");
        assert!(
            distance <= 2e-6,
            "{training:?}, step {step}: {found:?} instead of {expected:?}"
        );
    }
}

#[test]
fn twenty_steps_at_the_tutorials_rate_are_pytorchs() {
    let [twenty, _] = golden();
    assert_eq!(twenty.training.steps, 20);
    compare(twenty);
}

#[test]
fn three_steps_of_the_tutorials_networks_are_pytorchs() {
    let [_, three] = golden();
    assert_eq!(
        three.training.config(),
        DcganConfig::tutorial().with_batch_size(8)
    );
    assert_eq!(three.training.steps, 3);
    compare(three);
}

/// A rate that is 1% higher is told by the third step.
#[test]
fn a_wrong_rate_is_told_from_pytorchs() {
    let [_, Steps { training, losses }] = golden();
    let wrong = Training {
        lr: 1.01 * training.lr,
        ..training
    };
    let found = wrong.on(&DEVICE, Dtype::F64);
    assert!(worst(&found[0], &losses[0]) > 2e-6);
    assert!(worst(&found[2], &losses[2]) > 1e-4);
}

/// A case of `golden/options.json`.
#[derive(serde::Deserialize)]
struct Options {
    #[serde(flatten)]
    training: Training,
    loss: Loss,
    lecam: f64,
    upsampling: Upsampling,
    minibatch_std: bool,
    losses: Curves,
}

impl Options {
    fn config(&self) -> DcganConfig {
        let config = self.training.config().with_loss(self.loss);
        let config = config.with_lecam(self.lecam).with_upsampling(self.upsampling);
        config.with_minibatch_std(self.minibatch_std)
    }

    /// How far the steps of `config` are from PyTorch's, at worst.
    fn distance(&self, config: DcganConfig) -> f32 {
        let found = self.training.with_config(config, &DEVICE, Dtype::F64);
        assert_eq!(found.len(), self.losses.len());
        let distances = found.iter().zip(&self.losses).map(|(f, e)| worst(f, e));
        distances.max_by(f32::total_cmp).unwrap()
    }
}

#[test]
fn steps_with_options_beyond_the_tutorial_are_pytorchs() {
    for options in cases::<Options>(include_str!("golden/options.json")) {
        let config = options.config();
        let distance = options.distance(config.clone());
        println!("{config:?}: {distance:e}");
        assert!(distance <= 2e-6, "{config:?}: {distance:e}");
        if options.lecam > 0.0 {
            // The numbers tell another weight.
            let distance = options.distance(config.with_lecam(1.1 * options.lecam));
            assert!(distance > 1e-2, "{distance:e}");
        }
    }
}

#[test]
fn run_goes_on_from_a_checkpoint_to_the_same_bytes() {
    let temp = tempfile::tempdir().unwrap();
    let images: Vec<RgbImage> = (0..10)
        .map(|level| RgbImage::from_pixel(8, 8, Rgb([level * 25, 90, 200])))
        .collect();
    let trainer = |epochs| {
        let config = DcganConfig::tutorial().with_image_size(8).with_nz(4);
        let config = config.with_ngf(4).with_ndf(4).with_batch_size(5);
        Trainer::new(config.with_epochs(epochs).with_ema(Some(0.9)), DEVICE.clone()).unwrap()
    };
    let fit = |path: &Path, epochs| {
        let mut folder = RunFolder::create(path).unwrap();
        trainer(epochs).fit(&images, &mut [&mut folder]).unwrap();
    };
    let [whole, halves] = ["whole", "halves"].map(|name| temp.path().join(name));
    fit(&whole, 2);
    fit(&halves, 1);
    let run = SavedRun::open(&halves).unwrap();
    let checkpoint = run.load(run.newest().unwrap()).unwrap();
    let resumed = trainer(2).resume(&checkpoint, &images, &mut [&mut RunFolder::resume(&run)]);
    resumed.unwrap();
    for file in [
        "log.jsonl",
        "checkpoints/step-000004/generator.safetensors",
        "checkpoints/step-000004/generator_ema.safetensors",
        "checkpoints/step-000004/optimizer_g.safetensors",
        "checkpoints/step-000004/optimizer_d.safetensors",
    ] {
        let [whole, halves] = [&whole, &halves].map(|run| fs::read(run.join(file)).unwrap());
        assert!(whole == halves, "{file}");
    }
}
