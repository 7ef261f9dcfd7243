//! A page that holds all charts of a data set.

use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use minijinja::{Environment, context};

use crate::{Agreement, BasicColor, Dataset, Error, ErrorKind, plot, write_atomic};

/// The page's name.
const REPORT: &str = "report.html";
const TEMPLATE: &str = include_str!("page/report.html");

/// Draws all charts of a data set to `folder` (see [`plot::overview`]) and writes `report.html` beside them, which holds
/// them and how often person and classifier agree. Says where the page is.
///
/// # Errors
/// If a file cannot be written.
pub fn write_report(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
    let folder = folder.as_ref();
    let charts = plot::overview(dataset, folder)?;
    let charts: Vec<_> = charts
        .iter()
        .map(|chart| {
            let svg = STANDARD.encode(&chart.svg);
            context! { title => &chart.title, source => format!("data:image/svg+xml;base64,{svg}") }
        })
        .collect();
    let person = Agreement::with_person(dataset.records());
    let path = folder.join(REPORT);
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(REPORT, TEMPLATE)?;
        environment.get_template(REPORT)?.render(context! {
            name => dataset.root().file_name().map(|name| name.to_string_lossy().into_owned()),
            pictures => dataset.len(),
            checked => dataset.records().iter().filter(|record| record.checked.is_some()).count(),
            agreement => rows(&person),
            share => person.share().map(|share| format!("{:.1}%", share * 100.0)),
            total => person.total(),
            charts,
        })
    };
    let html = html().map_err(|source| ErrorKind::Page {
        path: path.clone(),
        source: source.into(),
    })?;
    write_atomic(&path, html.as_bytes())?;
    Ok(path)
}

fn rows(person: &Agreement) -> Vec<minijinja::Value> {
    let names = BasicColor::ALL.into_iter().filter(|name| person.named(*name) > 0);
    names
        .map(|name| {
            let (named, agreed) = (person.named(name), person.agreed(name));
            let instead = person.mostly_instead(name);
            context! {
                name => name.as_str(),
                named,
                agreed,
                share => format!("{:.0}%", 100.0 * agreed as f64 / named as f64),
                instead => instead.map_or_else(String::new, |(other, count)| format!("{other} {count}")),
            }
        })
        .collect()
}
