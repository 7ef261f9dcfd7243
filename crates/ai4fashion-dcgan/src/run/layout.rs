//! The files of a run folder.
//!
//! ```text
//! config.json                  the settings, written before the first step
//! metadata.json                the caller's own metadata, if there is any
//! real.png                     64 real images, cropped and scaled for the networks
//! log.jsonl                    a line a step: losses and probabilities, no clock times
//! timing.jsonl                 a line a step: seconds, and seconds spent waiting for images
//! epochs.jsonl                 a line an epoch: distance of generated from real images, diversity
//! warnings.jsonl               a line a warning
//! scores.jsonl                 a line an epoch that was scored: scores of generated images
//! losses.svg, losses.png       these and all below after every epoch, or at the chosen interval
//! samples/epoch-NNN.png        images from the fixed noise, NNN from 001
//! samples/stopped.png          the same where the run was stopped, until it is resumed
//! samples-over-time.png        the samples of all epochs as an animated PNG
//! real-vs-fake.png             real beside generated images
//! report.html                  all of it on one page
//! checkpoints/step-NNNNNN/     NNNNNN the number of steps done:
//!     generator.safetensors, discriminator.safetensors,
//!     generator_ema.safetensors with an averaged generator,
//!     optimizer_g.safetensors, optimizer_d.safetensors, state.json with the hashes of all of them
//!     and of the logs up to here, state.json.sha256 with its own hash, as `sha256sum -c` reads it
//! ```

pub(super) const CONFIG: &str = "config.json";
pub(super) const METADATA: &str = "metadata.json";
pub(super) const REAL: &str = "real.png";
pub(super) const STEPS: &str = "log.jsonl";
pub(super) const TIMES: &str = "timing.jsonl";
pub(super) const EPOCHS: &str = "epochs.jsonl";
pub(super) const WARNINGS: &str = "warnings.jsonl";
pub(super) const SCORES: &str = "scores.jsonl";
pub(super) const SAMPLES_OVER_TIME: &str = "samples-over-time.png";
/// What is made of the logs and samples.
pub(super) const CHARTS: [&str; 4] = ["losses.svg", "losses.png", "real-vs-fake.png", "report.html"];
#[cfg(feature = "report")]
pub(super) const REAL_VS_FAKE: &str = "real-vs-fake.png";
pub(super) const LOCK: &str = ".lock";
