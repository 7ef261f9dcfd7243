//! Spectral normalization of a convolution's weight.

use ai4fashion_kernels::{self as kernels, nn::Conv2d};
use burn::{
    module::{Module, Param, Reparameterization, Reparameterizer, RunningState},
    tensor::{Tensor, TensorData},
};

use crate::model::layers::init::Init;

/// Divides a weight, as a matrix of outputs by inputs, by its largest singular value.
///
/// Each call on an autodiff device improves the singular value; see [`kernels::spectral_norm`].
/// `u` is kept like the running statistics of batch norm; on a plain device it does not change.
#[derive(Module, Debug)]
pub(crate) struct SpectralNorm {
    u: RunningState<Tensor<1>>,
}

impl Reparameterization for SpectralNorm {
    const NAME: &'static str = "spectral_norm";

    fn apply<const D: usize>(&self, base: Tensor<D>) -> Tensor<D> {
        let is_trained = base.is_autodiff();
        let (normalized, u) = kernels::spectral_norm(base, self.u.value_sync().inner());
        if is_trained {
            self.u.update(Tensor::from_inner(u));
        }
        normalized
    }
}

/// Makes a convolution normalize its weight spectrally, with a first `u` from `init`.
///
/// The type of the convolution and the name of its weight stay; `u` is saved beside it as
/// `weight.spectral_norm.u`. Before batch norm this has no effect, because batch norm cancels every
/// factor.
pub(crate) fn spectral_norm(conv: Conv2d, init: &mut Init) -> Conv2d {
    conv.apply_reparameterization(Attach { init })
}

#[derive(Debug)]
struct Attach<'a> {
    init: &'a mut Init,
}

impl Reparameterizer for Attach<'_> {
    type Reparam = SpectralNorm;

    fn reparameterize<const D: usize>(
        &mut self,
        path: &str,
        param: Param<Tensor<D>>,
    ) -> (Param<Tensor<D>>, Option<SpectralNorm>) {
        if path != "weight" {
            return (param, None);
        }
        let outputs = param.lazy_shape()[0];
        let mut first = self.init.values(outputs, 0.0);
        let length = first.iter().map(|value| value * value).sum::<f32>().sqrt();
        first.iter_mut().for_each(|value| *value /= length);
        let first = Tensor::from_data(TensorData::new(first, [outputs]), &param.lazy_device());
        let u = RunningState::new(first);
        (param, Some(SpectralNorm { u }))
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        optim::{AdamConfig, GradientsParams},
        store::{ModuleSnapshot, SafetensorsStore},
        tensor::Device,
    };

    use super::*;
    use crate::{
        model::layers::conv,
        random::Stream,
        testing::{device, on_each_device},
    };

    const OUTPUTS: usize = 6;
    const INPUTS: usize = 2 * 16;

    fn layer(seed: u64, device: &Device) -> Conv2d {
        let init = &mut Init::new(seed, Stream::DiscriminatorWeights);
        let conv = conv::halving(2, OUTPUTS, init, device);
        spectral_norm(conv, init)
    }

    fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
        let values = tensor.into_data().try_to_vec::<f32>().unwrap();
        values.into_iter().map(f64::from).collect()
    }

    fn u(layer: &Conv2d) -> Vec<f64> {
        let state = layer.weight.reparameterization::<SpectralNorm>().unwrap();
        host(state.u.value_sync())
    }

    fn unit(vector: Vec<f64>) -> Vec<f64> {
        let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        vector.into_iter().map(|x| x / length).collect()
    }

    /// `u W` and `W v` of a matrix in rows.
    fn from_left(u: &[f64], matrix: &[f64]) -> Vec<f64> {
        (0..INPUTS)
            .map(|at| matrix.chunks(INPUTS).zip(u).map(|(row, u)| row[at] * u).sum())
            .collect()
    }

    fn from_right(matrix: &[f64], v: &[f64]) -> Vec<f64> {
        let rows = matrix.chunks(INPUTS);
        rows.map(|row| row.iter().zip(v).map(|(w, v)| w * v).sum())
            .collect()
    }

    fn sigma(u: &[f64], matrix: &[f64], v: &[f64]) -> f64 {
        from_right(matrix, v).iter().zip(u).map(|(x, u)| x * u).sum()
    }

    /// By 10,000 power iterations.
    fn largest_singular_value(matrix: &[f64]) -> f64 {
        let mut u = unit((1..=OUTPUTS).map(|at| at as f64).collect());
        let mut v = Vec::new();
        for _ in 0..10_000 {
            v = unit(from_left(&u, matrix));
            u = unit(from_right(matrix, &v));
        }
        sigma(&u, matrix, &v)
    }

    #[test]
    fn weight_has_the_largest_singular_value_one_after_some_calls() {
        on_each_device(|| {
            let layer = layer(1, &device().autodiff());
            let base = host(layer.weight.base());
            let first = largest_singular_value(&host(layer.weight.val()));
            assert!((first - 1.0).abs() > 0.01, "{first} before anything converged");
            for _ in 0..200 {
                let _ = layer.weight.val();
            }
            let normalized = host(layer.weight.val());
            let found = largest_singular_value(&normalized);
            assert!((found - 1.0).abs() < 1e-4, "{found}");
            let largest = largest_singular_value(&base);
            for (normalized, base) in normalized.iter().zip(base) {
                assert!((normalized * largest - base).abs() < 1e-5);
            }
        });
    }

    #[test]
    fn vector_moves_by_one_power_iteration_in_training_and_not_at_all_in_use() {
        on_each_device(|| {
            let layer = layer(1, &device().autodiff());
            let (before, matrix) = (u(&layer), host(layer.weight.base()));
            let _ = layer.forward(Tensor::ones([1, 2, 8, 8], &device().autodiff()));
            let expected = unit(from_right(&matrix, &unit(from_left(&before, &matrix))));
            let after = u(&layer);
            assert_ne!(after, before);
            for (found, expected) in after.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{found} against {expected}");
            }
            let plain = layer.valid();
            let once = plain.weight.val().into_data();
            assert_eq!(plain.weight.val().into_data(), once);
            assert_eq!(u(&plain), after);
            // In use the singular value is the length of u W.
            let length = from_left(&after, &matrix)
                .iter()
                .map(|x| x * x)
                .sum::<f64>()
                .sqrt();
            let first = once.try_to_vec::<f32>().unwrap()[0];
            assert!((f64::from(first) - matrix[0] / length).abs() < 1e-6);
        });
    }

    #[test]
    fn gradient_passes_through_the_singular_value_with_vectors_held() {
        on_each_device(|| {
            let layer = layer(1, &device().autodiff());
            let matrix = host(layer.weight.base());
            let v = unit(from_left(&u(&layer), &matrix));
            let u = unit(from_right(&matrix, &v));
            let factors: Vec<f64> = (0..matrix.len()).map(|at| (at as f64 * 0.7).sin()).collect();
            let loss = |matrix: &[f64]| {
                let sum: f64 = matrix.iter().zip(&factors).map(|(w, f)| w * f).sum();
                sum / sigma(&u, matrix, &v)
            };
            let weights = factors.iter().map(|f| *f as f32).collect::<Vec<_>>();
            let weights = TensorData::new(weights, [OUTPUTS, 2, 4, 4]);
            let weights = Tensor::<4>::from_data(weights, &device().autodiff());
            let gradients = (layer.weight.val() * weights).sum().backward();
            let found = host(layer.weight.base().grad(&gradients).unwrap());
            let scale = found.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            for at in 0..matrix.len() {
                let mut moved = [matrix.clone(), matrix.clone()];
                moved[0][at] += 1e-5;
                moved[1][at] -= 1e-5;
                let expected = (loss(&moved[0]) - loss(&moved[1])) / 2e-5;
                assert!(
                    (found[at] - expected).abs() < 1e-4 * scale,
                    "{at}: {} against {expected}",
                    found[at]
                );
            }
        });
    }

    #[test]
    fn optimizer_trains_the_weight_and_leaves_the_vector_to_the_layer() {
        on_each_device(|| {
            let training = device().autodiff();
            let layer = layer(1, &training);
            let before = host(layer.weight.base());
            let loss = layer.forward(Tensor::ones([1, 2, 8, 8], &training)).sum();
            let after_forward = u(&layer);
            let gradients = GradientsParams::from_grads(loss.backward(), &layer);
            let layer = AdamConfig::new().init().step(0.01, layer, gradients);
            assert_ne!(host(layer.weight.base()), before);
            assert_eq!(u(&layer), after_forward);
            let state = layer.weight.reparameterization::<SpectralNorm>().unwrap();
            assert!(!state.u.value_sync().is_require_grad());
        });
    }

    #[test]
    fn loaded_layer_answers_as_the_saved_one() {
        on_each_device(|| {
            let layer = layer(1, &device().autodiff());
            let x = Tensor::<4>::ones([1, 2, 8, 8], &device());
            for _ in 0..3 {
                let _ = layer.forward(Tensor::from_inner(x.clone()));
            }
            let saved = layer.valid();
            let mut store = SafetensorsStore::from_bytes(None);
            saved.save_into(&mut store).unwrap();
            let bytes = store.get_bytes().unwrap();
            let mut loaded = super::tests::layer(2, &device());
            let before = loaded.forward(x.clone());
            let mut store = SafetensorsStore::from_bytes(Some(bytes));
            let result = loaded.load_from(&mut store).unwrap();
            let mut names = result.applied.clone();
            names.sort();
            assert_eq!(names, ["weight", "weight.spectral_norm.u"]);
            let expected = saved.forward(x.clone()).into_data();
            assert_eq!(loaded.forward(x).into_data(), expected);
            assert_ne!(before.into_data(), expected);
            assert_eq!(u(&loaded), u(&saved));
        });
    }
}
