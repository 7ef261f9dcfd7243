//! Teaching given weights by a few examples.

use ai4fashion_garment::{__private::features, Error, GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_kernels::optim::{Adam, AdamState};
use burn::{
    module::Module,
    nn::Linear,
    optim::GradientsParams,
    tensor::{
        Device, Tensor, TensorData,
        activation::{log_softmax, relu},
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{example::Example, tensors::Tensors};

/// Examples of a step, of those with a label and of those without.
const BATCH: usize = 256;
/// Adam's epsilon: where answers are only held, gradients are tiny, and must not become steps.
const EPS: f64 = 1e-3;
/// Share of a label in what is learned; the rest is the answer of before.
const TRUST: f32 = 0.95;
/// Labelled rows that count as much as what the weights have learned before; a photo with a type
/// has two, with the type told and without.
const PRIOR: f32 = 300.0;

/// Settings of [`adapt`](crate::adapt()).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct AdaptConfig {
    /// Steps of Adam; default 300.
    pub steps: usize,
    /// Learning rate; default 0.0005.
    pub lr: f64,
    /// Seed of the order; default 1.
    pub seed: u64,
}

impl Default for AdaptConfig {
    fn default() -> Self {
        Self {
            steps: 300,
            lr: 5e-4,
            seed: 1,
        }
    }
}

impl AdaptConfig {
    /// Sets [`steps`](Self::steps).
    #[must_use]
    pub fn with_steps(self, steps: usize) -> Self {
        Self { steps, ..self }
    }

    /// Sets [`lr`](Self::lr).
    #[must_use]
    pub fn with_lr(self, lr: f64) -> Self {
        Self { lr, ..self }
    }

    /// Sets [`seed`](Self::seed).
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// Teaches weights, as [`GarmentClassifier::from_bytes`] reads them, by labelled examples, and
/// returns new ones.
///
/// Only the last layers learn, so some hundred labels are enough, and a thousand examples take
/// seconds. The labels are learned as they are; on examples without a label the answers are held to
/// what they were, so unlabelled photos of the same kind belong among the examples (Z. Li,
/// D. Hoiem, Learning without Forgetting, 2016).
///
/// # Errors
/// If the weights are damaged, or of another format.
pub fn adapt(
    weights: &[u8],
    examples: &[Example],
    config: &AdaptConfig,
    device: &Device,
) -> Result<Vec<u8>, Error> {
    let classifier = GarmentClassifier::from_bytes(weights)?;
    let rows = rows(&classifier, examples);
    let mut tensors = Tensors::of(weights);
    let autodiff = device.clone().autodiff();
    let mut heads = Heads {
        class: tensors.linear("class", &autodiff),
        hidden: tensors.linear("hidden", &autodiff),
        color: tensors.linear("color", &autodiff),
    };
    let colors = Task::new(&rows, |row| &row.color);
    let classes = Task::new(&rows, |row| &row.class);
    let mut adam = AdamState::new();
    let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
    for step in 0..config.steps as u32 {
        let color = colors.loss(&mut rng, device, |features| heads.colors(features));
        let class = classes.loss(&mut rng, device, |features| heads.class.forward(features));
        let Some(loss) = color.into_iter().chain(class).reduce(|a, b| a + b) else {
            break;
        };
        let gradients = GradientsParams::from_grads(loss.backward(), &heads);
        let left = 1.0 - f64::from(step) / config.steps as f64;
        let rule = Adam::default().with_lr(config.lr * left).with_epsilon(EPS);
        heads = adam.step(rule, heads, gradients);
    }
    let heads = heads.valid();
    for (name, layer) in [
        ("class", &heads.class),
        ("hidden", &heads.hidden),
        ("color", &heads.color),
    ] {
        tensors.remove(name);
        tensors.add_linear(name, layer);
    }
    Ok(tensors.into_bytes())
}

/// The layers that learn.
#[derive(Module, Debug)]
struct Heads {
    class: Linear,
    hidden: Linear,
    color: Linear,
}

impl Heads {
    fn colors(&self, pooled: Tensor<2>) -> Tensor<2> {
        self.color.forward(relu(self.hidden.forward(pooled)))
    }
}

/// What is learned from an example.
struct Row {
    color: Lesson,
    class: Lesson,
}

/// Features, and the probabilities that should be told from them.
struct Lesson {
    features: Vec<f32>,
    target: Vec<f32>,
    is_labelled: bool,
}

impl Lesson {
    fn new(features: Vec<f32>, scores: &[f32], label: Option<usize>) -> Self {
        let mut target = probabilities(scores);
        if let Some(label) = label {
            target.iter_mut().for_each(|target| *target *= 1.0 - TRUST);
            target[label] += TRUST;
        }
        Self {
            features,
            target,
            is_labelled: label.is_some(),
        }
    }
}

/// Runs the network on each example, with its type and without.
fn rows(classifier: &GarmentClassifier, examples: &[Example]) -> Vec<Row> {
    let workspace = &mut GarmentWorkspace::new();
    let mut rows = Vec::new();
    for example in examples {
        let hint = example.hint();
        let hints = [
            Some(TypeHint::Unknown),
            Some(hint).filter(|hint| *hint != TypeHint::Unknown),
        ];
        for hint in hints.into_iter().flatten() {
            let seen = features(classifier, workspace, example.view(), hint);
            rows.push(Row {
                color: Lesson::new(seen.pooled, &seen.color, example.color),
                class: Lesson::new(seen.global, &seen.class, example.class),
            });
        }
    }
    rows
}

/// The lessons of one answer, those with a label and those without.
struct Task<'a> {
    parts: [Vec<&'a Lesson>; 2],
}

impl<'a> Task<'a> {
    fn new(rows: &'a [Row], lesson: impl Fn(&'a Row) -> &'a Lesson) -> Self {
        let (labelled, others) = rows.iter().map(lesson).partition(|lesson| lesson.is_labelled);
        Self {
            parts: [labelled, others],
        }
    }

    /// The cross entropy of random lessons; `None` without a label.
    ///
    /// The fewer labels, the less they count: a few doubtful photos must not unsettle the rest.
    fn loss(
        &self,
        rng: &mut ChaCha8Rng,
        device: &Device,
        answer: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Option<Tensor<1>> {
        if self.parts[0].is_empty() {
            return None;
        }
        let labelled = self.parts[0].len() as f32;
        let trust = if self.parts[1].is_empty() {
            1.0
        } else {
            labelled / (labelled + PRIOR)
        };
        let parts = self.parts.iter().zip([trust, 1.0 - trust]);
        let losses = parts.filter(|(part, _)| !part.is_empty()).map(|(part, share)| {
            let count = part.len().min(BATCH);
            let chosen: Vec<&Lesson> = (0..count)
                .map(|_| part[rng.random_range(0..part.len())])
                .collect();
            let features = tensor(chosen.iter().map(|lesson| &lesson.features[..]), device);
            let target = tensor(chosen.iter().map(|lesson| &lesson.target[..]), device);
            let sum = (log_softmax(answer(features), 1) * target).sum();
            sum.mul_scalar(-share / count as f32)
        });
        losses.reduce(|a, b| a + b)
    }
}

/// Rows of equal length as a tensor for autodiff.
fn tensor<'a>(rows: impl ExactSizeIterator<Item = &'a [f32]>, device: &Device) -> Tensor<2> {
    let count = rows.len();
    let values: Vec<f32> = rows.flatten().copied().collect();
    let length = values.len() / count;
    Tensor::from_inner(Tensor::<2>::from_data(
        TensorData::new(values, [count, length]),
        device,
    ))
}

fn probabilities(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
    let total: f32 = powers.iter().sum();
    powers.iter().map(|power| power / total).collect()
}
