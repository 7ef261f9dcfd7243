//! What is answered.

use std::{collections::HashMap, fs};

use super::{
    http::{Reply, Request},
    state::State,
};
use crate::{
    BasicColor, CorrectionTable, Dataset, Error, ErrorKind, ProductType, Record,
    review::{
        data::{said, stem},
        page, thumbnails,
    },
};
use serde::Serialize;

pub(super) fn answer(request: &Request, state: &State) -> Reply {
    let path = request.target.split('?').next().unwrap_or_default();
    let found = match (&*request.method, path) {
        ("GET", "/") => show(state),
        ("GET", path) => show_picture(path, state),
        ("POST", "/corrections") => correct(request, state),
        ("POST", _) => Ok(Reply::text(404, "there is no such page")),
        _ => Ok(Reply::text(405, "only GET and POST are answered")),
    };
    found.unwrap_or_else(|error| {
        log::warn!("{}", error.chain());
        let status = if matches!(error.kind(), ErrorKind::Locked { .. }) {
            503
        } else {
            500
        };
        Reply::text(status, error.chain())
    })
}

fn show(state: &State) -> Result<Reply, Error> {
    let html = page::html(&*state.dataset()?, page::Kind::Served)?;
    Ok(Reply::new(200, "text/html; charset=utf-8", html))
}

/// A picture by its number, as it is or small.
fn show_picture(path: &str, state: &State) -> Result<Reply, Error> {
    let number = |folder| path.strip_prefix(folder)?.parse().ok();
    if let Some(index) = number("/pictures/") {
        picture(state, index, |dataset, index| fs::read(dataset.path(index)).ok())
    } else if let Some(index) = number("/thumbnails/") {
        picture(state, index, |dataset, index| {
            thumbnails::bytes(dataset, index).ok()
        })
    } else {
        Ok(Reply::text(404, "there is no such page"))
    }
}

fn picture(
    state: &State,
    index: usize,
    read: impl Fn(&Dataset, usize) -> Option<Vec<u8>>,
) -> Result<Reply, Error> {
    // A second look for a picture that was renamed between ours at the manifest and at the folder.
    for _ in 0..2 {
        let dataset = state.dataset()?;
        if index >= dataset.len() {
            break;
        }
        if let Some(bytes) = read(&dataset, index) {
            return Ok(Reply::new(200, "image/jpeg", bytes));
        }
    }
    Ok(Reply::text(404, "there is no such picture"))
}

/// Why nothing was applied, and the labels in force of each row's picture.
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
    let table = match CorrectionTable::read(&*request.body, "corrections") {
        Ok(table) => table,
        Err(error) => return Ok(Reply::text(400, error.chain())),
    };
    let error = match state.apply(&table) {
        Ok(()) => return Ok(Reply::new(200, "application/json", "{}")),
        Err(error) => error,
    };
    let ErrorKind::Corrections { bad, .. } = error.kind() else {
        return Err(error);
    };
    let bad = bad.iter().map(|bad| Bad {
        row: bad.row,
        message: bad.error.chain(),
    });
    let dataset = state.dataset()?;
    let by_stem: HashMap<String, &Record> = dataset
        .records()
        .iter()
        .map(|record| (stem(&record.file), record))
        .collect();
    let labels = table.files().map(|file| {
        let record = by_stem.get(&stem(file?))?;
        let color = BasicColor::index(record.color);
        Some((color, ProductType::number_of(record.product_type), said(record)))
    });
    let conflict = Conflict {
        bad: bad.collect(),
        labels: labels.collect(),
    };
    let json = serde_json::to_vec(&conflict).unwrap_or_default();
    Ok(Reply::new(409, "application/json", json))
}
