//! Near-duplicates: keys to join on, and groups of all images.

use std::sync::Arc;

use ai4fashion_dataset::{
    ingest::{Groups, SplitOptions},
    record::{PerceptualHash, PixelsHash},
};
use arrow_array::{
    Array, BooleanArray, ListArray, StructArray,
    builder::{Int64Builder, ListBuilder, StringBuilder},
};
use arrow_schema::{ArrowError, DataType, Field, Fields};

use crate::{
    bytes::Bytes,
    error::{invalid, other_length},
    fields::item,
};

fn hashes(what: &str, array: &dyn Array) -> Result<Vec<Option<PerceptualHash>>, ArrowError> {
    Bytes::new(what, array)?.read_exact(what, PerceptualHash::from_bytes)
}

fn check_distance(max_distance: u16) -> Result<(), ArrowError> {
    if max_distance > 256 {
        return Err(invalid(format!(
            "max_distance is {max_distance}, expected 0 to 256"
        )));
    }
    Ok(())
}

/// The keys of near-duplicates of a column `perceptual_hash`: images that look alike share one.
///
/// Keys are whole numbers from 0 on. See [`PerceptualHash::near_keys`]; [`are_near`] decides on the
/// pairs that a join on equal keys finds.
///
/// # Errors
/// If a row does not have 112 bytes.
pub fn near_keys(perceptual_hashes: &dyn Array) -> Result<ListArray, ArrowError> {
    let mut builder = ListBuilder::new(Int64Builder::new()).with_field(item(DataType::Int64));
    for hash in hashes("perceptual_hash", perceptual_hashes)? {
        let keys = hash.as_ref().map(PerceptualHash::near_keys).unwrap_or_default();
        // They have 40 bits.
        keys.iter()
            .for_each(|key| builder.values().append_value(*key as i64));
        builder.append(hash.is_some());
    }
    Ok(builder.finish())
}

/// Whether the images of two columns `perceptual_hash` look alike, row by row.
///
/// The distance is 0 to 256; ingestion takes 16. Where one is null, so is the result.
///
/// # Errors
/// If a row does not have 112 bytes, the columns have different lengths, or the distance is larger.
pub fn are_near(a: &dyn Array, b: &dyn Array, max_distance: u16) -> Result<BooleanArray, ArrowError> {
    check_distance(max_distance)?;
    if a.len() != b.len() {
        return Err(other_length("perceptual_hash", b.len(), a.len()));
    }
    let pairs = hashes("perceptual_hash", a)?
        .into_iter()
        .zip(hashes("perceptual_hash", b)?);
    let near = pairs.map(|(a, b)| Some(a?.is_near(&b?, max_distance.into())));
    Ok(BooleanArray::from_iter(near))
}

/// Groups all images of a data set: the columns `group` and `split` of an ingestion.
///
/// `max_distance` is 0 to 256, ingestion takes 16; `None` groups equal pixels only. A row that is
/// null in either column is null.
///
/// ```
/// use ai4fashion_arrow::{arrow_array::{Array, BinaryArray, cast::AsArray}, dataset::ingest::SplitOptions, groups};
///
/// let pixels = BinaryArray::from_iter([Some([1; 32]), None, Some([1; 32])]);
/// let looks = BinaryArray::from_iter([Some([0; 112]), None, Some([0; 112])]);
/// let found = groups(&pixels, &looks, Some(16), &SplitOptions::default())?;
/// let group = found.column_by_name("group").unwrap().as_string::<i32>();
/// assert_eq!((group.value(0), group.value(2)), ("0101010101010101", "0101010101010101"));
/// assert!(found.is_null(1));
/// # Ok::<(), ai4fashion_arrow::arrow_schema::ArrowError>(())
/// ```
///
/// # Errors
/// If a row does not have 32 or 112 bytes, the columns have different lengths, or an option is
/// outside its interval.
pub fn groups(
    pixels_blake3: &dyn Array,
    perceptual_hashes: &dyn Array,
    max_distance: Option<u16>,
    split: &SplitOptions,
) -> Result<StructArray, ArrowError> {
    if pixels_blake3.len() != perceptual_hashes.len() {
        let (found, expected) = (perceptual_hashes.len(), pixels_blake3.len());
        return Err(other_length("perceptual_hash", found, expected));
    }
    check_distance(max_distance.unwrap_or_default())?;
    let held_out = u16::from(split.validation) + u16::from(split.test);
    if held_out > 100 {
        let message = format!("validation + test is {held_out}, expected [0, 100]");
        return Err(invalid(message));
    }
    let hashes = Bytes::new("pixels_blake3", pixels_blake3)?;
    let of_looks = Bytes::new("perceptual_hash", perceptual_hashes)?;
    let is_there: Vec<bool> = (0..hashes.len())
        .map(|row| hashes.get(row).is_some() && of_looks.get(row).is_some())
        .collect();
    let rows = || (0..is_there.len()).filter(|&row| is_there[row]);
    let pixels = hashes.exact("pixels_blake3", rows(), |bytes| PixelsHash(*bytes))?;
    let looks = of_looks.exact("perceptual_hash", rows(), PerceptualHash::from_bytes)?;
    let found = Groups::of(&pixels, &looks, max_distance);
    let (mut group, mut splits) = (StringBuilder::new(), StringBuilder::new());
    let mut next = 0;
    for &is_there in &is_there {
        if !is_there {
            group.append_null();
            splits.append_null();
            continue;
        }
        group.append_option(found.name_of(next));
        splits.append_value(found.split_of(next, split).as_str());
        next += 1;
    }
    let text = |name| Field::new(name, DataType::Utf8, true);
    let fields = Fields::from(vec![text("group"), text("split")]);
    let nulls = arrow_buffer::NullBuffer::from(is_there);
    StructArray::try_new(
        fields,
        vec![Arc::new(group.finish()), Arc::new(splits.finish())],
        Some(nulls),
    )
}
