//! What can be set about an ingestion.

use ai4fashion_color::ColorClassifier;

use super::id_list::IdList;
use crate::{
    dataset::{Dedup, Keep, Settings},
    decode::Limits,
    error::{Error, ErrorKind},
    labels::SplitOptions,
};

/// Default of [`IngestOptions::size`], as in the notebooks.
pub const DEFAULT_SIZE: u32 = 256;
/// Default of [`IngestOptions::quality`], Pillow's choice for the notebooks' step; files are a third of those at 100.
pub const DEFAULT_QUALITY: u8 = 90;

/// Default of [`IngestOptions::near`]. Of 400 of Kaggle's photos saved again at JPEG quality 70, at half or at double size,
/// 398, 383 and 398 are within it; of the 11 million pairs of different ones in 4,765 none is: the nearest two, a pair of white
/// shirts and one of sunglasses, differ by 10.
pub const DEFAULT_NEAR: u16 = 8;

/// Why pictures are left out that do not show a garment alone.
pub(super) const NOT_ALONE: &str = "not-garment-only";
/// Why pictures are left out that show what another one shows.
pub(super) const DUPLICATE: &str = "duplicate";

/// Settings of an [`Ingest`](crate::Ingest); checked by [`Ingest::new`](crate::Ingest::new).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IngestOptions {
    /// Side length of the pictures in pixels, 16 to 4096; default [`DEFAULT_SIZE`].
    pub size: u32,
    /// JPEG quality, 1 to 100; default [`DEFAULT_QUALITY`].
    pub quality: u8,
    /// Which pictures are taken in; default all.
    pub keep: Keep,
    /// Only these pictures, if given.
    pub select: Option<IdList>,
    /// Not these pictures.
    pub exclude: Option<IdList>,
    /// Colour of the bars at the sides of what is not square, sRGB; default white.
    pub fill: [u8; 3],
    /// Pictures that look alike count as the same if at most so many of the 256 bits of their
    /// [`PerceptualHash`](crate::PerceptualHash) are others, and their colours are the same, 0 to 256; `None` for those with
    /// the same pixels only; default [`DEFAULT_NEAR`].
    pub near: Option<u16>,
    /// What is done with those that show the same; default they are told.
    pub dedup: Dedup,
    /// The ingestion ends when more pictures and rows than this cannot be used; default never.
    pub max_skips: Option<usize>,
    /// How large a source picture may be.
    pub limits: Limits,
    /// Who names the colours.
    pub classifier: ColorClassifier,
    /// How the pictures are parted; default 80% to train, 10% validation, 10% test.
    pub split: SplitOptions,
    /// Whether a data set at the output folder is replaced; default no.
    pub overwrite: bool,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            size: DEFAULT_SIZE,
            quality: DEFAULT_QUALITY,
            keep: Keep::All,
            select: None,
            exclude: None,
            fill: [255; 3],
            near: Some(DEFAULT_NEAR),
            dedup: Dedup::Report,
            max_skips: None,
            limits: Limits::default(),
            classifier: ColorClassifier::default(),
            split: SplitOptions::default(),
            overwrite: false,
        }
    }
}

impl IngestOptions {
    /// Sets [`size`](Self::size).
    #[must_use]
    pub fn with_size(mut self, size: u32) -> Self {
        self.size = size;
        self
    }

    /// Sets [`quality`](Self::quality).
    #[must_use]
    pub fn with_quality(mut self, quality: u8) -> Self {
        self.quality = quality;
        self
    }

    /// Sets [`keep`](Self::keep).
    #[must_use]
    pub fn with_keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// Sets [`select`](Self::select).
    #[must_use]
    pub fn with_select(mut self, select: Option<IdList>) -> Self {
        self.select = select;
        self
    }

    /// Sets [`exclude`](Self::exclude).
    #[must_use]
    pub fn with_exclude(mut self, exclude: Option<IdList>) -> Self {
        self.exclude = exclude;
        self
    }

    /// Sets [`fill`](Self::fill).
    #[must_use]
    pub fn with_fill(mut self, fill: [u8; 3]) -> Self {
        self.fill = fill;
        self
    }

    /// Sets [`near`](Self::near).
    #[must_use]
    pub fn with_near(mut self, near: Option<u16>) -> Self {
        self.near = near;
        self
    }

    /// Sets [`dedup`](Self::dedup).
    #[must_use]
    pub fn with_dedup(mut self, dedup: Dedup) -> Self {
        self.dedup = dedup;
        self
    }

    /// Sets [`max_skips`](Self::max_skips).
    #[must_use]
    pub fn with_max_skips(mut self, max_skips: Option<usize>) -> Self {
        self.max_skips = max_skips;
        self
    }

    /// Sets [`limits`](Self::limits).
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets [`classifier`](Self::classifier).
    #[must_use]
    pub fn with_classifier(mut self, classifier: ColorClassifier) -> Self {
        self.classifier = classifier;
        self
    }

    /// Sets [`split`](Self::split).
    #[must_use]
    pub fn with_split(mut self, split: SplitOptions) -> Self {
        self.split = split;
        self
    }

    /// Sets [`overwrite`](Self::overwrite).
    #[must_use]
    pub fn with_overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// What a data set says of them.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            made_by: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            size: self.size,
            quality: self.quality,
            keep: self.keep,
            select: self.select.as_ref().map(IdList::fingerprint),
            exclude: self.exclude.as_ref().map(IdList::fingerprint),
            fill: self.fill,
            near: self.near,
            dedup: self.dedup,
            max_pixels: self.limits.max_pixels,
            max_bytes: self.limits.max_bytes,
            classifier: self.classifier.options(),
            split: self.split,
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let check = |legal_value: bool, option, value, legal| {
            if legal_value {
                Ok(())
            } else {
                Err(Error::from(ErrorKind::Setting { option, value, legal }))
            }
        };
        check(
            (16..=4096).contains(&self.size),
            "size",
            self.size.into(),
            "[16, 4096]",
        )?;
        check(
            (1..=100).contains(&self.quality),
            "quality",
            self.quality.into(),
            "[1, 100]",
        )?;
        check(
            self.near.is_none_or(|near| near <= 256),
            "near",
            self.near.unwrap_or_default().into(),
            "[0, 256]",
        )?;
        let held_back = u64::from(self.split.validation) + u64::from(self.split.test);
        check(held_back <= 100, "validation + test", held_back, "[0, 100]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Ingest;

    #[test]
    fn illegal_options_are_refused_by_name() {
        let default = IngestOptions::default;
        for (options, option) in [
            (default().with_size(15), "size"),
            (default().with_size(4097), "size"),
            (default().with_quality(0), "quality"),
            (default().with_quality(101), "quality"),
            (default().with_near(Some(257)), "near"),
            (
                default().with_split(SplitOptions::default().with_percent(60, 41)),
                "validation + test",
            ),
        ] {
            let error = Ingest::new(options).unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::Setting { option: found, .. } if *found == option),
                "{error}"
            );
        }
    }
}
