//! Answers to requests.

use std::collections::HashMap;

use ai4fashion_dataset::{Dataset, ErrorKind, ProductType, Record, corrections::CorrectionTable};
use ai4fashion_files::chain;
use serde::Serialize;

use super::{memory::has_too_many_rows, reply::Reply, request::Request, state::State};
use crate::{
    data::{annotated, stem},
    error::{Error, ErrorKind as OwnErrorKind},
    thumbnails,
};

/// The most rows that one answer tells the trouble of; a page asks again for the others.
const MAX_BAD: usize = 1000;
/// The most characters of a message: it may quote what a client has sent.
const MAX_MESSAGE: usize = 300;

/// Answers a request of our own page.
pub(super) fn answer(request: &Request, state: &State) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    let found = match (&*request.method, path) {
        ("GET", "/") => show(state),
        ("GET", path) => show_image(path, state),
        ("POST", "/corrections") => correct(request, state),
        ("POST", _) => Ok(Reply::text(404, "there is no such page")),
        _ => Ok(Reply::text(405, "only GET and POST are answered")),
    };
    found.unwrap_or_else(|error| {
        // The data set may be whole again soon, as when somebody else is changing it.
        let is_passing = matches!(error.kind(), OwnErrorKind::Dataset { .. });
        failed(if is_passing { 503 } else { 500 }, &error)
    })
}

/// Tells the page what went wrong.
fn failed(status: u16, error: &dyn std::error::Error) -> Reply {
    let message = short(chain(error));
    log::warn!("{message}");
    Reply::text(status, message)
}

fn short(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    message
}

fn show(state: &State) -> Result<Reply, Error> {
    Ok(Reply::shared(200, "text/html; charset=utf-8", state.page()?))
}

/// Answers with an image by its number, whole or as a thumbnail.
fn show_image(path: &str, state: &State) -> Result<Reply, Error> {
    let number = |folder| path.strip_prefix(folder)?.parse().ok();
    if let Some(index) = number("/images/") {
        image(state, index, |dataset, index| dataset.read_file(index).ok())
    } else if let Some(index) = number("/thumbnails/") {
        image(state, index, |dataset, index| {
            thumbnails::jpeg(dataset, index).ok()
        })
    } else {
        Ok(Reply::text(404, "there is no such page"))
    }
}

fn image(
    state: &State,
    index: usize,
    read: impl Fn(&Dataset, usize) -> Option<Vec<u8>>,
) -> Result<Reply, Error> {
    // A second try for an image that was renamed after we read the manifest.
    for _ in 0..2 {
        let dataset = state.dataset()?;
        if index >= dataset.len() {
            break;
        }
        if let Some(bytes) = read(&dataset, index) {
            return Ok(Reply::new(200, "image/jpeg", bytes));
        }
    }
    Ok(Reply::text(404, "there is no such image"))
}

/// Why nothing was applied, and the current labels of each row's image.
#[derive(Debug, Serialize)]
struct Conflict {
    bad: Vec<Bad>,
    labels: Vec<Option<(usize, u8, u8)>>,
}

#[derive(Debug, Serialize)]
struct Bad {
    row: u64,
    message: String,
}

fn correct(request: &Request, state: &State) -> Result<Reply, Error> {
    let _one = state.writer();
    if has_too_many_rows(&request.body, state.images()) {
        return Ok(Reply::text(413, "more annotations than the data set has images"));
    }
    let table = match CorrectionTable::read(&*request.body, "corrections") {
        Ok(table) => table,
        Err(error) => return Ok(failed(400, &error)),
    };
    let error = match state.apply(&table) {
        Ok(()) => return Ok(Reply::new(200, "application/json", "{}")),
        Err(error) => error,
    };
    let bad = match error.kind() {
        ErrorKind::Corrections { bad, .. } => bad,
        ErrorKind::InUse { .. } => return Ok(failed(503, &error)),
        _ => return Err(error.into()),
    };
    let bad = bad.iter().take(MAX_BAD).map(|bad| Bad {
        row: bad.row,
        message: short(bad.problem.to_string()),
    });
    let dataset = state.dataset()?;
    let by_stem: HashMap<String, &Record> = dataset
        .records()
        .iter()
        .map(|record| (stem(&record.file), record))
        .collect();
    let labels = table.files().map(|file| {
        let record = by_stem.get(&stem(file?))?;
        let number = ProductType::number_of(record.product_type);
        Some((record.color.index(), number, annotated(record)))
    });
    let conflict = Conflict {
        bad: bad.collect(),
        labels: labels.collect(),
    };
    let json = serde_json::to_vec(&conflict).unwrap_or_default();
    Ok(Reply::new(409, "application/json", json))
}
