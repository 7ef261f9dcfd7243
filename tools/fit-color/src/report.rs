//! Prints how accurate and how well calibrated held-out answers are.

use ai4fashion_color::{__private::TEMPERATURE, BasicColor};
use fit_common::NAMES;

use crate::{calibration, cross_validation::Answer};

/// Prints accuracy on garment-only photos, and calibration.
pub(crate) fn print(answers: &[Answer]) {
    let mut garments: Vec<&Answer> = answers.iter().filter(|answer| answer.is_garment_only).collect();
    garments.sort_by(|a, b| b.lead().total_cmp(&a.lead()).then_with(|| a.id.cmp(&b.id)));
    print_accuracy(&garments);
    print_calibration("photos of all kinds", &answers.iter().collect::<Vec<_>>());
    print_calibration("garment-only photos", &garments);
}

/// `answers` are sorted by their lead, the largest first.
#[allow(clippy::print_stdout, reason = "a program that reports")]
fn print_accuracy(answers: &[&Answer]) {
    let print = |what: &str, answers: &[&Answer]| {
        let right = answers.iter().filter(|answer| answer.is_right()).count();
        let accuracy = right as f64 / answers.len().max(1) as f64;
        println!("{what}: {right} of {}, {accuracy:.3}", answers.len());
    };
    print("named as the catalogue does", answers);
    let surest = (answers.len() * 7).div_ceil(10);
    print("among the 70% with the largest lead", &answers[..surest]);
    // Smoother than a count of right names, to compare settings.
    println!(
        "mean -ln of the label's probability: {:.3}",
        calibration::loss(answers, 1.0)
    );
    let mut recalls = Vec::new();
    for color in BasicColor::ALL {
        let labeled = answers.iter().filter(|answer| answer.label == color);
        let mut found = [0_usize; NAMES.len()];
        labeled.for_each(|answer| found[answer.name.index()] += 1);
        let total: usize = found.iter().sum();
        if total == 0 {
            continue;
        }
        let recall = found[color.index()] as f64 / total as f64;
        recalls.push(recall);
        let mut counts: Vec<(usize, &str)> = found
            .into_iter()
            .zip(NAMES)
            .filter(|(count, _)| *count > 0)
            .collect();
        counts.sort_by(|a, b| b.cmp(a));
        let counts: Vec<String> = counts
            .iter()
            .map(|(count, name)| format!("{name} {count}"))
            .collect();
        println!("{color:7} {recall:.2} of {total:3}: {}", counts.join(", "));
    }
    println!(
        "mean over the names: {:.3}",
        recalls.iter().sum::<f64>() / recalls.len() as f64
    );
}

#[allow(clippy::print_stdout, reason = "a program that reports")]
fn print_calibration(what: &str, answers: &[&Answer]) {
    let temperature = calibration::temperature(answers);
    let error = |temperature: f32| {
        let found = answers
            .iter()
            .map(|answer| (calibration::confidence(answer, temperature), answer.is_right()));
        calibration::error(&calibration::bins(found))
    };
    let held_out = calibration::bins(calibration::held_out(answers).into_iter());
    let by_chance = calibration::error_by_chance(&held_out);
    println!("expected calibration error on {} {what}:", answers.len());
    println!("  {:.3} without temperature", error(1.0));
    println!(
        "  {:.3} with the crate's temperature, {TEMPERATURE}",
        error(TEMPERATURE)
    );
    println!(
        "  {:.3} with the best temperature for these, {temperature:.3}",
        error(temperature)
    );
    println!(
        "  {:.3} with the best one for the other folds",
        calibration::error(&held_out)
    );
    println!("  {by_chance:.3} if the last were perfect, by chance");
    for bin in held_out.iter().filter(|bin| bin.count > 0) {
        println!(
            "  {:4} photos with mean confidence {:.2}: {:.2} right",
            bin.count, bin.confidence, bin.accuracy
        );
    }
}
