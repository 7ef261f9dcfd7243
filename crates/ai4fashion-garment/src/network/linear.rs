//! Linear layers.

/// A linear layer.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    /// A row for each input.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// `weights` are `[inputs, outputs]`.
    pub(crate) fn new(weights: Vec<f32>, bias: Vec<f32>) -> Self {
        debug_assert!(weights.len().is_multiple_of(bias.len()));
        Self { weights, bias }
    }

    /// Writes the outputs, in an order of summation that is the same everywhere.
    pub(crate) fn forward(&self, input: impl IntoIterator<Item = f32>, output: &mut [f32]) {
        output.copy_from_slice(&self.bias);
        for (value, row) in input.into_iter().zip(self.weights.chunks_exact(self.bias.len())) {
            // ReLU leaves many zeros.
            if value != 0.0 {
                output
                    .iter_mut()
                    .zip(row)
                    .for_each(|(sum, weight)| *sum += value * weight);
            }
        }
    }
}

/// Replaces negative values by 0.
pub(crate) fn relu(values: &mut [f32]) {
    values.iter_mut().for_each(|value| *value = value.max(0.0));
}

/// Replaces scores by probabilities, softened by a temperature.
pub(crate) fn softmax(scores: &mut [f32], temperature: f32) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores
        .iter_mut()
        .for_each(|score| *score = ((*score - highest) / temperature).exp());
    let total: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= total);
}
