//! A run on one page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{
    Limits, decode, jpeg,
    plot::{Line, LineChart},
    write_atomic,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::{Environment, value::Serde};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    config::shown,
    error::{Error, ErrorKind},
    run::{
        layout::{EPOCHS, PROGRAM, STEPS, TIMES, WARNINGS},
        logs, samples,
        saved::read_config,
        warnings::Warning,
    },
    train::metrics::StepLog,
};

/// Grids that are shown, evenly chosen among the epochs.
const GRIDS: usize = 8;
/// JPEG quality of the pictures on the page.
const QUALITY: u8 = 85;
const TEMPLATE: &str = "report.html";

/// Writes `report.html` into a run's folder: figures, warnings, both charts, real beside drawn, the same noise over time
/// and all settings, on one page that needs nothing else. What the run has not written yet is left out.
///
/// # Errors
/// [`ErrorKind::NotARun`] if `run` is no run's folder; also if a file of it cannot be read or understood, or the page not be
/// written.
pub fn write_report(run: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let run = run.as_ref();
    let page = run.join(TEMPLATE);
    let config: Value = read_config(run)?;
    let steps: Vec<StepLog> = lines(run, STEPS)?;
    // No result depends on it: lines may be missing or torn.
    let times = logs::read(&run.join(TIMES))?;
    let times: Vec<Value> = times
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let program = logs::read(&run.join(PROGRAM))?;
    let program: Value = serde_json::from_str(&program).unwrap_or_default();
    let epochs: Vec<Value> = lines(run, EPOCHS)?;
    let warnings: Vec<Warning> = lines(run, WARNINGS)?;
    let warnings: Vec<String> = warnings.iter().map(Warning::to_string).collect();
    let whole = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let content = json!({
        "name": whole.file_name().map(|name| name.display().to_string()),
        "path": quoted(run),
        "steps": steps.len(),
        "figures": figures(&steps, &times, &epochs),
        "warnings": warnings,
        "losses": fs::read(run.join("losses.svg")).ok().map(|svg| data_uri("image/svg+xml", &svg)),
        "distances": chart(&distances(&epochs)),
        "real_vs_fake": embedded(run, "real-vs-fake.png"),
        "grids": grids(run),
        "program": settings("", &program),
        "settings": settings("", &config),
        "config": config,
    });
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(TEMPLATE, include_str!("report/report.html"))?;
        let template = environment.get_template(TEMPLATE)?;
        template.render(Serde(content))
    };
    let html = html().map_err(|source| ErrorKind::Page {
        path: page.clone(),
        source: source.into(),
    })?;
    write_atomic(&page, html.as_bytes())?;
    Ok(page)
}

#[derive(Serialize)]
struct Figure {
    name: &'static str,
    value: String,
}

fn figures(steps: &[StepLog], times: &[Value], epochs: &[Value]) -> Vec<Figure> {
    let mut figures = vec![Figure {
        name: "epochs done",
        value: epochs.iter().filter_map(number).max().unwrap_or(0).to_string(),
    }];
    let mut add = |name, value| figures.push(Figure { name, value });
    if let Some(last) = steps.last() {
        add("steps an epoch", last.batches.to_string());
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
    seconds.sort_unstable_by(f64::total_cmp);
    if let Some(median) = seconds.get(seconds.len() / 2) {
        add("seconds a step, median", format!("{median:.2}"));
        let minutes = format!("{:.1}", total / 60.0);
        add(
            "minutes in all",
            if times.len() < steps.len() {
                format!("{minutes} for {} of {} steps", times.len(), steps.len())
            } else {
                minutes
            },
        );
        let share = waited.iter().sum::<f64>() / total * 100.0;
        add("waiting for pictures", format!("{share:.1}%"));
    }
    figures
}

/// The number of a line of `epochs.jsonl`, from 1.
fn number(epoch: &Value) -> Option<usize> {
    usize::try_from(epoch.get("epoch")?.as_u64()?).ok()
}

/// The distances by epoch, from epoch 0, which there is none of; those that are not known are not finite.
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

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    shlex::try_quote(&path).map_or_else(|_| path.clone(), |quoted| quoted.into_owned())
}

#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
}

/// The fields of an object, and those of objects in it.
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
    picture: String,
}

fn grids(run: &Path) -> Vec<Grid> {
    let epochs = samples::epochs(run);
    let shown = GRIDS.min(epochs.len());
    let places = (0..shown).map(|place| place * (epochs.len() - 1) / (shown - 1).max(1));
    let grid = |epoch: usize| {
        let picture = embedded(run, &samples::name(epoch))?;
        Some(Grid { epoch, picture })
    };
    places.filter_map(|place| grid(epochs[place])).collect()
}

/// The distances as a chart, from two epochs on.
fn chart(distances: &[f32]) -> Option<String> {
    if distances.iter().filter(|distance| distance.is_finite()).count() < 2 {
        return None;
    }
    let drawn = Line::new("drawn", [0, 114, 178], distances.to_vec());
    let chart =
        LineChart::new("Distance of drawn pictures from real ones", "epoch", "distance").with_line(drawn);
    let svg = chart.svg().ok()?;
    Some(data_uri("image/svg+xml", svg.as_bytes()))
}

/// A picture of the run, as a JPEG: a tenth of the PNG's size, so that the page stays small.
fn embedded(run: &Path, file: &str) -> Option<String> {
    let bytes = fs::read(run.join(file)).ok()?;
    let picture = decode(&bytes, &Limits::default()).ok()?.into_rgb();
    Some(data_uri("image/jpeg", &jpeg(&picture, QUALITY).ok()?))
}

fn data_uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(bytes))
}

/// The values of a log, none if there is none yet; a line that a killed process has not ended is left out.
fn lines<T: DeserializeOwned>(run: &Path, file: &str) -> Result<Vec<T>, Error> {
    let path = run.join(file);
    let text = logs::read(&path)?;
    let values = logs::whole_lines(&text).map(serde_json::from_str);
    let values = values.collect::<Result<_, _>>();
    values.map_err(Error::json(&path))
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::write_png;

    use super::*;

    const STEP: &str = r#"{"epoch":0,"batch":0,"batches":9,"step":0,"loss_d":1.25,"loss_g":9.0,"d_x":0.5,"d_g_z1":0.4,"d_g_z2":0.3}"#;

    #[test]
    fn page_holds_all_that_the_run_has_and_nothing_from_elsewhere() {
        let temp = tempfile::tempdir().unwrap();
        let run = temp.path();
        let write = |name: &str, text: &str| fs::write(run.join(name), text).unwrap();
        write(
            "config.json",
            r#"{"image_size": 8, "epochs": 3, "loss": "<script>alert(1)</script>"}"#,
        );
        let bare = fs::read_to_string(write_report(run).unwrap()).unwrap();
        assert!(!bare.contains("<img"), "{bare}");

        write("log.jsonl", &format!("{STEP}\n"));
        write("timing.jsonl", r#"{"step":0,"seconds":2.0,"waited":0.5}"#);
        let epoch = |epoch, distance| format!("{{\"epoch\":{epoch},\"distance\":{distance}}}\n");
        // A run that was forced to go on with other pictures may have missed one.
        write("epochs.jsonl", &[epoch(1, 0.2), epoch(3, 0.1)].concat());
        write(
            "program.json",
            r#"{"data": "/photos/my set", "device": "flex", "threads": 2, "filter": {"colors": ["red", "blue"], "types": []}}"#,
        );
        let warning = r#"{"warning":"discriminator-wins","step":77}"#;
        write("warnings.jsonl", &format!("{warning}\n"));
        write("losses.svg", "<svg xmlns='x'/>");
        fs::create_dir(run.join("samples")).unwrap();
        let picture = image::RgbImage::new(4, 4);
        let samples = (1..=20).map(samples::name).chain(["real-vs-fake.png".to_owned()]);
        samples.for_each(|name| write_png(run.join(name), &picture).unwrap());
        let page = fs::read_to_string(write_report(run).unwrap()).unwrap();
        for part in [
            "1.250",
            "2.00",
            "25.0%",
            "step 77: the discriminator",
            "after epoch 1<",
            "after epoch 20<",
            "<dt>epochs done</dt><dd>3</dd>",
            "<td>data</td><td>&#x2f;photos&#x2f;my set</td>",
            "<td>device</td><td>flex</td>",
            "<td>threads</td><td>2</td>",
            "<td>filter.colors</td><td>red,blue</td>",
            "<td>filter.types</td><td>none</td>",
            "data:image/jpeg;base64,",
            "data:image/svg+xml;base64,",
        ] {
            assert!(page.contains(part), "{part} is missing");
        }
        assert_eq!(page.matches("<figure>").count(), GRIDS);
        assert!(
            page.contains("&lt;script&gt;") && !page.contains("<script"),
            "not escaped"
        );
        assert!(!page.contains("http"), "an address");
        let sources = page.matches("src=").count();
        assert_eq!(
            (sources, page.matches("src=\"data:").count()),
            (GRIDS + 3, GRIDS + 3)
        );
    }

    #[test]
    fn paths_are_written_as_a_shell_takes_them() {
        assert_eq!(quoted(Path::new("runs/first")), "runs/first");
        assert_eq!(quoted(Path::new("my runs/it's one")), r#""my runs/it's one""#);
        let temp = tempfile::tempdir().unwrap();
        let run = temp.path().join("two words");
        fs::create_dir(&run).unwrap();
        fs::write(run.join("config.json"), r#"{"epochs": 3}"#).unwrap();
        let page = fs::read_to_string(write_report(&run).unwrap()).unwrap();
        assert!(page.contains("two words&#x27; --epochs 6"), "{page}");
    }

    #[test]
    fn times_that_are_missing_or_torn_are_said_to_be() {
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).unwrap();
        write("config.json", r#"{"epochs": 1}"#);
        write("log.jsonl", &format!("{STEP}\n{STEP}\n"));
        write(
            "timing.jsonl",
            "{\"step\":0,\"seconds\":6.0,\"waited\":0.5}\n{\"st",
        );
        let page = fs::read_to_string(write_report(temp.path()).unwrap()).unwrap();
        assert!(page.contains("0.1 for 1 of 2 steps"), "{page}");
    }

    #[test]
    fn last_lines_that_are_torn_are_left_out() {
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).unwrap();
        write("config.json", r#"{"epochs": 1}"#);
        write("log.jsonl", &format!("{STEP}\n{{\"epoch\":0,\"ba"));
        write("epochs.jsonl", "{\"epoch\":1}\n{\"ep");
        write("warnings.jsonl", "{\"warn");
        let page = fs::read_to_string(write_report(temp.path()).unwrap()).unwrap();
        assert!(page.contains("<dt>epochs done</dt><dd>1</dd>"), "{page}");
    }

    #[test]
    fn log_that_is_damaged_is_named() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("config.json"), "{}").unwrap();
        fs::write(temp.path().join("log.jsonl"), "{\n").unwrap();
        let error = write_report(temp.path()).unwrap_err();
        assert!(error.to_string().contains("log.jsonl"), "{error}");
    }

    #[test]
    fn folder_that_is_no_run_and_files_that_cannot_be_read_are_told_apart_from_missing_ones() {
        let temp = tempfile::tempdir().unwrap();
        let run = temp.path();
        let error = write_report(run).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NotARun { path, missing: "config.json", .. } if path == run),
            "{error}"
        );
        assert!(!run.join("report.html").exists());
        fs::write(run.join("config.json"), r#"{"epochs": 1}"#).unwrap();
        write_report(run).unwrap();
        for name in [
            "config.json",
            "program.json",
            "log.jsonl",
            "timing.jsonl",
            "epochs.jsonl",
            "warnings.jsonl",
        ] {
            let path = run.join(name);
            let before = fs::read(&path).ok();
            // No UTF-8.
            fs::write(&path, [0xff, b'\n']).unwrap();
            let error = write_report(run).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            match before {
                Some(before) => fs::write(&path, before).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
        }
        write_report(run).unwrap();
    }
}
