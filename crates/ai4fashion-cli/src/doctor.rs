//! `ai4fashion doctor`: what a report of a fault needs.

use std::{env, io::Write as _, thread::available_parallelism};

use ai4fashion_files::machine::memory_mib;
use clap::Args;
use serde_json::{Map, Value, json};

#[cfg(feature = "train")]
use crate::device::DeviceName;
use crate::{
    exit::Outcome,
    say::{Out, say},
};

/// Prints what a report of a fault needs: version, CPU, threads, devices, folders.
///
/// Nothing is sent anywhere.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0.

Examples:
  ai4fashion doctor
  ai4fashion doctor --json";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let facts = facts();
    if arguments.json {
        let object: Map<String, Value> = facts
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        say(Value::Object(object));
        return Ok(Outcome::Complete);
    }
    for (key, value) in facts {
        let words = match &value {
            Value::Array(values) if values.is_empty() => "none".to_owned(),
            Value::Null if key == "default_device" => "none".to_owned(),
            Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
            value => words(value),
        };
        writeln!(Out, "{:18}  {words}", key.replace('_', " "))?;
    }
    Ok(Outcome::Complete)
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "not known".to_owned(),
        value => value.to_string(),
    }
}

fn facts() -> Vec<(&'static str, Value)> {
    let threads = available_parallelism().ok().map(usize::from);
    vec![
        ("version", json!(env!("CARGO_PKG_VERSION"))),
        ("commit", known(env!("AI4FASHION_COMMIT"))),
        ("compiler", known(env!("AI4FASHION_RUSTC"))),
        (
            "system",
            json!(format!("{} {}", env::consts::OS, env::consts::ARCH)),
        ),
        (
            "build",
            json!(if cfg!(debug_assertions) {
                "development: slow, build with --release"
            } else {
                "release"
            }),
        ),
        ("cpu_features", json!(cpu_features())),
        ("threads", json!(threads)),
        ("rayon_threads", json!(rayon::current_num_threads())),
        ("memory_mib", json!(memory_mib().map(|mib| mib as u64))),
        ("default_device", json!(devices().first())),
        ("devices", json!(devices())),
        (
            "cache",
            json!("decoded images: cache/ in each data set, or `train --cache FILE`; nothing else is kept"),
        ),
        ("temporary_folder", json!(env::temp_dir().display().to_string())),
    ]
}

/// Null for what the build could not find out.
fn known(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => json!(text),
    }
}

/// The devices of this build, the default first; none without training.
fn devices() -> Vec<&'static str> {
    #[cfg(feature = "train")]
    return DeviceName::ALL.iter().map(|device| device.as_str()).collect();
    #[cfg(not(feature = "train"))]
    Vec::new()
}

/// What the kernels and the classifiers look for in this CPU, as far as it is there.
fn cpu_features() -> Vec<&'static str> {
    let mut found = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        let features = [
            ("sse4.1", is_x86_feature_detected!("sse4.1")),
            ("avx2", is_x86_feature_detected!("avx2")),
            ("fma", is_x86_feature_detected!("fma")),
            ("avx512f", is_x86_feature_detected!("avx512f")),
            ("avx512bf16", is_x86_feature_detected!("avx512bf16")),
            ("sha", is_x86_feature_detected!("sha")),
        ];
        found.extend(
            features
                .into_iter()
                .filter(|(_, is_there)| *is_there)
                .map(|(name, _)| name),
        );
    }
    #[cfg(target_arch = "aarch64")]
    {
        let features = [
            ("neon", std::arch::is_aarch64_feature_detected!("neon")),
            ("fp16", std::arch::is_aarch64_feature_detected!("fp16")),
            ("bf16", std::arch::is_aarch64_feature_detected!("bf16")),
        ];
        found.extend(
            features
                .into_iter()
                .filter(|(_, is_there)| *is_there)
                .map(|(name, _)| name),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_have_values() {
        for (key, value) in facts() {
            // Sources from an archive have no commit.
            let is_told = !value.is_null() || ["commit", "memory_mib"].contains(&key);
            assert!(is_told && words(&value) != "\"\"", "{key}: {value}");
        }
    }
}
