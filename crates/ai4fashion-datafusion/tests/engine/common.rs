//! Shards for the tests.

use std::{fs::File, path::Path, sync::Arc};

use ai4fashion_datafusion::datafusion::arrow::{
    array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray, StructArray},
    datatypes::{DataType, Field},
};
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::{hostile_files, red_garment};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};

/// Files of a shard: garments, files that are none, and a null.
pub(crate) fn files() -> Vec<Option<Vec<u8>>> {
    let temp = tempfile::tempdir().unwrap();
    Catalogue::new(4)
        .with_per_label(1)
        .write_small_fashion(temp.path())
        .unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(temp.path().join("images"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    let garments = paths
        .iter()
        .step_by(3)
        .map(|path| Some(std::fs::read(path).unwrap()));
    let hostile = hostile_files().into_iter().map(|it| Some(it.bytes));
    garments
        .chain(hostile)
        .chain([None, Some(red_garment())])
        .collect()
}

/// Columns `path`, `bytes` and `type` of files.
pub(crate) fn batch(files: &[Option<Vec<u8>>]) -> RecordBatch {
    let paths = (0..files.len()).map(|row| Some(format!("{row}.jpg")));
    let types = (0..files.len()).map(|row| (row % 3 != 0).then_some(row as i64 % 13));
    let columns: [(&str, ArrayRef); 3] = [
        ("path", Arc::new(StringArray::from_iter(paths))),
        ("bytes", Arc::new(BinaryArray::from_iter(files))),
        ("type", Arc::new(Int64Array::from_iter(types))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
}

pub(crate) fn write_parquet(path: &Path, batch: &RecordBatch, row_group: usize) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(row_group))
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// A WebDataset tar of files with keys of their own, each with a member of JSON.
pub(crate) fn write_tar(path: &Path, files: &[Option<Vec<u8>>]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut tar = tar::Builder::new(File::create(path).unwrap());
    let mut add = |name: String, content: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, content).unwrap();
    };
    for (row, file) in files.iter().enumerate() {
        if let Some(file) = file {
            add(format!("{row:04}.jpg"), file);
        }
        add(format!("{row:04}.json"), format!("{{\"row\": {row}}}").as_bytes());
    }
    tar.finish().unwrap();
}

/// A column `image` as Hugging Face's `datasets` writes it.
pub(crate) fn hugging_face(files: &[Option<Vec<u8>>]) -> RecordBatch {
    let image = StructArray::from(vec![
        (
            Arc::new(Field::new("bytes", DataType::Binary, true)),
            Arc::new(BinaryArray::from_iter(files)) as ArrayRef,
        ),
        (
            Arc::new(Field::new("path", DataType::Utf8, true)),
            Arc::new(StringArray::from_iter_values(
                (0..files.len()).map(|it| it.to_string()),
            )),
        ),
    ]);
    RecordBatch::try_from_iter([("image", Arc::new(image) as ArrayRef)]).unwrap()
}

/// Every file below a folder with its content, but those that say what was done.
pub(crate) fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    ai4fashion_testkit::files_below(folder)
        .into_iter()
        .map(|(path, content)| (path.display().to_string(), content))
        .filter(|(path, _)| !path.starts_with("_done") && path != "_settings.json")
        .collect()
}
