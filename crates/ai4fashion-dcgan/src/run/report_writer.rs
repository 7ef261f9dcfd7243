//! An observer that writes charts and a report.

use std::{fs, path::PathBuf};

use ai4fashion_files::json_lines::{complete_lines, parse, read_text};
use image::RgbImage;

use crate::{
    error::Error,
    run::{
        charts,
        grid::image_page,
        interval::Interval,
        layout::{REAL_VS_FAKE, STEPS},
        report::write_report,
    },
    train::{
        epoch_end::EpochEnd,
        metrics::{StepMetrics, StepTiming},
        observer::Observer,
        run_info::RunInfo,
    },
};

/// Writes charts and a report: `losses.svg`, `losses.png`, `real-vs-fake.png` and `report.html`.
///
/// The losses of a resumed run are read from `log.jsonl` in the folder, and the report is made of
/// the files that [`MetricsLog`](crate::run::MetricsLog) and
/// [`SampleWriter`](crate::run::SampleWriter) write: name those before it.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Trainer, cpu, image::RgbImage, run::ReportWriter};
///
/// let temp = tempfile::tempdir()?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(1);
/// let mut report = ReportWriter::new(temp.path());
/// Trainer::new(config, cpu())?.fit(&vec![RgbImage::new(8, 8); 4], &mut [&mut report])?;
/// assert!(temp.path().join("losses.png").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReportWriter {
    folder: PathBuf,
    interval: Interval,
    commands: Vec<String>,
    real: Vec<RgbImage>,
    losses: Vec<[f32; 2]>,
    is_complete: bool,
}

impl ReportWriter {
    /// Creates an observer that writes into `folder`, which is created when the run starts.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            interval: Interval(1),
            commands: Vec::new(),
            real: Vec::new(),
            losses: Vec::new(),
            is_complete: true,
        }
    }

    /// Sets the number of epochs from one report to the next, at least 1; default 1. The last epoch
    /// always has one.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = Interval(epochs);
        self
    }

    /// Sets commands that the report suggests, for example to resume the run; default none.
    #[must_use]
    pub fn with_commands(mut self, commands: Vec<String>) -> Self {
        self.commands = commands;
        self
    }

    fn write(&mut self, samples: &[RgbImage]) -> Result<(), Error> {
        charts::write_losses(&self.losses, &self.folder.join("losses"))?;
        let pair = self.folder.join(REAL_VS_FAKE);
        charts::write_pair(&pair, &image_page(&self.real), &image_page(samples))?;
        self.write_page();
        Ok(())
    }

    /// It can be made again, and is when the run is resumed: what keeps it from being written does
    /// not end the run.
    fn write_page(&mut self) {
        let written = write_report(&self.folder, &self.commands);
        self.is_complete = written.inspect_err(|error| log::warn!("{error}")).is_ok();
    }

    /// Whether the report could be written the last time.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl<G> Observer<G> for ReportWriter {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        self.interval.check()?;
        fs::create_dir_all(&self.folder).map_err(Error::io("create the folder", &self.folder))?;
        let path = self.folder.join(STEPS);
        let text = read_text(&path).map_err(Error::file)?;
        let text: String = complete_lines(&text).take(info.steps_done).collect();
        let steps: Vec<StepMetrics> = parse(&path, &text).map_err(Error::file)?;
        self.losses = steps.iter().map(|step| [step.loss_d, step.loss_g]).collect();
        self.real.clone_from(&info.real);
        if info.steps_done > 0 {
            self.write_page();
        }
        Ok(())
    }

    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        self.losses.push([step.loss_d, step.loss_g]);
        Ok(())
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        match self.interval.is_due(end) {
            true => self.write(samples),
            false => Ok(()),
        }
    }

    fn on_stop(&mut self, _: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        self.write(samples)
    }
}
