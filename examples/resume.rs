//! Resumes a training run that was stopped: `cargo run --release --example resume -- [RUN]`
//!
//! Weights, log and samples are the same bytes as those of a training run that was not stopped.
#![allow(clippy::print_stdout, reason = "a program prints")]

use std::path::Path;

use ai4fashion_dcgan::{
    DcganConfig, Observer, RunFolder, SavedRun, Trainer, cpu,
    image::{Rgb, RgbImage},
    train::{Interrupter, StepMetrics, StepTiming},
};

/// Asks for a stop after a step; a program could do so at Ctrl-C.
struct StopAfter(usize, Interrupter);

impl<G> Observer<G> for StopAfter {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), ai4fashion_dcgan::Error> {
        if step.step == self.0 {
            self.1.stop();
        }
        Ok(())
    }
}

fn main() -> anyhow::Result<()> {
    let run = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "target/resume".to_owned());
    let run = Path::new(&run);
    let images: Vec<RgbImage> = (0..32)
        .map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 7, 80, 200])))
        .collect();
    let config = DcganConfig::tutorial()
        .with_image_size(8)
        .with_ngf(8)
        .with_ndf(8)
        .with_batch_size(8)
        .with_epochs(3);

    let interrupter = Interrupter::new();
    let stopped = Trainer::new(config.clone(), cpu())?
        .with_interrupter(interrupter.clone())
        .fit(
            &images,
            &mut [&mut RunFolder::create(run)?, &mut StopAfter(5, interrupter)],
        )?;
    println!("stopped after step {}", stopped.state.steps_done());

    // Another process would begin here.
    let saved = SavedRun::open(run)?;
    let checkpoint = saved.load(saved.newest()?)?;
    let mut folder = RunFolder::resume(&saved);
    let resumed = Trainer::new(config, cpu())?.resume(&checkpoint, &images, &mut [&mut folder])?;
    println!("resumed, and finished after step {}", resumed.state.steps_done());
    Ok(())
}
