//! Trains the tutorial's DCGAN on a data set: `cargo run --release --example train -- --data DATASET --run RUN`

use std::{path::PathBuf, process::ExitCode};

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{DcganConfig, RunFolder, Trainer};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    machine::keep_freed_memory,
    precision::PrecisionName,
    progress::TrainBar,
    say::say,
};
use clap::Parser;

/// Trains a DCGAN on a data set. All defaults are those of the PyTorch DCGAN tutorial.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The data set: a folder that `ingest` has written
    #[arg(long)]
    data: PathBuf,
    /// Where log, plots, samples and weights go: a folder that is not there yet, or empty
    #[arg(long)]
    run: PathBuf,
    /// How often the data set is gone through
    #[arg(long, default_value_t = DcganConfig::tutorial().epochs)]
    epochs: usize,
    /// Train on the first LIMIT pictures only
    #[arg(long)]
    limit: Option<usize>,
    /// The number that weights, noise and order are drawn from
    #[arg(long, default_value_t = DcganConfig::tutorial().seed)]
    seed: u64,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
    /// What the products of convolutions are made of
    #[arg(long, value_enum, default_value_t)]
    precision: PrecisionName,
    /// Pictures of one step
    #[arg(long, alias = "batch", default_value_t = DcganConfig::tutorial().batch_size)]
    batch_size: usize,
    /// Side length of the pictures in pixels: 8, 16, 32, 64 or 128
    #[arg(long, alias = "size", default_value_t = DcganConfig::tutorial().image_size)]
    image_size: usize,
    /// Length of the noise vector
    #[arg(long, default_value_t = DcganConfig::tutorial().nz)]
    nz: usize,
    /// Width of the generator in channels
    #[arg(long, default_value_t = DcganConfig::tutorial().ngf)]
    ngf: usize,
    /// Width of the discriminator in channels
    #[arg(long, default_value_t = DcganConfig::tutorial().ndf)]
    ndf: usize,
    /// Adam's learning rate
    #[arg(long, default_value_t = DcganConfig::tutorial().lr)]
    lr: f64,
    /// Adam's decay of the first moment
    #[arg(long, default_value_t = DcganConfig::tutorial().beta1)]
    beta1: f64,
    /// Threads that decode pictures
    #[arg(long, default_value_t = DcganConfig::tutorial().workers)]
    workers: usize,
}

impl Args {
    fn config(&self) -> DcganConfig {
        DcganConfig::tutorial()
            .with_epochs(self.epochs)
            .with_limit(self.limit)
            .with_seed(self.seed)
            .with_batch_size(self.batch_size)
            .with_image_size(self.image_size)
            .with_nz(self.nz)
            .with_ngf(self.ngf)
            .with_ndf(self.ndf)
            .with_lr(self.lr)
            .with_beta1(self.beta1)
            .with_workers(self.workers)
    }
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    keep_freed_memory();
    args.precision.choose()?;
    let trainer = Trainer::new(args.config(), args.device.open())?;
    let dataset = Dataset::open(&args.data)?;
    let mut folder = RunFolder::create(&args.run)?;
    trainer.fit(&dataset, &mut [&mut folder, &mut TrainBar::new(50)])?;
    let run = args.run.display();
    say(format_args!("samples            {run}/samples"));
    say(format_args!("losses             {run}/losses.png"));
    say(format_args!("real beside drawn  {run}/real-vs-fake.png"));
    say(format_args!(
        "to draw more       cargo run --release --example generate -- --run {run} --out DIR"
    ));
    Ok(Outcome::Complete)
}
