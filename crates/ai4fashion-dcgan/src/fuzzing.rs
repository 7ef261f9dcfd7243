//! The bodies of fuzz targets: each takes any bytes and asserts what holds of all of them.

use std::{fs, path::Path};

use image::{Rgb, RgbImage};

use crate::{
    config::DcganConfig,
    data::{cache::ImageCache, image_source::ImageSource},
    device::cpu,
    error::ErrorKind,
    model::weights::{load_generator, save_weights},
};

fn written(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    let written = fs::write(&path, bytes);
    assert!(written.is_ok(), "{written:?}");
    path
}

/// Weights that are read can be written and read again; what is said of others has no control
/// characters.
///
/// # Panics
/// If that is not so, or the file cannot be written.
pub fn network_weights(bytes: &[u8], folder: &Path) {
    let path = written(folder, "fuzz.pth", bytes);
    let config = DcganConfig::tutorial().with_image_size(8).with_nz(2).with_ngf(1);
    let device = cpu();
    match load_generator(&config, &device, &path) {
        Ok(generator) => {
            let again = folder.join("fuzz.safetensors");
            let saved = save_weights(&generator, &again);
            assert!(saved.is_ok(), "{saved:?}");
            let loaded = load_generator(&config, &device, &again).map(|_| ());
            assert!(loaded.is_ok(), "{loaded:?}");
        }
        Err(error) => {
            let said = ai4fashion_files::chain(&error);
            assert!(
                !said.contains(|it: char| it.is_control() && it != '\n'),
                "{said:?}"
            );
        }
    }
}

/// Whatever is at the place of a cache, images are those of the source, or the file stays.
///
/// # Panics
/// If that is not so, or the file cannot be written.
pub fn image_cache(bytes: &[u8], folder: &Path) {
    let path = written(folder, "fuzz.bin", bytes);
    let image = RgbImage::from_fn(2, 2, |x, y| Rgb([90 * x as u8, 70 * y as u8, 8]));
    let images = [image];
    match ImageCache::open_or_build(&images[..], 2, &path, &|_, _| ()) {
        Ok(cache) => assert_eq!(cache.image(0).ok().as_ref(), Some(&images[0])),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Occupied { .. }), "{error}");
            assert_eq!(fs::read(&path).ok().as_deref(), Some(bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::corpus;

    use super::*;

    #[test]
    fn inputs_that_fuzzing_has_found_hold_what_is_asserted() {
        let temp = tempfile::tempdir().unwrap();
        let replay = |target: &str, body: fn(&[u8], &Path)| {
            corpus(target).iter().for_each(|input| body(input, temp.path()));
        };
        replay("network_weights", network_weights);
        replay("image_cache", image_cache);
    }
}
