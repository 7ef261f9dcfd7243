//! Differentiable augmentation: random changes of images before the discriminator.

mod color;
mod cutout;
mod translation;
mod uniform;

use std::{fmt, str::FromStr};

use burn::tensor::Tensor;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A kind of augmentation, applied to real and generated images before the discriminator.
///
/// It keeps the discriminator from memorizing few real images (S. Zhao et al., Differentiable
/// Augmentation for Data-Efficient GAN Training, 2020, section 3.2). Each image is changed in its
/// own way, and gradients flow through to the generator.
///
/// ```
/// use ai4fashion_dcgan::{Augment, DcganConfig};
///
/// let config = DcganConfig::tutorial().with_augment(vec![Augment::Translation, Augment::Cutout]);
/// assert!(config.validate().is_ok());
/// assert_eq!("cutout".parse::<Augment>()?, Augment::Cutout);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Augment {
    /// Brightness plus or minus up to 0.5, saturation times 0 to 2, contrast times 0.5 to 1.5.
    Color,
    /// A shift by up to an eighth of the side in each direction; new pixels are 0, a middle grey.
    Translation,
    /// A square of half the side at a random place, filled with 0.
    Cutout,
}

impl Augment {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Color, Self::Translation, Self::Cutout];

    /// The name in settings, such as `"cutout"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Color => "color",
            Self::Translation => "translation",
            Self::Cutout => "cutout",
        }
    }
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Augment {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `color`, `translation`
    /// and `cutout`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or_else(|| Error::setting("augment", name, "color, translation or cutout"))
    }
}

/// Changes images by each of the `kinds`, in the order of [`Augment::ALL`].
///
/// The same numbers from `rng` give the same changes.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`, in `[-1, 1]`
/// - returns: the same; colours may leave the interval
pub(crate) fn augment(mut images: Tensor<4>, kinds: &[Augment], rng: &mut ChaCha12Rng) -> Tensor<4> {
    for kind in Augment::ALL {
        if kinds.contains(&kind) {
            images = match kind {
                Augment::Color => color::change(images, rng),
                Augment::Translation => translation::shift(images, rng),
                Augment::Cutout => cutout::cut(images, rng),
            };
        }
    }
    images
}

#[cfg(test)]
mod tests {
    use burn::tensor::{DType, TensorData};

    use super::*;
    use crate::{
        random::{Stream, normal, rng},
        testing::{device, on_each_device},
    };

    fn images(channels: usize) -> Tensor<4> {
        let values = normal(&mut rng(1, Stream::Noise, 0), 6 * channels * 64, 0.0, 0.4);
        Tensor::from_data(TensorData::new(values, [6, channels, 8, 8]), &device())
    }

    #[test]
    fn same_numbers_give_the_same_changes_and_no_kind_gives_none() {
        on_each_device(|| {
            for channels in [1, 3] {
                let change = |kinds: &[Augment], place| {
                    let rng = &mut rng(1, Stream::AugmentReal, place);
                    augment(images(channels), kinds, rng).into_data()
                };
                assert_eq!(change(&[], 0), images(channels).into_data());
                for kind in Augment::ALL {
                    assert_eq!(change(&[kind], 0), change(&[kind], 0));
                    assert_ne!(change(&[kind], 0), change(&[kind], 1), "{kind}");
                }
                use Augment::{Cutout, Translation};
                assert_eq!(
                    change(&[Cutout, Translation], 0),
                    change(&[Translation, Cutout], 0)
                );
            }
        });
    }

    #[test]
    fn kernels_and_burns_own_operations_give_the_same_images_and_gradients() {
        on_each_device(|| {
            for kind in Augment::ALL {
                // There are no kernels for f64.
                let [found, expected] = [DType::F32, DType::F64].map(|dtype| {
                    let of = |tensor: Tensor<4>| Tensor::from_inner(tensor).cast(dtype);
                    let x = of(images(3)).require_grad();
                    let changed = augment(x.clone(), &[kind], &mut rng(1, Stream::AugmentReal, 0));
                    let grads = (changed.clone() * of(images(3)).square()).sum().backward();
                    let values = |tensor: Tensor<4>| tensor.cast(DType::F32).into_data().try_to_vec::<f32>();
                    [
                        values(changed.inner()).unwrap(),
                        values(x.grad(&grads).unwrap()).unwrap(),
                    ]
                });
                let values = found.iter().flatten().zip(expected.iter().flatten());
                for (found, expected) in values {
                    assert!((found - expected).abs() < 1e-5, "{kind}: {found} {expected}");
                }
            }
        });
    }

    #[test]
    fn gradient_equals_finite_differences() {
        on_each_device(|| {
            let weights = images(3).mul_scalar(2.0).add_scalar(0.3);
            let weighted = |images: Tensor<4>, weights: Tensor<4>| {
                let rng = &mut rng(1, Stream::AugmentReal, 3);
                (augment(images, &Augment::ALL, rng) * weights).sum()
            };
            let x = Tensor::from_inner(images(3)).require_grad();
            let grads = weighted(x.clone(), Tensor::from_inner(weights.clone())).backward();
            let grad = x.grad(&grads).unwrap().into_data().try_to_vec::<f32>().unwrap();
            let mut changed = 0;
            for at in (0..grad.len()).step_by(37) {
                let moved = |by: f32| {
                    let mut values = images(3).into_data().try_to_vec::<f32>().unwrap();
                    values[at] += by;
                    let moved = Tensor::from_data(TensorData::new(values, [6, 3, 8, 8]), &device());
                    weighted(moved, weights.clone()).into_scalar::<f32>()
                };
                let expected = (moved(0.5) - moved(-0.5)) / 1.0;
                assert!((grad[at] - expected).abs() < 2e-3, "{} {expected}", grad[at]);
                changed += usize::from(expected.abs() > 0.05);
            }
            assert!(changed > 5);
        });
    }

    #[test]
    fn names_are_read_back_and_others_refused_with_the_legal_ones() {
        for kind in Augment::ALL {
            assert_eq!(kind.to_string().parse::<Augment>().unwrap(), kind);
        }
        let error = "flip".parse::<Augment>().unwrap_err();
        assert!(
            matches!(
                error.kind(),
                crate::error::ErrorKind::Setting {
                    option: "augment",
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "augment is flip, expected color, translation or cutout"
        );
    }
}
