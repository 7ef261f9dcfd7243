//! Images in a `.zip`, read in place: nothing is unpacked to the disk.
//!
//! 1. A file is what its record in the archive's directory says, and is found by the record's
//!    place, never by its name. Names are only compared; no file is made of them.
//! 2. An archive with more than [`MAX_FILES`] files is refused.
//! 3. A file is rejected if its stated size is over the limit of a file, or more than [`MAX_RATIO`]
//!    times its packed size. Reading stops at the stated size, and a file with more is rejected.
//! 4. Names that lead out of the archive, links, encrypted files and damaged records are rejected.
//! 5. Of files with one name the first is taken that is neither empty nor unusable; the others are
//!    rejected.

mod disk;
mod method;
mod packed;
mod problem;
mod records;
mod repair;
mod stored_name;
mod unpack;

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use ai4fashion_image::Limits;
use rawzip::ZipArchive;

use super::{
    entry::Entry,
    leavings::is_left_out,
    walk::{Found, is_image},
};
use crate::{error::Error, record::Rejected};
use disk::Disk;
use packed::{Packed, all};
use problem::Problem;

/// The most files; Kaggle's set has 89 thousand, LookBook 85 thousand.
const MAX_FILES: usize = 1_000_000;
/// The most bytes of a byte: images are compressed already, tables of text reach 20.
const MAX_RATIO: u64 = 256;

/// An open `.zip`.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    zip: ZipArchive<Disk>,
    /// In the order of the directory, without folders.
    files: Vec<Packed>,
    /// The folder around all, with a slash at its end: it may be hidden, as a root may.
    around: String,
}

impl Archive {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let (zip, records) = records::read(path, file)?;
        let files = all(&records);
        Ok(Self {
            path: path.to_owned(),
            zip,
            around: around(&files),
            files,
        })
    }

    /// Lists the image files whose names in `folder` begin with `below`, in the order of their
    /// names, by those in `folder`.
    pub(super) fn images(&self, folder: &str, below: &str) -> Found {
        let mut found = Found::default();
        let mut left_out = Vec::new();
        let around = self.around.strip_prefix(folder).unwrap_or_default();
        for (place, file) in self.files.iter().enumerate() {
            let inside = file.name.strip_prefix(folder);
            let is_below = inside.is_some_and(|inside| inside.starts_with(below));
            let inside = inside.unwrap_or(&file.name);
            let is_image = is_image(Path::new(inside));
            // A file that nobody can name might have been an image here.
            let is_lost = file.problem == Some(Problem::Record) && !is_image;
            let is_asked = is_lost || (is_image && is_below);
            if !is_asked {
                continue;
            }
            if is_left_out(Path::new(inside.strip_prefix(around).unwrap_or(inside))) {
                left_out.push(inside);
                continue;
            }
            match file.problem {
                None => found
                    .images
                    .push(Entry::new(self.path.join(&file.name), inside).at_place(place)),
                Some(problem) => found.unreadable.push(Rejected::new(inside, &problem.into())),
            }
        }
        found.images.sort_by(|a, b| a.path.cmp(&b.path));
        found.unreadable.sort_by(|a, b| a.source_path.cmp(&b.source_path));
        left_out.sort_by_key(|name| Path::new(*name));
        left_out.into_iter().for_each(|name| found.left_out.add(name));
        found
    }

    /// The folder with the shortest name that has a file `name` in it, with a slash at its end
    /// unless it is the whole archive.
    pub(super) fn folder_of(&self, name: &str) -> Option<&str> {
        let is_taken = |file: &&Packed| !matches!(file.problem, Some(Problem::SameName { .. }));
        let files = self.files.iter().filter(is_taken).map(|file| &*file.name);
        let wanted = files.filter(|file| {
            let inside = file.strip_prefix(&*self.around).unwrap_or(file);
            !is_left_out(Path::new(inside))
        });
        let folders = wanted.filter_map(|file| file.strip_suffix(name));
        folders
            .filter(|folder| folder.is_empty() || folder.ends_with('/'))
            .min_by_key(|folder| folder.len())
    }

    /// Reads the bytes of an image.
    pub(super) fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        let is_ours = image.path.starts_with(&self.path);
        let place = image.place().filter(|_| is_ours);
        let file = place.and_then(|place| self.files.get(place));
        let file = file.ok_or_else(|| Error::from(ai4fashion_image::Error::from(NOT_A_FILE)))?;
        self.unpacked(file, limits)
    }

    /// Reads the bytes of the file `name`.
    pub(super) fn read_name(&self, name: &str, limits: &Limits) -> Result<Vec<u8>, Error> {
        let is_it =
            |file: &&Packed| file.name == name && !matches!(file.problem, Some(Problem::SameName { .. }));
        match self.files.iter().find(is_it) {
            Some(file) => self.unpacked(file, limits),
            None => Err(ai4fashion_image::Error::from(NOT_A_FILE).into()),
        }
    }

    /// The files of the name `name` that are not taken, because another one is.
    pub(super) fn others(&self, name: &str) -> impl Iterator<Item = Problem> {
        let files = self.files.iter().filter(move |file| file.name == name);
        files
            .filter_map(|file| file.problem)
            .filter(|problem| matches!(problem, Problem::SameName { .. }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn unpacked(&self, file: &Packed, limits: &Limits) -> Result<Vec<u8>, Error> {
        if let Some(problem) = file.problem {
            return Err(problem.into());
        }
        limits.check_bytes(file.size)?;
        unpack::unpack(&self.zip, file, &self.path)
    }
}

const NOT_A_FILE: ai4fashion_image::ErrorKind = ai4fashion_image::ErrorKind::NotAFile;

/// The folder that everything lies in, if it is one, but for what a Mac has added.
fn around(files: &[Packed]) -> String {
    let mut folders = files
        .iter()
        .map(|file| file.name.split_once('/').map_or("", |(folder, _)| folder))
        .filter(|folder| *folder != "__MACOSX");
    let first = folders.next().filter(|folder| !folder.is_empty());
    match first {
        Some(first) if folders.all(|folder| folder == first) => format!("{first}/"),
        _ => String::new(),
    }
}
