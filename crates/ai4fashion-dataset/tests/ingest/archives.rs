//! Images in a `.zip`, and images that a list names.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use ai4fashion_dataset::{
    ErrorKind, Folder, Ingest, IngestOptions, LookBook, RejectReason, SmallFashion,
    source::{FileList, Source, SourceKind, TypeTable},
};
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::jpeg;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::place::{content, ingest, places, red, write};

/// Writes the files of a folder into an archive, below `prefix`.
fn pack(folder: &Path, prefix: &str, archive: &Path) {
    let mut writer = ZipWriter::new(File::create(archive).unwrap());
    for (name, bytes) in content(folder) {
        let name = format!("{prefix}{}", name.display());
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn archive_gives_the_data_set_that_its_folder_gives() {
    let (temp, photos, out) = places();
    Catalogue::new(1)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    ingest(&SmallFashion::open(&photos).unwrap(), &out);
    for prefix in ["", "fashion-product-images-small/"] {
        let archive = temp.path().join("archive.zip");
        pack(&photos, prefix, &archive);
        assert_eq!(SourceKind::detect(&archive).unwrap(), SourceKind::SmallFashion);
        let from_archive = temp.path().join("from archive");
        ingest(&SmallFashion::open(&archive).unwrap(), &from_archive);
        assert!(content(&from_archive) == content(&out), "{prefix}");
        fs::remove_dir_all(from_archive).unwrap();
    }
}

#[test]
fn lookbook_in_an_archive_is_read_without_unpacking() {
    let (temp, photos, out) = places();
    Catalogue::new(1)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    let archive = temp.path().join("LOOKBOOK.ZIP");
    pack(&photos, "lookbook/data/", &archive);
    let source = SourceKind::detect(&archive)
        .unwrap()
        .open(&archive, &TypeTable::default())
        .unwrap();
    assert_eq!(source.name(), "lookbook");
    let report = ingest(&*source, &out);
    assert_eq!(
        report.summary.written,
        LookBook::open(&photos).unwrap().plan().unwrap().images.len()
    );
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 3);
}

#[test]
fn unsafe_files_of_an_archive_are_refused_each_for_its_reason() {
    let (temp, _, out) = places();
    let archive = temp.path().join("hostile.zip");
    let mut writer = ZipWriter::new(File::create(&archive).unwrap());
    let options = SimpleFileOptions::default();
    let deflated = options.compression_method(CompressionMethod::Deflated);
    let mut add = |name: &str, options, bytes: &[u8]| {
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
    };
    add("good.png", options, &red());
    add("../evil.png", options, &red());
    add("/abs.png", options, &red());
    add("C:\\win.png", options, &red());
    add("bomb.png", deflated, &vec![0; 4 << 20]);
    add("empty.png", options, b"");
    add("__MACOSX/._good.png", options, b"not an image");
    add("notes.txt", options, b"not looked at");
    writer.add_symlink("link.png", "/etc/passwd", options).unwrap();
    writer.finish().unwrap();
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    let mut rejected: Vec<(String, String)> = report
        .rejected
        .iter()
        .map(|rejected| (rejected.source_path.clone(), rejected.message.clone()))
        .collect();
    rejected.sort();
    let leads_out = "file in the archive has a name that leads out of the archive";
    let expected = [
        ("../evil.png", leads_out),
        ("/abs.png", leads_out),
        ("C:/win.png", leads_out),
        (
            "bomb.png",
            "file in the archive would unpack to more than 256 times its size",
        ),
        ("empty.png", "file is empty"),
        ("link.png", "file in the archive is a link"),
    ];
    assert_eq!(
        rejected,
        expected.map(|(file, message)| (file.to_owned(), message.to_owned()))
    );
    assert_eq!(report.summary.written, 1);
    assert!(!temp.path().join("evil.png").exists());
}

#[test]
fn names_of_other_systems_are_those_of_the_folder() {
    let (temp, photos, out) = places();
    Catalogue::new(1)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    write(photos.join("images/._10000.jpg"), "what a Mac puts beside it");
    ingest(&SmallFashion::open(&photos).unwrap(), &out);
    let renames: [fn(String) -> String; 2] = [|name| format!("./{name}"), |name| name.replace('/', "\\")];
    for (number, rename) in renames.into_iter().enumerate() {
        let archive = temp.path().join(format!("{number}.zip"));
        let mut writer = ZipWriter::new(File::create(&archive).unwrap());
        for (file, bytes) in content(&photos) {
            let name = rename(file.to_str().unwrap().to_owned());
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap();
        let again = temp.path().join(format!("out-{number}"));
        ingest(&SmallFashion::open(&archive).unwrap(), &again);
        assert!(content(&again) == content(&out), "{number}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn list_names_files_in_whatever_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let (temp, photos, out) = places();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.png");
    write(photos.join(name), red());
    let list = temp.path().join("list.txt");
    let line = [photos.join(name).as_os_str().as_bytes(), b"\r\n"].concat();
    write(&list, line);
    let report = ingest(&FileList::open(&list).unwrap(), &out);
    assert!(report.is_complete());
    let source_path = ai4fashion_dataset::Dataset::open(&out).unwrap().records()[0]
        .source_path
        .clone();
    assert!(
        source_path.starts_with('/') && source_path.ends_with("/caf%E9.png"),
        "{source_path}"
    );
}

#[test]
fn every_beginning_of_an_archive_is_an_error_and_no_panic() {
    let (temp, photos, _) = places();
    write(photos.join("a.jpg"), jpeg(20, 20));
    let archive = temp.path().join("whole.zip");
    pack(&photos, "", &archive);
    let bytes = fs::read(&archive).unwrap();
    let cut = temp.path().join("cut.zip");
    for end in (0..bytes.len()).step_by(7) {
        fs::write(&cut, &bytes[..end]).unwrap();
        let error = Folder::open(&cut).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { .. }),
            "{end}: {error}"
        );
    }
}

#[test]
fn list_names_images_one_by_one() {
    let (temp, photos, out) = places();
    for name in ["a.png", "b.png", "c.png"] {
        write(photos.join(name), red());
    }
    let list = temp.path().join("list.txt");
    let line = |name: &str| format!("{}\n", photos.join(name).display());
    let lines = ["b.png", "a.png", "b.png", "gone.png"].map(line).concat();
    write(&list, format!("\n{lines}"));
    let report = ingest(&FileList::open(&list).unwrap(), &out);
    assert_eq!(report.summary.written, 2);
    let listed: Vec<_> = report
        .rejected
        .iter()
        .map(|rejected| (rejected.row, rejected.reason))
        .collect();
    assert_eq!(
        listed,
        [
            (Some(4), RejectReason::DuplicateId),
            (Some(5), RejectReason::Unreadable)
        ]
    );
    // A data set is not written over a photo of the list.
    let source = FileList::open(&list).unwrap();
    let error = Ingest::new(IngestOptions::default())
        .unwrap()
        .run(&[&source as &dyn Source], &photos, &())
        .unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Overlap { .. } | ErrorKind::NotADataset { .. }
        ),
        "{error}"
    );
}
