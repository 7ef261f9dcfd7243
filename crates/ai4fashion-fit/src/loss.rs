//! The losses of a batch.

use ai4fashion_garment::{__private::shape::CLASSES, color::BasicColor};
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{log_softmax, relu},
};

use crate::{example::Example, network::Output};

/// Weight of the loss of garments alone, which is learned from few labels.
const GARMENT_ONLY: f32 = 0.2;

/// What is added to the scores of the colours in training, so that those without it favour rare
/// colours: `balance` times the logarithm of each colour's share.
pub(crate) fn adjustment(examples: &[Example], balance: f32) -> [f32; BasicColor::COUNT] {
    // A colour that does not occur has a share, too.
    let mut sums = [1.0_f32; BasicColor::COUNT];
    for example in examples {
        if let Some(color) = example.color {
            sums[color] += example.weight * example.chance;
        }
    }
    let total: f32 = sums.iter().sum();
    sums.map(|sum| balance * (sum / total).ln())
}

/// The mean loss of a batch: cross entropies of colour and class with smoothed labels, and of a
/// garment alone. `adjustment` is added to the scores of the colours.
pub(crate) fn loss(
    output: Output,
    examples: &[&Example],
    smoothing: f32,
    adjustment: [f32; BasicColor::COUNT],
    device: &Device,
) -> Tensor<1> {
    let adjustment = TensorData::new(adjustment.to_vec(), [1, BasicColor::COUNT]);
    let adjustment = Tensor::from_inner(Tensor::<2>::from_data(adjustment, device));
    let color = smoothed(examples, BasicColor::COUNT, smoothing, |example| {
        Some((example.color?, example.weight))
    });
    let class = smoothed(examples, CLASSES, smoothing, |example| {
        Some((example.class?, 1.0))
    });
    let sum = cross_entropy(output.color + adjustment, color, device)
        + cross_entropy(output.class, class, device)
        + garment_only(output.garment_only, examples, device).mul_scalar(GARMENT_ONLY);
    sum.mul_scalar(1.0 / examples.len() as f32)
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
