//! Values that are NaN or infinite.

use burn::tensor::{bf16, f16};
use safetensors::Dtype;

use super::*;
use crate::testing::{device, on_each_device};

/// The bytes of a value as the type `dtype`.
fn bytes_of(value: f64, dtype: Dtype) -> Vec<u8> {
    match dtype {
        Dtype::F64 => value.to_le_bytes().to_vec(),
        Dtype::F16 => f16::from_f64(value).to_le_bytes().to_vec(),
        Dtype::BF16 => bf16::from_f64(value).to_le_bytes().to_vec(),
        _ => (value as f32).to_le_bytes().to_vec(),
    }
}

/// Tries a bad value in each tensor of `network`, as each type; returns how many were refused.
fn refused<N: NamedWeights>(network: &N) -> usize {
    let parts = parts(network);
    let mut refused = 0;
    for (place, (name, _, shape, _)) in parts.iter().enumerate() {
        let len: usize = shape.iter().product();
        let values = [
            (0, f64::NAN),
            (len - 1, f64::INFINITY),
            (len / 2, f64::NEG_INFINITY),
        ];
        let types = [Dtype::F32, Dtype::F64, Dtype::F16, Dtype::BF16];
        for (dtype, (at, value)) in types
            .into_iter()
            .flat_map(|dtype| values.map(|value| (dtype, value)))
        {
            // A count of batches, which is not read.
            if name.ends_with(COUNTER) {
                continue;
            }
            let values = (0..len).map(|i| bytes_of(if i == at { value } else { 0.25 }, dtype));
            let mut bad = parts.clone();
            bad[place] = (name.clone(), dtype, shape.clone(), values.flatten().collect());
            let problem = problem(network.clone(), &file_of(&bad));
            let expected = format!("values that are NaN or infinite: {name} (1 of {len}); ");
            assert!(problem.starts_with(&expected), "{dtype:?} {problem}");
            refused += 1;
        }
    }
    refused
}

#[test]
fn nan_and_infinity_are_refused_in_every_tensor_and_type_by_name() {
    on_each_device(|| {
        let generator = Generator::new(&config(), &device()).unwrap();
        let discriminator = Discriminator::new(&config(), &device()).unwrap();
        assert!(refused(&generator) >= 10 * 12);
        assert!(refused(&discriminator) >= 6 * 12);
    });
}
