//! Types of the values in files.

use burn::tensor::{Tensor, bf16, f16};
use safetensors::Dtype;

use super::*;
use crate::testing::{device, on_each_device};

/// `parts` with the floats of the `n`-th tensor as the type `dtype(n)`.
fn as_types(mut parts: Vec<Part>, dtype: impl Fn(usize) -> Dtype) -> Vec<Part> {
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    let floats = parts.iter_mut().filter(|part| part.1 == Dtype::F32);
    for (at, (_, own, _, bytes)) in floats.enumerate() {
        let (numbers, _) = bytes.as_chunks();
        let numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
        *own = dtype(at);
        *bytes = match own {
            Dtype::F64 => numbers.flat_map(|it| f64::from(it).to_le_bytes()).collect(),
            Dtype::F16 => numbers.flat_map(|it| f16::from_f32(it).to_le_bytes()).collect(),
            Dtype::BF16 => numbers.flat_map(|it| bf16::from_f32(it).to_le_bytes()).collect(),
            Dtype::I8 | Dtype::BOOL | Dtype::F8_E4M3 => numbers.map(|_| 1).collect(),
            Dtype::I64 => numbers.flat_map(|it| (it as i64).to_le_bytes()).collect(),
            _ => numbers.flat_map(f32::to_le_bytes).collect(),
        };
    }
    parts
}

fn rounded(value: f32, dtype: Dtype) -> f32 {
    match dtype {
        Dtype::F16 => f16::from_f32(value).to_f32(),
        Dtype::BF16 => bf16::from_f32(value).to_f32(),
        _ => value,
    }
}

#[test]
fn values_of_each_type_and_of_several_in_one_file_are_converted() {
    const ALL: [Dtype; 4] = [Dtype::F16, Dtype::F64, Dtype::BF16, Dtype::F32];
    on_each_device(|| {
        let generator = Generator::new(&config(), &device()).unwrap();
        let original = values(&generator);
        let noise = Tensor::<4>::ones([2, 6, 1, 1], &device());
        let expected: Vec<f32> = generator.forward(noise.clone()).into_data().try_to_vec().unwrap();
        for shift in 0..5 {
            // One type for all, and at last all types by turns.
            let dtype = |at: usize| ALL.get(shift).copied().unwrap_or(ALL[at % 4]);
            let bytes = file_of(&as_types(parts(&generator), dtype));
            let other = Generator::new(&config().with_seed(9), &device()).unwrap();
            let loaded = from_bytes(other, &bytes).unwrap();
            for (at, (name, values)) in values(&loaded).iter().enumerate() {
                let original = original[name].iter();
                let expected: Vec<f32> = original.map(|value| rounded(*value, dtype(at))).collect();
                assert_eq!(values, &expected, "{name} of {:?}", dtype(at));
            }
            let images: Vec<f32> = loaded.forward(noise.clone()).into_data().try_to_vec().unwrap();
            for (found, expected) in images.iter().zip(&expected) {
                assert!((found - expected).abs() < 0.02, "{found} instead of {expected}");
            }
        }
    });
}

#[test]
fn types_that_are_no_weights_are_refused_by_tensor_type_and_legal_types() {
    on_each_device(|| {
        let discriminator = Discriminator::new(&config(), &device()).unwrap();
        for dtype in [Dtype::I8, Dtype::BOOL, Dtype::F8_E4M3, Dtype::I64] {
            let last = |at| if at == 0 { dtype } else { Dtype::F16 };
            let bytes = file_of(&as_types(parts(&discriminator), last));
            let text = problem(discriminator.clone(), &bytes);
            let expected = format!("main.0.weight is {dtype:?}; expected F32, F16, BF16 or F64");
            assert_eq!(text, expected);
        }
    });
}

#[test]
fn counts_of_batches_may_have_any_type_or_be_absent() {
    on_each_device(|| {
        let generator = Generator::new(&config(), &device()).unwrap();
        let mut parts = parts(&generator);
        for (name, dtype, _, bytes) in &mut parts {
            if name.ends_with(COUNTER) {
                (*dtype, *bytes) = (Dtype::F16, vec![0; 2]);
            }
        }
        assert!(from_bytes(generator.clone(), &file_of(&parts)).is_ok());
        parts.retain(|(name, ..)| !name.ends_with(COUNTER));
        assert!(from_bytes(generator, &file_of(&parts)).is_ok());
    });
}

#[test]
fn network_on_an_autodiff_device_keeps_its_type() {
    on_each_device(|| {
        let generator = Generator::new(&config(), &device().autodiff()).unwrap();
        let bytes = file_of(&as_types(parts(&generator), |_| Dtype::F64));
        let loaded = from_bytes(generator.clone(), &bytes).unwrap();
        assert_eq!(values(&loaded), values(&generator));
        let noise = Tensor::<4>::ones([2, 6, 1, 1], &device().autodiff());
        assert_eq!(loaded.forward(noise).dims(), [2, 3, 16, 16]);
    });
}
