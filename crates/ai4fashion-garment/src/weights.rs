//! The file of weights.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, ErrorKind},
    network::{COLORS, Network, conv::Conv, linear::Linear},
    shape::{
        CHANNELS, CLASSES, EMBEDDING, HIDDEN, LAST, LAYOUT, LAYOUT_CHANNELS, MAPS, MIDDLE, STRIDES, WIDE,
    },
};

/// Format of the file, in its metadata.
pub const FORMAT: &str = "ai4fashion-garment 2";

/// Tensor of what the scores of the colours, the classes and a garment alone are divided by.
pub const TEMPERATURES: &str = "temperatures";

/// Largest value of a tensor: with larger ones, scores could be infinite, and confidences not a
/// number.
const LARGEST: f32 = 1e6;

/// Tensor of the [`sha256`] of all others.
pub const SHA256: &str = "sha256";

/// A network and the constants that go with it.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    pub(crate) network: Network,
    /// What the scores of the colours, the classes and of a garment alone are divided by.
    pub(crate) temperatures: [f32; 3],
    /// The SHA-256 of the tensors, as hexadecimal digits.
    pub(crate) sha256: String,
}

/// Returns the hash of tensors, by name.
#[doc(hidden)]
pub fn sha256<'a>(tensors: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> [u8; 32] {
    let mut tensors: Vec<_> = tensors.into_iter().collect();
    tensors.sort_unstable();
    let mut hash = Sha256::new();
    for (name, bytes) in tensors {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}

impl Weights {
    /// Reads a file of weights.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = |reason: String| Error::new(ErrorKind::Weights { reason });
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| damaged(error.to_string()))?;
        let format = metadata
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get("format"));
        let format = format.map_or("none", String::as_str);
        if format != FORMAT {
            return Err(damaged(format!(
                "its format is `{}`, expected `{FORMAT}`",
                format.escape_debug()
            )));
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| damaged(error.to_string()))?;
        let all = tensors.tensors();
        let others = all.iter().filter(|(name, _)| name != SHA256);
        let sha256 = sha256(others.map(|(name, view)| (name.as_str(), view.data())));
        let file = File { tensors };
        if file.tensor(SHA256, Dtype::U8, &[sha256.len()])?.data() != sha256 {
            return Err(damaged("its hash is not that of its tensors".to_owned()));
        }
        let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut channels = [3; 6];
        channels[1..].copy_from_slice(&CHANNELS);
        let convs = [0, 1, 2, 3, 4].map(|layer| {
            file.conv(
                &format!("conv.{layer}"),
                channels[layer],
                CHANNELS[layer],
                3,
                STRIDES[layer],
            )
        });
        let [first, second, third, fourth, fifth] = convs;
        let [unit] = file.f32("unit", &[1])?[..] else {
            unreachable!("its length was checked")
        };
        Ok(Self {
            network: Network {
                convs: [first?, second?, third?, fourth?, fifth?],
                reduce: file.conv("reduce", WIDE, LAYOUT_CHANNELS, 1, 1)?,
                lateral: file.conv("lateral", MIDDLE, MIDDLE, 1, 1)?,
                top_down: file.conv("top_down", WIDE, MIDDLE, 1, 1)?,
                unit,
                maps: file.f32("maps.weight", &[MAPS, MIDDLE])?,
                map_bias: file.f32("maps.bias", &[MAPS])?,
                map_weights: file.linear("map_weights", CLASSES, MAPS)?,
                layout: file.linear("layout", LAYOUT_CHANNELS * LAST[0] * LAST[1], LAYOUT)?,
                class: file.linear("class", 2 * WIDE + LAYOUT, CLASSES)?,
                alone: file.linear("alone", 2 * WIDE + LAYOUT, 1)?,
                embedding: file.linear("embedding", CLASSES, EMBEDDING)?,
                hidden: file.linear("hidden", MIDDLE + 2 * WIDE + EMBEDDING, HIDDEN)?,
                color: file.linear("color", HIDDEN, COLORS)?,
            },
            temperatures: file.temperatures()?,
            sha256,
        })
    }
}

struct File<'a> {
    tensors: SafeTensors<'a>,
}

impl File<'_> {
    fn tensor(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<TensorView<'_>, Error> {
        let reason = match self.tensors.tensor(name) {
            Ok(tensor) if tensor.dtype() == dtype && tensor.shape() == shape => return Ok(tensor),
            Ok(tensor) => {
                let (found, found_shape) = (tensor.dtype(), tensor.shape());
                format!("its tensor `{name}` is {found:?} {found_shape:?}, expected {dtype:?} {shape:?}")
            }
            Err(_) => format!("it has no tensor `{name}`, expected {dtype:?} {shape:?}"),
        };
        Err(Error::new(ErrorKind::Weights { reason }))
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(name, Dtype::F32, shape)?;
        let (values, _) = tensor.data().as_chunks();
        let values: Vec<f32> = values.iter().copied().map(f32::from_le_bytes).collect();
        if values.iter().all(|value| value.abs() <= LARGEST) {
            return Ok(values);
        }
        let reason = format!("its tensor `{name}` has values that are not finite, or above {LARGEST}");
        Err(Error::new(ErrorKind::Weights { reason }))
    }

    fn temperatures(&self) -> Result<[f32; 3], Error> {
        let temperatures = self.f32(TEMPERATURES, &[3])?;
        if let [color, class, alone] = temperatures[..]
            && temperatures.iter().all(|it| *it > 0.0)
        {
            return Ok([color, class, alone]);
        }
        let reason = format!("its tensor `{TEMPERATURES}` has a value that is not positive");
        Err(Error::new(ErrorKind::Weights { reason }))
    }

    /// Weights of 8 bits; those of an image have 16.
    fn conv(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
        kernel: usize,
        stride: usize,
    ) -> Result<Conv, Error> {
        let (weight, shape) = (format!("{name}.weight"), [outputs, kernel, kernel, inputs]);
        let weights: Vec<i16> = if inputs == 3 {
            let tensor = self.tensor(&weight, Dtype::I16, &shape)?;
            let (values, _) = tensor.data().as_chunks();
            values.iter().copied().map(i16::from_le_bytes).collect()
        } else {
            let tensor = self.tensor(&weight, Dtype::I8, &shape)?;
            tensor
                .data()
                .iter()
                .map(|byte| i16::from(byte.cast_signed()))
                .collect()
        };
        let affine = self.f32(&format!("{name}.affine"), &[outputs, 2])?;
        let (affine, _) = affine.as_chunks();
        Ok(Conv::new(&weights, [inputs, kernel, stride], affine.to_vec()))
    }

    /// Weights of 8 bits with a factor for each output.
    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, Error> {
        let tensor = self.tensor(&format!("{name}.weight"), Dtype::I8, &[inputs, outputs])?;
        let scale = self.f32(&format!("{name}.scale"), &[outputs])?;
        let bias = self.f32(&format!("{name}.bias"), &[outputs])?;
        let weights = tensor.data().iter().zip(scale.iter().cycle());
        let weights = weights.map(|(byte, scale)| f32::from(byte.cast_signed()) * scale);
        Ok(Linear::new(weights.collect(), bias))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::classifier::SHIPPED;

    /// The shipped file with the tensor `name` as another type, or without it, and a hash of that.
    fn with(name: &str, dtype: Option<(Dtype, Vec<u8>)>) -> Vec<u8> {
        let shipped = SafeTensors::deserialize(SHIPPED).unwrap();
        let mut tensors: Vec<_> = shipped.tensors();
        tensors.retain(|(other, _)| other != SHA256 && other != name);
        if let Some((dtype, bytes)) = &dtype {
            let shape = shipped.tensor(name).unwrap().shape().to_vec();
            tensors.push((name.to_owned(), TensorView::new(*dtype, shape, bytes).unwrap()));
        }
        let hash = sha256(tensors.iter().map(|(name, view)| (name.as_str(), view.data())));
        tensors.push((
            SHA256.to_owned(),
            TensorView::new(Dtype::U8, vec![32], &hash).unwrap(),
        ));
        let metadata = HashMap::from([("format".to_owned(), FORMAT.to_owned())]);
        safetensors::serialize(tensors, Some(metadata)).unwrap()
    }

    #[test]
    fn tensors_of_other_types_are_refused_with_the_expected_one() {
        let refused = |bytes: &[u8]| Weights::read(bytes).unwrap_err().to_string();
        for (dtype, bytes) in [
            (Dtype::F16, vec![0; 2]),
            (Dtype::BF16, vec![0; 2]),
            (Dtype::F64, vec![0; 8]),
            (Dtype::F8_E4M3, vec![0]),
            (Dtype::BOOL, vec![2]),
        ] {
            let error = refused(&with("unit", Some((dtype, bytes))));
            let expected = format!("its tensor `unit` is {dtype:?} [1], expected F32 [1]");
            assert!(error.ends_with(&expected), "{error}");
        }
        let error = refused(&with("unit", Some((Dtype::F32, 3e38_f32.to_le_bytes().to_vec()))));
        assert!(
            error.ends_with("its tensor `unit` has values that are not finite, or above 1000000"),
            "{error}"
        );
        let error = refused(&with("unit", None));
        assert!(
            error.ends_with("it has no tensor `unit`, expected F32 [1]"),
            "{error}"
        );
    }

    #[test]
    fn damaged_files_are_refused() {
        for at in (0..SHIPPED.len()).step_by(997).chain(0..64) {
            let mut bytes = SHIPPED.to_vec();
            bytes[at] ^= 0x41;
            assert!(Weights::read(&bytes).is_err(), "byte {at}");
            assert!(Weights::read(&SHIPPED[..at]).is_err(), "the first {at} bytes");
        }
    }
}
