//! What is classified: files, folders, archives, standard input.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{
    Folder,
    source::{Entry, Source as _},
};
use ai4fashion_files::chain;
use ai4fashion_image::{DecodedImage, Limits, decode, decode_file};

use crate::skips;

/// The name of standard input.
const STDIN: &str = "-";

/// All images that are named or lie where is named.
#[derive(Debug, Default)]
pub(super) struct Images {
    archives: Vec<Folder>,
    images: Vec<Image>,
    /// Messages about what cannot be read.
    pub(super) skipped: Vec<String>,
}

#[derive(Debug)]
struct Image {
    /// The name that is printed.
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    File,
    InArchive(usize, Box<Entry>),
    Bytes(Vec<u8>),
}

impl Images {
    pub(super) fn find(paths: &[PathBuf]) -> Self {
        let mut found = Self::default();
        for path in paths {
            if path.as_os_str() == STDIN {
                found.add_stdin();
            } else if path.is_dir() || is_archive(path) {
                found.add_folder(path);
            } else {
                found.add(path.clone(), Content::File);
            }
        }
        found
    }

    pub(super) fn len(&self) -> usize {
        self.images.len()
    }

    /// The names of all images.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.images.iter().map(|image| &*image.path)
    }

    pub(super) fn path(&self, index: usize) -> &Path {
        &self.images[index].path
    }

    /// Decodes an image, or tells why it cannot be read.
    pub(super) fn decode(&self, index: usize) -> Result<DecodedImage, String> {
        let (image, limits) = (&self.images[index], Limits::default());
        let decoded = |bytes: &[u8]| {
            let decoded = decode(bytes, &limits);
            decoded.map_err(|error| chain(&error.in_file(&image.path)))
        };
        match &image.content {
            Content::File => decode_file(&image.path, &limits).map_err(|error| chain(&error)),
            Content::InArchive(archive, entry) => {
                let read = self.archives[*archive].read(entry, &limits);
                let failed =
                    |error| format!("cannot use image `{}`: {}", image.path.display(), chain(&error));
                decoded(&read.map_err(failed)?)
            }
            Content::Bytes(bytes) => decoded(bytes),
        }
    }

    fn add(&mut self, path: PathBuf, content: Content) {
        self.images.push(Image { path, content });
    }

    fn add_folder(&mut self, path: &Path) {
        let folder = Folder::open(path);
        match folder.and_then(|folder| Ok((folder.plan()?, folder))) {
            Ok((plan, folder)) => {
                skips::left_out(&plan.left_out);
                let is_folder = path.is_dir();
                for entry in plan.images {
                    if is_folder {
                        self.add(entry.path, Content::File);
                    } else {
                        let name = path.join(&entry.source_path);
                        self.add(name, Content::InArchive(self.archives.len(), Box::new(entry)));
                    }
                }
                self.archives.push(folder);
                let unreadable = plan.unreadable.into_iter().chain(plan.unreadable_folders);
                // Its message names the whole path.
                self.skipped.extend(unreadable.map(|rejected| rejected.message));
            }
            Err(error) => self.skipped.push(chain(&error)),
        }
    }

    /// Takes one image from standard input, at most as long as a file may be.
    fn add_stdin(&mut self) {
        let mut bytes = Vec::new();
        let most = Limits::default().max_bytes;
        match io::stdin().take(most + 1).read_to_end(&mut bytes) {
            Ok(read) if read as u64 > most => {
                self.skipped
                    .push(format!("standard input has more than {most} bytes"));
            }
            Ok(_) => self.add(STDIN.into(), Content::Bytes(bytes)),
            Err(error) => self.skipped.push(format!("cannot read standard input: {error}")),
        }
    }
}

fn is_archive(path: &Path) -> bool {
    let is_zip = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("zip"));
    is_zip && path.is_file()
}
