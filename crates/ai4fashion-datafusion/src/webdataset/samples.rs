//! Members of a tar to rows.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    sync::Arc,
};

use super::tail::{BLOCK, Tail};
use crate::error::execution;
use datafusion::{
    arrow::{
        array::{ArrayRef, BinaryBuilder, RecordBatch, StringBuilder},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    error::Result,
};

/// What the image of a sample may be called; those that are not read become rows with a reason.
const IMAGES: [&str; 14] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "gif", "tif", "tiff", "heic", "heif", "avif", "jxl",
];
/// Rows of a batch end when they have these bytes, so that large photos do not add up.
const BATCH_BYTES: usize = 32 << 20;
/// A member that is larger is no photo: it is an error, and takes no memory.
const MOST_BYTES: u64 = 256 << 20;
const MOST_JSON: u64 = 16 << 20;
/// Places of columns.
const BYTES: usize = 2;
const JSON: usize = 3;

/// The columns of a tar.
pub(super) fn schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, true);
    let bytes = Field::new("bytes", DataType::Binary, true);
    Arc::new(Schema::new(vec![text("key"), text("name"), bytes, text("json")]))
}

/// A sample while it is read.
#[derive(Debug, Default)]
struct Sample {
    key: String,
    name: Option<String>,
    image: Option<Vec<u8>>,
    json: Option<String>,
}

/// Members of a tar to samples, and samples to batches.
pub(super) struct Samples {
    most_rows: usize,
    /// Which columns are wanted; images and JSON of others are not held.
    projection: Option<Vec<usize>>,
    /// Hashes of the keys so far.
    keys: HashSet<u64>,
    rows: Vec<Sample>,
    bytes: usize,
    /// Samples so far.
    pub(super) count: u64,
}

impl Samples {
    pub(super) fn new(most_rows: usize, projection: Option<Vec<usize>>) -> Self {
        Self {
            most_rows,
            projection,
            keys: HashSet::new(),
            rows: Vec::new(),
            bytes: 0,
            count: 0,
        }
    }

    fn wants(&self, column: usize) -> bool {
        self.projection
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&column))
    }

    /// Reads the tar at `url`.
    ///
    /// # Errors
    /// If it is none, is cut off, or holds what is no sample of one image. `send` may fail.
    pub(super) fn read(
        &mut self,
        tar: impl Read,
        url: &str,
        mut send: impl FnMut(RecordBatch) -> Result<()>,
    ) -> Result<()> {
        let mut archive = tar::Archive::new(Tail::new(tar));
        let mut sample: Option<Sample> = None;
        // Of the last member.
        let mut end = 0;
        for member in archive.entries()? {
            let mut member = member.map_err(|error| match end {
                0 => execution(format!("`{url}` is no tar, or a compressed one: {error}")),
                _ => execution(format!("`{url}`: {error}")),
            })?;
            let path = String::from_utf8_lossy(&member.path_bytes()).into_owned();
            let refuse = |what: String| execution(format!("`{url}`: member `{path}` {what}"));
            end = member.raw_file_position() + member.size().next_multiple_of(BLOCK as u64);
            let kind = member.header().entry_type();
            let is_hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
            if kind.is_dir() || kind.is_pax_global_extensions() || is_hidden {
                continue;
            }
            if !kind.is_file() {
                return Err(refuse(format!("is a {kind:?}, expected a file")));
            }
            if is_sparse(&mut member)? {
                return Err(refuse("is sparse, expected a whole file".to_owned()));
            }
            let (key, extension) = split(&path);
            if sample.as_ref().is_none_or(|sample| sample.key != key) {
                let begun = Sample {
                    key: key.to_owned(),
                    ..Sample::default()
                };
                if !self.keys.insert(hash_of(key)) {
                    let behind = "members of a sample lie one behind the other";
                    return Err(refuse(format!("is of a sample that has ended: {behind}")));
                }
                if let Some(whole) = sample.replace(begun) {
                    self.add(whole, &mut send)?;
                }
            }
            let Some(sample) = &mut sample else { continue };
            let extension = extension.to_ascii_lowercase();
            // As WebDataset's decoders do: `front.jpg` is an image.
            let kind = extension.rsplit('.').next().unwrap_or_default();
            let is_json = extension == "json";
            if !IMAGES.contains(&kind) && !is_json {
                continue;
            }
            let is_second = match is_json {
                true => sample.json.is_some(),
                false => sample.name.is_some(),
            };
            if is_second {
                return Err(refuse("is the second of its kind in its sample".to_owned()));
            }
            let most = if is_json { MOST_JSON } else { MOST_BYTES };
            if member.size() > most {
                return Err(refuse(format!(
                    "has {} bytes, expected at most {most}",
                    member.size()
                )));
            }
            let mut content = Vec::new();
            let is_wanted = self.wants(if is_json { JSON } else { BYTES });
            let read = match is_wanted {
                true => member.read_to_end(&mut content)? as u64,
                false => std::io::copy(&mut member, &mut std::io::sink())?,
            };
            if read != member.size() {
                return Err(refuse("is cut off".to_owned()));
            }
            if is_json {
                sample.json = Some(String::from_utf8_lossy(&content).into_owned());
            } else {
                (sample.name, sample.image) = (Some(path), Some(content));
            }
        }
        if let Some(whole) = sample {
            self.add(whole, &mut send)?;
        }
        self.send(&mut send)?;
        // A file that is cut off between two members has no other sign of it.
        let mut tail = archive.into_inner();
        if !tail.has_end_mark(end) {
            return Err(execution(format!("`{url}`: no end mark, so it is cut off")));
        }
        let mut rest = [0; 4096];
        loop {
            let count = tail.read(&mut rest)?;
            if rest[..count].iter().any(|byte| *byte != 0) {
                let message = "more follows behind its end mark; join tars without it";
                return Err(execution(format!("`{url}`: {message}")));
            }
            if count == 0 {
                break;
            }
        }
        Ok(())
    }

    fn add(&mut self, sample: Sample, send: &mut impl FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        self.count += 1;
        self.bytes += sample.image.as_ref().map_or(0, Vec::len);
        self.bytes += sample.json.as_ref().map_or(0, String::len);
        self.rows.push(sample);
        if self.rows.len() >= self.most_rows || self.bytes >= BATCH_BYTES {
            self.send(send)?;
        }
        Ok(())
    }

    fn send(&mut self, send: &mut impl FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (mut keys, mut names, mut json) =
            (StringBuilder::new(), StringBuilder::new(), StringBuilder::new());
        let mut images = BinaryBuilder::with_capacity(self.rows.len(), self.bytes);
        for sample in self.rows.drain(..) {
            keys.append_value(sample.key);
            names.append_option(sample.name);
            images.append_option(sample.image);
            json.append_option(sample.json);
        }
        self.bytes = 0;
        let columns: [ArrayRef; 4] = [
            Arc::new(keys.finish()),
            Arc::new(names.finish()),
            Arc::new(images.finish()),
            Arc::new(json.finish()),
        ];
        let batch = RecordBatch::try_new(schema(), columns.to_vec())?;
        send(match &self.projection {
            Some(columns) => batch.project(columns)?,
            None => batch,
        })
    }
}

/// Whether GNU tar has left out zeros in the way of the posix format.
fn is_sparse(member: &mut tar::Entry<'_, impl Read>) -> Result<bool> {
    let extensions = member.pax_extensions()?.into_iter().flatten();
    Ok(extensions
        .flatten()
        .any(|it| it.key_bytes().starts_with(b"GNU.sparse.")))
}

fn hash_of(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The key and the extension: the name is cut at its first dot.
fn split(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name..].find('.') {
        Some(dot) => (&path[..name + dot], &path[name + dot + 1..]),
        None => (path, ""),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Array, AsArray};

    use super::*;

    fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, content) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, *content).unwrap();
        }
        tar.into_inner().unwrap()
    }

    fn read(tar: &[u8], rows: usize) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        Samples::new(rows, None).read(tar, "a.tar", |batch| {
            batches.push(batch);
            Ok(())
        })?;
        Ok(batches)
    }

    #[test]
    fn members_with_one_key_are_a_sample() {
        let tar = tar_of(&[
            ("a/1.json", b"{}"),
            ("a/1.jpg", b"one"),
            ("a/1.cls", b"3"),
            ("b/1.v2.txt", b"a caption"),
            ("b/1.v2.JPG", b"two"),
            ("b/._1.JPG", b"of a Mac"),
            ("c", b"neither"),
        ]);
        let batches = read(&tar, 2).unwrap();
        assert_eq!(
            batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(),
            [2, 1]
        );
        let first = &batches[0];
        let text = |name: &str, row: usize| {
            first
                .column_by_name(name)
                .unwrap()
                .as_string::<i32>()
                .value(row)
                .to_owned()
        };
        assert_eq!([text("key", 0), text("key", 1)], ["a/1", "b/1"]);
        assert_eq!([text("name", 1), text("json", 0)], ["b/1.v2.JPG", "{}"]);
        assert_eq!(first.column(2).as_binary::<i32>().value(1), b"two");
        assert!(batches[1].column(2).is_null(0) && batches[1].column(1).is_null(0));
    }

    #[test]
    fn what_is_no_plain_file_is_refused_by_name() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        tar.append_link(&mut header, "a.jpg", "b.jpg").unwrap();
        let error = read(&tar.into_inner().unwrap(), 9).unwrap_err().to_string();
        assert!(error.contains("`a.jpg` is a Symlink"), "{error}");
        let twice = tar_of(&[("a.jpg", b"one"), ("a.png", b"two")]);
        let error = read(&twice, 9).unwrap_err().to_string();
        assert!(error.contains("`a.png` is the second of its kind"), "{error}");
        let views = tar_of(&[("a.front.jpg", b"one"), ("a.back.jpg", b"two")]);
        let error = read(&views, 9).unwrap_err().to_string();
        assert!(error.contains("`a.back.jpg` is the second"), "{error}");
        let apart = tar_of(&[("a.jpg", b"one"), ("b.jpg", b"two"), ("a.json", b"{}")]);
        let error = read(&apart, 9).unwrap_err().to_string();
        assert!(
            error.contains("`a.json` is of a sample that has ended"),
            "{error}"
        );
        let error = read(&[0x1f; 700], 9).unwrap_err().to_string();
        assert!(
            error.contains("`a.tar` is no tar, or a compressed one"),
            "{error}"
        );
        let cut = tar_of(&[("a.jpg", &[7; 5000])]);
        assert!(read(&cut[..3000], 9).is_err());
        // Between two members.
        let two = tar_of(&[("a.jpg", b"one"), ("b.jpg", b"two")]);
        let error = read(&two[..1024], 9).unwrap_err().to_string();
        assert!(error.contains("no end mark") && read(&two, 9).is_ok(), "{error}");
        let zeros = tar_of(&[("a.jpg", b"one"), ("a.npy", &[0; 1024]), ("b.jpg", b"two")]);
        assert!(read(&zeros, 9).is_ok() && read(&zeros[..2560], 9).is_err());
        let error = read(&[&two[..], &two[..]].concat(), 9).unwrap_err().to_string();
        assert!(error.contains("more follows"), "{error}");
    }
}
