//! Shards in, shards out: counts, resumption, failures.

use std::{fs, path::Path};

use crate::{
    common::{batch, contents, files, hugging_face, write_parquet},
    running::{failure, read, run, try_run},
};
use ai4fashion_arrow::{LabelKernel, fields};
use ai4fashion_datafusion::{
    JobOptions, LabelSettings, Report,
    datafusion::arrow::array::{BinaryArray, RecordBatch},
    job::ShardOutcome,
    register_labels, root_cause,
};
use ai4fashion_dataset::IngestOptions;
use ai4fashion_testkit::red_garment;

#[tokio::test(flavor = "multi_thread")]
async fn shards_hold_the_labels_of_the_kernel_and_are_done_once() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    let files = files();
    for (shard, part) in files.chunks(40).enumerate() {
        write_parquet(
            &input.join(format!("with space/%20 ärmel#{shard}.parquet")),
            &batch(part),
            7,
        );
    }
    let options = || JobOptions::default().with_type_column(Some("type".to_owned()));
    let report = run(options(), &input, &out).await;
    assert!(
        report.is_complete() && report.shards.len() == files.len().div_ceil(40),
        "{report}"
    );
    let counts = report.counts();
    assert_eq!((counts.rows, counts.null), (files.len() as u64, 1));
    assert_eq!(
        counts.labelled + counts.reasons.values().sum::<u64>() + 1,
        counts.rows
    );
    assert!(
        counts.reasons["truncated"] >= 3 && counts.reasons["empty-file"] == 1,
        "{counts:?}"
    );
    let kernel = LabelKernel::new(IngestOptions::default()).unwrap();
    for (shard, part) in files.chunks(40).enumerate() {
        let found = read(&out.join(format!("with space/%20 ärmel#{shard}.parquet")));
        let input = batch(part);
        let types = input.column_by_name("type").unwrap();
        let wanted = kernel
            .label_with_types(&BinaryArray::from_iter(part), types)
            .unwrap();
        for field in wanted.fields() {
            let (found, wanted) = (
                found.column_by_name(field.name()),
                wanted.column_by_name(field.name()),
            );
            assert_eq!(found.unwrap(), wanted.unwrap(), "{field}");
        }
        let names: Vec<_> = found
            .schema()
            .fields()
            .iter()
            .map(|it| it.name().clone())
            .collect();
        assert_eq!(names[..2], ["path", "type"]);
        assert_eq!(names.len(), 2 + fields(true).len());
    }
    let before = contents(&out);
    let again = run(options(), &input, &out).await;
    assert_eq!(again.counts(), counts);
    assert!(
        again
            .shards
            .iter()
            .all(|it| matches!(it.outcome, ShardOutcome::WasDone(_)))
    );
    // What is missing is done, and gives the same bytes.
    fs::remove_file(out.join("with space/%20 ärmel#0.parquet")).unwrap();
    let again = run(options(), &input, &out).await;
    let done = again
        .shards
        .iter()
        .filter(|it| matches!(it.outcome, ShardOutcome::Done(_)));
    assert_eq!((done.count(), contents(&out) == before), (1, true));
    // What a killed run has left goes when its shard is done.
    let left = out.join("_partial");
    fs::create_dir(&left).unwrap();
    let of_a_shard = &ai4fashion_files::sha256_hex("with space/%20 ärmel#0".as_bytes())[..16];
    fs::write(left.join(format!("{of_a_shard}-1-2.partial#1")), b"half").unwrap();
    fs::write(left.join("somebody-else"), b"half").unwrap();
    run(options(), &input, &out).await;
    let names: Vec<_> = fs::read_dir(&left)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(names, ["somebody-else"]);
    fs::remove_dir_all(left).unwrap();
    // So is what another file of the same size may lie behind.
    let time = std::time::SystemTime::UNIX_EPOCH;
    let touched = fs::File::options()
        .write(true)
        .open(input.join("with space/%20 ärmel#0.parquet"));
    touched.unwrap().set_modified(time).unwrap();
    let again = run(options(), &input, &out).await;
    assert!(
        matches!(again.shards[0].outcome, ShardOutcome::Done(_)),
        "{again:?}"
    );
    assert_eq!(contents(&out), before);
    // Other settings, or another input, are refused, and nothing is changed.
    let other = options().with_settings(LabelSettings::default().with_image(false));
    let error = try_run(other, &[&input], &out).await.unwrap_err();
    assert!(
        error.contains("_settings.json`: the labels there were made with settings.image true, now false"),
        "{error}"
    );
    write_parquet(
        &input.join("with space/%20 ärmel#0.parquet"),
        &batch(&files[..3]),
        7,
    );
    let error = try_run(options(), &[&input], &out).await.unwrap_err();
    assert!(
        error.contains("was made when") && contents(&out) == before,
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_that_fails_half_way_leaves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    let many: Vec<_> = files().into_iter().cycle().take(200).collect();
    for name in ["a", "b", "good"] {
        write_parquet(&input.join(format!("{name}.parquet")), &batch(&many), 64);
    }
    // Row groups behind the first are damaged, so reading fails when something is written.
    for name in ["a", "b"] {
        let path = input.join(format!("{name}.parquet"));
        let mut bytes = fs::read(&path).unwrap();
        let (from, to) = (bytes.len() / 2, bytes.len() - bytes.len() / 8);
        bytes[from..to].fill(0xA5);
        fs::write(&path, bytes).unwrap();
    }
    fs::write(input.join("cut.parquet"), b"PAR1 and no footer").unwrap();
    fs::write(input.join("readme.txt"), b"no shard").unwrap();
    let options = JobOptions::default().with_max_failures(9);
    let report = run(options, &input, &out).await;
    assert!(!report.is_complete() && !report.is_stopped);
    assert_eq!(report.counts().rows, 200);
    for name in ["a", "b", "cut"] {
        assert!(!failure(&report, name).is_empty());
    }
    let names: Vec<_> = contents(&out).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["good.parquet"], "{report}");
    // After this many in a row the rest is not tried.
    fs::remove_dir_all(&out).unwrap();
    fs::remove_file(input.join("good.parquet")).unwrap();
    let options = JobOptions::default().with_max_failures(2).with_concurrency(1);
    let report = run(options, &input, &out).await;
    assert!(report.is_stopped);
    assert!(
        report
            .shards
            .iter()
            .any(|it| it.outcome == ShardOutcome::NotTried),
        "{report:?}"
    );
    assert!(report.to_string().ends_with("2 failed, 1 not tried"), "{report}");
}

#[tokio::test]
async fn columns_are_chosen_or_asked_for() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("a.parquet");
    let files = [Some(red_garment()), Some(b"x".to_vec())];
    let out = |name: &str| temp.path().join(name);
    write_parquet(&path, &hugging_face(&files), 9);
    let report = run(JobOptions::default(), &path, &out("hf")).await;
    assert_eq!((report.counts().labelled, report.counts().rows), (1, 2));
    let found = read(&out("hf").join("a.parquet"));
    assert_eq!(found.num_columns(), fields(true).len());

    write_parquet(&path, &batch(&files), 9);
    let keep = |names: &[&str]| Some(names.iter().map(|&it| it.to_owned()).collect::<Vec<_>>());
    let report = run(JobOptions::default().with_keep(keep(&[])), &path, &out("none")).await;
    assert_eq!(report.counts().labelled, 1);
    let column = |name: &str| Some(name.to_owned());
    for (options, parts) in [
        (
            JobOptions::default().with_file_column(column("Bytes")),
            ["no column `Bytes`", "`bytes` (Binary)"],
        ),
        (
            JobOptions::default().with_file_column(column("path")),
            ["the column of files `path` is Utf8", "LargeBinary"],
        ),
        (
            JobOptions::default().with_type_column(column("path")),
            ["the column of types `path` is Utf8", "whole numbers"],
        ),
        (
            JobOptions::default().with_keep(keep(&["id"])),
            ["no column `id`", "`path` (Utf8)"],
        ),
    ] {
        let report = run(options, &path, &out("wrong")).await;
        let reason = failure(&report, "a");
        assert!(parts.iter().all(|part| reason.contains(part)), "{reason}");
    }
    assert!(contents(&out("wrong")).is_empty());

    let labelled = read(&out("none").join("a.parquet"));
    write_parquet(&path, &labelled, 9);
    let report = run(JobOptions::default(), &path, &out("twice")).await;
    assert!(
        failure(&report, "a").contains("several columns may hold files"),
        "{report:?}"
    );
    let options = JobOptions::default().with_file_column(column("image"));
    let report = run(options, &path, &out("twice")).await;
    assert!(failure(&report, "a").contains("has a column `color`, and so do the labels"));
    let twice = ["bytes", "color", "color"].map(|name| (name, labelled.column(0)));
    let twice = RecordBatch::try_from_iter(twice.map(|(name, column)| (name, column.clone()))).unwrap();
    write_parquet(&path, &twice, 9);
    let report = run(JobOptions::default(), &path, &out("twice")).await;
    assert!(
        failure(&report, "a").contains("two columns `color`"),
        "{report:?}"
    );
}

#[tokio::test]
async fn wrong_places_are_named_and_nothing_is_written() {
    let temp = tempfile::tempdir().unwrap();
    let (one, two) = (temp.path().join("one"), temp.path().join("two"));
    for folder in [&one, &two] {
        write_parquet(&folder.join("a.parquet"), &batch(&[Some(red_garment())]), 9);
    }
    let out = temp.path().join("out");
    let empty = temp.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let default = JobOptions::default;
    for (result, part) in [
        (try_run(default(), &[&empty], &out).await, "no shard is there"),
        (
            try_run(default(), &[&one.join("b.parquet")], &out).await,
            "no shard is there",
        ),
        (
            try_run(default(), &[&one, &two], &out).await,
            "would be written to the same file `a.parquet`",
        ),
        (try_run(default(), &[&one], &one).await, "would be overwritten"),
        (
            try_run(default().with_concurrency(0), &[&one], &out).await,
            "concurrency is 0, expected at least 1",
        ),
    ] {
        let error = result.unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    assert!(!out.exists());
    assert_eq!(contents(&one).len(), 1);
    // A file of somebody else, and an input that another input's labels would replace.
    let foreign = temp.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("a.parquet"), b"somebody's").unwrap();
    let error = try_run(default(), &[&one], &foreign).await.unwrap_err();
    assert!(
        error.contains("a.parquet` is there, and no file in `_done`"),
        "{error}"
    );
    assert_eq!(
        contents(&foreign),
        [("a.parquet".to_owned(), b"somebody's".to_vec())]
    );
    let inner = one.join("inner");
    write_parquet(&inner.join("a.parquet"), &batch(&[Some(red_garment())]), 9);
    let before = contents(&one);
    let inputs = [&*one.join("a.parquet"), &*inner.join("a.parquet")];
    let error = try_run(default(), &inputs[..1], &one).await.unwrap_err();
    assert!(
        error.contains("is an input and would be overwritten") && contents(&one) == before,
        "{error}"
    );
    fs::remove_dir_all(&inner).unwrap();
    // An output in the input is no shard.
    let nested = one.join("labels [2026]*");
    assert!(run(default(), &one, &nested).await.is_complete());
    let again = run(default(), &one, &nested).await;
    assert_eq!((again.shards.len(), again.is_complete()), (1, true));
    fs::remove_dir_all(&nested).unwrap();
    // A name is no glob where the file is there, and a link leads to the same folder.
    let [literal, other, back] = ["a[1].parquet", "a1.parquet", "a\\b.parquet"].map(|it| two.join(it));
    fs::rename(two.join("a.parquet"), &literal).unwrap();
    write_parquet(&other, &batch(&files()[..3]), 9);
    write_parquet(&back, &batch(&files()[..2]), 9);
    write_parquet(&two.join("a/b.parquet"), &batch(&files()[..4]), 9);
    let link = temp.path().join("link");
    std::os::unix::fs::symlink(&two, &link).unwrap();
    let inside = two.join("inside");
    for rows in [1, 3 + 1 + 2 + 4] {
        let input = if rows == 1 { &literal } else { &link };
        let report = run(default(), input, &inside).await;
        assert!(report.is_complete() && report.counts().rows == rows, "{report:?}");
        fs::remove_dir_all(&inside).unwrap();
    }
    fs::create_dir(two.join("b")).unwrap();
    std::os::unix::fs::symlink("/nowhere", two.join("b/c.parquet")).unwrap();
    let error = try_run(default(), &[&two], &out).await.unwrap_err();
    assert!(error.contains("b/c.parquet` is a link to nothing"), "{error}");
    let glob = one.join("*.parquet");
    assert!(run(default(), &glob, &out).await.is_complete());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_with_other_settings_do_not_mix() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    for shard in 0..6 {
        write_parquet(&input.join(format!("{shard}.parquet")), &batch(&files()[..20]), 9);
    }
    let with = |image| JobOptions::default().with_settings(LabelSettings::default().with_image(image));
    let inputs = [&*input];
    let (a, b) = tokio::join!(
        try_run(with(true), &inputs, &out),
        try_run(with(false), &inputs, &out)
    );
    // The later one fails at once, or shard by shard.
    let is_whole = |run: &Result<Report, String>| run.as_ref().is_ok_and(Report::is_complete);
    assert!(is_whole(&a) != is_whole(&b), "{a:?} {b:?}");
    let loser = format!("{:?}", if is_whole(&a) { &b } else { &a });
    assert!(loser.contains("were made with settings.image"), "{loser}");
    let columns: Vec<usize> = (0..6)
        .map(|shard| read(&out.join(format!("{shard}.parquet"))).num_columns())
        .collect();
    assert!(columns.iter().all(|it| *it == columns[0]), "{columns:?}");
    fs::write(out.join("_settings.json"), b"{").unwrap();
    let error = try_run(with(true), &[&input], &out).await.unwrap_err();
    assert!(error.contains("_settings.json` is damaged"), "{error}");
}

#[tokio::test]
async fn labels_of_any_folder_are_a_table() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out [1]*"));
    for shard in ["a/0", "b/0"] {
        write_parquet(&input.join(format!("{shard}.parquet")), &batch(&files()[..4]), 9);
    }
    assert!(run(JobOptions::default(), &input, &out).await.is_complete());
    let context = ai4fashion_datafusion::context().unwrap();
    register_labels(&context, "labels", out.to_str().unwrap())
        .await
        .unwrap();
    assert_eq!(context.table("labels").await.unwrap().count().await.unwrap(), 8);
    let missing = register_labels(&context, "none", "no such folder")
        .await
        .unwrap_err();
    assert!(root_cause(&missing).contains("cannot open the folder `no such folder`"));
    let error = try_run(JobOptions::default(), &[Path::new("http://host/a.parquet")], &out).await;
    assert!(
        error
            .unwrap_err()
            .contains("no store for `http`, expected a local path or s3://")
    );
}
