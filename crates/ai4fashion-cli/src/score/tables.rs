//! Scores as a table and as JSON.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use ai4fashion_score::{FeatureScores, ImageScores, LabelScore, Score};
use serde_json::{Map, Value, json};

/// The scores in the order of the table, with what a good value is.
const SCORES: [(&str, &str); 12] = [
    ("swd", "lower"),
    ("ms_ssim", "as floor"),
    ("kid_own", "lower"),
    ("fd_own", "lower"),
    ("mind_own", "lower"),
    ("precision", "higher"),
    ("recall", "higher"),
    ("density", "higher"),
    ("coverage", "higher"),
    ("novelty", "as floor"),
    ("colors", "lower"),
    ("types", "lower"),
];

/// All scores, by name; those that features do not have are `null`.
pub(super) struct Scores {
    json: Map<String, Value>,
    by_name: BTreeMap<&'static str, Score>,
    labels: Vec<(&'static str, LabelScore)>,
    /// The distance from the nearest training image, and what it is compared with.
    novelty: (f64, f64, bool),
}

impl Scores {
    pub(super) fn of_images(scores: &ImageScores) -> Self {
        let mut own = Self::of_features(&scores.features);
        own.by_name.extend([
            ("swd", scores.swd.score),
            ("ms_ssim", scores.ms_ssim),
            ("colors", scores.colors.score),
            ("types", scores.types.score),
        ]);
        own.json.extend(object(scores));
        let levels = scores.swd.levels.iter();
        let levels = levels.map(|(side, distance)| (side.to_string(), json!(distance)));
        own.json["swd"]["levels"] = Value::Object(levels.collect());
        own.labels = vec![("colors", scores.colors.clone()), ("types", scores.types.clone())];
        own
    }

    pub(super) fn of_features(scores: &FeatureScores) -> Self {
        let mut json: Map<String, Value> = SCORES
            .iter()
            .map(|(name, _)| ((*name).to_owned(), Value::Null))
            .collect();
        json.extend(object(scores));
        let novelty = scores.novelty;
        Self {
            json,
            by_name: BTreeMap::from([
                ("kid_own", scores.kid_own),
                ("fd_own", scores.fd_own),
                ("mind_own", scores.mind_own),
                ("precision", scores.precision),
                ("recall", scores.recall),
                ("density", scores.density),
                ("coverage", scores.coverage),
                ("novelty", novelty.score),
            ]),
            labels: Vec::new(),
            novelty: (novelty.training, novelty.beside, novelty.has_held_out),
        }
    }

    /// Prints all scores as one line.
    pub(super) fn print_json(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{}", Value::Object(self.json.clone()))
    }

    /// Prints a table of all scores; `real` and `fake` are the numbers of images.
    pub(super) fn print_table(&self, mut out: impl Write, [real, fake]: [usize; 2]) -> io::Result<()> {
        writeln!(out, "{fake} generated beside {real} real")?;
        let draw_n = self.by_name["kid_own"].draw_n;
        let of_draw = format!("of {draw_n}");
        writeln!(
            out,
            "\n{:10} {:>9} {of_draw:>9} {:>9} {:>9}  better",
            "score", "value", "floor", "spread"
        )?;
        for (name, better) in SCORES {
            if let Some(score) = self.by_name.get(name) {
                let [value, draw, floor, spread] =
                    [score.value, score.draw_value, score.floor, score.spread].map(digits);
                writeln!(
                    out,
                    "{name:10} {value:>9} {draw:>9} {floor:>9} {spread:>9}  {better}"
                )?;
            }
        }
        let (training, beside, has_held_out) = self.novelty;
        let beside_what = if has_held_out {
            "from the nearest held-out image"
        } else {
            "of a real image from the nearest other"
        };
        writeln!(
            out,
            "\nmedian distance from the nearest training image {}, {beside_what} {}",
            digits(training),
            digits(beside)
        )?;
        for (name, labels) in &self.labels {
            print_labels(&mut out, name, labels)?;
        }
        writeln!(
            out,
            "\n`floor` is the score of {draw_n} real beside {draw_n} other real images, to be compared with `{of_draw}`."
        )
    }
}

/// Prints the fraction of each label.
fn print_labels(out: &mut impl Write, name: &str, labels: &LabelScore) -> io::Result<()> {
    writeln!(out, "\n{name:16} {:>6} {:>9}  fidelity", "real", "generated")?;
    let mut all: Vec<&String> = labels.real.keys().chain(labels.fake.keys()).collect();
    all.sort();
    all.dedup();
    let percent = |part: Option<&f64>| format!("{:.1}%", 100.0 * part.copied().unwrap_or(0.0));
    for label in all {
        let fidelity = labels.fidelity.as_ref().and_then(|it| it.by_label.get(label));
        let fidelity = fidelity.map(|part| percent(Some(part))).unwrap_or_default();
        let (real, fake) = (percent(labels.real.get(label)), percent(labels.fake.get(label)));
        writeln!(out, "  {label:14} {real:>6} {fake:>9}  {fidelity:>8}")?;
    }
    if let Some(fidelity) = &labels.fidelity {
        let real = fidelity
            .real
            .map(|part| format!(", of real ones {}", percent(Some(&part))));
        let value = percent(Some(&fidelity.value));
        writeln!(
            out,
            "  {value} of {} generated images have their label{}",
            fidelity.n,
            real.unwrap_or_default()
        )?;
    }
    Ok(())
}

/// A number of four digits.
fn digits(value: f64) -> String {
    let whole = value.abs().max(1.0).log10().floor() as usize;
    if value != 0.0 && value.abs() < 0.001 {
        return format!("{value:.1e}");
    }
    format!("{value:.*}", 4_usize.saturating_sub(whole))
}

fn object(scores: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(scores) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits() {
        assert_eq!(
            [0.0, 0.51234, 12.3456, 4321.9].map(digits),
            ["0.0000", "0.5123", "12.346", "4321.9"]
        );
        assert_eq!(digits(-0.000_12), "-1.2e-4");
    }
}
