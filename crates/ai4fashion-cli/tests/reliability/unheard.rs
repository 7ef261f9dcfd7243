//! Nobody reads what the program says, or there is no room for it: the work is the same, and so is
//! the exit code.
#![cfg(unix)]

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Command, Stdio},
};

use ai4fashion_dataset::Dataset;

use crate::{
    place::{Place, red, synthetic_dataset},
    program::{program, said},
};

/// Places that take no word.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deaf {
    /// A pipe whose reader has gone, as `head` does.
    Gone,
    /// A full disk.
    Full,
    /// No stream at all.
    Closed,
}

impl Deaf {
    const ALL: [Self; 3] = [Self::Gone, Self::Full, Self::Closed];

    fn stream(self) -> Stdio {
        match self {
            Self::Gone => io::pipe().unwrap().1.into(),
            Self::Full => File::options().write(true).open("/dev/full").unwrap().into(),
            Self::Closed => Stdio::null(),
        }
    }
}

/// Runs the program with its standard streams (1, 2 or both) at a place that takes nothing, and
/// gives its exit code.
fn code(streams: &[u8], deaf: Deaf, command: &str, args: &[&str]) -> i32 {
    let mut program = program(command);
    if deaf == Deaf::Closed {
        let closed: Vec<_> = streams.iter().map(|stream| format!("{stream}>&-")).collect();
        let line = format!("exec \"$0\" \"$@\" {}", closed.join(" "));
        let binary = program.get_program().to_owned();
        program = Command::new("sh");
        program.arg("-c").arg(line).arg(binary).arg(command);
    }
    program.args(args).stdout(Stdio::null()).stderr(Stdio::null());
    if streams.contains(&1) && deaf != Deaf::Closed {
        program.stdout(deaf.stream());
    }
    if streams.contains(&2) && deaf != Deaf::Closed {
        program.stderr(deaf.stream());
    }
    // A panic is 101, and a signal has no code.
    program.status().unwrap().code().unwrap()
}

/// More photos than the least number of which progress is printed, some of them bad.
fn photos(place: &Place) -> String {
    let photo = red();
    for number in 0..210 {
        let bytes: &[u8] = if number % 15 == 7 { b"no photo" } else { &photo };
        place.write(&format!("photos/{number}.png"), bytes);
    }
    place.path("photos")
}

#[test]
fn ingestion_is_the_same_whoever_listens() {
    let place = Place::new();
    let photos = photos(&place);
    let args = |out: &str| -> Vec<String> {
        let options = ["--labels", "color", "--image-size", "16", "--out", out];
        [&["folder", &*photos], &options[..]]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let heard = place.path("heard");
    let heard_args = args(&heard);
    let heard_args: Vec<&str> = heard_args.iter().map(|arg| &**arg).collect();
    let (expected, _, err) = said("ingest", &heard_args);
    assert_eq!(expected, 1, "{err}");
    for line in ["skipped: ", "more, see", "ingesting: 21 of 210"] {
        assert!(err.contains(line), "{err}");
    }
    let heard = Dataset::open(heard).unwrap();
    for deaf in Deaf::ALL {
        for streams in [&[2][..], &[1, 2]] {
            let out = place.path("unheard");
            let args = args(&out);
            let args: Vec<&str> = args.iter().map(|arg| &**arg).collect();
            // Words that a full disk has lost are an error, after the work.
            let is_lost = deaf == Deaf::Full && streams.contains(&1);
            let code = code(streams, deaf, "ingest", &args);
            assert_eq!(code, if is_lost { 2 } else { expected }, "{deaf:?} {streams:?}");
            let dataset = Dataset::open(&out).unwrap();
            assert_eq!(dataset.fingerprint(), heard.fingerprint(), "{deaf:?} {streams:?}");
            fs::remove_dir_all(out).unwrap();
        }
    }
}

#[test]
fn exit_code_is_right_whoever_listens() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    place.write("mixed/a.png", red());
    place.write("mixed/b.png", "no photo");
    place.write("bad/a.png", "no photo");
    let header = "file,old_color,new_color,old_type,new_type,when";
    place.write("bad.csv", format!("{header}\nx,red,blue,0,,\ny,teal,blue,0,,\n"));
    let [mixed, bad, table] = ["mixed", "bad", "bad.csv"].map(|name| place.path(name));
    for (expected, command, args) in [
        (2, "stats", &["/nowhere"][..]),
        (2, "stats", &[]),
        (2, "inges", &[]),
        (2, "ingest", &["folder", &bad, "--out", &place.path("no")]),
        (2, "review", &["/nowhere"]),
        (2, "review", &[&data, "--undo"]),
        (2, "review", &[&data, "--apply", &table]),
        (2, "evaluate", &["--dataset", &data]),
        (2, "classify", &[&bad]),
        (1, "classify", &[&mixed]),
        (1, "classify", &[&mixed, "--json"]),
        (0, "stats", &[&data]),
        (0, "review", &[&data]),
        (0, "completions", &["bash"]),
        (0, "--help", &[]),
        (0, "--version", &[]),
    ] {
        for deaf in Deaf::ALL {
            let errors = code(&[2], deaf, command, args);
            assert_eq!(errors, expected, "{command} {args:?} {deaf:?}");
            let words = code(&[1], deaf, command, args);
            let is_lost = deaf == Deaf::Full && expected != 2;
            let expected = if is_lost { 2 } else { expected };
            assert_eq!(words, expected, "{command} {args:?} {deaf:?}: standard output");
            let both = code(&[1, 2], deaf, command, args);
            assert_eq!(both, expected, "{command} {args:?} {deaf:?}: both");
        }
    }
    assert!(!Path::new(&place.path("no")).exists());
}

#[test]
fn files_are_written_whoever_listens() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    place.write("red.png", red());
    for deaf in Deaf::ALL {
        let (plots, sheets, explained) = (place.path("plots"), place.path("sheets"), place.path("why"));
        let args = [&*data, "--plots", &plots, "--sheets", &sheets];
        let expected = if deaf == Deaf::Full { 2 } else { 0 };
        assert_eq!(code(&[1, 2], deaf, "stats", &args), expected, "{deaf:?}");
        let args = [&*place.path("red.png"), "--explain", &explained];
        assert_eq!(code(&[1, 2], deaf, "classify", &args), expected, "{deaf:?}");
        for (folder, file) in [
            (&plots, "report.html"),
            (&sheets, "index.html"),
            (&explained, "red.png"),
        ] {
            assert!(Path::new(folder).join(file).is_file(), "{deaf:?} {file}");
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
