//! Arrays of files to arrays of labels.

use std::sync::{Arc, Mutex, PoisonError};

use ai4fashion_dataset::{
    Error, IngestOptions,
    garment::{ProductType, TypeHint},
    ingest::{LabelWorkspace, Labeled, Labeler},
};
use arrow_array::{
    Array, ArrayRef, StructArray, builder::BinaryBuilder, cast::AsArray, types as arrow_types,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Fields};

use crate::{
    bytes::Bytes,
    column::{MOST_BYTES, column, too_large},
    error::{invalid, other_length, wrong_type},
    fields::{COLUMNS, OF_JPEG, Refusal, Row, Seen, fields},
};

/// Labels columns of image files: the labels, hashes and JPEGs that an ingestion would give them.
///
/// A null row stays null. A file that is no image, or that the filter does not let in, is a row
/// with a `reason` and nothing else, never an error. The work is done on the calling thread:
/// engines start one for each core.
///
/// ```
/// use ai4fashion_arrow::{LabelKernel, arrow_array::{Array, BinaryArray, cast::AsArray}};
/// use ai4fashion_arrow::dataset::IngestOptions;
///
/// let kernel = LabelKernel::new(IngestOptions::default())?;
/// let files = BinaryArray::from_iter([Some(&b"no image"[..]), None]);
/// let labels = kernel.label(&files)?;
/// assert!(labels.is_valid(0) && labels.is_null(1));
/// let reasons = labels.column_by_name("reason").unwrap().as_string::<i32>();
/// assert_eq!(reasons.value(0), "not-an-image");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LabelKernel {
    labeler: Labeler,
    has_image: bool,
    /// Of threads that are not at work.
    workspaces: Mutex<Vec<LabelWorkspace>>,
    most_bytes: usize,
}

impl LabelKernel {
    /// Creates a kernel that labels as an ingestion with these options.
    ///
    /// # Errors
    /// As [`Labeler::new`]: an option is outside its interval, or needs more than one image.
    pub fn new(options: IngestOptions) -> Result<Self, Error> {
        Ok(Self {
            labeler: Labeler::new(options)?,
            has_image: true,
            workspaces: Mutex::default(),
            most_bytes: MOST_BYTES,
        })
    }

    /// Leaves out the JPEG and its hash, and the time that they take.
    #[must_use]
    pub fn without_image(mut self) -> Self {
        self.labeler = self.labeler.without_jpeg();
        self.has_image = false;
        self
    }

    /// What does the work for each row.
    #[must_use]
    pub fn labeler(&self) -> &Labeler {
        &self.labeler
    }

    /// The fields of the result: [`fields`].
    #[must_use]
    pub fn fields(&self) -> Fields {
        fields(self.has_image)
    }

    /// The type of the result, a struct.
    #[must_use]
    pub fn data_type(&self) -> DataType {
        DataType::Struct(self.fields())
    }

    /// Labels the image files in a column of bytes, of which the type is not known.
    ///
    /// # Errors
    /// If the column is not of bytes, or it or the JPEGs take more than 2 GiB; nothing else is one.
    pub fn label(&self, files: &dyn Array) -> Result<StructArray, ArrowError> {
        self.label_hinted(files, &vec![TypeHint::Unknown; files.len()])
    }

    /// Labels image files with what a column says of their types.
    ///
    /// `types` are whole numbers: 1 to 12, 0 for none of the twelve, null if it is not known. See
    /// [`ProductType`].
    ///
    /// # Errors
    /// As [`label`](Self::label); or the types are not whole numbers, another number, or not as
    /// many as the files.
    pub fn label_with_types(&self, files: &dyn Array, types: &dyn Array) -> Result<StructArray, ArrowError> {
        if types.len() != files.len() {
            return Err(other_length("types", types.len(), files.len()));
        }
        self.label_hinted(files, &hints(types)?)
    }

    fn label_hinted(&self, files: &dyn Array, hints: &[TypeHint]) -> Result<StructArray, ArrowError> {
        let files = Bytes::new("files", files)?;
        let size: usize = files.iter().flatten().map(<[u8]>::len).sum();
        if size > self.most_bytes {
            return Err(too_large("the files", files.len(), self.most_bytes));
        }
        let mut workspace = self.workspaces().pop().unwrap_or_default();
        let mut rows = Vec::with_capacity(hints.len());
        let mut jpegs = BinaryBuilder::new();
        for (file, hint) in files.iter().zip(hints) {
            let (row, jpeg) = match file.map(|file| self.row(&mut workspace, file, *hint)) {
                Some((row, jpeg)) => (Some(row), jpeg),
                None => (None, None),
            };
            let added = jpeg.as_ref().map_or(0, Vec::len);
            if jpegs.values_slice().len() + added > self.most_bytes {
                return Err(too_large("the JPEGs", hints.len(), self.most_bytes));
            }
            jpegs.append_option(jpeg);
            rows.push(row);
        }
        self.workspaces().push(workspace);
        self.table(&rows, &(Arc::new(jpegs.finish()) as ArrayRef))
    }

    fn workspaces(&self) -> std::sync::MutexGuard<'_, Vec<LabelWorkspace>> {
        self.workspaces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn row(&self, workspace: &mut LabelWorkspace, file: &[u8], hint: TypeHint) -> (Row, Option<Vec<u8>>) {
        let seen = match self.labeler.label(workspace, file, hint) {
            Ok(Labeled::Taken(image)) => {
                let split = &self.labeler.options().split;
                let seen = Seen {
                    perceptual_hash: image.observation.perceptual_hash.to_bytes(),
                    split: split.split_of(image.observation.pixels_blake3),
                    observation: image.observation,
                };
                return (Row { seen: Ok(seen) }, Some(image.jpeg));
            }
            Ok(Labeled::Filtered(reason)) => Err(Refusal::filtered(reason)),
            Ok(_) => Err(Refusal::filtered("filtered")),
            Err(error) => Err(Refusal::rejected(&error)),
        };
        (Row { seen }, None)
    }

    fn table(&self, rows: &[Option<Row>], jpegs: &ArrayRef) -> Result<StructArray, ArrowError> {
        let columns = COLUMNS
            .iter()
            .filter(|(name, _)| self.has_image || !OF_JPEG.contains(name))
            .map(|(_, fill)| column(fill, rows, jpegs))
            .collect();
        let nulls = NullBuffer::from_iter(rows.iter().map(Option::is_some));
        let nulls = Some(nulls).filter(|nulls| nulls.null_count() > 0);
        StructArray::try_new_with_length(self.fields(), columns, nulls, rows.len())
    }
}

/// What a column of whole numbers says of the types.
fn hints(types: &dyn Array) -> Result<Vec<TypeHint>, ArrowError> {
    let hint = |(row, number): (usize, Option<i64>)| {
        let Some(number) = number else {
            return Ok(TypeHint::Unknown);
        };
        if number == 0 {
            return Ok(TypeHint::Other);
        }
        let known = u8::try_from(number).ok().and_then(ProductType::from_number);
        known.map(TypeHint::Garment).ok_or_else(|| {
            let legal = "0 (none of the twelve) to 12, or null";
            invalid(format!("types: {number} in row {row}, expected {legal}"))
        })
    };
    whole_numbers(types)?.into_iter().enumerate().map(hint).collect()
}

fn whole_numbers(types: &dyn Array) -> Result<Vec<Option<i64>>, ArrowError> {
    macro_rules! match_types {
        ($($kind:ident => $primitive:ident),*) => {
            match types.data_type() {
                $(DataType::$kind => {
                    let numbers = types.as_primitive::<arrow_types::$primitive>();
                    Ok(numbers.iter().map(|number| number.map(i64::from)).collect())
                })*
                DataType::Null => Ok(vec![None; types.len()]),
                other => Err(wrong_type("types", other, "whole numbers, Int8 to Int64 or UInt8 to UInt32")),
            }
        };
    }
    match_types!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type
    )
}

#[cfg(test)]
mod tests {
    use arrow_array::BinaryArray;

    use super::*;

    #[test]
    fn what_is_too_large_for_a_column_is_refused_with_a_hint() {
        let mut kernel = LabelKernel::new(IngestOptions::default()).unwrap();
        let file = ai4fashion_testkit::red_garment();
        let files = BinaryArray::from_iter_values([&file, &file]);
        let labels = kernel.label(&files).unwrap();
        let images = labels.column_by_name("image").unwrap().as_binary::<i32>();
        let (of_files, of_images) = (2 * file.len(), images.values().len());
        assert!(of_files < of_images);
        for (most, what) in [
            (of_files - 1, "the files of 2 rows"),
            (of_images - 1, "the JPEGs of 2 rows"),
        ] {
            kernel.most_bytes = most;
            let error = kernel.label(&files).unwrap_err().to_string();
            assert!(error.contains(what) && error.contains("batch_size"), "{error}");
        }
    }
}
