//! WebDataset tars.

use std::fs;

use ai4fashion_arrow::LabelKernel;
use ai4fashion_datafusion::{
    JobOptions,
    datafusion::arrow::array::{Array, AsArray, BinaryArray},
};
use ai4fashion_dataset::IngestOptions;

use crate::{
    common::{batch, contents, files, write_parquet, write_tar},
    running::{failure, read, run},
};

#[tokio::test(flavor = "multi_thread")]
async fn tars_are_labelled_as_their_samples() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    let files = files();
    write_tar(&input.join("train-0.tar"), &files);
    let report = run(JobOptions::default(), &input, &out).await;
    assert!(report.is_complete(), "{report:?}");
    let found = read(&out.join("train-0.parquet"));
    let kernel = LabelKernel::new(IngestOptions::default()).unwrap();
    let wanted = kernel.label(&BinaryArray::from_iter(&files)).unwrap();
    for field in wanted.fields() {
        let found = found.column_by_name(field.name()).unwrap();
        assert_eq!(found, wanted.column_by_name(field.name()).unwrap(), "{field}");
    }
    let json = found.column_by_name("json").unwrap().as_string::<i32>();
    assert_eq!(json.value(1), "{\"row\": 1}");
    let keys = found.column_by_name("key").unwrap().as_string::<i32>();
    assert_eq!((keys.value(1), keys.len()), ("0001", files.len()));
    // Without the columns of which nothing is kept, and shards of no rows.
    let some = temp.path().join("some");
    write_tar(&input.join("empty.tar"), &[]);
    write_parquet(&input.join("none.parquet"), &batch(&[]), 9);
    let keep = JobOptions::default().with_keep(Some(vec![]));
    let report = run(keep, &input, &some).await;
    assert!(
        report.is_complete() && report.counts().rows == files.len() as u64,
        "{report:?}"
    );
    let without = read(&some.join("train-0.parquet"));
    assert_eq!(without.num_columns(), wanted.num_columns());
    assert_eq!(&without.columns()[0], wanted.column(0));
    fs::remove_file(input.join("empty.tar")).unwrap();
    fs::remove_file(input.join("none.parquet")).unwrap();
    // Cut off at the middle: nothing is left behind.
    let bytes = fs::read(input.join("train-0.tar")).unwrap();
    fs::write(input.join("cut.tar"), &bytes[..bytes.len() / 2 + 100]).unwrap();
    let report = run(JobOptions::default(), &input, &out).await;
    assert!(failure(&report, "cut").contains("cut.tar"), "{report:?}");
    assert_eq!(contents(&out).len(), 1);
}
