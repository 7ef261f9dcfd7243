//! The update of Adam, one pass over memory.

use pulp::Arch;
use rayon::prelude::*;

use crate::adam::Adam;

/// Values that a thread works on at a time.
const CHUNK: usize = 1 << 14;

/// The values that an update changes.
pub(crate) struct Changed<'a> {
    pub(crate) parameter: &'a mut [f32],
    pub(crate) moment_1: &'a mut [f32],
    pub(crate) moment_2: &'a mut [f32],
}

/// The update with the gradient `grad`, the `time`-th from 1 on.
pub(crate) fn step(changed: Changed<'_>, grad: &[f32], adam: Adam, time: i32) {
    let (beta1, beta2) = (adam.beta1 as f32, adam.beta2 as f32);
    let (fresh_1, fresh_2) = ((1.0 - adam.beta1) as f32, (1.0 - adam.beta2) as f32);
    let rate = (adam.lr / (1.0 - adam.beta1.powi(time))) as f32;
    let root = (1.0 / (1.0 - adam.beta2.powi(time)).sqrt()) as f32;
    let epsilon = adam.epsilon as f32;
    let chunks = (changed.parameter.par_chunks_mut(CHUNK))
        .zip(changed.moment_1.par_chunks_mut(CHUNK))
        .zip(changed.moment_2.par_chunks_mut(CHUNK))
        .zip(grad.par_chunks(CHUNK));
    chunks.for_each(|(((parameter, moment_1), moment_2), grad)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let moments = moment_1.iter_mut().zip(moment_2.iter_mut());
                for ((parameter, grad), (moment_1, moment_2)) in parameter.iter_mut().zip(grad).zip(moments) {
                    *moment_1 = beta1 * *moment_1 + fresh_1 * grad;
                    *moment_2 = beta2 * *moment_2 + fresh_2 * grad * grad;
                    *parameter -= rate * *moment_1 / (moment_2.sqrt() * root + epsilon);
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADAM: Adam = Adam {
        lr: 0.1,
        beta1: 0.5,
        beta2: 0.999,
        epsilon: 1e-8,
    };

    /// The paper's algorithm 1, in `f64`.
    fn reference(grads: &[f64]) -> f64 {
        let (mut parameter, mut m, mut v) = (1.0, 0.0, 0.0);
        for (time, grad) in (1..).zip(grads) {
            m = ADAM.beta1 * m + (1.0 - ADAM.beta1) * grad;
            v = ADAM.beta2 * v + (1.0 - ADAM.beta2) * grad * grad;
            let (m, v): (f64, f64) = (
                m / (1.0 - ADAM.beta1.powi(time)),
                v / (1.0 - ADAM.beta2.powi(time)),
            );
            parameter -= ADAM.lr * m / (v.sqrt() + ADAM.epsilon);
        }
        parameter
    }

    #[test]
    fn parameters_follow_the_papers_algorithm() {
        let grads = [0.3_f32, -1.5, 0.0, 2e-4, 7.0];
        // More values than a chunk; all must be the same.
        let len = CHUNK + 3;
        let (mut parameter, mut moment_1, mut moment_2) = (vec![1.0; len], vec![0.0; len], vec![0.0; len]);
        for (time, grad) in (1..).zip(grads) {
            let changed = Changed {
                parameter: &mut parameter,
                moment_1: &mut moment_1,
                moment_2: &mut moment_2,
            };
            step(changed, &vec![grad; len], ADAM, time);
        }
        let expected = reference(&grads.map(f64::from));
        for found in parameter {
            assert!(
                (f64::from(found) - expected).abs() < 1e-6,
                "{found} instead of {expected}"
            );
        }
    }
}
