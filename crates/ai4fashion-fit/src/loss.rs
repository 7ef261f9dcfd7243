//! The losses of a batch.

use ai4fashion_garment::{__private::shape::CLASSES, color::BasicColor};
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{log_softmax, relu},
};

use crate::{config::FitConfig, example::Example, network::Output};

/// Weight of the loss of garments alone, which is learned from few labels.
const GARMENT_ONLY: f32 = 0.2;

/// Weight of the difference between two answers about the class, beside those about the colour.
const CLASS_DIFFERENCE: f32 = 0.5;

/// What is added to scores in training, so that those without it favour rare labels: `balance`
/// times the logarithm of each label's share.
#[derive(Clone, Debug)]
pub(crate) struct Adjustment {
    color: Tensor<2>,
    class: Tensor<2>,
}

impl Adjustment {
    pub(crate) fn new(examples: &[Example], config: &FitConfig, device: &Device) -> Self {
        let row = |values: &[f32]| {
            let data = TensorData::new(values.to_vec(), [1, values.len()]);
            Tensor::from_inner(Tensor::<2>::from_data(data, device))
        };
        let color =
            shares::<{ BasicColor::COUNT }>(examples, |example| Some((example.color?, example.weight)));
        let class = shares::<CLASSES>(examples, |example| Some((example.class?, 1.0)));
        Self {
            color: row(&color.map(|share| config.balance * share.ln())),
            class: row(&class.map(|share| config.type_balance * share.ln())),
        }
    }
}

/// The share of each label in an epoch.
fn shares<const N: usize>(
    examples: &[Example],
    label: impl Fn(&Example) -> Option<(usize, f32)>,
) -> [f32; N] {
    // A label that does not occur has a share, too.
    let mut sums = [1.0_f32; N];
    for example in examples {
        if let Some((label, weight)) = label(example) {
            sums[label] += weight * example.chance;
        }
    }
    let total: f32 = sums.iter().sum();
    sums.map(|sum| sum / total)
}

/// The mean loss of a batch: cross entropies of colour and class with smoothed labels, of a garment
/// alone, and with two views, the difference between the answers of the batch's halves, which are
/// of the same photos.
pub(crate) fn loss(
    output: Output,
    examples: &[&Example],
    views: usize,
    smoothing: f32,
    adjustment: &Adjustment,
    device: &Device,
) -> Tensor<1> {
    let color = smoothed(examples, BasicColor::COUNT, smoothing, |example| {
        Some((example.color?, example.weight))
    });
    let class = smoothed(examples, CLASSES, smoothing, |example| {
        Some((example.class?, 1.0))
    });
    let Output {
        color: colors,
        class: classes,
        garment_only: alone,
    } = output;
    let mut sum = cross_entropy(colors.clone() + adjustment.color.clone(), color, device)
        + cross_entropy(classes.clone() + adjustment.class.clone(), class, device)
        + garment_only(alone, examples, device).mul_scalar(GARMENT_ONLY);
    if views == 2 {
        let weights = |weight: fn(&Example) -> f32| {
            let values: Vec<f32> = examples.iter().map(|example| weight(example)).collect();
            Tensor::from_inner(Tensor::from_data(
                TensorData::new(values, [examples.len(), 1]),
                device,
            ))
        };
        sum = sum
            + difference(colors, weights(|example| example.weight))
            + difference(classes, weights(|_| CLASS_DIFFERENCE));
    }
    sum.mul_scalar(1.0 / examples.len() as f32)
}

/// The symmetric Kullback-Leibler divergence of the first half's answers and the second half's,
/// times the weight of each photo, `[batch, 1]`.
fn difference(logits: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    let [batch, classes] = logits.dims();
    let half = batch / 2;
    let [first, second] =
        [0..half, half..batch].map(|rows| log_softmax(logits.clone().slice([rows, 0..classes]), 1));
    let divergence = (first.clone().exp() - second.clone().exp()) * (first - second);
    (divergence * weights.slice([0..half, 0..1])).sum()
}

/// Target probabilities times the weight of each example, `[examples, classes]`.
fn smoothed(
    examples: &[&Example],
    classes: usize,
    smoothing: f32,
    label: impl Fn(&Example) -> Option<(usize, f32)>,
) -> TensorData {
    let mut values = vec![0.0_f32; examples.len() * classes];
    for (row, example) in values.chunks_exact_mut(classes).zip(examples) {
        if let Some((class, weight)) = label(example) {
            row.fill(weight * smoothing / classes as f32);
            row[class] += weight * (1.0 - smoothing);
        }
    }
    TensorData::new(values, [examples.len(), classes])
}

fn cross_entropy(logits: Tensor<2>, targets: TensorData, device: &Device) -> Tensor<1> {
    let targets = Tensor::from_inner(Tensor::<2>::from_data(targets, device));
    (log_softmax(logits, 1) * targets).sum().neg()
}

fn garment_only(logits: Tensor<2>, examples: &[&Example], device: &Device) -> Tensor<1> {
    let tensor = |value: fn(bool) -> f32| -> Tensor<2> {
        let values: Vec<f32> = examples
            .iter()
            .map(|example| example.is_garment_only.map_or(0.0, value))
            .collect();
        let data = TensorData::new(values, [examples.len(), 1]);
        Tensor::from_inner(Tensor::<2>::from_data(data, device))
    };
    let (target, weight) = (tensor(|is_alone| f32::from(u8::from(is_alone))), tensor(|_| 1.0));
    // log(1 + exp(x)) - target * x, without overflow.
    let softplus = (logits.clone().abs().neg().exp() + 1.0).log() + relu(logits.clone());
    ((softplus - target * logits) * weight).sum()
}

#[cfg(test)]
#[cfg(any(feature = "ndarray", feature = "flex"))]
mod tests {
    use ai4fashion_garment::color::image::RgbImage;

    use super::*;

    /// Rows of scores, a factor times the number of the label.
    fn scores<const N: usize>(factors: [f32; 4], device: &Device) -> Tensor<2> {
        let row = |factor| (0..N).map(move |label| factor * label as f32);
        let values: Vec<f32> = factors.into_iter().flat_map(row).collect();
        Tensor::from_data(TensorData::new(values, [4, N]), device)
    }

    /// The divergence of the probabilities of two such rows.
    fn divergence<const N: usize>(factors: [f32; 2]) -> f32 {
        let [p, q] = factors.map(|factor| -> Vec<f32> {
            let powers: Vec<f32> = (0..N).map(|label| (factor * label as f32).exp()).collect();
            let total: f32 = powers.iter().sum();
            powers.iter().map(|power| power / total).collect()
        });
        p.iter().zip(&q).map(|(p, q)| (p - q) * (p / q).ln()).sum()
    }

    #[test]
    fn difference_between_two_views_costs() {
        let device = ai4fashion_kernels::cpu();
        let examples = [BasicColor::Red, BasicColor::Blue]
            .map(|color| Example::new(&RgbImage::new(6, 8)).with_color(Some(color)));
        let both: Vec<&Example> = examples.iter().chain(&examples).collect();
        let adjustment = Adjustment::new(&examples, &FitConfig::default(), &device);
        let cost = |colors, classes, views| -> f32 {
            let output = Output {
                color: scores::<{ BasicColor::COUNT }>(colors, &device),
                class: scores::<CLASSES>(classes, &device),
                garment_only: Tensor::zeros([4, 1], &device),
            };
            loss(output, &both, views, 0.0, &adjustment, &device).into_scalar()
        };
        let [equal, different] = [[0.1, 0.2, 0.1, 0.2], [0.1, 0.2, 0.3, 0.2]];
        assert!((cost(equal, equal, 2) - cost(equal, equal, 1)).abs() < 1e-6);
        // The first photo's divergence, over four rows.
        for (colors, classes, expected) in [
            (different, equal, divergence::<{ BasicColor::COUNT }>([0.1, 0.3])),
            (equal, different, 0.5 * divergence::<CLASSES>([0.1, 0.3])),
        ] {
            let found = cost(colors, classes, 2) - cost(colors, classes, 1);
            assert!((found - expected / 4.0).abs() < 1e-4, "{found}, {expected}");
        }
    }

    #[test]
    fn rare_labels_are_favoured_by_the_logarithm_of_their_share() {
        let device = ai4fashion_kernels::cpu();
        let example = |color, article| {
            let example = Example::new(&RgbImage::new(6, 8)).with_color(Some(color));
            example.with_other_article(article)
        };
        let mut examples = vec![example(BasicColor::Red, 0); 21];
        examples.push(example(BasicColor::Blue, 1));
        let config = FitConfig::default().with_balance(0.5).with_type_balance(0.25);
        let adjustment = Adjustment::new(&examples, &config, &device);
        let gap = |scores: &Tensor<2>, labels: [usize; 2]| -> f32 {
            let scores: Vec<f32> = scores.clone().into_data().try_to_vec().unwrap();
            scores[labels[0]] - scores[labels[1]]
        };
        // One is added to each count: 22 against 2.
        let colors = gap(
            &adjustment.color,
            [BasicColor::Red.index(), BasicColor::Blue.index()],
        );
        assert!((colors - 0.5 * 11.0_f32.ln()).abs() < 1e-5, "{colors}");
        let classes = gap(&adjustment.class, [12, 13]);
        assert!((classes - 0.25 * 11.0_f32.ln()).abs() < 1e-5, "{classes}");
    }
}
