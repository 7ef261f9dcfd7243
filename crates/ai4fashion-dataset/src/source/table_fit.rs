//! How well a table and the images of its source fit.

use std::collections::HashSet;

use ai4fashion_files::count;

use crate::error::{Error, RejectReason};

/// If at most this part of the images has no row, the table is one of these images.
const FEW: f64 = 0.1;

/// How many rows of a table and images of its source have no partner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableFit {
    /// The table, for messages.
    pub(crate) table: String,
    pub(crate) rows: usize,
    /// Lines and names of the rows without an image.
    pub(crate) unused: Vec<(u64, String)>,
    pub(crate) images: usize,
    pub(crate) images_without_row: usize,
    /// The first image without a row.
    pub(crate) first_image: Option<String>,
}

impl TableFit {
    /// Adds another source with the same table: its rows are shared.
    pub(crate) fn add(&mut self, other: &Self) {
        let unused: HashSet<u64> = other.unused.iter().map(|(line, _)| *line).collect();
        self.unused.retain(|(line, _)| unused.contains(line));
        self.images += other.images;
        self.images_without_row += other.images_without_row;
        if self.first_image.is_none() {
            self.first_image.clone_from(&other.first_image);
        }
    }

    /// Says that the table is probably not one of these images, if so.
    ///
    /// That is if most images have no row, or if most rows have no image and more than one image of
    /// ten has no row. Rows without an image alone are no reason: the images may be a part of those
    /// that the table describes.
    pub(crate) fn problem(&self) -> Option<Error> {
        let (images, rows) = (self.images_without_row, self.unused.len());
        let is_part = images as f64 <= FEW * self.images as f64;
        let fits = 2 * images <= self.images && (is_part || 2 * rows <= self.rows);
        if fits || self.images == 0 {
            return None;
        }
        let first_image = self.first_image.as_deref().unwrap_or_default();
        let of_images = count(self.images, "image");
        let mut message = format!("{images} of {of_images} have no row (the first: `{first_image}`)");
        let of_rows = count(self.rows, "row");
        message.push_str(&match self.unused.first() {
            Some((line, name)) => {
                format!(", {rows} of {of_rows} fit no image (the first: row {line}, `{name}`)")
            }
            None => format!(", of {of_rows}"),
        });
        Some(Error::rejected(RejectReason::Unmatched, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(images: (usize, usize), rows: (usize, usize)) -> TableFit {
        TableFit {
            table: "t.csv".to_owned(),
            rows: rows.1,
            unused: (2..)
                .take(rows.0)
                .map(|line| (line, format!("id{line}")))
                .collect(),
            images: images.1,
            images_without_row: images.0,
            first_image: (images.0 > 0).then(|| "a.jpg".to_owned()),
        }
    }

    #[test]
    fn table_of_other_images_is_told_from_one_of_more_images() {
        for (images, rows, has_problem) in [
            ((0, 4765), (34_831, 39_596), false),
            ((157, 4765), (34_988, 39_596), false),
            ((500, 4765), (35_331, 39_596), true),
            ((3, 4), (0, 1), true),
            ((4, 4), (0, 0), true),
            ((4, 4), (10, 10), true),
            ((1, 4), (7, 10), true),
            ((1, 4), (3, 6), false),
            ((2, 4), (0, 2), false),
            ((0, 0), (3, 3), false),
        ] {
            let problem = fit(images, rows).problem();
            assert_eq!(problem.is_some(), has_problem, "{images:?} {rows:?}");
        }
        assert_eq!(
            fit((3, 4), (9, 10)).problem().unwrap().to_string(),
            "3 of 4 images have no row (the first: `a.jpg`), 9 of 10 rows fit no image (the first: row 2, `id2`)"
        );
    }

    #[test]
    fn sources_share_their_table() {
        let mut all = fit((0, 2), (4, 6));
        let mut other = fit((0, 4), (6, 6));
        other.unused.drain(..4);
        all.add(&other);
        assert_eq!((all.images, all.unused.len()), (6, 0));
        all.add(&fit((5, 5), (6, 6)));
        assert_eq!(
            (all.images_without_row, all.first_image.as_deref()),
            (5, Some("a.jpg"))
        );
    }
}
