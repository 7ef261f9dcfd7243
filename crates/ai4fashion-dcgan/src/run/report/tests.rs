use super::*;
use crate::error::ErrorKind;

const STEP: &str = r#"{"epoch":0,"batch":0,"batches":9,"step":0,"loss_d":1.25,"loss_g":9.0,"d_x":0.5,"d_g_z1":0.4,"d_g_z2":0.3}"#;

#[test]
fn page_holds_all_files_of_the_run_and_nothing_from_elsewhere() {
    let temp = tempfile::tempdir().unwrap();
    let run = temp.path();
    let write = |name: &str, text: &str| fs::write(run.join(name), text).unwrap();
    write(
        "config.json",
        r#"{"image_size": 8, "epochs": 3, "loss": "<script>alert(1)</script>"}"#,
    );
    let bare = fs::read_to_string(write_report(run, &[]).unwrap()).unwrap();
    assert!(!bare.contains("<img"), "{bare}");

    write("log.jsonl", &format!("{STEP}\n"));
    write("timing.jsonl", r#"{"step":0,"seconds":2.0,"waited":0.5}"#);
    let epoch = |epoch, distance| format!("{{\"epoch\":{epoch},\"distance\":{distance}}}\n");
    // A run that was forced to resume with other images may have missed one.
    write("epochs.jsonl", &[epoch(1, 0.2), epoch(3, 0.1)].concat());
    write(
        "metadata.json",
        r#"{"data": "/photos/my set", "device": "flex", "threads": 2, "filter": {"colors": ["red", "blue"], "types": []}}"#,
    );
    let warning = r#"{"warning":"discriminator-dominates","step":77}"#;
    write("warnings.jsonl", &format!("{warning}\n"));
    write("losses.svg", "<svg xmlns='x'/>");
    fs::create_dir(run.join("samples")).unwrap();
    let image = image::RgbImage::new(4, 4);
    let samples = (1..=20)
        .map(sample_files::name)
        .chain(["real-vs-fake.png".to_owned()]);
    samples.for_each(|name| sample_files::write(&run.join(name), &image).unwrap());
    let page = fs::read_to_string(write_report(run, &[]).unwrap()).unwrap();
    for part in [
        "1.250",
        "2.00",
        "25.0%",
        "step 77: the discriminator",
        "after epoch 1<",
        "after epoch 20<",
        "<dt>epochs done</dt><dd>3</dd>",
        "<td>data</td><td>&#x2f;photos&#x2f;my set</td>",
        "<td>device</td><td>flex</td>",
        "<td>threads</td><td>2</td>",
        "<td>filter.colors</td><td>red,blue</td>",
        "<td>filter.types</td><td>none</td>",
        "data:image/jpeg;base64,",
        "data:image/svg+xml;base64,",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert_eq!(page.matches("<figure>").count(), GRIDS);
    assert!(
        page.contains("&lt;script&gt;") && !page.contains("<script"),
        "not escaped"
    );
    assert!(!page.contains("http"), "an address");
    let sources = page.matches("src=").count();
    assert_eq!(
        (sources, page.matches("src=\"data:").count()),
        (GRIDS + 3, GRIDS + 3)
    );
}

#[test]
fn commands_are_suggested_and_escaped() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("config.json"), r#"{"epochs": 3}"#).unwrap();
    let write = |commands: &[&str]| {
        let commands: Vec<String> = commands.iter().map(|command| (*command).to_owned()).collect();
        fs::read_to_string(write_report(temp.path(), &commands).unwrap()).unwrap()
    };
    assert!(!write(&[]).contains("<pre>"));
    let page = write(&["resume 'a & b'", "generate"]);
    assert!(
        page.contains("<pre>resume &#x27;a &amp; b&#x27;\ngenerate</pre>"),
        "{page}"
    );
}

#[test]
fn missing_or_torn_times_are_counted() {
    let temp = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).unwrap();
    write("config.json", r#"{"epochs": 1}"#);
    write("log.jsonl", &format!("{STEP}\n{STEP}\n"));
    write(
        "timing.jsonl",
        "{\"step\":0,\"seconds\":6.0,\"waited\":0.5}\n{\"st",
    );
    let page = fs::read_to_string(write_report(temp.path(), &[]).unwrap()).unwrap();
    assert!(page.contains("0.1 for 1 of 2 steps"), "{page}");
}

#[test]
fn torn_last_lines_are_left_out() {
    let temp = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).unwrap();
    write("config.json", r#"{"epochs": 1}"#);
    write("log.jsonl", &format!("{STEP}\n{{\"epoch\":0,\"ba"));
    write("epochs.jsonl", "{\"epoch\":1}\n{\"ep");
    write("warnings.jsonl", "{\"warn");
    let page = fs::read_to_string(write_report(temp.path(), &[]).unwrap()).unwrap();
    assert!(page.contains("<dt>epochs done</dt><dd>1</dd>"), "{page}");
}

#[test]
fn damaged_log_is_named() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("config.json"), "{}").unwrap();
    fs::write(temp.path().join("log.jsonl"), "{\n").unwrap();
    let error = write_report(temp.path(), &[]).unwrap_err();
    assert!(error.to_string().contains("log.jsonl"), "{error}");
}

#[test]
fn other_folders_and_unreadable_files_are_refused_and_missing_files_are_not() {
    let temp = tempfile::tempdir().unwrap();
    let run = temp.path();
    let error = write_report(run, &[]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NotARun { path, missing: "config.json", .. } if path == run),
        "{error}"
    );
    assert!(!run.join("report.html").exists());
    fs::write(run.join("config.json"), r#"{"epochs": 1}"#).unwrap();
    write_report(run, &[]).unwrap();
    for name in [
        "config.json",
        "metadata.json",
        "log.jsonl",
        "timing.jsonl",
        "epochs.jsonl",
        "warnings.jsonl",
    ] {
        let path = run.join(name);
        let before = fs::read(&path).ok();
        // No UTF-8.
        fs::write(&path, [0xff, b'\n']).unwrap();
        let error = write_report(run, &[]).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        match before {
            Some(before) => fs::write(&path, before).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    }
    write_report(run, &[]).unwrap();
}
