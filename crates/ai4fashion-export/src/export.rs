//! The export of a data set.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_dataset::{Dataset, ingest::Progress};
use ai4fashion_files::{sha256_hex_of, write_atomic};
use rayon::prelude::*;

use crate::{
    about::About,
    card,
    columns::columns,
    croissant,
    error::Error,
    format::Format,
    image_folder,
    job::Job,
    options::ExportOptions,
    parquet,
    place::{Found, Place},
    plan::Plan,
    report::ExportReport,
    webdataset,
};

/// An export of data sets, with checked options.
///
/// ```no_run
/// use ai4fashion_export::{Export, ExportOptions, Format, dataset::Dataset};
///
/// let dataset = Dataset::open("dataset")?;
/// let export = Export::new(ExportOptions::new(Format::Parquet))?;
/// let report = export.run(&dataset, "exported", &())?;
/// println!("{} images, {} left out", report.written(), report.left_out.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Export {
    options: ExportOptions,
}

impl Export {
    /// Checks the options.
    ///
    /// # Errors
    /// If shards are smaller than [`ExportOptions::MIN_SHARD_BYTES`].
    pub fn new(options: ExportOptions) -> Result<Self, Error> {
        options.check()?;
        Ok(Self { options })
    }

    /// Exports a data set to the folder `out`, which must be new or empty.
    ///
    /// The folder is written beside its place and renamed when it is whole; the same data set and
    /// options give the same bytes. An export that was stopped or killed goes on when it is run
    /// again: it keeps the shards that are whole, and does nothing if all are there. Images
    /// that are missing, or are not those of the manifest, are left out and listed.
    ///
    /// # Errors
    /// If the place is taken, no image can be exported, a file cannot be written, or `progress`
    /// asks to stop.
    pub fn run(
        &self,
        dataset: &Dataset,
        out: impl AsRef<Path>,
        progress: &dyn Progress,
    ) -> Result<ExportReport, Error> {
        let plan = Plan::new(dataset, &self.options, progress)?;
        let mut report = ExportReport {
            splits: plan.splits(),
            shards: plan.shards.len(),
            kept: 0,
            image_bytes: plan.split_bytes().iter().sum(),
            left_out: plan.left_out.clone(),
        };
        let out = out.as_ref();
        let fingerprint = self.fingerprint(dataset, &plan);
        let Found::Free(place) = Place::begin(out, dataset.root(), &fingerprint)? else {
            report.kept = report.shards;
            return Ok(report);
        };
        let written = plan.shards.iter().flat_map(|shard| &shard.images);
        let columns = columns(written.map(|index| &dataset.records()[*index]));
        let job = Job::new(dataset, &columns, &self.options, progress, plan.images());
        report.kept = write_shards(&job, &plan, &place.folder())?;
        let about = About::new(out, dataset, &plan, &columns, &self.options, &fingerprint);
        let files = croissant::files(&about, &place.folder())?;
        let croissant = croissant::write(&about, &files);
        write_atomic(place.folder().join(croissant::FILE), croissant.as_bytes())?;
        write_atomic(place.folder().join(card::FILE), card::write(&about).as_bytes())?;
        place.finish()?;
        Ok(report)
    }

    /// Equal for exports that write the same bytes.
    fn fingerprint(&self, dataset: &Dataset, plan: &Plan) -> String {
        let options = serde_json::to_string(&self.options).unwrap_or_default();
        let head = [
            env!("CARGO_PKG_VERSION").to_owned(),
            options,
            dataset.fingerprint(),
        ];
        let left_out = plan.left_out.iter().map(|it| it.file.clone());
        sha256_hex_of(head.into_iter().chain(left_out).map(|line| line + "\n"))
    }
}

/// Writes the shards that are not there, on all threads, and returns how many were there.
fn write_shards(job: &Job<'_>, plan: &Plan, folder: &Path) -> Result<usize, Error> {
    let format = job.options.format;
    let kept = AtomicUsize::new(0);
    plan.shards.par_iter().try_for_each(|shard| {
        let path = folder.join(shard.path(format));
        // A folder is never known to be whole.
        if path.is_file() {
            kept.fetch_add(1, Ordering::Relaxed);
            job.advance(shard.images.len());
            return Ok(());
        }
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(Error::io(parent))?;
        match format {
            Format::Parquet => parquet::write(job, shard, &path),
            Format::WebDataset => webdataset::write(job, shard, &path),
            Format::ImageFolder => image_folder::write(job, shard, &path),
        }
    })?;
    Ok(kept.into_inner())
}
