//! Conversion of a file's values to the types of a network's.

use burn::tensor::{DType, Element, TensorData, bf16, f16};
use safetensors::Dtype;

use super::tensors::FileTensor;
use crate::error::{WeightsError, shown};

/// Converts the values of a tensor named `name` to the type `to`.
///
/// Floating-point values, integers and truth values each become values of their own sort.
///
/// # Errors
/// If the file's type is of another sort, or a value is too large for `to`.
pub(super) fn convert(name: &str, tensor: &FileTensor<'_>, to: DType) -> Result<TensorData, WeightsError> {
    if !legal(to).contains(&tensor.dtype) {
        let (tensors, legal) = (vec![format!("{} is {:?}", shown(name), tensor.dtype)], words(to));
        return Err(WeightsError::Type { tensors, legal });
    }
    let bytes = tensor.bytes()?;
    let data = match to {
        DType::Bool(_) => {
            let values: Vec<bool> = bytes.iter().map(|byte| *byte != 0).collect();
            Some(TensorData::new(values, tensor.shape.clone()))
        }
        _ if to.is_float() => floats(&bytes, tensor),
        _ => integers(&bytes, tensor.dtype).and_then(|values| fitting(values, &tensor.shape, to)),
    };
    let converted = match data {
        Some(data) if data.dtype() == to => Some(data),
        Some(data) => {
            let converted = data.clone().try_cast(to);
            let converted = converted.map_err(|error| WeightsError::Store(error.to_string().into()))?;
            Some(converted).filter(|converted| !to.is_float() || is_finite_as(&data, converted))
        }
        None => None,
    };
    converted.ok_or_else(|| {
        let problem = format!("{} has a value that is too large for {to:?}", shown(name));
        WeightsError::Mismatched(vec![problem])
    })
}

/// The name of a tensor with values that are NaN or infinite, and how many there are.
pub(super) fn not_finite(name: &str, data: &TensorData) -> Option<String> {
    if !data.dtype().is_float() {
        return None;
    }
    let bad = data.iter::<f64>().filter(|value| !value.is_finite()).count();
    (bad > 0).then(|| format!("{} ({bad} of {})", shown(name), data.iter::<f64>().count()))
}

/// The values of a floating-point type, without loss.
fn floats(bytes: &[u8], tensor: &FileTensor<'_>) -> Option<TensorData> {
    let values = match tensor.dtype {
        Dtype::F64 => {
            return Some(TensorData::new(
                numbers(bytes, f64::from_le_bytes),
                tensor.shape.clone(),
            ));
        }
        Dtype::F32 => numbers(bytes, f32::from_le_bytes),
        Dtype::F16 => numbers(bytes, |half| f16::from_le_bytes(half).to_f32()),
        Dtype::BF16 => numbers(bytes, |half| bf16::from_le_bytes(half).to_f32()),
        _ => return None,
    };
    Some(TensorData::new(values, tensor.shape.clone()))
}

/// The values of an integer type; `None` if one is above the largest `i64`.
fn integers(bytes: &[u8], dtype: Dtype) -> Option<Vec<i64>> {
    match dtype {
        Dtype::I64 => Some(numbers(bytes, i64::from_le_bytes)),
        Dtype::I32 => Some(numbers(bytes, |it| i32::from_le_bytes(it).into())),
        Dtype::I16 => Some(numbers(bytes, |it| i16::from_le_bytes(it).into())),
        Dtype::I8 => Some(numbers(bytes, |it| i8::from_le_bytes(it).into())),
        Dtype::U64 => {
            let values = numbers(bytes, |it| u64::from_le_bytes(it).try_into().ok());
            values.into_iter().collect()
        }
        Dtype::U32 => Some(numbers(bytes, |it| u32::from_le_bytes(it).into())),
        Dtype::U16 => Some(numbers(bytes, |it| u16::from_le_bytes(it).into())),
        Dtype::U8 => Some(numbers(bytes, |it| u8::from_le_bytes(it).into())),
        _ => None,
    }
}

/// Integers as the type `to`; `None` if one is outside its range.
fn fitting(values: Vec<i64>, shape: &[usize], to: DType) -> Option<TensorData> {
    fn each<T: TryFrom<i64> + Element>(values: &[i64], shape: &[usize]) -> Option<TensorData> {
        let values = values.iter().map(|value| T::try_from(*value).ok());
        let values: Vec<T> = values.collect::<Option<_>>()?;
        Some(TensorData::new(values, shape.to_vec()))
    }
    match to {
        DType::I64 => Some(TensorData::new(values, shape.to_vec())),
        DType::I32 => each::<i32>(&values, shape),
        DType::I16 => each::<i16>(&values, shape),
        DType::I8 => each::<i8>(&values, shape),
        DType::U64 => each::<u64>(&values, shape),
        DType::U32 => each::<u32>(&values, shape),
        DType::U16 => each::<u16>(&values, shape),
        DType::U8 => each::<u8>(&values, shape),
        _ => None,
    }
}

/// Reads numbers of `N` bytes.
fn numbers<T, const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|bytes| number(*bytes)).collect()
}

/// Whether no finite number became infinite.
fn is_finite_as(from: &TensorData, to: &TensorData) -> bool {
    let mut pairs = from.iter::<f64>().zip(to.iter::<f64>());
    pairs.all(|(from, to)| from.is_finite() == to.is_finite())
}

/// The types of a file that are converted to `to`: none to that of a quantized network.
fn legal(to: DType) -> &'static [Dtype] {
    use Dtype as D;

    match to {
        DType::Bool(_) => &[D::BOOL, D::U8],
        DType::QFloat(_) => &[],
        _ if to.is_float() => &[D::F64, D::F32, D::F16, D::BF16],
        _ => &[D::I64, D::I32, D::I16, D::I8, D::U64, D::U32, D::U16, D::U8],
    }
}

/// The types of [`legal`] in words.
fn words(to: DType) -> &'static str {
    match to {
        DType::Bool(_) => "BOOL or U8",
        DType::QFloat(_) => "a network that is not quantized",
        _ if to.is_float() => "F32, F16, BF16 or F64",
        _ => "an integer type",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use safetensors::tensor::TensorView;

    use super::*;
    use crate::model::weights::tensors::of_safetensors;

    fn converted(dtype: Dtype, bytes: &[u8], to: DType) -> Result<TensorData, WeightsError> {
        let shape = vec![bytes.len() * 8 / dtype.bitsize()];
        let view = TensorView::new(dtype, shape, bytes).unwrap();
        let file = safetensors::serialize(BTreeMap::from([("w", view)]), None).unwrap();
        convert("w", &of_safetensors(&file).unwrap()["w"], to)
    }

    fn f32s(dtype: Dtype, bytes: &[u8]) -> Vec<f32> {
        let data = converted(dtype, bytes, DType::F32).unwrap();
        assert_eq!(data.dtype(), DType::F32);
        data.try_to_vec().unwrap()
    }

    #[test]
    fn numbers_of_each_width_become_the_nearest_f32() {
        let halves = [0x3c00_u16, 0xc100, 0x0001, 0x7bff, 0x7c00, 0x8000].map(u16::to_le_bytes);
        let expected = [1.0, -2.5, 2.0_f32.powi(-24), 65504.0, f32::INFINITY, -0.0];
        assert_eq!(f32s(Dtype::F16, halves.as_flattened()), expected);
        let brains = [0x3f80_u16, 0xc020, 0x0001, 0x7f7f].map(u16::to_le_bytes);
        let expected = [1.0, -2.5, f32::from_bits(0x1_0000), f32::from_bits(0x7f7f_0000)];
        assert_eq!(f32s(Dtype::BF16, brains.as_flattened()), expected);
        let doubles = [0.1, -1e-300, f64::from(f32::MAX), 1.0 + 2.0_f64.powi(-24)].map(f64::to_le_bytes);
        let expected = [0.1, -0.0, f32::MAX, 1.0];
        assert_eq!(f32s(Dtype::F64, doubles.as_flattened()), expected);
        assert!(f32s(Dtype::F16, &0x7e00_u16.to_le_bytes())[0].is_nan());
    }

    #[test]
    fn f32_values_of_a_file_stay_as_they_are() {
        let values = [0x7fc0_1234_u32, 0x0000_0001, 0xff80_0000].map(u32::to_le_bytes);
        let data = converted(Dtype::F32, values.as_flattened(), DType::F32).unwrap();
        assert_eq!(data.as_bytes(), values.as_flattened());
    }

    #[test]
    fn networks_of_other_types_get_their_own() {
        let half = 0x3c00_u16.to_le_bytes();
        let wide = converted(Dtype::F16, &half, DType::F64).unwrap();
        assert_eq!(wide.try_to_vec::<f64>().unwrap(), [1.0]);
        let count = converted(Dtype::I64, &7_i64.to_le_bytes(), DType::I32).unwrap();
        assert_eq!(count.try_to_vec::<i32>().unwrap(), [7]);
    }

    #[test]
    fn values_that_the_networks_type_cannot_hold_are_refused_by_name() {
        for (dtype, bytes, to) in [
            (Dtype::F64, &1e39_f64.to_le_bytes()[..], DType::F32),
            (Dtype::F32, &1e6_f32.to_le_bytes(), DType::F16),
            (Dtype::I64, &(1_i64 << 40).to_le_bytes(), DType::I32),
            (Dtype::U64, &u64::MAX.to_le_bytes(), DType::I32),
        ] {
            let error = converted(dtype, bytes, to).unwrap_err().to_string();
            let expected = format!("tensors that do not fit: w has a value that is too large for {to:?}");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn types_that_are_no_weights_are_refused_with_the_legal_ones() {
        for dtype in [
            Dtype::BOOL,
            Dtype::F4,
            Dtype::F8_E5M2,
            Dtype::F8_E4M3,
            Dtype::F8_E8M0,
            Dtype::F8_E4M3FNUZ,
            Dtype::F8_E5M2FNUZ,
            Dtype::I8,
            Dtype::U8,
            Dtype::I16,
            Dtype::U16,
            Dtype::I32,
            Dtype::U32,
            Dtype::I64,
            Dtype::U64,
            Dtype::C64,
        ] {
            let error = converted(dtype, &[0; 8], DType::F32).unwrap_err().to_string();
            let expected = format!("w is {dtype:?}; expected F32, F16, BF16 or F64");
            assert_eq!(error, expected);
        }
        let error = converted(Dtype::F32, &[0; 4], DType::I64)
            .unwrap_err()
            .to_string();
        assert_eq!(error, "w is F32; expected an integer type");
    }
}
