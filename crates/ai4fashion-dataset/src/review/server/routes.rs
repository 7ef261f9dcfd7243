//! What is answered.

use std::{collections::HashMap, fs, io::Read};

use serde::Serialize;
use tiny_http::{Header, Method, Request, Response};

use super::state::State;
use crate::{
    BasicColor, CorrectionTable, Error, ErrorKind, Record,
    review::{
        data::{number, said, stem},
        page,
    },
};

/// The largest table of corrections that is taken, in bytes: ten times 44,000 rows.
const MAX_BODY: u64 = 64 << 20;

/// The page may load and send nothing elsewhere, and no other page may show it in a frame.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    kind: &'static str,
    keep: bool,
    body: Vec<u8>,
}

impl Reply {
    fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            kind,
            keep: false,
            body: body.into(),
        }
    }

    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.into())
    }

    pub(super) fn into_http(self) -> Response<std::io::Cursor<Vec<u8>>> {
        let cache = if self.keep {
            "private, max-age=86400"
        } else {
            "no-store"
        };
        let headers = [
            ("Content-Type", self.kind),
            ("Cache-Control", cache),
            ("Content-Security-Policy", POLICY),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ];
        let mut response = Response::from_data(self.body).with_status_code(self.status);
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        response
    }
}

pub(super) fn answer(request: &mut Request, state: &State) -> Reply {
    let url = request.url().to_owned();
    let path = url.split('?').next().unwrap_or_default();
    let found = match (request.method(), path) {
        (Method::Get, "/") => show(state),
        (Method::Get, path) => match path.strip_prefix("/pictures/").map(str::parse) {
            Some(Ok(index)) => picture(state, index),
            _ => Ok(Reply::text(404, "there is no such page")),
        },
        (Method::Post, "/corrections") => correct(request, state),
        (Method::Post, _) => Ok(Reply::text(404, "there is no such page")),
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

fn picture(state: &State, index: usize) -> Result<Reply, Error> {
    // A second look for a picture that was renamed between ours at the manifest and at the folder.
    for _ in 0..2 {
        let dataset = state.dataset()?;
        if index >= dataset.len() {
            break;
        }
        if let Ok(bytes) = fs::read(dataset.path(index)) {
            let mut reply = Reply::new(200, "image/jpeg", bytes);
            reply.keep = true;
            return Ok(reply);
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

fn correct(request: &mut Request, state: &State) -> Result<Reply, Error> {
    let mut body = Vec::new();
    let read = request.as_reader().take(MAX_BODY + 1).read_to_end(&mut body);
    if read.is_err() {
        return Ok(Reply::text(400, "the corrections could not be read to their end"));
    }
    if body.len() as u64 > MAX_BODY {
        return Ok(Reply::text(413, "these are too many corrections at once"));
    }
    let table = match CorrectionTable::read(&*body, "corrections") {
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
        Some((color, number(record.product_type), said(record)))
    });
    let conflict = Conflict {
        bad: bad.collect(),
        labels: labels.collect(),
    };
    let json = serde_json::to_vec(&conflict).unwrap_or_default();
    Ok(Reply::new(409, "application/json", json))
}
