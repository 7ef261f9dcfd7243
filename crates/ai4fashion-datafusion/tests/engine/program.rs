//! The program `label`.

use std::{fs, path::Path, process::Command};

use ai4fashion_testkit::red_garment;

use crate::common::{batch, contents, write_parquet};

/// Exit code, standard output and standard error.
fn label(arguments: &[&str], out: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_label"));
    let output = command.args(arguments).arg("--out").arg(out).output().unwrap();
    let [told, error] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    (output.status.code().unwrap(), told, error)
}

#[test]
fn queries_read_and_are_parsed_first() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in.parquet"), temp.path().join("out"));
    write_parquet(&input, &batch(&[Some(red_garment()), None]), 9);
    let input = input.to_str().unwrap();
    let (code, _, error) = label(&[input, "--sql", "SELEC 1"], &out);
    assert!(code == 2 && error.contains("SELEC") && !out.exists(), "{error}");
    let count = "SELECT count(color) AS colors FROM labels";
    let (code, told, error) = label(&[input, "--keep", "", "--sql", count], &out);
    assert!(code == 0 && told.contains("| 1 "), "{told}{error}");
    let before = contents(&out);
    let copy = format!("COPY (SELECT 1 AS a) TO '{}/in.parquet'", out.display());
    for query in [
        &*copy,
        "INSERT INTO labels SELECT * FROM labels",
        "DROP TABLE labels",
    ] {
        let (code, _, error) = label(&["--sql", query], &out);
        assert!(code == 2 && error.contains("not supported"), "{error}");
    }
    assert!(contents(&out) == before);
}

#[test]
fn options_outside_their_intervals_and_shards_that_fail_have_codes_of_their_own() {
    let temp = tempfile::tempdir().unwrap();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write_parquet(&input.join("a.parquet"), &batch(&[Some(red_garment())]), 9);
    fs::write(input.join("b.tar"), b"no tar").unwrap();
    let input = input.to_str().unwrap();
    let no_cluster = if cfg!(feature = "cluster") {
        "expected df://HOST:PORT"
    } else {
        "this build knows no clusters"
    };
    for (arguments, part) in [
        ([input, "--jpeg-quality", "300"], "1..=100"),
        ([input, "--image-size", "8"], "16..=4096"),
        ([input, "--cluster", "df://127.0.0.1"], no_cluster),
        ([input, "--keep", "path,path"], "`path` is kept twice"),
    ] {
        let (code, _, error) = label(&arguments, &out);
        // Columns are looked at shard by shard.
        let expected = if arguments[1] == "--keep" { 1 } else { 2 };
        assert!(code == expected && error.contains(part), "{code}: {error}");
    }
    let (code, told, error) = label(&[input], &out);
    assert!(code == 1 && told.contains("1 failed"), "{told}");
    assert!(error.contains("b.tar` is no tar, or a compressed one"), "{error}");
}
