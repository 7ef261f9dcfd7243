//! A data set of `ai4fashion-dataset` as a source of training images.
//!
//! A correction of labels renames images. Whoever trains meanwhile goes on with the labels that it
//! has read, and finds an image by its hash under the name that it has now.

use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use ai4fashion_dataset::{Dataset, ErrorKind as DatasetError, LabelEditor};
use ai4fashion_files::sha256_hex;
use ai4fashion_image::{Limits, decode};
use image::RgbImage;

use crate::{
    data::{image_source::ImageSource, labels::Labels},
    error::{Error, Foreign},
};

/// A file that is not the one that the manifest lists.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not the image that the manifest lists", .0.display())]
struct ChangedFile(PathBuf);

/// An image that was removed from the data set while it was read.
#[derive(Debug, thiserror::Error)]
#[error("`{}` was in the data set when it was opened, and is not any more", .0.display())]
struct Unlisted(PathBuf);

/// How long an image that is not in its place is looked for in a data set that others are
/// correcting.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time between two tries; a data set that another one takes the place of is there again then.
const PAUSE: Duration = Duration::from_millis(20);

impl ImageSource for Dataset {
    fn len(&self) -> usize {
        Dataset::len(self)
    }

    /// An image that was renamed since the data set was opened is found by its hash.
    ///
    /// # Errors
    /// If its file cannot be read, or its hash differs from the manifest's: a run would be resumed
    /// with another image unnoticed.
    ///
    /// # Panics
    /// If `index` is not below the length.
    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        let bytes = read(self, index).or_else(|error| read_moved(self, index, error));
        let bytes = bytes.map_err(Error::image(index))?;
        let decoded = decode(&bytes, &Limits::default()).map_err(Error::image(index))?;
        Ok(decoded.into_rgb8())
    }

    fn labels(&self, index: usize) -> Labels {
        let record = &self.records()[index];
        let known = Labels::default()
            .with_color(record.color)
            .with_split(record.split);
        record
            .product_type
            .map_or(known, |kind| known.with_product_type(kind))
    }

    fn fingerprint(&self) -> String {
        Dataset::fingerprint(self)
    }
}

/// Reads the file of an image, which must be the one that the manifest lists.
fn read(dataset: &Dataset, index: usize) -> Result<Vec<u8>, Foreign> {
    let bytes = dataset.read_file(index)?;
    if sha256_hex(&bytes) != dataset.records()[index].image_sha256 {
        return Err(ChangedFile(dataset.path(index)).into());
    }
    Ok(bytes)
}

/// Reads an image under the name that it has in the manifest now; `error` is why it could not be
/// read before.
///
/// Between reading the manifest and the image, labels may be corrected again. So an image is
/// missing or damaged only if it is not in its place while the data set is locked against
/// corrections.
fn read_moved(dataset: &Dataset, index: usize, error: Foreign) -> Result<Vec<u8>, Foreign> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        // It waits until a change that is under way is made.
        if let Ok(now) = Dataset::open(dataset.root())
            && let Some(place) = find(&now, dataset, index)
            && let Ok(bytes) = read(&now, place)
        {
            return Ok(bytes);
        }
        match LabelEditor::open(dataset.root()) {
            Ok(locked) => {
                let Some(place) = find(locked.dataset(), dataset, index) else {
                    return Err(Unlisted(dataset.path(index)).into());
                };
                return read(locked.dataset(), place).map_err(|_| error);
            }
            Err(cause) => match cause.kind() {
                // Another one takes its place at this moment, or somebody corrects it.
                DatasetError::Missing { .. } | DatasetError::InUse { .. } => thread::sleep(PAUSE),
                // It cannot be written to: nobody corrects it.
                _ => break,
            },
        }
    }
    Err(error)
}

/// Finds an image of a data set in the same data set as it is now.
fn find(now: &Dataset, dataset: &Dataset, index: usize) -> Option<usize> {
    let sha256 = &dataset.records()[index].image_sha256;
    let mut records = now.records().iter();
    records.position(|record| record.image_sha256 == *sha256)
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        sync::atomic::{AtomicBool, Ordering},
    };

    use ai4fashion_color::BasicColor;
    use ai4fashion_dataset::{
        Ingest, IngestOptions, SmallFashion,
        corrections::{Correction, CorrectionTable, LabelChange},
    };
    use ai4fashion_synthetic::Catalogue;

    use super::*;
    use crate::{data::cache::ImageCache, error::ErrorKind};

    fn dataset(folder: &Path) -> Dataset {
        let (photos, root) = (folder.join("photos"), folder.join("data"));
        Catalogue::new(1)
            .with_per_label(1)
            .write_small_fashion(&photos)
            .unwrap();
        let source = SmallFashion::open(photos).unwrap();
        let ingest = Ingest::new(IngestOptions::default()).unwrap();
        ingest.run(&[&source], &root, &()).unwrap();
        Dataset::open(root).unwrap()
    }

    /// Opens a data set for corrections, once nobody reads it who had to wait.
    fn editor(root: &Path) -> LabelEditor {
        loop {
            match LabelEditor::open(root) {
                Err(error) if matches!(error.kind(), DatasetError::InUse { .. }) => {}
                editor => return editor.unwrap(),
            }
        }
    }

    /// Gives images other colours, which renames them.
    fn correct(root: &Path, indices: impl IntoIterator<Item = usize>) {
        let mut editor = editor(root);
        let corrections = indices.into_iter().map(|index| {
            let record = &editor.dataset().records()[index];
            let colors = BasicColor::ALL.iter();
            let other = colors.copied().find(|color| *color != record.color).unwrap();
            Correction::new(&record.file, record.color, record.product_type)
                .with_color(LabelChange::Set(other))
                .with_time("2026-11-29T00:00:00Z")
        });
        let corrections: Vec<Correction> = corrections.collect();
        let table = CorrectionTable::write(&corrections);
        let table = CorrectionTable::read(table.as_bytes(), "corrections.csv").unwrap();
        editor.apply(&table).unwrap();
    }

    #[test]
    fn image_whose_label_is_corrected_meanwhile_is_found_under_its_new_name() {
        let temp = tempfile::tempdir().unwrap();
        let before = dataset(temp.path());
        let images: Vec<RgbImage> = (0..before.len()).map(|i| before.image(i).unwrap()).collect();
        let labels: Vec<Labels> = (0..before.len()).map(|i| before.labels(i)).collect();
        for indices in [vec![7], vec![7, 8, 9], (0..before.len()).collect()] {
            correct(before.root(), indices.clone());
            let gone = indices.iter().filter(|index| !before.path(**index).exists());
            assert!(gone.count() > 0);
            for index in indices {
                assert!(before.image(index).unwrap() == images[index], "{index}");
            }
        }
        // The labels are still those that were read.
        assert_eq!(
            (0..before.len()).map(|i| before.labels(i)).collect::<Vec<_>>(),
            labels
        );
        let path = temp.path().join("cache.bin");
        let cache = ImageCache::open_or_build(&before, 256, path, &|_, _| {}).unwrap();
        assert!((0..before.len()).all(|index| cache.image(index).unwrap() == images[index]));

        // Two images have changed their names.
        let [one, other] = [7, 8].map(|index| Dataset::open(before.root()).unwrap().path(index));
        let between = other.with_extension("between");
        for (from, to) in [(&one, &between), (&other, &one), (&between, &other)] {
            std::fs::rename(from, to).unwrap();
        }
        let error = before.image(7).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Image { index: 7, .. }),
            "{error}"
        );
    }

    #[test]
    fn images_are_read_while_labels_are_corrected_and_undone() {
        let temp = tempfile::tempdir().unwrap();
        let before = dataset(temp.path());
        let images: Vec<RgbImage> = (0..before.len()).map(|i| before.image(i).unwrap()).collect();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let corrector = scope.spawn(|| {
                for _ in 0..4 {
                    correct(before.root(), 0..before.len());
                    assert!(editor(before.root()).undo().unwrap());
                }
                done.store(true, Ordering::Relaxed);
            });
            for index in (0..before.len()).cycle() {
                assert!(before.image(index).unwrap() == images[index], "{index}");
                if done.load(Ordering::Relaxed) || corrector.is_finished() {
                    break;
                }
            }
        });
    }

    #[test]
    fn image_that_is_in_the_data_set_no_more_is_told_from_a_damaged_one() {
        let temp = tempfile::tempdir().unwrap();
        let before = dataset(temp.path());
        let manifest = before.root().join("manifest.jsonl");
        let lines = std::fs::read_to_string(&manifest).unwrap();
        let others = lines.lines().enumerate().filter(|(place, _)| *place != 7);
        let others: Vec<&str> = others.map(|(_, line)| line).collect();
        std::fs::write(&manifest, others.join("\n") + "\n").unwrap();
        // Its hash of the manifest would refuse this one.
        std::fs::remove_file(before.root().join("summary.json")).unwrap();
        std::fs::remove_file(before.path(7)).unwrap();
        let error = before.image(7).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            cause.contains("was in the data set when it was opened"),
            "{cause}"
        );
    }

    #[test]
    fn file_that_was_changed_or_removed_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let dataset = dataset(temp.path());
        assert_eq!(dataset.image(7).unwrap(), dataset.load(7).unwrap());

        let cache = |name: &str| {
            let path = temp.path().join(name);
            ImageCache::open_or_build(&dataset, 8, path, &|_, _| {}).map(|_| ())
        };
        let cause = |error: &Error| std::error::Error::source(error).unwrap().to_string();
        cache("before.bin").unwrap();
        let name = dataset.path(7).file_name().unwrap().display().to_string();
        std::fs::copy(dataset.path(8), dataset.path(7)).unwrap();
        for error in [dataset.image(7).unwrap_err(), cache("after.bin").unwrap_err()] {
            assert!(
                matches!(error.kind(), ErrorKind::Image { index: 7, .. }),
                "{error}"
            );
            assert!(cause(&error).contains(&name), "{}", cause(&error));
        }
        // The cached images are still those of the manifest.
        cache("before.bin").unwrap();
        std::fs::remove_file(dataset.path(7)).unwrap();
        let error = dataset.image(7).unwrap_err();
        assert!(cause(&error).contains(&name), "{}", cause(&error));
    }
}
