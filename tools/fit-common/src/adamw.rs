//! I. Loshchilov and F. Hutter's `AdamW` (ICLR 2019) on full batches, with cosine decay of the
//! learning rate.

use std::f32::consts::PI;

/// Steps until the learning rate is 0.
pub const STEPS: u32 = 300;

const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// The optimizer with the moments of each weight's gradient.
#[derive(Debug)]
pub struct AdamW {
    rate: f32,
    decay: f32,
    done: u32,
    moments: Vec<[f32; 2]>,
}

impl AdamW {
    /// Creates an optimizer for a number of weights.
    #[must_use]
    pub fn new(weights: usize, rate: f32, decay: f32) -> Self {
        Self {
            rate,
            decay,
            done: 0,
            moments: vec![[0.0; 2]; weights],
        }
    }

    /// Updates the weights by one of [`STEPS`] gradient-descent steps.
    pub fn step(&mut self, weights: &mut [f32], gradients: &[f32]) {
        let angle = PI * self.done as f32 / STEPS as f32;
        let rate = self.rate * (1.0 + angle.cos()) / 2.0;
        self.done += 1;
        let corrections = BETAS.map(|beta| 1.0 - beta.powi(self.done as i32));
        for ((weight, gradient), [first, second]) in weights.iter_mut().zip(gradients).zip(&mut self.moments)
        {
            *first = BETAS[0] * *first + (1.0 - BETAS[0]) * gradient;
            *second = BETAS[1] * *second + (1.0 - BETAS[1]) * gradient * gradient;
            let scale = (*second / corrections[1]).sqrt() + EPSILON;
            *weight *= 1.0 - rate * self.decay;
            *weight -= rate * *first / corrections[0] / scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_decay_it_ends_at_the_minimum() {
        let mut weights = [3.0, -2.0];
        let mut adam = AdamW::new(2, 0.1, 0.0);
        for _ in 0..STEPS {
            let [x, y] = weights;
            adam.step(&mut weights, &[2.0 * (x - 1.0), 20.0 * (y - 0.5)]);
        }
        assert!(
            (weights[0] - 1.0).abs() < 1e-3 && (weights[1] - 0.5).abs() < 1e-3,
            "{weights:?}"
        );
    }

    #[test]
    fn decay_shrinks_a_weight_without_gradient() {
        let mut weights = [1.0];
        let mut adam = AdamW::new(1, 0.1, 1.0);
        for _ in 0..STEPS {
            adam.step(&mut weights, &[0.0]);
        }
        assert!((0.0..1e-3).contains(&weights[0]), "{weights:?}");
    }
}
