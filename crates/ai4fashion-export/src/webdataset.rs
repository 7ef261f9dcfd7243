//! Shards as `webdataset` reads them: tar files of two entries for each image.
//!
//! `webdataset` takes all that comes before the first dot of a name as the key of a sample. A key
//! here is the image's number in the manifest, so that no two images share one, whatever their
//! names.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use ai4fashion_files::AtomicFile;
use tar::{Builder, Header};

use crate::{columns::Row, error::Error, job::Job, plan::Shard};

pub(crate) fn write(job: &Job<'_>, shard: &Shard, path: &Path) -> Result<(), Error> {
    let file = AtomicFile::create(path)?;
    let mut archive = Builder::new(BufWriter::with_capacity(1 << 20, file.as_file()));
    for index in &shard.images {
        let row = Row {
            columns: job.columns,
            record: &job.dataset.records()[*index],
            file_name: None,
        };
        let labels = serde_json::to_vec(&row).map_err(io::Error::from);
        let labels = labels.map_err(Error::io(path))?;
        let image = job.image(*index)?;
        for (extension, bytes) in [("jpg", image), ("json", labels)] {
            append(&mut archive, &format!("{index:08}.{extension}"), &bytes).map_err(Error::io(path))?;
        }
    }
    let written = archive.into_inner().and_then(|mut buffer| buffer.flush());
    written.map_err(Error::io(path))?;
    Ok(file.finish()?)
}

fn append(archive: &mut Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    archive.append_data(&mut header, name, bytes)
}
