//! A page that holds all charts of a data set.

use std::path::{Path, PathBuf};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ConfusionMatrix, Dataset};
use ai4fashion_files::{count, write_atomic};
use ai4fashion_plot::{ChartFile, write_charts};
use base64::{Engine, engine::general_purpose::STANDARD};
use minijinja::{Environment, Value, context};

use crate::error::Error;

/// The name of the page.
const REPORT: &str = "report.html";
const TEMPLATE: &str = include_str!("page/report.html");

/// Writes all charts of a data set to a folder, and `report.html`, a page that holds them.
///
/// Returns the path of the page. The charts are those of [`write_charts`]. The page tells, too, how
/// often the classifier agrees with human labels.
///
/// ```
/// # use ai4fashion_dataset::{Dataset, Ingest, IngestOptions, SmallFashion};
/// # use ai4fashion_synthetic::Catalogue;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let [photos, out, charts] = ["photos", "out", "charts"].map(|name| folder.path().join(name));
/// # Catalogue::new(7).with_per_label(1).write_small_fashion(&photos)?;
/// # Ingest::new(IngestOptions::default())?.run(&[&SmallFashion::open(photos)?], &out, &())?;
/// use ai4fashion_review::write_report;
///
/// let page = write_report(&Dataset::open(out)?, &charts)?;
/// assert_eq!(page, charts.join("report.html"));
/// assert!(charts.join("colors.png").is_file());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If a file cannot be written.
pub fn write_report(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let folder = folder.as_ref();
    let charts = write_charts(dataset, folder).map_err(Error::chart)?;
    let path = folder.join(REPORT);
    let html = render(dataset, &charts).map_err(Error::page(&path))?;
    write_atomic(&path, html.as_bytes()).map_err(Error::write(&path))?;
    Ok(path)
}

fn render(dataset: &Dataset, charts: &[ChartFile]) -> Result<String, minijinja::Error> {
    let charts: Vec<Value> = charts
        .iter()
        .map(|chart| {
            let svg = STANDARD.encode(&chart.svg);
            context! { title => &chart.title, source => format!("data:image/svg+xml;base64,{svg}") }
        })
        .collect();
    let human = ConfusionMatrix::with_human(dataset.records());
    let annotated = dataset
        .records()
        .iter()
        .filter(|record| record.annotation.is_some());
    let mut environment = Environment::new();
    environment.add_template(REPORT, TEMPLATE)?;
    environment.get_template(REPORT)?.render(context! {
        name => dataset.root().file_name().map(|name| name.to_string_lossy().into_owned()),
        images => count(dataset.len(), "image"),
        annotated => annotated.count(),
        human => rows(&human),
        accuracy => human.accuracy().map(percent),
        total => human.total(),
        charts,
    })
}

/// Describes each colour that the classifier has given to an image with a human label.
fn rows(human: &ConfusionMatrix) -> Vec<Value> {
    let row = |color: BasicColor| {
        let precision = human.precision(color)?;
        let confused = human.most_confused_with(color);
        Some(context! {
            name => color.as_str(),
            reviewed => human.predicted(color),
            correct => human.correct(color),
            precision => percent(precision),
            confused_with => confused.map_or_else(String::new, |(other, count)| format!("{other} {count}")),
        })
    };
    BasicColor::ALL.into_iter().filter_map(row).collect()
}

fn percent(fraction: f64) -> String {
    format!("{:.1}%", fraction * 100.0)
}
