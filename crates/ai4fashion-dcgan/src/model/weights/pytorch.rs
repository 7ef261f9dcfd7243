//! Files of PyTorch's `torch.save`.
//!
//! Such a file is a pickle: a program that builds objects. It is parsed, not run: the reader knows
//! the few calls that stand for tensors, and takes all others as data (`pytorch-reader`, of the
//! Burn project).

use std::path::Path;

use burn::store::pytorch_reader::{DType, PytorchReader};
use safetensors::{Dtype, tensor::TensorView};

use crate::error::WeightsError;

/// What `nn.DataParallel`, which the tutorial uses on several GPUs, puts before each name.
const PARALLEL: &str = "module.";

/// Converts the file at `path` to the bytes of a safetensors file.
pub(super) fn to_safetensors(path: &Path) -> Result<Vec<u8>, WeightsError> {
    let tensors = PytorchReader::new(path)
        .map_err(WeightsError::pytorch)?
        .into_tensors();
    let read = tensors.into_iter().map(|(name, tensor)| {
        let kind = match tensor.dtype() {
            DType::F32 => Dtype::F32,
            DType::I64 => Dtype::I64,
            other => {
                let problem =
                    format!("{name} is {other:?}, only F32 is read: save `network.float().state_dict()`");
                return Err(WeightsError::Mismatched(vec![problem]));
            }
        };
        let bytes = tensor.read().map_err(WeightsError::pytorch)?;
        Ok((name, kind, tensor.shape().to_vec(), bytes))
    });
    let read = read.collect::<Result<Vec<_>, _>>()?;
    let views = read.iter().map(|(name, kind, shape, bytes)| {
        let name = name.strip_prefix(PARALLEL).unwrap_or(name);
        let view = TensorView::new(*kind, shape.clone(), bytes).map_err(WeightsError::format)?;
        Ok((name, view))
    });
    let views = views.collect::<Result<Vec<_>, WeightsError>>()?;
    safetensors::serialize(views, None).map_err(WeightsError::format)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use burn::tensor::{Tensor, TensorData};

    use super::*;
    use crate::{
        config::DcganConfig,
        error::ErrorKind,
        model::weights::load_generator,
        testing::{device, on_each_device},
    };

    /// Written by `tests/data/tiny.py`.
    fn written_by_pytorch(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data")
            .join(name)
    }

    fn config() -> DcganConfig {
        DcganConfig::tutorial().with_image_size(8).with_nz(2).with_ngf(1)
    }

    #[test]
    fn files_of_pytorch_hold_what_was_saved() {
        for name in ["tiny.pth", "tiny-legacy.pth"] {
            let bytes = to_safetensors(&written_by_pytorch(name)).unwrap();
            let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
            let values = |name: &str| -> Vec<f32> {
                let (numbers, _) = tensors.tensor(name).unwrap().data().as_chunks();
                numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
            };
            let count = |from: usize, to: usize| -> Vec<f32> {
                (from..to).map(|number| number as f32 / 100.0).collect()
            };
            assert_eq!(values("main.0.weight"), count(0, 32), "{name}");
            assert_eq!(values("main.1.running_var"), count(35, 36), "{name}");
            assert_eq!(values("main.3.weight"), count(36, 84), "{name}");
            assert_eq!(tensors.len(), 7);
        }
    }

    #[test]
    fn generator_of_a_file_of_pytorch_draws() {
        on_each_device(|| {
            let load = |name: &str| load_generator(&config(), &device(), written_by_pytorch(name)).unwrap();
            let noise =
                Tensor::<4>::from_data(TensorData::new(vec![0.5_f32, -0.25], [1, 2, 1, 1]), &device());
            let [new, old] = ["tiny.pth", "tiny-legacy.pth"].map(|name| {
                load(name)
                    .forward(noise.clone())
                    .into_data()
                    .try_to_vec::<f32>()
                    .unwrap()
            });
            assert_eq!(new, old);
            // What PyTorch 2.15 answers in evaluation mode at some places.
            for (place, expected) in [
                (0, 0.050_985),
                (50, 0.249_307_6),
                (100, 0.321_533_14),
                (191, 0.112_423_73),
            ] {
                assert!((new[place] - expected).abs() < 1e-6, "{} at {place}", new[place]);
            }
        });
    }

    #[test]
    fn a_pickle_is_not_run() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let (path, made) = (temp.path().join("netG.pth"), temp.path().join("made"));
            // What a pickle of protocol 2 says to call `os.system("touch made")`.
            let command = format!("touch {}", made.display());
            let mut bytes = b"\x80\x02cos\nsystem\nX".to_vec();
            bytes.extend((command.len() as u32).to_le_bytes());
            bytes.extend(command.as_bytes());
            bytes.extend(b"\x85R.");
            fs::write(&path, &bytes).unwrap();
            let error = load_generator(&config(), &device(), &path).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Weights { .. }), "{error}");
            assert!(error.to_string().contains("netG.pth"), "{error}");
            assert!(!made.exists());
        });
    }

    #[test]
    fn damaged_files_and_those_of_other_networks_are_refused() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("netG.pth");
            let whole = fs::read(written_by_pytorch("tiny.pth")).unwrap();
            for len in [4, 100, whole.len() / 2, whole.len() - 10] {
                fs::write(&path, &whole[..len]).unwrap();
                let error = load_generator(&config(), &device(), &path).unwrap_err();
                assert!(
                    matches!(error.kind(), ErrorKind::Weights { .. }),
                    "{len}: {error}"
                );
            }
            let error =
                load_generator(&config().with_nz(3), &device(), written_by_pytorch("tiny.pth")).unwrap_err();
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(source.contains("[2, 1, 4, 4]"), "{source}");
        });
    }
}
