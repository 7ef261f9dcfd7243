//! An observer that writes samples.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::RgbImage;

use crate::{
    error::Error,
    run::{grid::image_page, interval::Interval, layout::REAL, sample_files, samples_over_time},
    train::{epoch_end::EpochEnd, observer::Observer, run_info::RunInfo},
};

/// Writes samples as images: `real.png`, `samples/epoch-NNN.png`, and `samples-over-time.png`.
///
/// A resumed run removes the samples beyond its checkpoint, and logs a warning that names them.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Trainer, cpu, image::RgbImage, run::SampleWriter};
///
/// let temp = tempfile::tempdir()?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(3);
/// let mut samples = SampleWriter::new(temp.path()).with_interval(2);
/// Trainer::new(config, cpu())?.fit(&vec![RgbImage::new(8, 8); 4], &mut [&mut samples])?;
/// let exists = |epoch| temp.path().join(format!("samples/epoch-{epoch:03}.png")).exists();
/// assert_eq!([1, 2, 3].map(exists), [false, true, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SampleWriter {
    folder: PathBuf,
    interval: Interval,
    is_complete: bool,
}

impl SampleWriter {
    /// Creates an observer that writes into `folder`, which is created when the run starts.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            interval: Interval(1),
            is_complete: true,
        }
    }

    /// Sets the number of epochs from one file to the next, at least 1; default 1. The last epoch
    /// always has one.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = Interval(epochs);
        self
    }

    fn write(&mut self, path: &Path, samples: &[RgbImage]) -> Result<(), Error> {
        let folder = sample_files::folder(&self.folder);
        fs::create_dir_all(&folder).map_err(Error::io("create the folder", &folder))?;
        sample_files::write(path, &image_page(samples))?;
        self.write_over_time();
        Ok(())
    }

    /// It can be made again, and is when the run is resumed: what keeps it from being written does
    /// not end the run.
    fn write_over_time(&mut self) {
        let written = samples_over_time::write(&self.folder);
        self.is_complete = written.inspect_err(|error| log::warn!("{error}")).is_ok();
    }

    /// Whether `samples-over-time.png` could be written the last time.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl<G> Observer<G> for SampleWriter {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        self.interval.check()?;
        fs::create_dir_all(&self.folder).map_err(Error::io("create the folder", &self.folder))?;
        let epochs = info.steps_done / info.steps_per_epoch.max(1);
        let removed = sample_files::remove_after(&self.folder, epochs)?;
        if !removed.is_empty() {
            log::warn!("removed samples beyond epoch {epochs}: {}", removed.join(", "));
        }
        self.write_over_time();
        sample_files::write(&self.folder.join(REAL), &image_page(&info.real))
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        if !self.interval.is_due(end) {
            return Ok(());
        }
        let path = self.folder.join(sample_files::name(end.epochs_done));
        self.write(&path, samples)
    }

    fn on_stop(&mut self, _: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        self.write(&sample_files::stopped(&self.folder), samples)
    }
}
