//! Five steps of Adam with gradients of nine magnitudes, some of them 0, against PyTorch's.

use ai4fashion_kernels::optim::{Adam, AdamOutput, adam_step};
use ai4fashion_testkit::golden::uniform;
use burn::tensor::{Device, Tensor};

use crate::{cases, devices, read, write_tensors};

const LEN: usize = 50_000;
const STEPS: usize = 5;

/// What PyTorch has at a place of parameter and moments.
#[derive(Debug, serde::Deserialize)]
struct Row {
    place: usize,
    parameter: f32,
    first: f32,
    second: f32,
}

/// Parameter and both moments after the steps, of gradients that are given one after the other.
fn run(device: &Device, grads: &[f32]) -> [Vec<f32>; 3] {
    let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, device);
    let start: Vec<f32> = uniform(9, LEN).iter().map(|value| 0.02 * value).collect();
    let zeros = Tensor::zeros([LEN], device);
    let mut state = AdamOutput {
        parameter: tensor(&start),
        moments: [zeros.clone(), zeros],
    };
    let adam = Adam::default().with_lr(2e-4).with_beta1(0.5);
    for (time, grad) in (1..).zip(grads.chunks(LEN)) {
        state = adam_step(state.parameter, tensor(grad), state.moments, adam, time);
    }
    let [first, second] = state.moments;
    [state.parameter, first, second].map(|tensor| tensor.into_data().try_to_vec().unwrap())
}

fn grads() -> Vec<f32> {
    const POWERS: [f32; 9] = [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
    let mut grads = uniform(8, STEPS * LEN);
    for (index, grad) in grads.iter_mut().enumerate() {
        let place = index % LEN;
        *grad *= if place.is_multiple_of(1000) {
            0.0
        } else {
            POWERS[place % 9]
        };
    }
    grads
}

fn compare(rows: impl Fn() -> Vec<Row>) {
    let grads = grads();
    for device in devices() {
        let [parameter, first, second] = run(&device, &grads);
        for row in rows() {
            let place = row.place;
            // To the last bits of the largest gradient: moments are sums in which they may cancel.
            let of_place = grads.iter().skip(place).step_by(LEN);
            let largest = of_place.fold(0.0_f32, |largest, grad| largest.max(grad.abs()));
            for (found, expected, power) in [(first[place], row.first, 1), (second[place], row.second, 2)] {
                let most = 1e-6 * largest.powi(power) + f32::MIN_POSITIVE;
                let error = (found - expected).abs();
                assert!(error <= most, "moment {power} on {device:?}: {found} in {row:?}");
            }
            // Five updates of at most the rate; the parameter itself is rounded to 2e-9.
            let found = parameter[place];
            let error = (found - row.parameter).abs();
            assert!(error <= 2e-8, "{found} on {device:?} in {row:?}");
        }
    }
}

#[test]
fn adams_updates_are_pytorchs() {
    compare(|| cases(include_str!("../golden/adam.json")));
}

#[test]
#[ignore = "needs TORCH_PYTHON: compares all places with a running PyTorch"]
fn adams_updates_are_pytorchs_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    write_tensors(folder.path());
    compare(|| {
        let read = |name: &str| read(&folder.path().join(format!("adam-{name}")));
        let (parameter, first, second) = (read("parameter"), read("first"), read("second"));
        let row = |place| Row {
            place,
            parameter: parameter[place],
            first: first[place],
            second: second[place],
        };
        (0..LEN).map(row).collect()
    });
}

/// A rate that is 0.1% higher is told from PyTorch's.
#[test]
fn a_wrong_rate_is_told_from_pytorchs() {
    let rows: Vec<Row> = cases(include_str!("../golden/adam.json"));
    let (grads, device) = (grads(), &devices()[0]);
    let start: Vec<f32> = uniform(9, LEN).iter().map(|value| 0.02 * value).collect();
    let [parameter, ..] = run(device, &grads);
    let worst = |change: f32| {
        let errors = rows.iter().map(|row| {
            let (start, found) = (start[row.place], parameter[row.place]);
            (start + (found - start) * change - row.parameter).abs()
        });
        errors.fold(0.0, f32::max)
    };
    assert!(worst(1.0) <= 2e-8 && worst(1.001) > 1e-7, "{}", worst(1.001));
}
