#![doc = include_str!("../README.md")]

#[cfg(feature = "train")]
mod bench;
mod classify;
mod commands;
mod completions;
#[cfg(feature = "train")]
mod device;
mod doctor;
mod evaluate;
mod exit;
mod export;
#[cfg(feature = "train")]
mod fit;
#[cfg(feature = "train")]
mod generate;
mod generated_name;
mod hint;
mod ingest;
mod interrupt;
mod man;
mod memory;
mod method;
mod output;
mod output_folder;
#[cfg(feature = "train")]
mod precision;
mod progress;
mod review;
mod say;
mod score;
mod skips;
mod stats;
#[cfg(feature = "train")]
mod train;
mod values;

fn main() -> std::process::ExitCode {
    commands::run(std::env::args_os())
}
