//! The functions for near-duplicates: `ai4fashion_near_keys` and `ai4fashion_are_near`.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray},
        compute::cast,
        datatypes::{DataType, Field, Int64Type},
        error::ArrowError,
    },
    error::Result,
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};

use crate::error::{execution, plan};

/// A function of columns alone.
#[derive(Debug)]
struct Simple {
    name: &'static str,
    signature: Signature,
    data_type: DataType,
    work: fn(&[ArrayRef]) -> Result<ArrayRef, ArrowError>,
}

/// `ai4fashion_near_keys(perceptual_hash)`: a list of numbers, of which near-duplicates share one.
///
/// `ai4fashion_are_near(a, b, max_distance)`: whether they are; ingestion takes 16.
pub(super) fn functions() -> [ScalarUDF; 2] {
    let key = Field::new_list_field(DataType::Int64, true);
    let simple = |name, arguments, data_type, work| {
        ScalarUDF::new_from_impl(Simple {
            name,
            signature: Signature::any(arguments, Volatility::Immutable),
            data_type,
            work,
        })
    };
    [
        simple(
            "ai4fashion_near_keys",
            1,
            DataType::List(Arc::new(key)),
            near_keys,
        ),
        simple("ai4fashion_are_near", 3, DataType::Boolean, are_near),
    ]
}

fn near_keys(columns: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let keys = ai4fashion_arrow::near_keys(&columns[0])?;
    Ok(Arc::new(keys))
}

fn are_near(columns: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let wrong = |found: String| {
        let legal = "the same whole number for all rows, 0 to 256";
        ArrowError::InvalidArgumentError(format!("max_distance: {found}, expected {legal}"))
    };
    let distances = cast(&columns[2], &DataType::Int64)?;
    let mut distance = 0;
    for (row, found) in distances.as_primitive::<Int64Type>().iter().enumerate() {
        match found.and_then(|it| u16::try_from(it).ok()) {
            Some(found) if row == 0 || found == distance => distance = found,
            _ => return Err(wrong(found.map_or("null".to_owned(), |it| it.to_string()))),
        }
    }
    Ok(Arc::new(ai4fashion_arrow::are_near(
        &columns[0],
        &columns[1],
        distance,
    )?))
}

impl PartialEq for Simple {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Simple {}

impl Hash for Simple {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Simple {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let hashes = arguments.len().min(2);
        for (index, found) in arguments.iter().take(hashes).enumerate() {
            use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary, Null};
            if !matches!(
                found,
                Binary | BinaryView | FixedSizeBinary(_) | LargeBinary | Null
            ) {
                let (name, argument) = (self.name, index + 1);
                let legal = "Binary, LargeBinary, BinaryView or FixedSizeBinary";
                let message = format!("{name}: argument {argument} is {found}, expected {legal}");
                return Err(plan(message));
            }
        }
        if let Some(other) = arguments.get(2).filter(|found| !found.is_integer()) {
            let message = format!("{}: argument 3 is {other}, expected a whole number", self.name);
            return Err(plan(message));
        }
        Ok(self.data_type.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        for column in &mut columns {
            if *column.data_type() == DataType::Null {
                *column = cast(column, &DataType::Binary)?;
            }
        }
        let found = (self.work)(&columns);
        let found = found.map_err(|error| execution(format!("{}: {error}", self.name)))?;
        Ok(ColumnarValue::Array(found))
    }
}
