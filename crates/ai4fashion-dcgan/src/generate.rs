//! Pictures from a trained generator.

use burn::tensor::{Tensor, TensorData};
use image::RgbImage;

use crate::{
    Error, ErrorKind, Generator,
    pictures::to_pictures,
    random::{Stream, normal, rng},
};

/// The most pictures of one call.
pub const MAX_COUNT: usize = 1_000_000;

/// Pictures that go through the generator together.
const BATCH: usize = 64;

/// Draws `count` pictures and hands each to `each` with its number, from 0.
///
/// Picture `i` of a seed is the same whatever the count, on the same device and number of threads, if the generator is
/// in evaluation mode: one that was loaded, or [`Module::valid`](burn::module::Module::valid) of one in training.
///
/// # Errors
/// If `count` is 0 or above [`MAX_COUNT`], or `each` returns an error.
pub fn generate<E: From<Error>>(
    generator: &Generator,
    count: usize,
    seed: u64,
    mut each: impl FnMut(usize, RgbImage) -> Result<(), E>,
) -> Result<(), E> {
    if !(1..=MAX_COUNT).contains(&count) {
        let (field, value) = ("count", count.to_string());
        let legal = "1 to 1000000";
        return Err(Error::new(ErrorKind::Setting { field, value, legal }).into());
    }
    let (nz, device) = (generator.nz(), generator.device());
    for start in (0..count).step_by(BATCH) {
        let places = start..count.min(start + BATCH);
        let len = places.len();
        let values: Vec<f32> = places
            .flat_map(|place| normal(&mut rng(seed, Stream::Generate, place as u64), nz, 0.0, 1.0))
            .collect();
        let noise = Tensor::from_data(TensorData::new(values, [len, nz, 1, 1]), &device);
        for (offset, picture) in to_pictures(generator.forward(noise)).into_iter().enumerate() {
            each(start + offset, picture)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        DcganConfig,
        layers::tests::{device, on_each_device},
    };

    fn draw(count: usize, seed: u64) -> Vec<RgbImage> {
        let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
        let generator = Generator::new(&config, &device()).unwrap();
        let mut pictures = Vec::new();
        let result = generate(&generator, count, seed, |place, picture| {
            assert_eq!(place, pictures.len());
            pictures.push(picture);
            Ok::<(), Error>(())
        });
        result.unwrap();
        pictures
    }

    #[test]
    fn pictures_do_not_depend_on_how_many_are_drawn() {
        on_each_device(|| {
            let many = draw(70, 1);
            assert_eq!(many.len(), 70);
            assert_eq!(draw(3, 1), many[..3]);
            assert_ne!(draw(3, 2), many[..3]);
        });
    }

    #[test]
    fn none_is_refused() {
        on_each_device(|| {
            let config = DcganConfig::tutorial().with_image_size(8);
            let generator = Generator::new(&config, &device()).unwrap();
            let error = generate(&generator, 0, 1, |_, _| Ok::<(), Error>(())).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Setting { field: "count", .. }));
        });
    }
}
