//! Hashes of what tiny training runs write, to compare two builds on one machine.
//!
//! They depend on the CPU, so that nothing is asserted. Run it before and after a change that
//! must not change the numbers, and compare what it prints:
//!
//! ```sh
//! cargo test -p ai4fashion-dcgan --test training_bytes -- --ignored --nocapture
//! ```

use std::fs;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_dcgan::{
    Augment, Condition, DcganConfig, ImageSource, Labels, Loss, RunFolder, SavedRun, Trainer,
    burn::tensor::Device,
    image::{Rgb, RgbImage},
    model::Upsampling,
};
use ai4fashion_files::sha256_hex;

struct Synthetic;

impl ImageSource for Synthetic {
    fn len(&self) -> usize {
        22
    }

    fn image(&self, index: usize) -> Result<RgbImage, ai4fashion_dcgan::Error> {
        let level = index as u8 * 11;
        Ok(RgbImage::from_fn(40, 30, |x, y| {
            Rgb([level, (x * 5) as u8, (y * 7) as u8 ^ level])
        }))
    }

    fn labels(&self, index: usize) -> Labels {
        Labels::default()
            .with_color(BasicColor::ALL[index % 11])
            .with_product_type(ProductType::ALL[index % 5])
    }
}

#[test]
#[ignore = "prints hashes to compare two builds, asserts nothing"]
#[allow(deprecated, reason = "ndarray is the default device")]
fn hashes_of_tiny_training_runs() {
    let base = DcganConfig::tutorial()
        .with_image_size(16)
        .with_nz(8)
        .with_ngf(8)
        .with_ndf(8)
        .with_batch_size(6)
        .with_epochs(2);
    let options = base
        .clone()
        .with_loss(Loss::Hinge)
        .with_ema(Some(0.9))
        .with_spectral_norm(true)
        .with_augment(vec![Augment::Translation, Augment::Cutout])
        .with_r1_gamma(1.0)
        .with_lr_decay(0.8)
        .with_condition(Condition::Both);
    let pairs = base
        .clone()
        .with_loss(Loss::Relativistic)
        .with_r1_gamma(1.0)
        .with_r2_gamma(1.0)
        .with_penalty_every(3)
        .with_lecam(0.3)
        .with_minibatch_std(true)
        .with_upsampling(Upsampling::Nearest);
    for (device_name, device) in [("ndarray", Device::ndarray()), ("flex", Device::flex())] {
        for (name, config) in [("plain", &base), ("options", &options), ("pairs", &pairs)] {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            let trainer = Trainer::new(config.clone(), device.clone()).unwrap();
            let mut folder = RunFolder::create(&path).unwrap();
            trainer.fit(&Synthetic, &mut [&mut folder]).unwrap();
            let run = SavedRun::open(&path).unwrap();
            let newest = run.newest().unwrap();
            for file in ["log.jsonl", "epochs.jsonl", "real.png", "samples/epoch-002.png"] {
                println!(
                    "{device_name} {name} {file} {}",
                    sha256_hex(&fs::read(path.join(file)).unwrap())
                );
            }
            let mut files: Vec<_> = fs::read_dir(newest)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            files.sort();
            for file in files
                .iter()
                .filter(|file| file.extension().is_some_and(|e| e == "safetensors"))
            {
                let name_of = file.file_name().unwrap().display().to_string();
                println!(
                    "{device_name} {name} {name_of} {}",
                    sha256_hex(&fs::read(file).unwrap())
                );
            }
        }
    }
}
