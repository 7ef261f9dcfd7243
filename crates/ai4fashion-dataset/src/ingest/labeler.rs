//! The step from the bytes of one image to its labels, without any file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ai4fashion_files::sha256_hex;
use ai4fashion_garment::{GarmentWorkspace, TypeHint};
use ai4fashion_image::{
    ColorProfile, DecodedImage, PerceptualHash, QualityFlag, decode_admitted, encode_jpeg, fit,
    flatten_on_white, pad, quality_flags,
};
use image::RgbImage;

use super::{
    classifiers::{Classifiers, Labels},
    labeled::{Labeled, LabeledImage},
    options::{IngestOptions, NOT_ALONE},
};
use crate::{
    dataset::{Dedup, Filter, Settings, layout::IMAGES},
    error::{Error, RejectReason},
    labels::{LabeledName, TypeSource},
    record::{Observation, Origin, Placement, Record},
    source::Entry,
};

/// Labels one image at a time, from bytes to bytes: what an [`Ingest`](super::Ingest) does to each.
///
/// It reads and writes no file, so that images in a table, an archive or an object store can be
/// labelled where they are. The same bytes, options and hint give the same result, on any thread
/// and machine with the same version.
///
/// Options that need a source, a folder or all images are refused: see [`new`](Self::new).
/// [`Groups`](super::Groups) finds near-duplicates.
///
/// ```
/// use ai4fashion_dataset::garment::TypeHint;
/// use ai4fashion_dataset::ingest::{IngestOptions, LabelWorkspace, Labeled, Labeler};
/// # use ai4fashion_dataset::image::{ImageFormat, Rgb, RgbImage};
/// # let photo = RgbImage::from_fn(60, 80, |x, y| {
/// #     let is_cloth = (15..45).contains(&x) && (20..60).contains(&y);
/// #     Rgb(if is_cloth { [200, 20, 30] } else { [255; 3] })
/// # });
/// # let mut bytes = std::io::Cursor::new(Vec::new());
/// # photo.write_to(&mut bytes, ImageFormat::Png)?;
/// # let bytes = bytes.into_inner();
///
/// let labeler = Labeler::new(IngestOptions::default())?;
/// let mut workspace = LabelWorkspace::new();
/// for bytes in [&bytes[..], b"<html>404 Not Found</html>"] {
///     match labeler.label(&mut workspace, bytes, TypeHint::Unknown) {
///         Ok(Labeled::Taken(image)) => {
///             println!("{}: {} bytes", image.observation.color, image.jpeg.len());
///             # assert_eq!(image.observation.color.as_str(), "red");
///         }
///         Ok(_) => println!("not wanted"),
///         Err(error) => println!("{}: {error}", error.reject_reason()), // not-an-image: ...
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Labeler {
    options: IngestOptions,
    makes_jpeg: bool,
}

/// Buffers that a thread uses again for each image.
#[derive(Debug, Default)]
pub struct LabelWorkspace {
    garment: GarmentWorkspace,
}

impl LabelWorkspace {
    /// Creates a workspace; its buffers grow with the first image.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Labeler {
    /// Creates a labeler with these options.
    ///
    /// # Errors
    /// If an option is outside its interval, or cannot be heeded for one image: `select`,
    /// `exclude`, `dedup`, `max_rejected`, `overwrite`, and the filters that go by the source's
    /// word.
    pub fn new(options: IngestOptions) -> Result<Self, Error> {
        options.validate()?;
        check_for_one(&options)?;
        Ok(Self::of_checked(options))
    }

    /// `options` are checked already.
    pub(super) fn of_checked(options: IngestOptions) -> Self {
        Self {
            options,
            makes_jpeg: true,
        }
    }

    /// Leaves out the JPEG, which takes an eighth of the time of a photo of 168x224.
    #[must_use]
    pub fn without_jpeg(mut self) -> Self {
        self.makes_jpeg = false;
        self
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &IngestOptions {
        &self.options
    }

    /// The settings that decide what the labels and JPEGs are; two labelers with equal ones give
    /// the same bytes.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.options.settings()
    }

    /// Labels the image in `bytes`, the content of a file. `hint` is what is known of its type.
    ///
    /// Decoding takes at most [`Limits::max_memory`](super::Limits::max_memory).
    ///
    /// # Errors
    /// If the image cannot be used; [`Error::reject_reason`] is the code. Nothing panics: a panic
    /// of a decoder or a classifier is such an error, too.
    pub fn label(
        &self,
        workspace: &mut LabelWorkspace,
        bytes: &[u8],
        hint: TypeHint,
    ) -> Result<Labeled, Error> {
        let blake3 = file_hash(bytes);
        self.label_admitted(workspace, bytes, blake3, hint, |_| ())
    }

    /// Labels as [`label`](Self::label), with the file's hash; `admit` is called with the bytes
    /// that decoding will take, and may wait.
    pub(super) fn label_admitted(
        &self,
        workspace: &mut LabelWorkspace,
        bytes: &[u8],
        blake3: String,
        hint: TypeHint,
        admit: impl FnOnce(u64),
    ) -> Result<Labeled, Error> {
        guarded(workspace, |workspace| {
            let enough = self.options.image_size.saturating_mul(3) / 2;
            let decoded = decode_admitted(bytes, Some(enough), &self.options.limits, admit)?;
            let origin = Origin::new(bytes, blake3, &decoded);
            self.observe(&mut workspace.garment, hint, origin, decoded)
        })
    }

    /// Decides on a decoded image, and makes the file of the data set.
    fn observe(
        &self,
        workspace: &mut GarmentWorkspace,
        hint: TypeHint,
        origin: Origin,
        decoded: DecodedImage,
    ) -> Result<Labeled, Error> {
        let size = self.options.image_size;
        let fitted = fit(decoded.image(), size)?;
        // Without the bars, which would make a grey studio look like cloth, and with alpha, which
        // tells a white shirt from white paper.
        let labels = Classifiers::new(&self.options).label(workspace, &fitted, hint);
        let Some(Labels { color, garment }) = labels else {
            return Ok(Labeled::Filtered(NOT_ALONE));
        };
        let fitted = flatten_on_white(fitted);
        let flags = self.flags(&origin, decoded, &fitted, color.garment_fraction());
        let hash = PerceptualHash::of(&fitted);
        let (mut jpeg, mut image_sha256) = (Vec::new(), String::new());
        if self.makes_jpeg {
            let square: RgbImage = pad(&fitted, size, self.options.pad_color);
            jpeg = encode_jpeg(&square, self.options.jpeg_quality)?;
            image_sha256 = sha256_hex(&jpeg);
        }
        let observation = Observation::new(origin, image_sha256, hash, &color, garment.as_ref(), flags);
        Ok(Labeled::Taken(Box::new(LabeledImage { observation, jpeg })))
    }

    /// Flags the image at the smaller of its own size and the data set's.
    fn flags(
        &self,
        origin: &Origin,
        decoded: DecodedImage,
        fitted: &RgbImage,
        garment_fraction: f32,
    ) -> Vec<QualityFlag> {
        let (longer, size) = (origin.width.max(origin.height), self.options.image_size);
        let is_unusable = *decoded.color_profile() == ColorProfile::Unusable;
        let mut flags = if longer < size {
            quality_flags(&decoded.into_rgb8(), longer, size, garment_fraction)
        } else {
            quality_flags(fitted, longer, size, garment_fraction)
        };
        flags.extend(is_unusable.then_some(QualityFlag::UnusableProfile));
        flags
    }

    /// The record of an image: a line of `manifest.jsonl`, without a group.
    ///
    /// `source` is the kind of source, such as `folder`; `entry` is what the source says of the
    /// image. `stem` is the middle of its name in the data set, which no other image may have.
    ///
    /// ```
    /// # use ai4fashion_dataset::garment::TypeHint;
    /// # use ai4fashion_dataset::image::{ImageFormat, RgbImage};
    /// use ai4fashion_dataset::ingest::{IngestOptions, LabelWorkspace, Labeled, Labeler};
    /// use ai4fashion_dataset::source::Entry;
    /// # let mut bytes = std::io::Cursor::new(Vec::new());
    /// # RgbImage::new(60, 80).write_to(&mut bytes, ImageFormat::Png)?;
    /// # let bytes = bytes.into_inner();
    ///
    /// let labeler = Labeler::new(IngestOptions::default())?;
    /// let labeled = labeler.label(&mut LabelWorkspace::new(), &bytes, TypeHint::Other)?;
    /// if let Labeled::Taken(image) = labeled {
    ///     let entry = Entry::new("photos/shoe.png", "shoe.png");
    ///     let record = labeler.record(image.observation, "folder", &entry, "shoe")?;
    ///     println!("{}", serde_json::to_string(&record)?);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the stem cannot be part of a name.
    pub fn record(
        &self,
        observation: Observation,
        source: &str,
        entry: &Entry,
        stem: &str,
    ) -> Result<Record, Error> {
        let (product_type, type_source) = match entry.product_type {
            Some((known, from)) => (known, Some(from)),
            None => {
                let is_suggested = observation.suggested_type_confidence.is_some();
                let from = is_suggested.then_some(TypeSource::Classifier);
                (observation.suggested_type, from)
            }
        };
        let name = LabeledName::new(observation.color, stem, product_type)?;
        let placement = Placement {
            file: format!("{IMAGES}/{name}"),
            source: source.to_owned(),
            source_path: entry.source_path.clone(),
            product_type,
            type_source,
            base_color: entry.base_color.clone(),
            source_row: entry.source_row.clone(),
            split: self.options.split.split_of(observation.pixels_blake3),
        };
        Ok(Record::new(observation, placement))
    }
}

/// Refuses options that would have no effect.
fn check_for_one(options: &IngestOptions) -> Result<(), Error> {
    let (filter, dedup) = (options.filter, options.dedup);
    if !matches!(filter, Filter::All | Filter::GarmentOnly) {
        return Err(Error::setting(
            "filter",
            filter,
            "all or garment-only, as one image has no table",
        ));
    }
    if dedup != Dedup::Report {
        return Err(Error::setting(
            "dedup",
            dedup,
            "report, as duplicates need all images",
        ));
    }
    for (option, is_set) in [
        ("select", options.select.is_some()),
        ("exclude", options.exclude.is_some()),
        ("max_rejected", options.max_rejected.is_some()),
        ("overwrite", options.overwrite),
    ] {
        if is_set {
            return Err(Error::setting(
                option,
                "set",
                "none, as it is about a folder of images",
            ));
        }
    }
    Ok(())
}

/// The BLAKE3 hash of a photo's file, in hexadecimal.
pub(super) fn file_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_string()
}

/// Turns a panic into an error, with a new workspace.
fn guarded<T>(
    workspace: &mut LabelWorkspace,
    work: impl FnOnce(&mut LabelWorkspace) -> Result<T, Error>,
) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| work(workspace))).unwrap_or_else(|_| {
        *workspace = LabelWorkspace::new();
        let message = "labelling panicked: a fault of this program, please report it";
        Err(Error::rejected(RejectReason::Panicked, message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_the_image() {
        let mut workspace = LabelWorkspace::new();
        let result: Result<(), _> = guarded(&mut workspace, |_| panic!("on purpose"));
        assert_eq!(result.unwrap_err().reject_reason(), RejectReason::Panicked);
        assert!(guarded(&mut workspace, |_| Ok(1)).is_ok_and(|it| it == 1));
    }
}
