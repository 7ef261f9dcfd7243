//! From photos to names, labels and generated images.

use std::{fs, path::Path};

use ai4fashion_dataset::Dataset;
use serde_json::Value;

use crate::{
    place::{Place, red, synthetic_dataset, synthetic_photos},
    program::{SMALL, fails, program, said, succeeds},
};

#[test]
fn photos_to_generated_images() {
    let place = Place::new();
    let photos = synthetic_photos(&place);
    let [data, run, out] = ["data", "run", "out"].map(|name| place.path(name));

    let line = succeeds("ingest", &["small-fashion", &photos, "--out", &data, "--json"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["found"], &line["written"], &line["skipped"]),
        (&132.into(), &132.into(), &0.into())
    );
    for field in ["seconds", "images_per_s", "peak_mib"] {
        assert!(line[field].as_f64().unwrap() > 0.0, "{line}");
    }

    let line: Value = serde_json::from_str(&succeeds("stats", &[&data, "--json"])).unwrap();
    assert_eq!(line["images"], 132);
    assert_eq!(line["types"]["Dresses"], 11);
    let dataset = Dataset::open(&data).unwrap();
    assert!(succeeds("stats", &[&data]).contains("132 images"));

    let which = ["--data", &data, "--run", &run, "--limit", "100"];
    let steps = ["--batch-size", "40", "--epochs", "2"];
    let log = succeeds("train", &[&which[..], &SMALL, &steps].concat());
    assert!(
        log.contains("training on 100 images, 3 steps of batch 40 in each of 2 epochs"),
        "{log}"
    );
    assert!(log.contains("[1/2][2/3] Loss_D: "), "{log}");
    for file in ["losses.png", "real-vs-fake.png", "samples/epoch-002.png"] {
        assert!(Path::new(&run).join(file).is_file(), "{file}");
    }

    succeeds(
        "generate",
        &["--run", &run, "--count", "5", "--seed", "3", "--out", &out],
    );
    assert_eq!(fs::read_dir(&out).unwrap().count(), 6);

    let image = dataset.path(0);
    let table = succeeds("classify", &[image.to_str().unwrap()]);
    assert!(table.contains(dataset.records()[0].color.as_str()), "{table}");
}

#[test]
fn ingest_plans_writes_and_adds() {
    let place = Place::new();
    let photos = synthetic_photos(&place);
    let out = place.path("data");
    let ingest = |more: &[&str]| {
        succeeds(
            "ingest",
            &[&["small-fashion", &photos, "--out", &out], more].concat(),
        )
    };
    let plan = ingest(&["--dry-run"]);
    assert!(
        plan.contains("132 images would be written") && plan.contains("11 Dresses"),
        "{plan}"
    );
    assert!(plan.contains("132 found, 132 to be written"), "{plan}");
    assert!(!Path::new(&out).exists());
    let first = ingest(&["--quiet"]);
    assert!(first.contains("132 of 132 images written"), "{first}");
    assert!(ingest(&[]).contains("132 images already in the data set; nothing to do"));
    assert!(ingest(&["--dry-run"]).contains("0 images would be written"));
    let other = fails(
        "ingest",
        &["small-fashion", &photos, "--out", &out, "--size", "64"],
    );
    assert!(other.contains("size 256, now 64"), "{other}");
    place.write("photos/images/new.png", red());
    assert!(ingest(&[]).contains("132 reused"));
    let few = ingest(&[
        "--overwrite",
        "--dedup",
        "keep-first",
        "--exact-duplicates-only",
        "--pad-color",
        "0,0,0",
        "--filter",
        "typed",
    ]);
    assert!(few.contains("not-typed"), "{few}");
}

#[test]
fn evaluate_compares_with_labels() {
    let place = Place::new();
    place.write("images/a.jpg", red());
    place.write("images/b.jpg", red());
    place.write("images/c.jpg", red());
    place.write("labels.csv", "id,type,color\na,1,red\nb,2,pink\nc,0,\n");
    let (images, labels) = (place.path("images"), place.path("labels.csv"));
    let args = ["--images", &images, "--labels", &labels];
    let line = succeeds("evaluate", &[&args[..], &["--json"]].concat());
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["n"], &line["accuracy"], &line["macro_recall"]),
        (&2.into(), &0.5.into(), &0.5.into())
    );
    assert_eq!(line["per_color"]["red"]["precision"], 0.5);
    assert_eq!(line["accepted_accuracy"], Value::Null);
    let types = &line["type"];
    assert_eq!(
        (&types["n"], &types["per_type"]["none"]["n"]),
        (&3.into(), &1.into())
    );
    assert!(
        line["surest_70"].is_number() && types["surest_90"].is_number(),
        "{line}"
    );
    assert!(succeeds("evaluate", &args).contains("accuracy      0.500"));
    let color = [&args[..], &["--method", "color", "--json"]].concat();
    let line: Value = serde_json::from_str(&succeeds("evaluate", &color)).unwrap();
    assert_eq!((&line["n"], &line["type"]), (&2.into(), &Value::Null));
    let no_use = [&args[..], &["--method", "color", "--given-type"]].concat();
    assert!(fails("evaluate", &no_use).contains("--given-type has no effect"));
    place.write("labels.csv", "id,type\na,1\n");
    let page = place.path("page.html");
    succeeds("evaluate", &[&args[..], &["--html", &page]].concat());
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<h2>Types</h2>") && !page.contains("<h2>Colours</h2>"));
    place.write("labels.csv", "id,color\na,teal\nb,red\n");
    let (code, _, err) = said("evaluate", &[&args[..], &["--given-type"]].concat());
    assert!(
        code == 2 && err.contains("--given-type has no effect: no row of"),
        "{err}"
    );
    let (code, _, err) = said("evaluate", &args);
    assert!(
        code == 1 && err.contains("column color: `teal` (1 row); expected black"),
        "{err}"
    );
    place.write("labels.csv", "id,color\na,teal\n");
    let (code, _, err) = said("evaluate", &args);
    assert!(code == 2 && err.ends_with("labels.csv` has a label\n"), "{err}");
}

#[test]
fn evaluate_writes_predictions_and_mistakes() {
    let place = Place::new();
    for name in ["a", "b", "c"] {
        place.write(&format!("images/{name}.jpg"), red());
    }
    place.write("labels.csv", "id,color\na,red\nb,pink\nc,blue\n");
    place.write("accepted.csv", "id,accepted\nb,purple red\n");
    let [images, labels, accepted, table, page] =
        ["images", "labels.csv", "accepted.csv", "out.csv", "out.html"].map(|name| place.path(name));
    let args = ["--images", &images, "--labels", &labels, "--accepted", &accepted];
    let out = ["--predictions", &table, "--html", &page];
    let text = succeeds("evaluate", &[&args[..], &out].concat());
    assert!(
        text.contains("accuracy      0.333 (0.061 to 0.792)\nor accepted   0.667"),
        "{text}"
    );
    let line = succeeds("evaluate", &[&args[..], &["--json"]].concat());
    let line: Value = serde_json::from_str(&line).unwrap();
    assert!(
        (line["accepted_accuracy"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-9,
        "{line}"
    );

    for (out, both) in [
        (
            ["--predictions", &*labels, "--html", &*page],
            "--labels and --predictions",
        ),
        (
            ["--predictions", &*table, "--html", &*table],
            "--predictions and --html",
        ),
    ] {
        let error = fails("evaluate", &[&args[..], &out].concat());
        assert!(error.contains(both), "{error}");
    }

    let table = fs::read_to_string(table).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(
        rows[0],
        "file,color,predicted,confidence,r,g,b,type,predicted_type,type_confidence"
    );
    assert_eq!(rows.len(), 4);
    assert!(
        rows[1].starts_with("a.jpg,red,red,0.") || rows[1].starts_with("a.jpg,red,red,1"),
        "{table}"
    );
    assert!(rows[1].contains(",200,30,30,,"), "{table}");
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.matches("<figure>").count(), 1);
    assert!(
        page.contains("c.jpg") && page.contains("src=\"data:image"),
        "{page}"
    );
    assert!(!page.contains("http"), "{page}");
}

#[test]
fn classify_explains() {
    let place = Place::new();
    place.write("one/a.png", red());
    place.write("two/a.png", red());
    let [one, two, out] = ["one", "two", "out"].map(|name| place.path(name));
    succeeds("classify", &[&one, &two, "--explain", &out]);
    for name in ["a.png", "a~2.png"] {
        let bytes = fs::read(Path::new(&out).join(name)).unwrap();
        let page = ai4fashion_image::decode(&bytes, &ai4fashion_image::Limits::default()).unwrap();
        assert!(page.into_rgb8().width() > 600);
    }
    assert!(fails("classify", &[&one, "--explain", &out]).contains("not empty"));
    let rule = ["--explain", &place.path("new"), "--method", "lookbook"];
    assert!(fails("classify", &[&[&*one], &rule[..]].concat()).contains("nothing to explain"));
}

#[test]
fn classify_prints_a_line_of_json_a_file() {
    let place = Place::new();
    place.write("photos/a.png", red());
    place.write("photos/b.png", red());
    let text = succeeds("classify", &[&place.path("photos"), "--json"]);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for (line, file) in lines.iter().zip(["a.png", "b.png"]) {
        assert!(line["file"].as_str().unwrap().ends_with(file), "{line}");
        assert_eq!(line["predicted"], "red");
        let [confidence, share] =
            [&line["confidence"], &line["fractions"]["red"]].map(|value| value.as_f64().unwrap());
        assert!(confidence > 0.5 && confidence <= 1.0 && share > 0.9, "{line}");
        assert_eq!(line["fractions"].as_object().unwrap().len(), 11);
    }
    let rule = ["--json", "--method", "lookbook"];
    let line = succeeds("classify", &[&[&*place.path("photos/a.png")], &rule[..]].concat());
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["confidence"], &line["fractions"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn sources_of_several_kinds() {
    let place = Place::new();
    place.write("one/a.png", red());
    place.write("two/b_CLEAN1.png", red());
    let [one, out] = ["one", "out"].map(|name| place.path(name));
    let second = format!("lookbook={}", place.path("two"));
    let text = succeeds("ingest", &[&one, "--source", &second, "--out", &out]);
    assert!(text.contains("2 of 2 images written"), "{text}");
    let dataset = Dataset::open(&out).unwrap();
    let sources = dataset.records().iter().map(|record| &*record.source);
    assert_eq!(sources.collect::<Vec<_>>(), ["folder", "lookbook"]);
}

#[test]
fn list_is_read_from_standard_input() {
    let place = Place::new();
    place.write("a.png", red());
    place.write("list", format!("{}\n", place.path("a.png")));
    let list = fs::File::open(place.path("list")).unwrap();
    let args = ["list", "-", "--out", &place.path("data")];
    let output = program("ingest").args(args).stdin(list).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(Dataset::open(place.path("data")).unwrap().len(), 1);
}

#[test]
fn corrections_are_applied_and_undone() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let dataset = Dataset::open(&data).unwrap();
    let none = fails("evaluate", &["--dataset", &data]);
    assert!(none.contains("has a human label"), "{none}");

    let (first, second) = (&dataset.records()[0], &dataset.records()[1]);
    let header = "file,old_color,new_color,old_type,new_type,when";
    let labels = |record: &ai4fashion_dataset::Record| {
        let number = record.product_type.map_or(0, |known| known.number());
        (record.file.clone(), record.color, number)
    };
    let ((file, color, number), (other, other_color, other_number)) = (labels(first), labels(second));
    let good = format!("{file},{color},{color},{number},12,\n");
    place.write(
        "bad.csv",
        format!("{header}\n{good}x,red,blue,0,,\n{other},teal,blue,0,,\n"),
    );
    let (code, out, err) = said("review", &[&data, "--apply", &place.path("bad.csv")]);
    assert_eq!((code, &*out), (2, ""), "{err}");
    for part in [
        "row 3: there is no image",
        "row 4: `teal` is not a colour",
        "error: 2 of 3 corrections cannot be applied",
    ] {
        assert!(err.contains(part), "{err}");
    }
    assert_eq!(Dataset::open(&data).unwrap().records(), dataset.records());

    place.write(
        "good.csv",
        format!("{header}\n{good}{other},{other_color},pink,{other_number},,\n"),
    );
    let plan = succeeds("review", &[&data, "--apply", &place.path("good.csv")]);
    assert!(
        plan.contains("2 corrections: 1 other colour, 1 other type, 0 confirmed"),
        "{plan}"
    );
    let table = succeeds("stats", &[&data, "--plots", &place.path("plots")]);
    assert!(
        table.contains("agreement with human labels: 50.0% of 2 colours"),
        "{table}"
    );
    for file in [
        "report.html",
        "colors-by-type.png",
        "confidence.svg",
        "source.png",
        "before-and-after.png",
    ] {
        assert!(Path::new(&place.path("plots")).join(file).is_file(), "{file}");
    }
    // Charts are replaced, and contact sheets are not put over them.
    succeeds("stats", &[&data, "--plots", &place.path("plots")]);
    let error = fails("stats", &[&data, "--sheets", &place.path("plots")]);
    assert!(
        error.contains("which is no unchanged output of --sheets"),
        "{error}"
    );
    let line = succeeds("evaluate", &["--dataset", &data, "--json"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["n"], &line["type"]["n"]), (&2.into(), &1.into()));

    let weights = place.path("own.safetensors");
    let line = succeeds("fit", &[&data, "--out", &weights, "--steps", "3", "--json"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["labelled"], &line["skipped"]), (&2.into(), &0.into()));
    succeeds("classify", &[&data, "--weights", &weights]);
    succeeds("fit", &[&data, "--out", &weights, "--steps", "1"]);
    place.write("bad.safetensors", "no weights");
    let typed = place.path("typed");
    let (code, _, err) = said("ingest", &["folder", &data, "--filter", "typed", "--out", &typed]);
    assert!(code == 2 && err.contains("suggested types do not count"), "{err}");
    for out in ["bad.safetensors", "no/folder.safetensors"] {
        let error = fails("fit", &[&data, "--out", &place.path(out), "--steps", "1"]);
        assert!(
            error.contains("name another file with --out") || error.contains("its folder does not exist"),
            "{error}"
        );
    }
    let bad = ["--weights", &place.path("bad.safetensors")];
    let error = fails("classify", &[&[&*data], &bad[..]].concat());
    assert!(
        error.contains("does not hold the weights of a garment classifier"),
        "{error}"
    );

    // What changes nothing leaves nothing to undo.
    place.write("empty.csv", format!("{header}\n"));
    let applied = succeeds("review", &[&data, "--apply", &place.path("empty.csv")]);
    assert!(
        applied.ends_with("Nothing to change.\n") && !applied.contains("--undo"),
        "{applied}"
    );
    let undone = succeeds("review", &[&data, "--undo"]);
    assert!(undone.ends_with("The last corrections are undone.\n"), "{undone}");
    assert_eq!(Dataset::open(&data).unwrap().records(), dataset.records());
    assert!(fails("review", &[&data, "--undo"]).contains("there are no corrections to undo"));
}
