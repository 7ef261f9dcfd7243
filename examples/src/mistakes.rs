//! The mistakes of a method on one page, as pictures.

use std::path::Path;

use ai4fashion_dataset::{Limits, decode_file, jpeg};
use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::imageops;
use minijinja::{Environment, value::Serde};
use serde_json::{Value, json};

use crate::{
    evaluation::{Evaluation, Judged},
    output::write_file,
};

/// Longest side and JPEG quality of the pictures on the page.
const SIDE: u32 = 200;
const QUALITY: u8 = 85;
const TEMPLATE: &str = "mistakes.html";

/// How a page of mistakes begins.
pub const HEAD: &str = "<!doctype html>\n<!-- evaluate_color: mistakes -->\n";

/// Writes a page of the mistakes, the surest first, that needs nothing else: pictures are in it. A picture that has gone
/// meanwhile is left out.
///
/// # Errors
/// If the page cannot be made or written.
pub fn write_page(path: &Path, evaluation: &Evaluation, title: &str) -> anyhow::Result<()> {
    let mistakes = evaluation.mistakes();
    let confusion = evaluation.confusion();
    let has_accepted = evaluation
        .judged
        .iter()
        .any(|judged| !judged.label.accepted.is_empty());
    let content = json!({
        "title": title,
        "pictures": confusion.total(),
        "accuracy": format!("{:.3}", confusion.accuracy()),
        "macro_recall": format!("{:.3}", confusion.macro_recall()),
        "accepted": has_accepted.then(|| format!("{:.3}", evaluation.accepted_accuracy())),
        "mistakes": mistakes.into_iter().map(entry).collect::<Vec<_>>(),
    });
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(TEMPLATE, include_str!("mistakes/mistakes.html"))?;
        environment.get_template(TEMPLATE)?.render(Serde(content))
    };
    let html = html().with_context(|| format!("cannot make the page `{}`", path.display()))?;
    write_file(path, html.as_bytes())
}

fn entry(judged: &Judged) -> Value {
    json!({
        "file": judged.label.file.display().to_string(),
        "color": judged.label.color,
        "swatch": hex(judged.label.color.srgb()),
        "predicted": judged.answer.name,
        "predicted_swatch": judged.answer.name.map(|name| hex(name.srgb())),
        "confidence": judged.confidence().map(|sure| format!("{sure:.2}")),
        "dominant": judged.answer.dominant.map(hex),
        "picture": picture(&judged.path),
    })
}

fn hex(color: ai4fashion_color::palette::Srgb<u8>) -> String {
    format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
}

fn picture(path: &Path) -> Option<String> {
    let mut picture = decode_file(path, &Limits::default()).ok()?.into_rgb();
    let longest = picture.width().max(picture.height());
    if longest > SIDE {
        let scaled = |side| (u64::from(side) * u64::from(SIDE) / u64::from(longest)).max(1) as u32;
        let (width, height) = (scaled(picture.width()), scaled(picture.height()));
        picture = imageops::thumbnail(&picture, width, height);
    }
    let bytes = jpeg(&picture, QUALITY).ok()?;
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)))
}
