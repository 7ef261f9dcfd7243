//! HTML page of the mistakes of a method.

use std::path::Path;

use ai4fashion_files::hex;
use ai4fashion_image::{Limits, decode_file, encode_jpeg, image::imageops};
use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::{Environment, value::Serde};
use serde_json::{Value, json};

use super::evaluation::{Evaluation, Prediction};
use crate::output::write_file;

/// Longest side and JPEG quality of the images on the page.
const SIDE: u32 = 200;
const QUALITY: u8 = 85;
const TEMPLATE: &str = "mistakes.html";

/// Beginning of a page of mistakes, by which it is known again.
pub(super) const HEAD: &str = "<!doctype html>\n<!-- ai4fashion evaluate: mistakes -->\n";

/// Writes a page of the mistakes, the most confident first. Images are embedded; one that is
/// missing by now is left out.
///
/// # Errors
/// If the page cannot be made or written.
pub(super) fn write_page(path: &Path, evaluation: &Evaluation, title: &str) -> anyhow::Result<()> {
    let mistakes = evaluation.mistakes();
    let confusion = evaluation.colors();
    let three = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let has_accepted = evaluation
        .predictions
        .iter()
        .any(|prediction| !prediction.label.accepted.is_empty());
    let content = json!({
        "title": title,
        "images": confusion.total(),
        "accuracy": three(confusion.accuracy()),
        "macro_recall": three(confusion.macro_recall()),
        "accepted": has_accepted.then(|| three(evaluation.accepted_accuracy())),
        "mistakes": mistakes.into_iter().map(entry).collect::<Vec<_>>(),
    });
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(TEMPLATE, include_str!("mistakes.html"))?;
        environment.get_template(TEMPLATE)?.render(Serde(content))
    };
    let html = html().with_context(|| format!("cannot make the page `{}`", path.display()))?;
    write_file(path, html.as_bytes())
}

fn entry(prediction: &Prediction) -> Value {
    json!({
        "file": prediction.label.file.display().to_string(),
        "color": prediction.label.color,
        "swatch": prediction.label.color.map(|name| css(name.srgb())),
        "predicted": prediction.answer.name,
        "predicted_swatch": prediction.answer.name.map(|name| css(name.srgb())),
        "confidence": prediction.confidence().map(|confidence| format!("{confidence:.2}")),
        "dominant": prediction.answer.dominant.map(css),
        "image": image(&prediction.path),
    })
}

fn css(color: [u8; 3]) -> String {
    format!("#{}", hex(&color))
}

fn image(path: &Path) -> Option<String> {
    let mut image = decode_file(path, &Limits::default()).ok()?.into_rgb8();
    let longest = image.width().max(image.height());
    if longest > SIDE {
        let scaled = |side| (u64::from(side) * u64::from(SIDE) / u64::from(longest)).max(1) as u32;
        let (width, height) = (scaled(image.width()), scaled(image.height()));
        image = imageops::thumbnail(&image, width, height);
    }
    let bytes = encode_jpeg(&image, QUALITY).ok()?;
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)))
}
