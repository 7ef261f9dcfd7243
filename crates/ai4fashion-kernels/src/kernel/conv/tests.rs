//! The three products against plain loops in `f64`, and the loops against finite differences.

use proptest::prelude::*;

use super::*;
use crate::kernel::geometry::Window;

/// Convolution by its definition: for each output value the sum over channels and kernel.
fn reference(input: &[f64], weight: &[f64], g: &Geometry) -> Vec<f64> {
    let mut output = vec![0.0; g.batch * g.output_len()];
    each_product(g, |i, w, o| output[o] += input[i] * weight[w]);
    output
}

fn reference_input_grad(output_grad: &[f64], weight: &[f64], g: &Geometry) -> Vec<f64> {
    let mut grad = vec![0.0; g.batch * g.input_len()];
    each_product(g, |i, w, o| grad[i] += output_grad[o] * weight[w]);
    grad
}

fn reference_weight_grad(input: &[f64], output_grad: &[f64], g: &Geometry) -> Vec<f64> {
    let mut grad = vec![0.0; g.out_channels * g.depth()];
    each_product(g, |i, w, o| grad[w] += output_grad[o] * input[i]);
    grad
}

/// Calls `visit` with the indices of input, weight and output for every product in the convolution.
fn each_product(g: &Geometry, mut visit: impl FnMut(usize, usize, usize)) {
    let [kernel_height, kernel_width] = g.kernel;
    for (n, y, x) in indices(g.batch, g.out_height, g.out_width) {
        for (ky, kx) in indices(1, kernel_height, kernel_width).map(|(_, ky, kx)| (ky, kx)) {
            let row = (y * g.window.stride[0] + ky).checked_sub(g.window.padding[0]);
            let column = (x * g.window.stride[1] + kx).checked_sub(g.window.padding[1]);
            let (Some(row), Some(column)) = (row, column) else {
                continue;
            };
            if row >= g.height || column >= g.width {
                continue;
            }
            let input = ((n * g.height + row) * g.width + column) * g.in_channels;
            let output = ((n * g.out_height + y) * g.out_width + x) * g.out_channels;
            for o in 0..g.out_channels {
                for c in 0..g.in_channels {
                    let weight = ((o * g.in_channels + c) * kernel_height + ky) * kernel_width + kx;
                    visit(input + c, weight, output + o);
                }
            }
        }
    }
}

fn indices(a: usize, b: usize, c: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..a).flat_map(move |x| (0..b).flat_map(move |y| (0..c).map(move |z| (x, y, z))))
}

/// Values in [-1, 1] that do not repeat: the fractional parts of multiples of the golden ratio.
fn values(len: usize, start: u32) -> Vec<f32> {
    (start..)
        .take(len)
        .map(|i| ((f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0) as f32)
        .collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|v| f64::from(*v)).collect()
}

/// Largest difference, relative to the largest expected value.
fn error(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-6_f64, |max, v| max.max(v.abs()));
    let differences = found.iter().zip(expected).map(|(f, e)| (f64::from(*f) - e).abs());
    // NaN counts as the largest of all: `f64::max` would leave it out.
    differences.max_by(f64::total_cmp).unwrap_or(0.0) / scale
}

#[test]
fn error_is_nan_wherever_the_nan_stands() {
    for place in 0..3 {
        let mut found = [1.0_f32; 3];
        found[place] = f32::NAN;
        assert!(error(&found, &[1.0; 3]).is_nan(), "at {place}");
    }
}

fn check(g: &Geometry) -> Result<(), TestCaseError> {
    let input = values(g.batch * g.input_len(), 1);
    let weight = values(g.out_channels * g.depth(), 1_000_003);
    let grad = values(g.batch * g.output_len(), 2_000_003);
    let (input64, weight64, grad64) = (wide(&input), wide(&weight), wide(&grad));
    let errors = [
        error(
            &forward(&input, &weight, g, Precision::F32),
            &reference(&input64, &weight64, g),
        ),
        error(
            &input_grad(&grad, &weight, g, Precision::F32),
            &reference_input_grad(&grad64, &weight64, g),
        ),
        error(
            &weight_grad(&input, &grad, g, Precision::F32),
            &reference_weight_grad(&input64, &grad64, g),
        ),
    ];
    // f32 has 24 bits; sums here are of at most some thousand products, and the larger Winograd
    // filter doubles the error.
    prop_assert!(errors.iter().all(|e| *e <= 2e-5), "{errors:?} for {g:?}");
    Ok(())
}

/// Fewer of `cases` under Miri, which takes a thousand times as long.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig::with_cases(if cfg!(miri) { 1 } else { cases })
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn products_equal_plain_loops(
        batch in 1_usize..6,
        channels in (1_usize..6, 1_usize..6),
        size in (1_usize..12, 1_usize..12),
        kernel in (1_usize..6, 1_usize..6),
        stride in (1_usize..4, 1_usize..4),
        padding in (0_usize..4, 0_usize..4),
    ) {
        let window = Window::new([stride.0, stride.1], [padding.0, padding.1] );
        let input = [batch, channels.0, size.0, size.1];
        let g = Geometry::forward(input, [channels.1, channels.0, kernel.0, kernel.1], window);
        check(&g)?;
    }
}

#[test]
fn layers_of_the_dcgan_equal_plain_loops() {
    let halving = Window::new([2, 2], [1, 1]);
    let last = Window::new([1, 1], [0, 0]);
    for (input, weight, window) in [
        ([3, 3, 64, 64], [8, 3, 4, 4], halving),
        ([40, 16, 8, 8], [24, 16, 4, 4], halving),
        ([129, 12, 4, 4], [1, 12, 4, 4], last),
        ([130, 32, 4, 4], [10, 32, 4, 4], last),
    ] {
        check(&Geometry::forward(input, weight, window)).unwrap();
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn winograd_equals_plain_loops(
        batch in 1_usize..4,
        channels in (1_usize..3, 1_usize..4),
        size in (2_usize..14, 2_usize..14),
        padding in (0_usize..4, 0_usize..4),
    ) {
        let window = Window::new([2, 2], [padding.0, padding.1] );
        let channels = (32 * channels.0, 32 * channels.1);
        let input = [batch, channels.0, size.0, size.1];
        let g = Geometry::forward(input, [channels.1, channels.0, 4, 4], window);
        prop_assume!(Winograd::of(&g, Precision::F32).is_some());
        check(&g)?;
    }
}

proptest! {
    #![proptest_config(cases(16))]

    /// Inputs whose outputs are whole tiles of the larger filter: few of the inputs above are such.
    #[test]
    fn larger_winograd_filter_equals_plain_loops(
        batch in 1_usize..3,
        tiles in (2_usize..5, 2_usize..4),
        padding in (0_usize..4, 0_usize..4),
        unread in (0_usize..2, 0_usize..2),
    ) {
        let window = Window::new([2, 2], [padding.0, padding.1] );
        let size = |tiles: usize, padding: usize, unread: usize| 2 * 4 * tiles + 2 - 2 * padding + unread;
        let input = [batch, 32, size(tiles.0, padding.0, unread.0), size(tiles.1, padding.1, unread.1)];
        let g = Geometry::forward(input, [32, 32, 4, 4], window);
        prop_assert!(matches!(Winograd::of(&g, Precision::F32), Some(Winograd::Large(_))), "{:?}", g);
        check(&g)?;
    }
}

/// The smallest input that a filter is used for. Miri runs the smaller one's in minutes.
fn smallest(side: usize) -> Geometry {
    let window = Window::new([2, 2], [1, 1]);
    Geometry::forward([1, 32, side, side], [32, 32, 4, 4], window)
}

#[test]
fn winograd_of_one_tile_equals_plain_loops() {
    let g = smallest(4);
    assert!(matches!(
        Winograd::of(&g, Precision::F32),
        Some(Winograd::Small(_))
    ));
    check(&g).unwrap();
}

#[test]
fn winograd_of_four_tiles_equals_plain_loops() {
    let g = smallest(16);
    assert!(matches!(
        Winograd::of(&g, Precision::F32),
        Some(Winograd::Large(_))
    ));
    check(&g).unwrap();
}

#[test]
fn winograd_of_many_tiles_equals_plain_loops() {
    let window = Window::new([2, 2], [1, 1]);
    for (input, weight) in [
        ([67, 32, 8, 8], [64, 32, 4, 4]),
        ([3, 64, 36, 40], [32, 64, 4, 4]),
        ([1, 32, 16, 280], [32, 32, 4, 4]),
        ([257, 32, 16, 16], [32, 32, 4, 4]),
        ([20, 32, 24, 40], [64, 32, 4, 4]),
        ([2, 64, 64, 160], [32, 64, 4, 4]),
    ] {
        let g = Geometry::forward(input, weight, window);
        assert!(Winograd::of(&g, Precision::F32).is_some());
        check(&g).unwrap();
    }
}

#[test]
fn reference_gradients_are_those_of_finite_differences() {
    let window = Window::new([2, 1], [1, 2]);
    let g = Geometry::forward([2, 2, 5, 4], [3, 2, 3, 4], window);
    let input = wide(&values(g.batch * g.input_len(), 5));
    let weight = wide(&values(g.out_channels * g.depth(), 77));
    let grad = wide(&values(g.batch * g.output_len(), 991));
    // The loss is linear in each argument, so a central difference is exact but for rounding.
    let loss = |input: &[f64], weight: &[f64]| -> f64 {
        reference(input, weight, &g)
            .iter()
            .zip(&grad)
            .map(|(a, b)| a * b)
            .sum()
    };
    let difference = |values: &[f64], at: usize, loss: &dyn Fn(&[f64]) -> f64| {
        let (mut up, mut down) = (values.to_vec(), values.to_vec());
        up[at] += 0.5;
        down[at] -= 0.5;
        loss(&up) - loss(&down)
    };
    for (at, expected) in reference_input_grad(&grad, &weight, &g).into_iter().enumerate() {
        let found = difference(&input, at, &|input| loss(input, &weight));
        assert!(
            (found - expected).abs() < 1e-9,
            "input {at}: {found} against {expected}"
        );
    }
    for (at, expected) in reference_weight_grad(&input, &grad, &g).into_iter().enumerate() {
        let found = difference(&weight, at, &|weight| loss(&input, weight));
        assert!(
            (found - expected).abs() < 1e-9,
            "weight {at}: {found} against {expected}"
        );
    }
}

/// Convolutions by im2col and by both filters.
fn nan_cases() -> [Geometry; 3] {
    let halving = |padding| Window::new([2, 2], [padding; 2]);
    [
        Geometry::forward([2, 1, 4, 4], [2, 1, 2, 2], halving(0)),
        Geometry::forward([2, 32, 8, 8], [32, 32, 4, 4], halving(1)),
        Geometry::forward([2, 32, 16, 16], [32, 32, 4, 4], halving(1)),
    ]
}

#[test]
fn nan_and_infinity_never_become_finite() {
    for (g, bad) in nan_cases()
        .into_iter()
        .flat_map(|g| [(g, f32::NAN), (g, f32::INFINITY)])
    {
        let mut input = values(g.batch * g.input_len(), 3);
        input[0] = bad;
        let weight = values(g.out_channels * g.depth(), 9);
        let grad = values(g.batch * g.output_len(), 11);
        let output = forward(&input, &weight, &g, Precision::F32);
        assert!(output[..g.out_channels].iter().all(|value| !value.is_finite()));
        assert!(
            output[g.output_len()..].iter().all(|value| value.is_finite()),
            "another image"
        );
        let kernel = &weight_grad(&input, &grad, &g, Precision::F32)[..g.depth()];
        let met = g.window.padding[0] * g.kernel[1] + g.window.padding[1];
        assert!(!kernel[met].is_finite(), "the tap that meets the pixel");
        let mut grad = grad;
        grad[0] = bad;
        let input_grad = input_grad(&grad, &weight, &g, Precision::F32);
        assert!(input_grad[..g.in_channels].iter().all(|value| !value.is_finite()));
        assert!(input_grad[g.input_len()..].iter().all(|value| value.is_finite()));
    }
}

#[test]
fn same_input_gives_the_same_bits() {
    for (input, weight) in [([9, 5, 9, 9], [7, 5, 4, 4]), ([9, 32, 8, 8], [64, 32, 4, 4])] {
        let window = Window::new([2, 2], [1, 1]);
        let g = Geometry::forward(input, weight, window);
        let input = values(g.batch * g.input_len(), 3);
        let grad = values(g.batch * g.output_len(), 4);
        let bits = |v: Vec<f32>| v.into_iter().map(f32::to_bits).collect::<Vec<_>>();
        assert_eq!(
            bits(weight_grad(&input, &grad, &g, Precision::F32)),
            bits(weight_grad(&input, &grad, &g, Precision::F32))
        );
    }
}

#[test]
fn image_comes_out_the_same_in_any_batch() {
    let window = Window::new([2, 2], [1, 1]);
    for side in [8, 16] {
        let run = |batch: usize| {
            let g = Geometry::forward([batch, 32, side, side], [64, 32, 4, 4], window);
            let input = values(g.batch * g.input_len(), 3);
            let weight = values(g.out_channels * g.depth(), 4);
            let output = forward(&input, &weight, &g, Precision::F32);
            let grad = input_grad(&output, &weight, &g, Precision::F32);
            [output[..g.output_len()].to_vec(), grad[..g.input_len()].to_vec()]
        };
        let alone = run(1);
        assert!(run(67) == alone, "side {side}");
    }
}

#[test]
fn mixed_precision_is_close() {
    let window = Window::new([2, 2], [1, 1]);
    for (input, weight) in [([5, 32, 8, 8], [64, 32, 4, 4]), ([3, 64, 16, 16], [32, 64, 4, 4])] {
        let g = Geometry::forward(input, weight, window);
        // On every machine: mixed precision is for these shapes, by the smaller filter.
        let chosen = Winograd::of(&g, Precision::Mixed);
        assert!(matches!(chosen, Some(Winograd::Small(_))), "{chosen:?}");
        if !Precision::Mixed.is_available() {
            eprintln!("skipped: the CPU has no products of bfloat16");
            continue;
        }
        let input = values(g.batch * g.input_len(), 1);
        let weight = values(g.out_channels * g.depth(), 1_000_003);
        let grad = values(g.batch * g.output_len(), 2_000_003);
        let run = |precision| {
            [
                forward(&input, &weight, &g, precision),
                input_grad(&grad, &weight, &g, precision),
                weight_grad(&input, &grad, &g, precision),
            ]
        };
        let exact = run(Precision::F32);
        for (found, expected) in run(Precision::Mixed).iter().zip(&exact) {
            let error = error(found, &wide(expected));
            assert!((1e-4..4e-2).contains(&error), "{error}");
        }
    }
}
