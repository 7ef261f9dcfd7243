//! Files of PyTorch: `tests/data/tiny.py` has written them.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Write as _},
    path::PathBuf,
};

use ai4fashion_files::messages;
use burn::tensor::{Tensor, TensorData, bf16, f16};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::{
    config::DcganConfig,
    error::ErrorKind,
    model::weights::{
        load_discriminator, load_generator,
        tests::{damaged, values},
    },
    testing::{device, on_each_device},
};

fn written_by_pytorch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn config() -> DcganConfig {
    DcganConfig::tutorial()
        .with_image_size(8)
        .with_nz(2)
        .with_ngf(1)
        .with_ndf(1)
}

/// The numbers of `tiny.py`, as a type of less precision has them.
fn expected(rounded: impl Fn(f32) -> f32) -> BTreeMap<String, Vec<f32>> {
    let mut count = 0..;
    let tensors = [
        ("main.0.weight", 32),
        ("main.1.weight", 1),
        ("main.1.bias", 1),
        ("main.1.running_mean", 1),
        ("main.1.running_var", 1),
        ("main.3.weight", 48),
    ];
    let tensors = tensors.map(|(name, len)| {
        let values = count.by_ref().take(len);
        let values = values.map(|number: i16| rounded(f32::from(number) / 100.0));
        (name.to_owned(), values.collect())
    });
    BTreeMap::from(tensors)
}

/// What is wrong with a file, by its causes.
fn problem(path: &Path) -> String {
    let error = load_generator(&config(), &device(), path).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Weights { .. }), "{error}");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(error.to_string().contains(name), "{error}");
    messages(&error)[1..].join(": ")
}

#[test]
fn generator_is_read_from_all_that_pytorch_writes() {
    on_each_device(|| {
        let exact: fn(f32) -> f32 = |value| value;
        for (name, rounded) in [
            ("tiny.pth", exact),
            ("tiny-legacy.pth", exact),
            ("tiny-f16.pth", |value| f16::from_f32(value).to_f32()),
            ("tiny-bf16-legacy.pth", |value| bf16::from_f32(value).to_f32()),
            ("tiny-f64.pth", exact),
            ("tiny-strided.pth", exact),
            ("tiny-strided-legacy.pth", exact),
            ("tiny-module.pth", exact),
            ("tiny-checkpoint.pth", exact),
            ("tiny-lightning.ckpt", exact),
        ] {
            let generator = load_generator(&config(), &device(), written_by_pytorch(name))
                .unwrap_or_else(|error| panic!("{name}: {:?}", messages(&error)));
            assert_eq!(values(&generator), expected(rounded), "{name}");
        }
    });
}

#[test]
fn discriminator_is_read_from_the_same_checkpoints() {
    on_each_device(|| {
        let load = |name: &str| {
            let network = load_discriminator(&config(), &device(), written_by_pytorch(name)).unwrap();
            values(&network)
        };
        let alone = load("tiny-discriminator-legacy.pth");
        assert_eq!(alone["main.2.weight"].len(), 16);
        for name in [
            "tiny-checkpoint.pth",
            "tiny-lightning.ckpt",
            "tiny-two-legacy.pth",
        ] {
            assert_eq!(load(name), alone, "{name}");
        }
    });
}

#[test]
fn generator_of_a_file_of_pytorch_draws() {
    on_each_device(|| {
        let load = |name: &str| load_generator(&config(), &device(), written_by_pytorch(name)).unwrap();
        let noise = Tensor::<4>::from_data(TensorData::new(vec![0.5_f32, -0.25], [1, 2, 1, 1]), &device());
        let images = load("tiny.pth").forward(noise).into_data();
        let images: Vec<f32> = images.try_to_vec().unwrap();
        // What PyTorch 2.15 answers in evaluation mode at some places.
        for (place, expected) in [
            (0, 0.050_985),
            (50, 0.249_307_6),
            (100, 0.321_533_14),
            (191, 0.112_423_73),
        ] {
            assert!(
                (images[place] - expected).abs() < 1e-6,
                "{} at {place}",
                images[place]
            );
        }
    });
}

#[test]
fn files_without_exactly_one_such_generator_say_what_they_hold() {
    on_each_device(|| {
        let problem = |name: &str| problem(&written_by_pytorch(name));
        assert_eq!(
            problem("tiny-two-legacy.pth"),
            "several of its entries are such a network: `ema.`, `netG.module._orig_mod.`; save the one to be \
             read in a file of its own"
        );
        assert_eq!(
            problem("tiny-i8.pth"),
            "main.0.weight is I8; expected F32, F16, BF16 or F64"
        );
        let found = problem("tiny-discriminator-legacy.pth");
        assert!(
            found.starts_with("it holds a discriminator, expected a generator; "),
            "{found}"
        );
        let found = problem("tiny-settings.pth");
        let held = "; the file holds no tensors; its keys are config (dictionary of 1), epoch; expected are";
        assert!(found.contains(held), "{found}");
    });
}

#[test]
fn checkpoint_of_another_size_says_keys_tensors_and_differences() {
    on_each_device(|| {
        let other = config().with_nz(3);
        let path = written_by_pytorch("tiny-checkpoint.pth");
        let error = load_generator(&other, &device(), &path).unwrap_err();
        let found = messages(&error)[1..].join(": ");
        assert_eq!(
            found,
            "closest is what is under `netG.`: main.0.weight is [2, 1, 4, 4], in the network [3, 1, 4, 4]; \
             the file holds 12 tensors: fixed_noise [1, 2, 1, 1], netD.module.main.0.weight [1, 3, 4, 4], \
             netD.module.main.2.weight [1, 1, 4, 4], and 9 more; its keys are args (argparse.Namespace), \
             epoch, fixed_noise (torch.Tensor), netD (dictionary of 2), netG (dictionary of 7), \
             optimizerG (dictionary of 2); expected are the network's tensors, in one entry or under one \
             prefix"
        );
    });
}

/// A zip archive with entries of these names.
fn archive(names: &[&str]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, stored).unwrap();
        let is_pickle = name.ends_with(".pkl");
        let content: &[u8] = if is_pickle { b"\x80\x02}." } else { b"3\n" };
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn zip_archives_and_pickles_of_something_else_are_named_in_words() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("netG.pth");
        for (bytes, expected) in [
            (
                archive(&["photos/1.jpg", "photos/2.jpg"]),
                "it is a zip archive of something else, with photos/1.jpg, photos/2.jpg; expected safetensors",
            ),
            (
                archive(&["main.0.weight.npy"]),
                "it is an archive of NumPy with main.0.weight.npy; ",
            ),
            (archive(&[]), "it is an empty zip archive; "),
            (
                archive(&["net/data.pkl", "net/version", "net/data/0"]),
                "it lacks main.0.weight [2, 1, 4, 4], ",
            ),
            (
                b"\x80\x02}q\x00X\x05\x00\x00\x00epochq\x01K\x03s.".to_vec(),
                "it is a pickle that `torch.save` has not written, with the keys epoch; ",
            ),
            (
                b"(dp0\nVepoch\np1\nI3\ns.".to_vec(),
                "it is a pickle that `torch.save` has not written, with the keys epoch; ",
            ),
            (
                b"\x80\x02cos\nsystem\nq\x00".to_vec(),
                "it is a pickle that `torch.save` has not written; ",
            ),
        ] {
            fs::write(&path, &bytes).unwrap();
            let found = problem(&path);
            assert!(found.starts_with(expected), "{found}");
        }
        // A program of TorchScript, whose tensors are attributes of its own objects.
        let mut script = archive(&["net/code/__torch__.py", "net/constants.pkl", "net/data.pkl"]);
        let at = script.windows(4).rposition(|bytes| bytes == b"\x80\x02}.");
        script[at.unwrap() + 2] = b'?';
        fs::write(&path, &script).unwrap();
        assert!(problem(&path).starts_with("it is a program of TorchScript; "));
    });
}

#[test]
fn a_pickle_is_not_run() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let (path, made) = (temp.path().join("netG.pth"), temp.path().join("made"));
        // What a pickle of protocol 2 says to call `os.system("touch made")`.
        let command = format!("touch {}", made.display());
        let mut bytes = b"\x80\x02cos\nsystem\nX".to_vec();
        bytes.extend((command.len() as u32).to_le_bytes());
        bytes.extend(command.as_bytes());
        bytes.extend(b"\x85R.");
        fs::write(&path, &bytes).unwrap();
        let found = problem(&path);
        assert!(found.contains("`torch.save` has not written"), "{found}");
        assert!(!made.exists());
    });
}

#[test]
fn damaged_files_of_pytorch_are_read_or_refused() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("netG.pth");
        for name in [
            "tiny.pth",
            "tiny-legacy.pth",
            "tiny-bf16-legacy.pth",
            "tiny-strided.pth",
            "tiny-strided-legacy.pth",
            "tiny-module.pth",
            "tiny-checkpoint.pth",
            "tiny-lightning.ckpt",
            "tiny-two-legacy.pth",
        ] {
            let whole = fs::read(written_by_pytorch(name)).unwrap();
            for (at, bytes) in damaged::damaged(&whole, 120).into_iter().enumerate() {
                fs::write(&path, &bytes).unwrap();
                let Err(error) = load_generator(&config(), &device(), &path) else {
                    continue;
                };
                assert!(matches!(error.kind(), ErrorKind::Weights { .. }), "{at}: {error}");
                for text in messages(&error) {
                    assert!(!text.contains(char::is_control) && text.len() < 2500, "{text}");
                }
            }
            // Each cut is told: an archive has its directory at its end.
            for len in [4, 100, whole.len() / 2, whole.len() - 10] {
                fs::write(&path, &whole[..len]).unwrap();
                assert!(
                    load_generator(&config(), &device(), &path).is_err(),
                    "{name} until {len}"
                );
            }
        }
    });
}

/// The file of PyTorch with a value of `main.3.weight` that is NaN; its archive is packed anew.
fn with_nan(name: &str) -> Vec<u8> {
    let with_nan = |mut bytes: Vec<u8>| {
        let value = 0.57_f32.to_le_bytes();
        if let Some(at) = bytes.windows(4).position(|window| window == value) {
            bytes[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        }
        bytes
    };
    let bytes = fs::read(written_by_pytorch(name)).unwrap();
    let Ok(mut whole) = ZipArchive::new(Cursor::new(bytes.clone())) else {
        return with_nan(bytes);
    };
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..whole.len() {
        let mut entry = whole.by_index(place).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        zip.start_file(entry.name().unwrap().into_owned(), stored)
            .unwrap();
        zip.write_all(&with_nan(content)).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn nan_in_a_file_of_pytorch_is_refused_by_the_name_of_its_tensor() {
    on_each_device(|| {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("netG.pth");
        for name in ["tiny.pth", "tiny-legacy.pth"] {
            fs::write(&path, with_nan(name)).unwrap();
            let found = problem(&path);
            assert!(
                found.starts_with("values that are NaN or infinite: "),
                "{name}: {found}"
            );
            assert!(found.contains("main.3.weight (1 of 48); "), "{name}: {found}");
        }
    });
}
