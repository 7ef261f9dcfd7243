//! Kernels against the formulas in `f64`, and the formulas against finite differences.

use super::*;

/// More pixels than a block has, and channels that are no multiple of the lanes.
const PIXELS: usize = 1_471;
const CHANNELS: usize = 19;

fn norm(leak: f32, of_batch: bool) -> Norm {
    Norm {
        epsilon: 1e-5,
        leak,
        of_batch,
    }
}

/// Fewer, because each value's gradient costs two runs.
const FEW: usize = 23;

/// Values around `centre` that do not repeat.
fn values(len: usize, start: u32, centre: f64) -> Vec<f32> {
    let value = |i: u32| (f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0 + centre;
    (start..).take(len).map(|i| value(i) as f32).collect()
}

struct Case {
    x: Vec<f64>,
    weight: Vec<f64>,
    bias: Vec<f64>,
    /// Weight of each output in the sum that is differentiated.
    grad: Vec<f64>,
}

impl Case {
    fn new(pixels: usize, centre: f64) -> Self {
        let len = pixels * CHANNELS;
        let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect();
        Self {
            x: wide(values(len, 1, centre)),
            weight: wide(values(CHANNELS, 7001, 1.0)),
            bias: wide(values(CHANNELS, 9001, 0.1)),
            grad: wide(values(len, 50_021, 0.0)),
        }
    }

    fn channel(place: usize) -> usize {
        place % CHANNELS
    }

    fn moments(&self) -> Vec<f64> {
        let of = |channel: usize, value: &dyn Fn(f64) -> f64| {
            let places = (0..self.x.len()).filter(|place| Self::channel(*place) == channel);
            places.map(|place| value(self.x[place])).sum::<f64>() / (self.x.len() / CHANNELS) as f64
        };
        let means: Vec<f64> = (0..CHANNELS).map(|c| of(c, &|x| x)).collect();
        let variances = (0..CHANNELS).map(|c| of(c, &|x| (x - means[c]).powi(2)));
        means.iter().copied().chain(variances).collect()
    }

    fn output(&self, moments: &[f64], norm: Norm) -> Vec<f64> {
        let value = |(place, x): (usize, &f64)| {
            let c = Self::channel(place);
            let variance = moments[CHANNELS + c] + f64::from(norm.epsilon);
            let y = self.weight[c] * (x - moments[c]) / variance.sqrt() + self.bias[c];
            if y < 0.0 { y * f64::from(norm.leak) } else { y }
        };
        self.x.iter().enumerate().map(value).collect()
    }

    /// The weighted sum of the output; by the batch's own statistics or by `fixed`.
    fn loss(&self, norm: Norm, fixed: &[f64]) -> f64 {
        let own = self.moments();
        let output = self.output(if norm.of_batch { &own } else { fixed }, norm);
        output.iter().zip(&self.grad).map(|(y, grad)| y * grad).sum()
    }

    fn run(&self, norm: Norm, moments: &[f64]) -> (Vec<f32>, [Vec<f32>; 3]) {
        let narrow = |values: &[f64]| values.iter().map(|v| *v as f32).collect::<Vec<f32>>();
        let (x, mut grad) = (narrow(&self.x), narrow(&self.grad));
        let (weight, bias, moments) = (narrow(&self.weight), narrow(&self.bias), narrow(moments));
        let channels = Channels {
            moments: &moments,
            weight: &weight,
            bias: &bias,
        };
        let [weight, bias] = backward(&x, &mut grad, channels, norm);
        (forward(&x, channels, norm), [grad, weight, bias])
    }
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-6_f64, |max, v| max.max(v.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (f64::from(*found) - expected).abs() <= tolerance * scale,
            "{found} instead of {expected}"
        );
    }
}

#[test]
fn moments_and_output_are_those_of_the_formulas() {
    for centre in [0.0, 30.0] {
        let case = Case::new(PIXELS, centre);
        let x: Vec<f32> = case.x.iter().map(|v| *v as f32).collect();
        let expected = case.moments();
        assert_close(&moments(&x, CHANNELS), &expected, 1e-6);
        for leak in [0.0, 0.2, 1.0] {
            let norm = norm(leak, true);
            assert_close(&case.run(norm, &expected).0, &case.output(&expected, norm), 1e-5);
        }
    }
}

#[test]
fn gradients_are_those_of_finite_differences() {
    for (leak, of_batch) in [(0.0, true), (0.2, true), (1.0, true), (0.2, false)] {
        let norm = norm(leak, of_batch);
        let case = Case::new(FEW, 0.0);
        let moments = case.moments();
        let (_, [x, weight, bias]) = case.run(norm, &moments);
        let gradients = |len: usize, value: fn(&mut Case) -> &mut Vec<f64>| -> Vec<f64> {
            let loss = |place: usize, step: f64| {
                let mut moved = Case {
                    x: case.x.clone(),
                    weight: case.weight.clone(),
                    ..Case::new(FEW, 0.0)
                };
                value(&mut moved)[place] += step;
                moved.loss(norm, &moments)
            };
            (0..len)
                .map(|place| (loss(place, 1e-6) - loss(place, -1e-6)) / 2e-6)
                .collect()
        };
        assert_close(&x, &gradients(case.x.len(), |case| &mut case.x), 1e-4);
        assert_close(&weight, &gradients(CHANNELS, |case| &mut case.weight), 1e-4);
        assert_close(&bias, &gradients(CHANNELS, |case| &mut case.bias), 1e-4);
    }
}

#[test]
fn constant_channel_has_no_variance_and_no_nan() {
    let x = [0.1_f32; 6];
    let moments = moments(&x, 1);
    assert_eq!(moments, [0.1, 0.0]);
    let channels = Channels {
        moments: &moments,
        weight: &[1.0],
        bias: &[0.5],
    };
    let y = forward(&x, channels, norm(0.0, true));
    assert!(y.iter().all(|y| (y - 0.5).abs() < 1e-4), "{y:?}");
}

#[test]
fn nan_and_infinity_do_not_become_finite() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let x = [1.0, 1.0, bad, 2.0, 2.0, 3.0];
        let moments = moments(&x, 2);
        let channels = Channels {
            moments: &moments,
            weight: &[1.0; 2],
            bias: &[0.0; 2],
        };
        for leak in [0.0, 0.2, 1.0] {
            let y = forward(&x, channels, norm(leak, true));
            assert!(y.iter().step_by(2).all(|y| y.is_nan()), "{y:?}");
            assert!(y.iter().skip(1).step_by(2).all(|y| y.is_finite()), "{y:?}");
            let mut grad = [1.0; 6];
            backward(&x, &mut grad, channels, norm(leak, true));
            assert!(grad.iter().step_by(2).all(|g| g.is_nan()), "{grad:?}");
        }
    }
}

#[test]
fn infinite_gradient_behind_a_relu_that_is_off_is_zero() {
    let x = [-1.0, 1.0, 2.0, -3.0];
    let channels = Channels {
        moments: &[0.0, 1.0],
        weight: &[1.0],
        bias: &[0.0],
    };
    let mut grad = [f32::INFINITY, 1.0, 1.0, f32::NAN];
    let [weight, bias] = backward(&x, &mut grad, channels, norm(0.0, false));
    assert_eq!([grad[0], grad[3]], [0.0; 2]);
    assert!(
        weight[0].is_finite() && (bias[0] - 2.0).abs() < 1e-6,
        "{weight:?} {bias:?}"
    );
}

#[test]
fn infinity_stays_at_its_pixel_where_the_statistics_are_given() {
    let x = [1.0, f32::INFINITY, 2.0, 3.0];
    let channels = Channels {
        moments: &[0.0, 1.0],
        weight: &[1.0],
        bias: &[0.0],
    };
    let mut grad = [1.0, f32::INFINITY, 1.0, 1.0];
    backward(&x, &mut grad, channels, norm(0.2, false));
    assert!(!grad[1].is_finite());
    for grad in [grad[0], grad[2], grad[3]] {
        assert!((grad - 1.0).abs() < 1e-4, "{grad}");
    }
}
