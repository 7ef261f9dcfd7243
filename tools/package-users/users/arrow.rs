//! Labels of a column of files.

use ai4fashion_arrow::{
    LabelKernel,
    arrow_array::{Array, BinaryArray, cast::AsArray},
    dataset::IngestOptions,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kernel = LabelKernel::new(IngestOptions::default())?.without_image();
    let labels = kernel.label(&BinaryArray::from_iter([Some(&b"no image"[..]), None]))?;
    let reasons = labels.column_by_name("reason").ok_or("no column `reason`")?;
    assert_eq!(reasons.as_string::<i32>().value(0), "not-an-image");
    assert!(labels.is_null(1));
    Ok(())
}
