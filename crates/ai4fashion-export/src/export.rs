//! The export of a data set.

use std::{
    collections::BTreeSet,
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
    error::{Error, ErrorKind},
    format::Format,
    image_folder,
    job::Job,
    options::ExportOptions,
    parquet,
    place::{Found, Place},
    plan::{Plan, is_unchanged},
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
    /// options give the same bytes in a folder of the same name. An export that was stopped or
    /// killed goes on when it is run again: it keeps the shards that are whole, and does nothing if
    /// all are there. Images that are missing, or are not those of the manifest, are left out and
    /// listed.
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
        let place = Place::find(out.as_ref(), dataset.root())?;
        let plan = Plan::new(dataset, &self.options, progress)?;
        let mut report = ExportReport {
            splits: plan.splits(),
            shards: plan.shards.len(),
            kept: 0,
            image_bytes: plan.split_bytes().iter().sum(),
            left_out: plan.left_out.clone(),
        };
        let (name, path) = (place.name(), place.path().to_owned());
        let fingerprint = self.fingerprint(&name, dataset, &plan);
        let Found::Free(claim) = place.claim(&fingerprint, &self.names(&plan))? else {
            report.kept = report.shards;
            check_whole(&path, dataset, &plan, &self.options)?;
            return Ok(report);
        };
        let written = plan.shards.iter().flat_map(|shard| &shard.images);
        let columns = columns(written.map(|index| &dataset.records()[*index]));
        let job = Job::new(dataset, &columns, &self.options, progress, plan.images());
        let folder = claim.folder();
        report.kept = write_shards(&job, &plan, &folder)?;
        let about = About::new(name, dataset, &plan, &columns, &self.options, &fingerprint);
        let files = croissant::files(&about, &folder)?;
        write_atomic(folder.join(card::FILE), card::write(&about).as_bytes())?;
        let croissant = croissant::write(&about, &files);
        write_atomic(folder.join(croissant::FILE), croissant.as_bytes())?;
        claim.finish()?;
        Ok(report)
    }

    /// The files and folders right below the folder of an export.
    fn names(&self, plan: &Plan) -> BTreeSet<String> {
        let shards = plan.shards.iter().map(|shard| shard.path(self.options.format));
        let first = |path: String| path.split('/').next().unwrap_or_default().to_owned();
        let tables = [card::FILE, croissant::FILE].map(str::to_owned);
        shards.map(first).chain(tables).collect()
    }

    /// Equal for exports that write the same bytes.
    fn fingerprint(&self, name: &str, dataset: &Dataset, plan: &Plan) -> String {
        let options = serde_json::to_string(&self.options).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let head = [version, name.to_owned(), options, dataset.fingerprint()];
        let left_out = plan.left_out.iter().map(|it| it.file.clone());
        sha256_hex_of(head.into_iter().chain(left_out).map(|line| line + "\n"))
    }
}

/// Checks that all files of an export that was finished are there, as they were written.
fn check_whole(path: &Path, dataset: &Dataset, plan: &Plan, options: &ExportOptions) -> Result<(), Error> {
    let missing = || {
        let folders = plan
            .shards
            .iter()
            .filter(|_| options.format == Format::ImageFolder);
        let mut images = folders.flat_map(|shard| shard.images.iter().map(move |index| (shard, index)));
        images.find_map(|(shard, index)| {
            let record = &dataset.records()[*index];
            let image = image_folder::path(options.class, record);
            let file = format!("{}/{image}", shard.path(options.format));
            let is_whole = fs::read(path.join(&file)).is_ok_and(|bytes| is_unchanged(record, &bytes));
            (!is_whole).then_some(file)
        })
    };
    match croissant::first_changed(path).or_else(missing) {
        Some(file) => Err(ErrorKind::Incomplete {
            path: path.to_owned(),
            file,
        }
        .into()),
        None => Ok(()),
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
