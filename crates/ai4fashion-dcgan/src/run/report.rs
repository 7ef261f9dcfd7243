//! The report of a run: one HTML page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::{
    json_lines::{complete_lines, parse, read_text},
    numbers::median,
    write_atomic,
};
use ai4fashion_image::{Limits, decode, encode_jpeg};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::{Environment, value::Serde};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    config::shown,
    error::Error,
    run::{
        charts,
        layout::{EPOCHS, METADATA, REAL_VS_FAKE, SAMPLES_OVER_TIME, STEPS, TIMES, WARNINGS},
        sample_files,
        saved::read_config,
        warnings::Warning,
    },
    train::metrics::StepMetrics,
};

/// Sample grids that are shown, evenly chosen among the epochs.
const GRIDS: usize = 8;
/// JPEG quality of the images on the page.
const QUALITY: u8 = 85;
const TEMPLATE: &str = "report.html";

/// Writes `report.html` into a run folder: figures, warnings, charts, samples and all settings on
/// one page.
///
/// The page needs no other file. What the run has not written yet is left out. `commands` are
/// suggested at its end.
///
/// # Errors
/// [`ErrorKind::NotARun`](crate::ErrorKind::NotARun) if `run` is not a run folder; also if a file
/// of it cannot be read or parsed, or the page cannot be written.
pub fn write_report(run: impl AsRef<Path>, commands: &[String]) -> Result<PathBuf, Error> {
    let run = run.as_ref();
    let page = run.join(TEMPLATE);
    let config: Value = read_config(run)?;
    let steps: Vec<StepMetrics> = lines(run, STEPS)?;
    // No result depends on it: lines may be missing or torn.
    let times = read_text(run.join(TIMES)).map_err(Error::file)?;
    let times: Vec<Value> = times
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let metadata = read_text(run.join(METADATA)).map_err(Error::file)?;
    let metadata: Value = serde_json::from_str(&metadata).unwrap_or_default();
    let epochs: Vec<Value> = lines(run, EPOCHS)?;
    let warnings: Vec<Warning> = lines(run, WARNINGS)?;
    let warnings: Vec<String> = warnings.iter().map(Warning::to_string).collect();
    let whole = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let losses = fs::read(run.join("losses.svg")).ok();
    let distances = charts::distances(&distances(&epochs));
    let content = json!({
        "name": whole.file_name().map(|name| name.display().to_string()),
        "steps": steps.len(),
        "epochs": epochs.len(),
        "figures": figures(&steps, &times, &epochs),
        "warnings": warnings,
        "losses": losses.map(|svg| data_uri("image/svg+xml", &svg)),
        "distances": distances.map(|svg| data_uri("image/svg+xml", svg.as_bytes())),
        "real_vs_fake": embedded(run, REAL_VS_FAKE),
        "grids": grids(run)?,
        "samples_over_time": SAMPLES_OVER_TIME,
        "metadata": settings("", &metadata),
        "settings": settings("", &config),
        "config": config,
        "commands": commands,
    });
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(TEMPLATE, include_str!("report/report.html"))?;
        let template = environment.get_template(TEMPLATE)?;
        template.render(Serde(content))
    };
    let html = html().map_err(Error::encode(&page))?;
    write_atomic(&page, html.as_bytes()).map_err(Error::file)?;
    Ok(page)
}

#[derive(Serialize)]
struct Figure {
    name: &'static str,
    value: String,
}

fn figures(steps: &[StepMetrics], times: &[Value], epochs: &[Value]) -> Vec<Figure> {
    let mut figures = vec![Figure {
        name: "epochs done",
        value: epochs.iter().filter_map(number).max().unwrap_or(0).to_string(),
    }];
    let mut add = |name, value| figures.push(Figure { name, value });
    if let Some(last) = steps.last() {
        add("steps in an epoch", last.batches.to_string());
        add("last Loss_D", format!("{:.3}", last.loss_d));
        add("last Loss_G", format!("{:.3}", last.loss_g));
        add("last D(x)", format!("{:.3}", last.d_x));
        add("last D(G(z))", format!("{:.3}", last.d_g_z1));
    }
    let of = |field: &str| -> Vec<f64> {
        let values = times.iter().filter_map(|time| time.get(field)?.as_f64());
        values.collect()
    };
    let (mut seconds, waited) = (of("seconds"), of("waited"));
    let total: f64 = seconds.iter().sum();
    if let Some(middle) = median(&mut seconds) {
        add("seconds a step, median", format!("{middle:.2}"));
        let minutes = format!("{:.1}", total / 60.0);
        add(
            "total minutes",
            if times.len() < steps.len() {
                format!("{minutes} for {} of {} steps", times.len(), steps.len())
            } else {
                minutes
            },
        );
        let share = waited.iter().sum::<f64>() / total * 100.0;
        add("waiting for images", format!("{share:.1}%"));
    }
    figures
}

/// The number of a line of `epochs.jsonl`, from 1.
fn number(epoch: &Value) -> Option<usize> {
    usize::try_from(epoch.get("epoch")?.as_u64()?).ok()
}

/// The distances by epoch, from epoch 0, which has none; unknown distances are NaN.
fn distances(epochs: &[Value]) -> Vec<f32> {
    let known = epochs.iter().filter_map(|epoch| {
        let distance = epoch.get("distance")?.as_f64()? as f32;
        Some((number(epoch)?, distance))
    });
    let mut distances = Vec::new();
    for (epoch, distance) in known {
        if distances.len() <= epoch {
            distances.resize(epoch + 1, f32::NAN);
        }
        distances[epoch] = distance;
    }
    distances
}

#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
}

/// Lists the fields of an object, and the fields of objects in it.
fn settings(within: &str, object: &Value) -> Vec<Setting> {
    let fields = object.as_object().into_iter().flatten();
    let rows = fields.flat_map(|(name, value)| {
        let name = format!("{within}{name}");
        if value.is_object() {
            return settings(&format!("{name}."), value);
        }
        let value = shown(value);
        vec![Setting { name, value }]
    });
    rows.collect()
}

#[derive(Serialize)]
struct Grid {
    epoch: usize,
    image: String,
}

fn grids(run: &Path) -> Result<Vec<Grid>, Error> {
    let epochs = sample_files::epochs(run)?;
    let shown = GRIDS.min(epochs.len());
    let places = (0..shown).map(|place| place * (epochs.len() - 1) / (shown - 1).max(1));
    let grid = |epoch: usize| {
        let image = embedded(run, &sample_files::name(epoch))?;
        Some(Grid { epoch, image })
    };
    Ok(places.filter_map(|place| grid(epochs[place])).collect())
}

/// Embeds an image of the run as JPEG: a tenth of the PNG's size, so that the page stays small.
fn embedded(run: &Path, file: &str) -> Option<String> {
    let bytes = fs::read(run.join(file)).ok()?;
    let image = decode(&bytes, &Limits::default()).ok()?.into_rgb8();
    Some(data_uri("image/jpeg", &encode_jpeg(&image, QUALITY).ok()?))
}

fn data_uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(bytes))
}

/// Reads the values of a log, if it exists; a line that a killed process has not ended is left out.
fn lines<T: DeserializeOwned>(run: &Path, file: &str) -> Result<Vec<T>, Error> {
    let path = run.join(file);
    let text = read_text(&path).map_err(Error::file)?;
    let text: String = complete_lines(&text).collect();
    parse(&path, &text).map_err(Error::file)
}

#[cfg(test)]
mod tests;
