//! Which images the names in a table or list mean.
//!
//! A name means the images whose path ends with it, with or without the extension: `10001`,
//! `10001.jpg`, `Dress_1/img_00000001.jpg`. The closest fit counts:
//!
//! 1. the whole path below the source, as it is written;
//! 2. the end of the path, as it is written;
//! 3. the same two, and a longer path that ends with the image's folder and name, with everything
//!    that programs change: quotes and spaces around it, backslashes, `./` before it, the Unicode
//!    normal form; then also case; then also the extension; then also the form of a number
//!    (`00123`, `123.0`).

mod writing;

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use ai4fashion_files::names;

use super::entry::Entry;
use writing::Writing;
pub(super) use writing::unquoted;

/// The images that a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// No image has the name.
    Nothing,
    /// Images with one path but for the extension. A smaller rank is a closer fit.
    One { images: Vec<usize>, rank: usize },
    /// Images with several paths.
    Several { images: Vec<usize>, rank: usize },
}

impl Fit {
    /// Whether the name is written as the image's.
    pub(crate) fn is_exact(&self) -> bool {
        matches!(self, Self::One { rank, .. } | Self::Several { rank, .. } if *rank < RANKS)
    }
}

/// Number of ranks of each way to write a name.
const RANKS: usize = 3;

/// The names of a table or list, and the images.
pub(crate) struct Matching<'a> {
    names: &'a [&'a str],
    images: &'a [&'a Entry],
    /// The folder, with a slash at its end, that paths may leave out.
    base: &'a str,
}

impl<'a> Matching<'a> {
    pub(crate) fn new(names: &'a [&'a str], images: &'a [&'a Entry], base: &'a str) -> Self {
        Self { names, images, base }
    }

    /// What the names mean as they are written.
    pub(crate) fn exact(&self) -> Vec<Fit> {
        let mut fits = vec![Fit::Nothing; self.names.len()];
        self.look(Writing::Exact, &mut fits);
        fits
    }

    /// Looks for the names without a fit, however they are written.
    pub(crate) fn loosen(&self, fits: &mut [Fit]) {
        for writing in Writing::LOOSE {
            if fits.contains(&Fit::Nothing) {
                self.look(writing, fits);
            }
        }
    }

    fn look(&self, writing: Writing, fits: &mut [Fit]) {
        let names = self.names.iter().zip(fits);
        let names = names.filter(|(_, fit)| **fit == Fit::Nothing);
        let names = names.filter(|(name, _)| writing.may_differ(name));
        let names: Vec<_> = names
            .filter_map(|(name, fit)| Some((writing.of_name(name)?, fit)))
            .collect();
        if names.is_empty() {
            return;
        }
        let depths: BTreeSet<usize> = names.iter().map(|(name, _)| depth(name)).collect();
        let keys = Keys::of(self, writing, &depths);
        for (name, fit) in names {
            let found = keys.find(&name, writing != Writing::Exact);
            if let Some((images, rank)) = found {
                *fit = self.fit(images, writing as usize * RANKS + rank);
            }
        }
    }

    fn fit(&self, images: &[usize], rank: usize) -> Fit {
        let stem = |image: &usize| without_extension(&self.images[*image].source_path);
        let is_one = images.windows(2).all(|pair| stem(&pair[0]) == stem(&pair[1]));
        let images = images.to_vec();
        if is_one {
            Fit::One { images, rank }
        } else {
            Fit::Several { images, rank }
        }
    }
}

/// The images by what may stand in a table for them.
#[derive(Default)]
struct Keys {
    whole: HashMap<Box<str>, Vec<usize>>,
    ends: HashMap<Box<str>, Vec<usize>>,
    /// Numbers of parts of the whole paths.
    depths: BTreeSet<usize>,
}

impl Keys {
    /// `depths` are the numbers of parts that names have.
    fn of(matching: &Matching<'_>, writing: Writing, depths: &BTreeSet<usize>) -> Self {
        let mut keys = Self::default();
        let base = writing.of_folder(matching.base);
        for (index, image) in matching.images.iter().enumerate() {
            let Some(path) = writing.of_path(&image.source_path) else {
                continue;
            };
            let own_depth = depth(&path);
            keys.depths.insert(own_depth);
            // The folders above the source, if a name is long enough.
            let above = depths.iter().any(|depth| *depth > own_depth);
            let above = above.then(|| absolute(&image.path));
            let above = above.as_deref().and_then(|above| writing.of_path(above));
            let all = above.as_deref().unwrap_or(&path);
            let below_base = path.strip_prefix(&*base).filter(|_| !base.is_empty());
            for is_short in [false, true] {
                let cut = |path: &str| -> Box<str> {
                    let path = if is_short { without_extension(path) } else { path };
                    path.into()
                };
                if is_short && (*cut(&path) == *path || !writing.has_extension()) {
                    continue;
                }
                for whole in [Some(&*path), below_base].into_iter().flatten() {
                    keys.whole.entry(cut(whole)).or_default().push(index);
                }
                for end in depths.iter().filter_map(|depth| end(all, *depth)) {
                    keys.ends.entry(cut(end)).or_default().push(index);
                }
            }
        }
        keys
    }

    fn find(&self, name: &str, is_loose: bool) -> Option<(&[usize], usize)> {
        let of_whole = |name: &str| self.whole.get(name);
        let longer = || {
            let depths = self.depths.iter().rev().filter(|depth| **depth > 1 && is_loose);
            depths.filter_map(|depth| end(name, *depth)).find_map(of_whole)
        };
        let found = of_whole(name).map(|images| (images, 0));
        let found = found.or_else(|| Some((self.ends.get(name)?, 1)));
        let found = found.or_else(|| Some((longer()?, 2)));
        found.map(|(images, rank)| (images.as_slice(), rank))
    }
}

/// Number of parts of a path.
fn depth(path: &str) -> usize {
    path.split('/').filter(|part| !part.is_empty()).count()
}

/// The last parts of a path, if it has that many.
fn end(path: &str, depth: usize) -> Option<&str> {
    if depth == 0 {
        return None;
    }
    match path.rmatch_indices('/').nth(depth - 1) {
        Some((slash, _)) => Some(&path[slash + 1..]),
        None => (self::depth(path) == depth).then_some(path),
    }
}

/// A path without what follows the last dot of its last part.
fn without_extension(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[name..].rfind('.') {
        None | Some(0) => path,
        Some(dot) => &path[..name + dot],
    }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).map_or_else(|_| names::os_path(path), |path| names::os_path(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(paths: &[&str]) -> Vec<Entry> {
        let below = |path: &&str| Entry::new(format!("/data/img/{path}"), *path);
        paths.iter().map(below).collect()
    }

    /// The images that each name means: none, one, or a question mark.
    fn found(names: &[&str], paths: &[&str]) -> Vec<String> {
        let entries = entries(paths);
        let images: Vec<&Entry> = entries.iter().collect();
        let matching = Matching::new(names, &images, "images/");
        let mut fits = matching.exact();
        matching.loosen(&mut fits);
        let text = |fit| match fit {
            Fit::Nothing => "-".to_owned(),
            Fit::One { images, .. } => {
                let paths: Vec<&str> = images.iter().map(|image| paths[*image]).collect();
                paths.join(" ")
            }
            Fit::Several { .. } => "?".to_owned(),
        };
        fits.into_iter().map(text).collect()
    }

    #[test]
    fn name_is_found_however_a_program_has_written_it() {
        for name in [
            "10001",
            "10001.jpg",
            "10001.JPG",
            "10001.0",
            "10001.00",
            "10001,0",
            "010001",
            " 10001 ",
            "\"10001\"",
            "'10001",
            "=\"010001\"",
            "“10001”",
            "10001.png",
            "images/10001.jpg",
            "./images/10001",
            "images\\10001.JPG",
            "/data/img/images/10001.jpg",
            "C:\\shop\\images\\10001.jpg",
            "IMAGES/10001",
            "1.0001E+04",
            "10001.0.jpg",
        ] {
            assert_eq!(
                found(&[name], &["images/10001.jpg", "images/10002.jpg"]),
                ["images/10001.jpg"],
                "{name}"
            );
        }
        for name in [
            "1001",
            "100010",
            "other/10001.jpg",
            "10001x",
            "1.00E+04",
            "10001.5",
            "",
            "../10001",
        ] {
            assert_eq!(found(&[name], &["images/10001.jpg"]), ["-"], "{name}");
        }
        assert_eq!(found(&["7", "007.jpg"], &["0007.jpg"]), ["0007.jpg"; 2]);
    }

    #[test]
    fn normal_forms_of_unicode_are_the_same_name() {
        let (composed, decomposed) = ("ros\u{e9}.jpg", "rose\u{301}.jpg");
        for (name, file) in [(composed, decomposed), (decomposed, composed)] {
            assert_eq!(found(&[name], &[file]), [file]);
            assert_eq!(found(&[name.trim_end_matches(".jpg")], &[file]), [file]);
        }
        assert_eq!(
            found(&[composed, decomposed], &[composed, decomposed]),
            [composed, decomposed]
        );
        assert_eq!(found(&["ROSÉ"], &[composed, decomposed]), ["?"]);
    }

    #[test]
    fn closest_fit_counts_and_no_guess_is_made() {
        assert_eq!(
            found(&["123", "00123"], &["123.jpg", "00123.jpg"]),
            ["123.jpg", "00123.jpg"]
        );
        assert_eq!(found(&["0123"], &["123.jpg", "00123.jpg"]), ["?"]);
        assert_eq!(found(&["A", "a"], &["a.jpg", "A.jpg"]), ["A.jpg", "a.jpg"]);
        assert_eq!(found(&["a.JPG"], &["a.jpg", "a.png"]), ["a.jpg"]);
        assert_eq!(found(&["a"], &["a.jpg", "a.png"]), ["a.jpg a.png"]);
        assert_eq!(
            found(&["7"], &["images/7.jpg", "images/more/7.jpg"]),
            ["images/7.jpg"]
        );
    }

    #[test]
    fn equal_names_in_folders_are_told_apart_by_path() {
        let paths = ["Dress_1/img_1.jpg", "Tee_2/img_1.jpg"];
        for name in ["img_1", "img_1.jpg", "IMG_1.JPG"] {
            assert_eq!(found(&[name], &paths), ["?"], "{name}");
        }
        for name in [
            "Tee_2/img_1.jpg",
            "img/Tee_2/img_1.jpg",
            "img\\Tee_2\\img_1.jpg",
            "/data/img/Tee_2/img_1.jpg",
            "/elsewhere/img/Tee_2/img_1.jpg",
            "tee_2/img_1",
        ] {
            assert_eq!(found(&[name], &paths), ["Tee_2/img_1.jpg"], "{name}");
        }
        assert_eq!(found(&["Coat_3/img_1.jpg"], &paths), ["-"]);
    }
}
