//! The functions in queries: what they give, and how often they run.

use std::sync::Arc;

use crate::common::{batch, files, write_parquet};
use ai4fashion_arrow::LabelKernel;
use ai4fashion_datafusion::{
    LabelFunction, LabelSettings, context,
    datafusion::{
        arrow::{
            array::{Array, AsArray, BinaryArray, BinaryViewArray, RecordBatch},
            compute::{cast, concat_batches},
            datatypes::{DataType, Int64Type},
        },
        error::Result,
        logical_expr::ScalarUDF,
        prelude::{SessionConfig, SessionContext},
    },
    register, root_cause,
};
use ai4fashion_dataset::IngestOptions;
use ai4fashion_testkit::{encoded, garment, red_garment};

/// A session with the table `photos` from a Parquet file of many row groups.
async fn session(context: SessionContext) -> (SessionContext, LabelFunction, tempfile::TempDir, usize) {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("photos.parquet");
    let batch = batch(&files());
    write_parquet(&path, &batch, 20);
    register(&context).unwrap();
    let function = LabelFunction::new();
    context.register_udf(ScalarUDF::new_from_impl(function.clone()));
    context
        .register_parquet("photos", path.to_str().unwrap(), Default::default())
        .await
        .unwrap();
    (context, function, temp, batch.num_rows())
}

async fn rows(context: &SessionContext, query: &str) -> Result<RecordBatch> {
    let batches = context.sql(query).await?.collect().await?;
    Ok(concat_batches(&batches[0].schema(), &batches)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn struct_is_that_of_the_kernel_for_each_layout() {
    let (context, _, _temp, _) = session(context().unwrap()).await;
    let files = files();
    let kernel = LabelKernel::new(IngestOptions::default()).unwrap();
    let wanted = kernel.label(&BinaryArray::from_iter(&files)).unwrap();
    for layout in ["Binary", "LargeBinary", "BinaryView"] {
        let query = format!("SELECT ai4fashion_label(arrow_cast(bytes, '{layout}')) AS l FROM photos");
        let found = rows(&context, &query).await.unwrap();
        assert_eq!(found.column(0).as_struct(), &wanted, "{layout}");
    }
    let query = "SELECT ai4fashion_label(bytes, '{\"image\": false}', type) AS l FROM photos";
    let found = rows(&context, query).await.unwrap();
    let batch = batch(&files);
    let types = batch.column_by_name("type").unwrap();
    let wanted = kernel
        .without_image()
        .label_with_types(&BinaryArray::from_iter(&files), types);
    assert_eq!(found.column(0).as_struct(), &wanted.unwrap());
}

/// With our settings, and with DataFusion's own: 8,192 rows, fields pushed into the scan.
#[tokio::test(flavor = "multi_thread")]
async fn each_file_is_labelled_once_whatever_the_query() {
    for settings in [false, true] {
        for query in [
            "SELECT l['color'], l['confidence'], l['image'], l['split'], l['width'], l['reason']
             FROM (SELECT ai4fashion_label(bytes) AS l FROM photos)",
            "SELECT ai4fashion_label(bytes) FROM photos",
            "SELECT path, unnest(l) FROM (SELECT path, ai4fashion_label(bytes) AS l FROM photos)",
            "SELECT l['color'], l['width'] FROM (SELECT ai4fashion_label(bytes) AS l FROM photos)
             WHERE l['confidence'] > 0.5",
            "SELECT path, l FROM (SELECT path, ai4fashion_label(bytes) AS l FROM photos)
             WHERE l['color'] = 'red'",
            "SELECT path, l['image'] FROM (SELECT path, ai4fashion_label(bytes) AS l FROM photos)
             ORDER BY l['confidence'] DESC, path LIMIT 5",
            "SELECT l['color'], count(*), avg(l['confidence'])
             FROM (SELECT ai4fashion_label(bytes) AS l FROM photos) GROUP BY l['color']",
            "SELECT ai4fashion_label(bytes)['color'], ai4fashion_label(bytes)['margin'] FROM photos",
        ] {
            let context = match settings {
                true => context().unwrap(),
                false => SessionContext::new_with_config(SessionConfig::new()),
            };
            let (context, function, _temp, count) = session(context).await;
            rows(&context, query).await.unwrap();
            // One row is null, and no two files are equal.
            assert_eq!(
                function.files(),
                count as u64 - 1,
                "our settings: {settings}, {query}"
            );
        }
    }
}

#[tokio::test]
async fn equal_files_are_labelled_once() {
    let (context, function, _temp, _) = session(context().unwrap()).await;
    let query = "SELECT ai4fashion_label(bytes, '{}', t)['color'] AS c, t FROM photos
                 CROSS JOIN (VALUES (1), (2), (NULL)) AS types(t) WHERE path = '0.jpg'";
    let found = rows(&context, query).await.unwrap();
    // As often as something else is known of the type.
    assert_eq!((found.num_rows(), function.files()), (3, 3));
}

#[tokio::test]
async fn near_duplicates_are_found_by_a_join() {
    let context = context().unwrap();
    register(&context).unwrap();
    let (png, jpeg) = (
        encoded(
            garment(120, [200, 20, 30]),
            ai4fashion_dataset::image::ImageFormat::Png,
        ),
        encoded(
            garment(120, [200, 20, 30]),
            ai4fashion_dataset::image::ImageFormat::Jpeg,
        ),
    );
    let other = encoded(
        garment(120, [20, 20, 200]),
        ai4fashion_dataset::image::ImageFormat::Png,
    );
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("a.parquet");
    write_parquet(&path, &batch(&[Some(png), Some(other), Some(jpeg), None]), 9);
    let path = path.to_str().unwrap();
    context
        .register_parquet("photos", path, Default::default())
        .await
        .unwrap();
    let query = "
        WITH hashes AS (SELECT path, ai4fashion_label(bytes)['perceptual_hash'] AS h FROM photos),
             keys AS (SELECT path, h, unnest(ai4fashion_near_keys(h)) AS key FROM hashes)
        SELECT DISTINCT a.path, b.path FROM keys a JOIN keys b ON a.key = b.key AND a.path < b.path
        WHERE ai4fashion_are_near(a.h, b.h, 16)";
    let found = rows(&context, query).await.unwrap();
    let column = |index: usize| cast(found.column(index), &DataType::Utf8).unwrap();
    assert_eq!(found.num_rows(), 1);
    let pair = [column(0), column(1)].map(|it| it.as_string::<i32>().value(0).to_owned());
    assert_eq!(pair, ["0.jpg", "2.jpg"]);
}

#[tokio::test]
async fn wrong_arguments_are_named_with_the_legal_ones() {
    let (context, _, _temp, _) = session(context().unwrap()).await;
    for (query, parts) in [
        (
            "SELECT ai4fashion_label(path) FROM photos",
            ["argument 1 is Utf8", "BinaryView"],
        ),
        (
            "SELECT ai4fashion_label(bytes, path) FROM photos",
            ["argument 2 is a column", "literal"],
        ),
        (
            "SELECT ai4fashion_label(bytes, 7) FROM photos",
            ["argument 2 is", "JSON"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{') FROM photos",
            ["settings `{`", "EOF"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{\"size\": 3}') FROM photos",
            ["unknown field `size`", "options"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{\"options\": {\"image_size\": 3}}') FROM photos",
            ["image_size is 3", "[16, 4096]"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{\"version\": \"9.9.9\"}') FROM photos",
            ["9.9.9 was asked for", "this process has 0.1.0"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{}', path) FROM photos",
            ["argument 3 is Utf8", "whole numbers"],
        ),
        (
            "SELECT ai4fashion_label(bytes, '{}', 77) FROM photos",
            ["type 77", "12, or null"],
        ),
        (
            "SELECT ai4fashion_near_keys(path) FROM photos",
            ["argument 1 is Utf8", "Binary"],
        ),
        (
            "SELECT ai4fashion_are_near(bytes, bytes, 700) FROM photos",
            ["max_distance", "0 to 256"],
        ),
        (
            "SELECT ai4fashion_near_keys(bytes) FROM photos",
            ["row 0 has", "expected 112"],
        ),
    ] {
        let error = root_cause(&rows(&context, query).await.unwrap_err());
        assert!(parts.iter().all(|part| error.contains(part)), "{query}: {error}");
    }
}

#[tokio::test]
async fn result_is_arrow_that_a_view_gives_too() {
    let context = context().unwrap();
    let function = LabelFunction::new();
    context.register_udf(ScalarUDF::new_from_impl(function.clone()));
    let image = red_garment();
    let views = BinaryViewArray::from_iter([Some(&image[..]), None, Some(b"x"), Some(&image[..])]);
    let batch = RecordBatch::try_from_iter([("f", Arc::new(views) as _)]).unwrap();
    let settings = LabelSettings::default().with_image(false).to_json().unwrap();
    let query = format!("SELECT ai4fashion_label(f, '{settings}')['width'] AS w FROM t");
    context.register_batch("t", batch).unwrap();
    let found = rows(&context, &query).await.unwrap();
    let width = found.column(0).as_primitive::<Int64Type>();
    assert!(width.is_valid(0) && width.is_null(1) && width.is_null(2));
    assert_eq!((width.value(0), function.files()), (width.value(3), 2));
}
