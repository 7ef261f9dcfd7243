//! The files of a run folder.
//!
//! ```text
//! config.json                  the settings, written before the first step
//! program.json                 what the program that trains wants to find again, if it does
//! real.png                     64 real pictures, as the networks see them
//! log.jsonl                    a line a step: losses and probabilities, no clock times
//! timing.jsonl                 a line a step: seconds, and seconds of them spent waiting for pictures
//! epochs.jsonl                 a line an epoch: the distance of drawn pictures from real ones, and how much they vary
//! warnings.jsonl               a line a warning
//! losses.svg, losses.png       this and all below after every epoch, or at the interval that was asked for
//! samples/epoch-NNN.png        drawn from the fixed noise, NNN from 001
//! samples/stopped.png          the same where the run was stopped, until it goes on
//! real-vs-fake.png
//! film.png                     the samples over time
//! report.html                  all of it on one page
//! checkpoints/step-NNNNNN/     NNNNNN the steps done; the newest ones and the best one are kept:
//!     generator.safetensors, discriminator.safetensors, generator_ema.safetensors with an averaged generator,
//!     optimizer_g.safetensors, optimizer_d.safetensors, state.json with the hashes of all of them,
//!     state.json.sha256 with its own, as `sha256sum -c` reads it
//! ```

pub(super) const CONFIG: &str = "config.json";
pub(super) const PROGRAM: &str = "program.json";
pub(super) const STEPS: &str = "log.jsonl";
pub(super) const TIMES: &str = "timing.jsonl";
pub(super) const EPOCHS: &str = "epochs.jsonl";
pub(super) const WARNINGS: &str = "warnings.jsonl";
pub(super) const LOCK: &str = ".lock";
