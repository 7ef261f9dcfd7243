use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::error::ErrorKind;

/// Counts how often an image is read.
#[derive(Default)]
struct Counted(AtomicUsize, u8);

impl ImageSource for Counted {
    fn len(&self) -> usize {
        300
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let level = index as u8;
        Ok(RgbImage::from_fn(9, 7, |x, y| {
            image::Rgb([level, x as u8 * 20, y as u8 * 30])
        }))
    }

    fn fingerprint(&self) -> String {
        self.1.to_string()
    }
}

#[test]
fn images_equal_those_of_the_source_and_are_decoded_once() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("cache/pixels.bin");
    let source = Counted::default();
    for _ in 0..2 {
        let cache = ImageCache::open_or_build(&source, 8, &path, &|_, _| {}).unwrap();
        assert_eq!((cache.len(), source.0.load(Ordering::Relaxed)), (300, 300));
        for index in [0, 255, 256, 299] {
            let found = cache.image(index).unwrap();
            let expected = Counted::default().image(index).unwrap();
            assert_eq!(found, center_crop(&expected, 8).unwrap());
            assert_eq!(center_crop(&found, 8).unwrap(), found);
        }
    }
    let entries = fs::read_dir(temp.path().join("cache")).unwrap().count();
    assert_eq!(entries, 1);
}

#[test]
fn cache_of_other_images_or_size_or_with_damage_is_built_again() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("pixels.bin");
    let first = Counted::default();
    ImageCache::open_or_build(&first, 8, &path, &|_, _| {}).unwrap();
    let whole = fs::read(&path).unwrap();
    let rebuilt = |source: &Counted, side: u32| {
        let before = source.0.load(Ordering::Relaxed);
        ImageCache::open_or_build(source, side, &path, &|_, _| {}).unwrap();
        source.0.load(Ordering::Relaxed) - before
    };
    assert_eq!(rebuilt(&first, 8), 0);
    let mut damaged = whole.clone();
    damaged[HEADER + 1000] ^= 1;
    fs::write(&path, damaged).unwrap();
    assert_eq!(rebuilt(&first, 8), 300);
    assert_eq!(fs::read(&path).unwrap(), whole);
    // In the magic, the side, the number of images, both hashes.
    for bit in (0..8 * 8).chain([8 * 8, 8 * 16, 8 * 24, 8 * 56]) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, damaged).unwrap();
        assert_eq!(rebuilt(&first, 8), 300, "bit {bit}");
    }
    // Of other images, too, and the first sector lost.
    let mut damaged = whole.clone();
    damaged[3] ^= 0xff;
    fs::write(&path, &damaged).unwrap();
    assert_eq!(rebuilt(&first, 4), 300);
    damaged[..MAGIC.len()].fill(0);
    fs::write(&path, &damaged).unwrap();
    assert_eq!(rebuilt(&first, 8), 300);
    for len in [0, 5, HEADER, whole.len() - 1] {
        fs::write(&path, &whole[..len]).unwrap();
        assert_eq!(rebuilt(&first, 8), 300, "{len} bytes");
    }
    assert_eq!(rebuilt(&first, 16), 300);
    assert_eq!(rebuilt(&Counted(AtomicUsize::new(0), 1), 16), 300);
}

#[test]
fn illegal_side_is_refused_before_anything_is_read_or_written() {
    let temp = tempfile::tempdir().unwrap();
    let (path, source) = (temp.path().join("a.bin"), Counted::default());
    for side in [0, MAX_SIDE + 1, u32::MAX] {
        let error = ImageCache::open_or_build(&source, side, &path, &|_, _| {}).unwrap_err();
        let ErrorKind::Setting { option, value, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*option, value), ("side", &side.to_string()));
    }
    assert!(source.0.load(Ordering::Relaxed) == 0 && !path.exists());
    // More bytes than a number of 64 bits counts.
    assert_eq!(Header::new(MAX_SIDE, usize::MAX, "").content, u64::MAX);
}

#[test]
fn place_that_cannot_be_written_is_named() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error =
        ImageCache::open_or_build(&Counted::default(), 8, file.join("pixels.bin"), &|_, _| {}).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Io { .. }), "{error}");
    assert!(error.to_string().contains("file"), "{error}");
    let error = ImageCache::open_or_build(&Counted::default(), 8, &file, &|_, _| {}).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Occupied { .. }), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    // As long as a header, and longer.
    for len in [HEADER, 5000] {
        fs::write(&file, "m".repeat(len)).unwrap();
        let error = ImageCache::open_or_build(&Counted::default(), 8, &file, &|_, _| {}).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Occupied { .. }), "{error}");
    }
}

#[test]
fn first_of_several_bad_images_is_named() {
    struct Bad;
    impl ImageSource for Bad {
        fn len(&self) -> usize {
            300
        }
        fn image(&self, index: usize) -> Result<RgbImage, Error> {
            Ok(RgbImage::new(u32::from(!(40..=60).contains(&index)), 1))
        }
    }
    let temp = tempfile::tempdir().unwrap();
    let error = ImageCache::open_or_build(&Bad, 8, temp.path().join("a.bin"), &|_, _| {}).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Image { index: 40, .. }),
        "{error}"
    );
}
