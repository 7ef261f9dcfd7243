//! The files of an archive under names that are told apart.

use std::collections::HashMap;

use ai4fashion_files::names;
use rawzip::{CompressionMethod, ZipArchiveEntryWayfinder};

use super::{MAX_RATIO, method::is_supported, problem::Problem, records::FileRecord, stored_name};

/// A file of an archive.
#[derive(Debug)]
pub(super) struct Packed {
    /// The path in the archive, with slashes; characters that cannot stand in a name as `%XX`.
    pub(super) name: String,
    /// Where it is.
    pub(super) way: ZipArchiveEntryWayfinder,
    pub(super) method: CompressionMethod,
    /// Whether LZMA data end with a mark.
    pub(super) has_end_mark: bool,
    /// The stated size when unpacked.
    pub(super) size: u64,
    /// Why it cannot be taken.
    pub(super) problem: Option<Problem>,
}

/// Names the files of the records, in their order, without the folders.
///
/// A file whose name is written as it is stored has it. Where others become equal to one before
/// them, such as `a\b.jpg` to `a/b.jpg`, they keep what is stored, with `%5C` for the backslash.
pub(super) fn all(records: &[FileRecord]) -> Vec<Packed> {
    let read = stored_name::read(&records.iter().map(|record| &record.name).collect::<Vec<_>>());
    let mut files: Vec<Named> = records
        .iter()
        .zip(read)
        .map(|(record, text)| Named::new(record, &text))
        .filter(|named| !named.plain.ends_with('/'))
        .collect();
    let (as_stored, changed): (Vec<usize>, Vec<usize>) =
        (0..files.len()).partition(|place| files[*place].plain == files[*place].stored);
    let mut places: HashMap<String, usize> = HashMap::new();
    for place in as_stored.into_iter().chain(changed) {
        let Named { plain, stored, .. } = &files[place];
        let is_free = !places.contains_key(plain);
        let name = if is_free { plain } else { stored }.clone();
        files[place].file.name.clone_from(&name);
        let other = *places.entry(name.clone()).or_insert(place);
        if other == place {
            continue;
        }
        let is_replaced = files[place].file.is_usable() && !files[other].file.is_usable();
        if is_replaced {
            places.insert(name, place);
        }
        let lost = if is_replaced { other } else { place };
        files[lost].file.problem = Some(Problem::SameName { is_replaced });
    }
    files.into_iter().map(|named| named.file).collect()
}

/// A file, with the names that it may have.
struct Named {
    file: Packed,
    plain: String,
    /// As it is stored.
    stored: String,
}

impl Named {
    fn new(record: &FileRecord, text: &str) -> Self {
        let mut file = Packed::new(record);
        if file.problem.is_none() && leads_out(text) {
            file.problem = Some(Problem::LeadsOut);
        }
        Self {
            file,
            plain: plain(text),
            stored: record.name.escaped(),
        }
    }
}

impl Packed {
    fn new(record: &FileRecord) -> Self {
        let (size, packed_size) = (record.size, record.packed_size);
        let problem = if record.is_damaged {
            Some(Problem::Record)
        } else if record.is_link {
            Some(Problem::Link)
        } else if record.is_encrypted {
            Some(Problem::Encrypted)
        } else if !is_supported(record.method) {
            Some(Problem::Method(record.method))
        } else if size > MAX_RATIO.saturating_mul(packed_size.max(1)) {
            Some(Problem::Bomb)
        } else {
            None
        };
        Self {
            name: String::new(),
            way: record.way,
            method: record.method,
            has_end_mark: record.has_end_mark,
            size,
            problem,
        }
    }

    fn is_usable(&self) -> bool {
        self.problem.is_none() && self.size > 0
    }
}

/// Makes a name one of this crate: without `./` before it, with slashes for the backslashes of
/// Windows, and escaped.
fn plain(name: &str) -> String {
    let name = name.replace('\\', "/");
    names::path(name.strip_prefix("./").unwrap_or(&name))
}

/// Whether a name begins at a root or a drive, or climbs out of the folder it starts in.
fn leads_out(name: &str) -> bool {
    if matches!(name.as_bytes(), [b'/' | b'\\', ..] | [_, b':', ..]) {
        return true;
    }
    let mut depth = 0_usize;
    name.split(['/', '\\']).any(|part| {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            _ => depth += 1,
        }
        false
    })
}
