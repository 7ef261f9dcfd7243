//! Temperatures that make confidences probabilities.

use ai4fashion_garment::{__private::features, Error, GarmentClassifier, GarmentWorkspace};

use crate::{example::Example, tensors::Tensors};

/// Returns the weights with the temperatures by which the labels of the examples are most likely
/// (C. Guo et al., On Calibration of Modern Neural Networks, ICML 2017).
///
/// The examples should not be among those that the weights were trained on. An answer without a
/// label keeps its temperature.
///
/// # Errors
/// If the weights are damaged, or of another format.
pub fn calibrate(weights: &[u8], examples: &[Example]) -> Result<Vec<u8>, Error> {
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let workspace = &mut GarmentWorkspace::new();
    let mut answers: [Vec<(Vec<f32>, usize)>; 3] = Default::default();
    for example in examples {
        let seen = features(&classifier, workspace, example.view(), example.hint());
        let is_alone = example.is_garment_only.map(usize::from);
        for (answers, (scores, label)) in answers.iter_mut().zip([
            (seen.color.to_vec(), example.color),
            (seen.class.to_vec(), example.class),
            (vec![0.0, seen.garment_only], is_alone),
        ]) {
            answers.extend(label.map(|label| (scores, label)));
        }
    }
    let tensors = Tensors::of(weights);
    let mut temperatures = tensors.temperatures();
    for (temperature, answers) in temperatures.iter_mut().zip(&answers) {
        if !answers.is_empty() {
            *temperature = best(answers);
        }
    }
    Ok(tensors.with_temperatures(temperatures).into_bytes())
}

/// Returns the weights with the temperatures of others.
///
/// Weights that learned all photos have no photo left to be calibrated by: the temperatures of
/// weights that learned most of them are the next best.
///
/// # Errors
/// If one of them is damaged, or of another format.
pub fn with_temperatures_of(weights: &[u8], others: &[u8]) -> Result<Vec<u8>, Error> {
    for weights in [weights, others] {
        GarmentClassifier::from_bytes(weights)?;
    }
    let temperatures = Tensors::of(others).temperatures();
    Ok(Tensors::of(weights).with_temperatures(temperatures).into_bytes())
}

/// The temperature of the least loss, of those from 0.3 to 3 in steps of 1%.
fn best(answers: &[(Vec<f32>, usize)]) -> f32 {
    let temperatures = (0..232).map(|step| 0.3 * 1.01_f32.powi(step));
    let losses = temperatures.map(|temperature| (loss(answers, temperature), temperature));
    losses
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(1.0, |(_, temperature)| temperature)
}

fn loss(answers: &[(Vec<f32>, usize)], temperature: f32) -> f64 {
    let one = |(scores, label): &(Vec<f32>, usize)| {
        let total: f64 = scores
            .iter()
            .map(|score| f64::from((score - scores[*label]) / temperature).exp())
            .sum();
        total.ln()
    };
    answers.iter().map(one).sum()
}
