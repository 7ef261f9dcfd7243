//! The network: an image of 60x80 pixels in, scores out.

pub(crate) mod conv;
pub(crate) mod feature_map;
mod half_size;
pub(crate) mod linear;
mod products;

use self::{
    conv::Conv,
    feature_map::FeatureMap,
    linear::{Linear, relu, softmax},
};
use crate::shape::{
    CHANNELS, CLASSES, EMBEDDING, HEIGHT, HIDDEN, LAST, LAYOUT, LAYOUT_CHANNELS, MAPS, MASK, MIDDLE, WIDE,
    WIDTH,
};

/// Colour names.
pub(crate) const COLORS: usize = 11;
const PIXELS: usize = MASK[0] * MASK[1];
const LAST_PIXELS: usize = LAST[0] * LAST[1];
const GLOBAL: usize = 2 * WIDE + LAYOUT;
const POOLED: usize = MIDDLE + 2 * WIDE + EMBEDDING;

/// The layers.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) convs: [Conv; 5],
    pub(crate) reduce: Conv,
    pub(crate) lateral: Conv,
    pub(crate) top_down: Conv,
    /// Value of 1 in the last feature map.
    pub(crate) unit: f32,
    /// A row of weights for each map, over the channels of the middle feature map.
    pub(crate) maps: Vec<f32>,
    pub(crate) map_bias: Vec<f32>,
    pub(crate) map_weights: Linear,
    pub(crate) layout: Linear,
    pub(crate) class: Linear,
    pub(crate) alone: Linear,
    pub(crate) embedding: Linear,
    pub(crate) hidden: Linear,
    pub(crate) color: Linear,
}

/// Buffers of a run, and its results.
#[derive(Clone, Debug)]
pub(crate) struct Buffers {
    /// What the image is written to: 255 minus red, green, blue.
    pub(crate) input: FeatureMap,
    /// The input at half the size.
    half_size: FeatureMap,
    features: [FeatureMap; 5],
    reduced: Vec<f32>,
    low: Vec<f32>,
    merged: Vec<f32>,
    /// What the classes are told from.
    pub(crate) global: [f32; GLOBAL],
    /// What the colours are told from.
    pub(crate) pooled: [f32; POOLED],
    /// The hidden layer before the colours.
    pub(crate) hidden: [f32; HIDDEN],
    /// Weight of each pixel, 0 to 1.
    pub(crate) mask: [f32; PIXELS],
    /// Scores of the classes.
    pub(crate) class: [f32; CLASSES],
    /// Score of a garment alone.
    pub(crate) alone: f32,
    /// Scores of the colours.
    pub(crate) color: [f32; COLORS],
}

/// What others may ask of the last run.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    global: [f32; GLOBAL],
    hidden: [f32; HIDDEN],
    mask: [f32; PIXELS],
}

impl Buffers {
    /// Exchanges left and right of the input.
    pub(crate) fn mirror(&mut self) {
        for y in 0..HEIGHT {
            self.input.row_mut(y).as_chunks_mut::<4>().0.reverse();
        }
    }

    /// Makes the input what a photo of half the size would show.
    pub(crate) fn coarsen(&mut self) {
        half_size::coarsen(&mut self.input, &mut self.half_size);
    }

    pub(crate) fn kept(&self) -> Kept {
        Kept {
            global: self.global,
            hidden: self.hidden,
            mask: self.mask,
        }
    }

    pub(crate) fn restore(&mut self, kept: Kept) {
        let Kept { global, hidden, mask } = kept;
        (self.global, self.hidden, self.mask) = (global, hidden, mask);
    }

    pub(crate) fn new() -> Self {
        let sizes = [[HEIGHT / 2, WIDTH / 2], MASK, MASK, LAST, LAST];
        let features = std::array::from_fn(|layer| FeatureMap::new(sizes[layer], CHANNELS[layer]));
        Self {
            input: FeatureMap::new([HEIGHT, WIDTH], 3),
            half_size: FeatureMap::new([HEIGHT / 2, WIDTH / 2], 3),
            features,
            reduced: vec![0.0; LAST_PIXELS * LAYOUT_CHANNELS],
            low: vec![0.0; LAST_PIXELS * MIDDLE],
            merged: vec![0.0; PIXELS * MIDDLE],
            global: [0.0; GLOBAL],
            pooled: [0.0; POOLED],
            hidden: [0.0; HIDDEN],
            mask: [0.0; PIXELS],
            class: [0.0; CLASSES],
            alone: 0.0,
            color: [0.0; COLORS],
        }
    }
}

impl Network {
    /// Computes the feature maps, the classes and whether the garment is alone.
    pub(crate) fn look(&self, buffers: &mut Buffers) {
        let Buffers { input, features, .. } = buffers;
        let mut last = &*input;
        for (conv, output) in self.convs.iter().zip(features) {
            conv.forward(last, output);
            last = output;
        }
        self.reduce.forward_f32(last, &mut buffers.reduced);
        relu(&mut buffers.reduced);
        let global = &mut buffers.global;
        pool(last, self.unit, global);
        self.layout
            .forward(buffers.reduced.iter().copied(), &mut global[2 * WIDE..]);
        relu(&mut global[2 * WIDE..]);
        self.class.forward(*global, &mut buffers.class);
        let mut alone = [0.0];
        self.alone.forward(*global, &mut alone);
        [buffers.alone] = alone;
        self.merge(buffers);
    }

    /// Adds the last feature map to the middle one.
    fn merge(&self, buffers: &mut Buffers) {
        let Buffers {
            features,
            low,
            merged,
            ..
        } = buffers;
        self.top_down.forward_f32(&features[4], low);
        self.lateral.forward_f32(&features[2], merged);
        for (place, pixel) in merged.chunks_exact_mut(MIDDLE).enumerate() {
            let (y, x) = (place / MASK[1], place % MASK[1]);
            let start = (y / 2 * LAST[1] + x / 2) * MIDDLE;
            pixel
                .iter_mut()
                .zip(&low[start..])
                .for_each(|(value, low)| *value = (*value + low).max(0.0));
        }
    }

    /// Computes the mask and the colours of an article that is of each class with a probability.
    pub(crate) fn name(&self, classes: &[f32; CLASSES], buffers: &mut Buffers) {
        let mut weights = [0.0; MAPS];
        self.map_weights.forward(*classes, &mut weights);
        let mut looked = [0.0; MIDDLE];
        for (weight, row) in weights.iter().zip(self.maps.chunks_exact(MIDDLE)) {
            looked
                .iter_mut()
                .zip(row)
                .for_each(|(sum, value)| *sum += weight * value);
        }
        let bias: f32 = weights
            .iter()
            .zip(&self.map_bias)
            .map(|(weight, bias)| weight * bias)
            .sum();
        let pooled = &mut buffers.pooled;
        pooled.fill(0.0);
        let mut total = 1e-3;
        for (weight, pixel) in buffers.mask.iter_mut().zip(buffers.merged.chunks_exact(MIDDLE)) {
            let score = dot(pixel, &looked) + bias;
            *weight = 1.0 / (1.0 + (-score).exp());
            total += *weight;
            pooled
                .iter_mut()
                .zip(pixel)
                .for_each(|(sum, value)| *sum += *weight * value);
        }
        pooled[..MIDDLE].iter_mut().for_each(|sum| *sum /= total);
        pool(&buffers.features[4], self.unit, &mut pooled[MIDDLE..]);
        self.embedding.forward(*classes, &mut pooled[MIDDLE + 2 * WIDE..]);
        let hidden = &mut buffers.hidden;
        self.hidden.forward(*pooled, hidden);
        relu(hidden);
        self.color.forward(*hidden, &mut buffers.color);
    }

    /// Returns the probability of each class as the network was trained to guess it.
    pub(crate) fn guess(buffers: &Buffers) -> [f32; CLASSES] {
        let mut classes = buffers.class;
        softmax(&mut classes, 1.0);
        classes
    }
}

/// A product of vectors, summed in eighths so that it vectorizes.
fn dot(a: &[f32], b: &[f32; MIDDLE]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        (0..8).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sums.iter().sum()
}

/// Writes the mean and the maximum of each channel.
fn pool(map: &FeatureMap, unit: f32, output: &mut [f32]) {
    let [mut sums, mut highest] = [[0_i32; WIDE]; 2];
    for y in 0..map.height() {
        for pixel in map.row(y).as_chunks::<WIDE>().0 {
            for channel in 0..WIDE {
                let value = i32::from(pixel[channel]);
                sums[channel] += value;
                highest[channel] = highest[channel].max(value);
            }
        }
    }
    let count = (map.height() * map.width()) as f32;
    let (means, maxima) = output.split_at_mut(WIDE);
    means
        .iter_mut()
        .zip(sums)
        .for_each(|(mean, sum)| *mean = sum as f32 * unit / count);
    maxima
        .iter_mut()
        .zip(highest)
        .for_each(|(maximum, highest)| *maximum = highest as f32 * unit);
}
