//! HTML page of the mistakes of a method.

use std::path::Path;

use ai4fashion_dataset::ProductType;
use ai4fashion_files::{hex, numbers::wilson};
use ai4fashion_image::{Limits, decode_file, encode_jpeg, image::imageops};
use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::{Environment, value::Serde};
use serde_json::{Value, json};

use super::{confusion::Confusion, evaluation::Evaluation};
use crate::output::write_file;

/// Longest side and JPEG quality of the images on the page.
const SIDE: u32 = 200;
const QUALITY: u8 = 85;
const TEMPLATE: &str = "mistakes.html";

/// Beginning of a page of mistakes, by which it is known again.
pub(super) const HEAD: &str = "<!doctype html>\n<!-- ai4fashion evaluate: mistakes -->\n";

/// Writes a page of the mistakes, colours and then types, the most confident first. Images are
/// embedded; one that is missing by now is left out.
///
/// # Errors
/// If the page cannot be made or written.
pub(super) fn write_page(path: &Path, evaluation: &Evaluation, title: &str) -> anyhow::Result<()> {
    let content = json!({
        "title": title,
        "labels": [colors(evaluation), types(evaluation)],
    });
    let html = || -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_template(TEMPLATE, include_str!("mistakes.html"))?;
        environment.get_template(TEMPLATE)?.render(Serde(content))
    };
    let html = html().with_context(|| format!("cannot make the page `{}`", path.display()))?;
    write_file(path, html.as_bytes())
}

/// Figures and mistakes of colours; null without labels.
fn colors(evaluation: &Evaluation) -> Value {
    let confusion = evaluation.colors();
    let has_accepted = evaluation
        .predictions
        .iter()
        .any(|prediction| !prediction.label.accepted.is_empty());
    let mistakes = evaluation.wrong_colors().into_iter().map(|prediction| {
        json!({
            "file": prediction.label.file.display().to_string(),
            "label": prediction.label.color,
            "swatch": prediction.label.color.map(|name| css(name.srgb())),
            "predicted": prediction.answer.name,
            "predicted_swatch": prediction.answer.name.map(|name| css(name.srgb())),
            "confidence": prediction.confidence().map(two),
            "dominant": prediction.answer.dominant.map(css),
            "image": image(&prediction.path),
        })
    });
    (confusion.total() > 0)
        .then(|| {
            json!({
                "name": "Colours",
                "images": confusion.total(),
                "accuracy": three(confusion.accuracy()),
                "macro_recall": three(confusion.macro_recall()),
                "interval": interval(&confusion),
                "table": table(&confusion),
                "accepted": has_accepted.then(|| three(evaluation.accepted_accuracy())),
                "mistakes": mistakes.collect::<Vec<_>>(),
            })
        })
        .into()
}

/// Figures and mistakes of types; null without labels.
fn types(evaluation: &Evaluation) -> Value {
    let name = ProductType::name_of;
    let mistakes = evaluation.wrong_types().into_iter().map(|(prediction, found)| {
        json!({
            "file": prediction.label.file.display().to_string(),
            "label": prediction.label.product_type.map(name),
            "predicted": name(found.product_type()),
            "confidence": two(found.type_confidence()),
            "image": image(&prediction.path),
        })
    });
    evaluation
        .types()
        .map(|confusion| {
            json!({
                "name": "Types",
                "interval": interval(&confusion),
                "table": table(&confusion),
                "images": confusion.total(),
                "accuracy": three(confusion.accuracy()),
                "macro_recall": three(confusion.macro_recall()),
                "mistakes": mistakes.collect::<Vec<_>>(),
            })
        })
        .into()
}

/// Names of columns, and rows.
fn table(confusion: &Confusion) -> Value {
    let (columns, rows) = confusion.rows();
    json!({ "columns": columns, "rows": rows })
}

/// The 95% interval of the accuracy.
fn interval(confusion: &Confusion) -> Option<String> {
    let (low, high) = wilson(confusion.accuracy()?, confusion.total());
    Some(format!("{low:.3} to {high:.3}"))
}

fn three(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

fn two(confidence: f32) -> String {
    format!("{confidence:.2}")
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
