//! Pictures changed before the discriminator sees them, so that it does not learn the few real ones by heart.

mod color;
mod cutout;
mod translation;
mod uniform;

use std::{fmt, str::FromStr};

use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A kind of change (S. Zhao et al., Differentiable Augmentation for Data-Efficient GAN Training, 2020, section 3.2). Each
/// picture gets one of its own, and its gradient goes through to the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Augment {
    /// Brightness up to 0.5 more or less, saturation of 0 to 2 and contrast of 0.5 to 1.5 times the picture's.
    Color,
    /// Moved by up to an eighth of the side in each direction; what comes in is 0, a middle grey.
    Translation,
    /// A square of half the side at a random place made 0.
    Cutout,
}

impl Augment {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Color, Self::Translation, Self::Cutout];

    /// The name that programs and files use, e.g. `"cutout"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Color => "color",
            Self::Translation => "translation",
            Self::Cutout => "cutout",
        }
    }
}

impl fmt::Display for Augment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Augment {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for anything but `color`, `translation` and `cutout`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.name() == name);
        known.ok_or_else(|| Error::setting("augment", name, "color, translation or cutout"))
    }
}

/// `pictures` after changes of each of the `kinds`, in the order of [`Augment::ALL`]; the same numbers from `rng` give the
/// same changes.
///
/// # Shapes
/// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
/// - returns: the same; colours may go beyond the interval
pub(crate) fn augment(mut pictures: Tensor<4>, kinds: &[Augment], rng: &mut ChaCha12Rng) -> Tensor<4> {
    for kind in Augment::ALL {
        if kinds.contains(&kind) {
            pictures = match kind {
                Augment::Color => color::change(pictures, rng),
                Augment::Translation => translation::shift(pictures, rng),
                Augment::Cutout => cutout::cut(pictures, rng),
            };
        }
    }
    pictures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, normal, rng},
        testing::{device, on_each_device},
    };

    fn pictures(channels: usize) -> Tensor<4> {
        let values = normal(&mut rng(1, Stream::Noise, 0), 6 * channels * 64, 0.0, 0.4);
        Tensor::from_data(TensorData::new(values, [6, channels, 8, 8]), &device())
    }

    #[test]
    fn same_numbers_give_the_same_changes_and_no_kind_gives_none() {
        on_each_device(|| {
            for channels in [1, 3] {
                let change = |kinds: &[Augment], place| {
                    let rng = &mut rng(1, Stream::AugmentReal, place);
                    augment(pictures(channels), kinds, rng).into_data()
                };
                assert_eq!(change(&[], 0), pictures(channels).into_data());
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
    fn gradient_is_that_of_finite_differences() {
        on_each_device(|| {
            let weights = pictures(3).mul_scalar(2.0).add_scalar(0.3);
            let look = |pictures: Tensor<4>, weights: Tensor<4>| {
                let rng = &mut rng(1, Stream::AugmentReal, 3);
                (augment(pictures, &Augment::ALL, rng) * weights).sum()
            };
            let x = Tensor::from_inner(pictures(3)).require_grad();
            let grads = look(x.clone(), Tensor::from_inner(weights.clone())).backward();
            let grad = x.grad(&grads).unwrap().into_data().try_to_vec::<f32>().unwrap();
            let mut seen = 0;
            for at in (0..grad.len()).step_by(37) {
                let moved = |by: f32| {
                    let mut values = pictures(3).into_data().try_to_vec::<f32>().unwrap();
                    values[at] += by;
                    let moved = Tensor::from_data(TensorData::new(values, [6, 3, 8, 8]), &device());
                    look(moved, weights.clone()).into_scalar::<f32>()
                };
                let expected = (moved(0.5) - moved(-0.5)) / 1.0;
                assert!((grad[at] - expected).abs() < 2e-3, "{} {expected}", grad[at]);
                seen += usize::from(expected.abs() > 0.05);
            }
            assert!(seen > 5);
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
            "augment is flip, legal is color, translation or cutout"
        );
    }
}
