//! How accurate the model is on garments that it was not fitted to.

use ai4fashion_color::BasicColor;
use fit_common::FOLDS;
use rayon::prelude::*;

use crate::{
    NAMES,
    cloth::Photo,
    fit::{self, Options, Others},
};

/// An answer for a photo.
struct Answer<'a> {
    photo: &'a Photo,
    name: usize,
    /// How far it is ahead of the second.
    ahead: f32,
    /// How likely the model holds the catalogue's name.
    of_label: f32,
}

impl Answer<'_> {
    fn is_right(&self) -> bool {
        self.name == self.photo.color.index()
    }
}

/// Fits a model to four fifths of the photos, names the garments of the last fifth, five times, and prints how often the
/// name is the catalogue's.
pub(crate) fn cross_validation(photos: &[Photo], others: &Others, options: &Options) {
    let mut answers: Vec<Answer<'_>> = (0..FOLDS)
        .into_par_iter()
        .flat_map_iter(|fold| {
            let model = fit::fit(
                photos.iter().filter(|photo| photo.fold() != fold),
                others,
                options,
            );
            let garments = photos
                .iter()
                .filter(move |photo| photo.alone && photo.fold() == fold);
            garments.map(move |photo| {
                let found = model.probabilities(&photo.features[0]);
                let mut order: [usize; NAMES.len()] = std::array::from_fn(|name| name);
                order.sort_by(|&a, &b| found[b].total_cmp(&found[a]));
                Answer {
                    photo,
                    name: order[0],
                    ahead: found[order[0]] - found[order[1]],
                    of_label: found[photo.color.index()],
                }
            })
        })
        .collect();
    answers.sort_by(|a, b| {
        b.ahead
            .total_cmp(&a.ahead)
            .then_with(|| a.photo.id.cmp(&b.photo.id))
    });
    print(&answers);
}

#[allow(clippy::print_stdout, reason = "a program that reports")]
fn print(answers: &[Answer<'_>]) {
    let right = |answers: &[Answer<'_>]| answers.iter().filter(|answer| answer.is_right()).count();
    let say = |what: &str, answers: &[Answer<'_>]| {
        let (right, all) = (right(answers), answers.len());
        let share = right as f64 / all.max(1) as f64;
        println!("{what}: {right} of {all}, {share:.3}");
    };
    say("named as the catalogue does", answers);
    let surest = (answers.len() * 7).div_ceil(10);
    say("among the 70% that it is surest of", &answers[..surest]);
    // Smoother than a count of right names: what settings are compared by.
    let surprise: f32 = answers.iter().map(|answer| -answer.of_label.max(1e-6).ln()).sum();
    println!(
        "mean -ln of the label's probability: {:.3}",
        surprise / answers.len().max(1) as f32
    );
    let mut recalls = Vec::new();
    for color in BasicColor::ALL {
        let of = answers.iter().filter(|answer| answer.photo.color == color);
        let mut found = [0_usize; NAMES.len()];
        of.for_each(|answer| found[answer.name] += 1);
        let total: usize = found.iter().sum();
        if total == 0 {
            continue;
        }
        let recall = found[color.index()] as f64 / total as f64;
        recalls.push(recall);
        let mut others: Vec<(usize, &str)> = found
            .into_iter()
            .zip(NAMES)
            .filter(|(count, _)| *count > 0)
            .collect();
        others.sort_by(|a, b| b.cmp(a));
        let named: Vec<String> = others
            .iter()
            .map(|(count, name)| format!("{name} {count}"))
            .collect();
        let note = if color == BasicColor::White {
            " (white cloth on white paper)"
        } else {
            ""
        };
        println!(
            "{:7} {recall:.2} of {total:3}: {}{note}",
            color.as_str(),
            named.join(", ")
        );
    }
    println!(
        "mean over the names: {:.3}",
        recalls.iter().sum::<f64>() / recalls.len() as f64
    );
}
