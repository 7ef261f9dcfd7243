//! Trains a DCGAN: `cargo run --release --example train -- DATASET RUN [EPOCHS] [IMAGE_SIZE]`
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{DcganConfig, RunFolder, Trainer, cpu, data::Subset};
use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next().context("name a data set")?;
    let run = arguments.next().context("name a folder for the run")?;
    let epochs = arguments.next().map_or(Ok(5), |epochs| epochs.parse())?;
    let image_size = arguments.next().map_or(Ok(64), |size| size.parse())?;

    let dataset = Dataset::open(data)?;
    let garments = Subset::new(&dataset, |labels| labels.product_type.is_some());
    println!(
        "training on {} of {} images",
        dataset.len() - garments.filtered(),
        dataset.len()
    );

    // The tutorial's settings, except for what is named here.
    let config = DcganConfig::tutorial()
        .with_epochs(epochs)
        .with_image_size(image_size)
        .with_batch_size(32)
        .with_ngf(16)
        .with_ndf(16);
    // It writes settings, log, loss plot, samples, checkpoints and report.html.
    let mut folder = RunFolder::create(&run)?;
    let trained = Trainer::new(config, cpu())?.fit(&garments, &mut [&mut folder])?;
    println!("{} steps done: see {run}/report.html", trained.state.steps_done());
    Ok(())
}
