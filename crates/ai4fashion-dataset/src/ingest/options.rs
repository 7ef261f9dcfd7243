//! The options of an ingestion.

use ai4fashion_color::ColorClassifier;
use ai4fashion_garment::GarmentClassifier;
use ai4fashion_image::Limits;
use serde::{Deserialize, Serialize};

use super::id_list::IdList;
use crate::{
    dataset::{Dedup, Filter, LabelMethod, Settings},
    error::Error,
    labels::SplitOptions,
};

/// As in the notebooks.
const DEFAULT_IMAGE_SIZE: u32 = 256;
/// Pillow's choice for the notebooks' step; files are a third of those at 100.
const DEFAULT_JPEG_QUALITY: u8 = 90;
/// Of 199 of Kaggle's photos saved again at JPEG quality 70, at half or at double size, mirrored,
/// with white margins or with black bars, 0.975, 0.93, 0.99, 0.99, 0.975 and 0.98 are within it. Of
/// the 11 million pairs of different photos among 4,765 eight are, most of which show one product.
const DEFAULT_MAX_HASH_DISTANCE: u16 = 16;

/// The reason against images that do not show a garment alone.
pub(super) const NOT_ALONE: &str = "not-garment-only";
/// The reason against near-duplicates.
pub(super) const DUPLICATE: &str = "duplicate";

/// Options of an [`Ingest`](crate::Ingest), which checks them.
///
/// They can be read from a file of settings:
///
/// ```
/// use ai4fashion_dataset::{IngestOptions, ingest::Filter};
///
/// let json = r#"{ "image_size": 128, "filter": "typed" }"#;
/// let options: IngestOptions = serde_json::from_str(json).unwrap();
/// assert_eq!((options.image_size, options.filter), (128, Filter::Typed));
/// assert!(serde_json::from_str::<IngestOptions>(r#"{ "size": 128 }"#).is_err());
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct IngestOptions {
    /// Side length of the images in pixels, 16 to 4096; default 256.
    pub image_size: u32,
    /// JPEG quality, 1 to 100; default 90.
    pub jpeg_quality: u8,
    /// Which images are taken; default all.
    pub filter: Filter,
    /// The only images to take, if given.
    pub select: Option<IdList>,
    /// Images that are not taken.
    pub exclude: Option<IdList>,
    /// Colour of the bars beside images that are not square, sRGB; default white.
    pub pad_color: [u8; 3],
    /// The largest distance of near-duplicates, 0 to 256; `None` for equal pixels only; default 16.
    ///
    /// The distance is the number of bits by which the [perceptual
    /// hashes](crate::record::PerceptualHash) differ. Near-duplicates have the same colours, too.
    pub max_hash_distance: Option<u16>,
    /// How near-duplicates are treated; default they are reported.
    pub dedup: Dedup,
    /// The most images and rows that may be rejected before the ingestion ends; default no limit.
    pub max_rejected: Option<usize>,
    /// How large a source image may be.
    pub limits: Limits,
    /// What labels the images; default the garment classifier.
    pub labels: LabelMethod,
    /// The garment classifier, which also decides on [`Filter::GarmentOnly`]; default with the
    /// weights of its crate. A file of settings does not hold it.
    #[serde(skip)]
    pub garment_classifier: GarmentClassifier,
    /// The colour classifier.
    #[serde(with = "classifier")]
    pub classifier: ColorClassifier,
    /// How images are assigned to splits; default 80% train, 10% validation, 10% test.
    pub split: SplitOptions,
    /// Whether a data set at the output folder is replaced; default no.
    pub overwrite: bool,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            image_size: DEFAULT_IMAGE_SIZE,
            jpeg_quality: DEFAULT_JPEG_QUALITY,
            filter: Filter::All,
            select: None,
            exclude: None,
            pad_color: [255; 3],
            max_hash_distance: Some(DEFAULT_MAX_HASH_DISTANCE),
            dedup: Dedup::Report,
            max_rejected: None,
            limits: Limits::default(),
            labels: LabelMethod::Garment,
            garment_classifier: GarmentClassifier::default(),
            classifier: ColorClassifier::default(),
            split: SplitOptions::default(),
            overwrite: false,
        }
    }
}

impl IngestOptions {
    /// Sets [`image_size`](Self::image_size).
    #[must_use]
    pub fn with_image_size(mut self, image_size: u32) -> Self {
        self.image_size = image_size;
        self
    }

    /// Sets [`jpeg_quality`](Self::jpeg_quality).
    #[must_use]
    pub fn with_jpeg_quality(mut self, jpeg_quality: u8) -> Self {
        self.jpeg_quality = jpeg_quality;
        self
    }

    /// Sets [`filter`](Self::filter).
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
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

    /// Sets [`pad_color`](Self::pad_color).
    #[must_use]
    pub fn with_pad_color(mut self, pad_color: [u8; 3]) -> Self {
        self.pad_color = pad_color;
        self
    }

    /// Sets [`max_hash_distance`](Self::max_hash_distance).
    ///
    /// ```
    /// use ai4fashion_dataset::{IngestOptions, ingest::Dedup};
    ///
    /// // Drop exact copies, and keep everything that differs in a single pixel.
    /// let options = IngestOptions::default()
    ///     .with_max_hash_distance(None)
    ///     .with_dedup(Dedup::KeepFirst);
    /// assert_eq!(options.max_hash_distance, None);
    /// ```
    #[must_use]
    pub fn with_max_hash_distance(mut self, max_hash_distance: Option<u16>) -> Self {
        self.max_hash_distance = max_hash_distance;
        self
    }

    /// Sets [`dedup`](Self::dedup).
    #[must_use]
    pub fn with_dedup(mut self, dedup: Dedup) -> Self {
        self.dedup = dedup;
        self
    }

    /// Sets [`max_rejected`](Self::max_rejected).
    #[must_use]
    pub fn with_max_rejected(mut self, max_rejected: Option<usize>) -> Self {
        self.max_rejected = max_rejected;
        self
    }

    /// Sets [`limits`](Self::limits).
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets [`labels`](Self::labels).
    #[must_use]
    pub fn with_labels(mut self, labels: LabelMethod) -> Self {
        self.labels = labels;
        self
    }

    /// Sets [`garment_classifier`](Self::garment_classifier).
    #[must_use]
    pub fn with_garment_classifier(mut self, garment_classifier: GarmentClassifier) -> Self {
        self.garment_classifier = garment_classifier;
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

    /// The options that decide what the images are, for the data set's summary.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            made_by: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
            image_size: self.image_size,
            jpeg_quality: self.jpeg_quality,
            filter: self.filter,
            select: self.select.as_ref().map(IdList::fingerprint),
            exclude: self.exclude.as_ref().map(IdList::fingerprint),
            pad_color: self.pad_color,
            max_hash_distance: self.max_hash_distance,
            dedup: self.dedup,
            max_pixels: self.limits.max_pixels,
            max_bytes: self.limits.max_bytes,
            labels: self.labels,
            weights_sha256: self
                .uses_weights()
                .then(|| self.garment_classifier.weights_sha256().to_owned()),
            classifier: self.classifier.options(),
            split: self.split,
        }
    }

    /// Whether the garment classifier has a say in what the data set holds.
    fn uses_weights(&self) -> bool {
        self.labels == LabelMethod::Garment || self.filter == Filter::GarmentOnly
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let check = |is_legal: bool, option, value: u64, legal| {
            if is_legal {
                Ok(())
            } else {
                Err(Error::setting(option, value, legal))
            }
        };
        let size = self.image_size;
        check(
            (16..=4096).contains(&size),
            "image_size",
            size.into(),
            "[16, 4096]",
        )?;
        let quality = self.jpeg_quality;
        check(
            (1..=100).contains(&quality),
            "jpeg_quality",
            quality.into(),
            "[1, 100]",
        )?;
        let distance = self.max_hash_distance.unwrap_or_default();
        check(distance <= 256, "max_hash_distance", distance.into(), "[0, 256]")?;
        let held_out = u64::from(self.split.validation) + u64::from(self.split.test);
        check(held_out <= 100, "validation + test", held_out, "[0, 100]")
    }
}

/// A classifier as its options.
mod classifier {
    use ai4fashion_color::{ClassifyOptions, ColorClassifier};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(super) fn serialize<S: Serializer>(
        classifier: &ColorClassifier,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        classifier.options().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ColorClassifier, D::Error> {
        let options = ClassifyOptions::deserialize(deserializer)?;
        ColorClassifier::new(options).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::ErrorKind, ingest::Ingest};

    #[test]
    fn illegal_options_are_refused_by_name() {
        let default = IngestOptions::default;
        for (options, option) in [
            (default().with_image_size(15), "image_size"),
            (default().with_image_size(4097), "image_size"),
            (default().with_jpeg_quality(0), "jpeg_quality"),
            (default().with_jpeg_quality(101), "jpeg_quality"),
            (default().with_max_hash_distance(Some(257)), "max_hash_distance"),
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

    #[test]
    fn options_survive_json() {
        let list = IdList::new("ids.txt", ["10000", "images/b.jpg"]).unwrap();
        let options = IngestOptions::default()
            .with_select(Some(list))
            .with_dedup(Dedup::KeepFirst);
        let json = serde_json::to_string(&options).unwrap();
        let read: IngestOptions = serde_json::from_str(&json).unwrap();
        assert_eq!(read.settings(), options.settings());
        assert!(serde_json::from_str::<IngestOptions>("{\"near\": 8}").is_err());
    }
}
