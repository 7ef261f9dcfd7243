//! Writes inputs to begin with, one folder a target, below the folder that is named.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{
    BasicColor, Folder, Ingest, IngestOptions, ProductType, SmallFashion,
    corrections::{Correction, CorrectionTable, LabelChange},
    ingest::Filter,
};
use ai4fashion_dcgan::{DcganConfig, Generator, cpu, data::ImageCache, model::save_weights};
use ai4fashion_image::{
    encode_jpeg,
    image::{DynamicImage, ImageFormat, Rgb, RgbImage, imageops},
};
use ai4fashion_synthetic::{Catalogue, View};
use ai4fashion_testkit::{
    ChunkPlace, ZipFile, encoded, hostile_files, jpeg_with_orientation, png_with_chunk, png_with_profile,
    textured, zip,
};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The most bytes of a seed.
const MAX_BYTES: usize = 6000;

struct Seeds(PathBuf);

impl Seeds {
    fn add(&self, target: &str, name: &str, bytes: impl AsRef<[u8]>) -> Result {
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        if bytes.as_ref().len() <= MAX_BYTES {
            fs::write(folder.join(name), bytes)?;
        }
        Ok(())
    }
}

fn main() -> Result {
    let folder = env::args_os().nth(1).ok_or("name a folder")?;
    let seeds = Seeds(folder.into());
    let catalogue = Catalogue::new(7).with_per_label(1);
    let garment = |index: usize| {
        imageops::resize(
            &catalogue.render(index, View::GarmentOnly),
            24,
            32,
            imageops::FilterType::Triangle,
        )
    };
    names(&seeds)?;
    tables(&seeds)?;
    images(&seeds, &garment(5))?;
    data_sets(&seeds, &garment)?;
    archives(&seeds)?;
    weights(&seeds)?;
    caches(&seeds)?;
    arrays(&seeds)?;
    requests(&seeds)
}

fn names(seeds: &Seeds) -> Result {
    for (place, name) in [
        "red_originalImgName_1.jpg",
        "purple__12.jpg",
        "grey_a_b_0.jpg",
        "con.jpg",
        "a*b?<c>.jpeg",
        "rose\u{301} %2F.png",
    ]
    .iter()
    .enumerate()
    {
        seeds.add("labeled_name", &place.to_string(), name)?;
    }
    Ok(())
}

fn tables(seeds: &Seeds) -> Result {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let styles = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName\n\
                  1,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,\"Men's \"\"Check\"\" Shirt\"\n\
                  02,Women,Apparel,Topwear,Tops,NA,Summer,2012,NA,A top, with, commas\n\
                  x/3.jpg,Men,Footwear,Shoes,Casual Shoes,Black,Fall,2011,Casual,\"two\nlines\"\n1,Men\n";
    seeds.add("styles_table", "kaggle", styles)?;
    seeds.add(
        "styles_table",
        "semicolons",
        "\u{feff}sep=;\r\nid;articleType\r\n1;Dresses\r\n1;Tops\r\n",
    )?;
    seeds.add(
        "styles_table",
        "utf16",
        utf16("\u{feff}ID\tarticleType\r\n7\tJeans\r\n"),
    )?;
    let types = "type,stem\nSkirts,a\n1.0, b\n12,\"c,d\"\nSkirts,./x/A.JPG\n3,007\n3,7\n";
    seeds.add("type_table", "names", types)?;
    seeds.add(
        "type_table",
        "utf16",
        utf16("\u{feff}stem\ttype\r\nros\u{e9}\t10\r\n"),
    )?;
    seeds.add(
        "type_table",
        "paths",
        "path;TYPE\nimg\\Dress_1\\img_1.jpg;1\n./Tee_2/img_1.JPG;3\n",
    )?;
    let one = Correction::new(
        "images/red_a, \"b\"_1.jpg",
        BasicColor::Red,
        Some(ProductType::Dress),
    );
    let corrections = [
        one.clone()
            .with_color(LabelChange::Set(BasicColor::Pink))
            .with_time("2026-11-25T10:00:00Z"),
        one.clone().with_type(LabelChange::Set(None)),
        one.with_color(LabelChange::Reset)
            .with_type(LabelChange::Set(Some(ProductType::Coat))),
    ];
    let text = CorrectionTable::write(&corrections);
    seeds.add("corrections_table", "ours", &text)?;
    seeds.add(
        "corrections_table",
        "utf16",
        utf16(&format!("\u{feff}{}", text.replace(',', ";"))),
    )?;
    seeds.add(
        "corrections_table",
        "bad",
        format!("{text}a,teal,red,1,,\na,red,blue\n"),
    )
}

fn images(seeds: &Seeds, garment: &RgbImage) -> Result {
    let target = "decode_and_letterbox";
    for (name, format) in [
        ("png", ImageFormat::Png),
        ("webp", ImageFormat::WebP),
        ("bmp", ImageFormat::Bmp),
        ("gif", ImageFormat::Gif),
        ("jpeg", ImageFormat::Jpeg),
    ] {
        seeds.add(target, name, encoded(garment.clone(), format))?;
        let small = DynamicImage::from(textured(9, 7));
        seeds.add(target, &format!("small-{name}"), encoded(small.clone(), format))?;
        if format == ImageFormat::Png {
            seeds.add(target, "grey", encoded(small.to_luma8(), format))?;
            seeds.add(target, "deep", encoded(small.to_rgba16(), format))?;
        }
        if matches!(format, ImageFormat::WebP | ImageFormat::Gif) {
            seeds.add(
                target,
                &format!("alpha-{name}"),
                encoded(small.to_rgba8(), format),
            )?;
        }
    }
    seeds.add(target, "turned", jpeg_with_orientation(garment, 6))?;
    seeds.add(target, "quality", encode_jpeg(garment, 30)?)?;
    seeds.add(target, "profile", png_with_profile(400))?;
    let png = encoded(textured(5, 4), ImageFormat::Png);
    seeds.add(
        target,
        "exif",
        png_with_chunk(
            &png,
            *b"eXIf",
            b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
            ChunkPlace::AfterHeader,
        ),
    )?;
    for file in hostile_files() {
        seeds.add(target, &format!("hostile-{}", file.name), &file.bytes)?;
    }
    let (width, height) = garment.dimensions();
    for target in ["color_classifier", "garment_classifier"] {
        for options in [0, 2, 6, 14] {
            let head = [width as u8, height as u8, options];
            seeds.add(
                target,
                &options.to_string(),
                [&head[..], garment.as_raw()].concat(),
            )?;
        }
        seeds.add(target, "white", [9, 9, 3, 255, 255, 255, 255])?;
        seeds.add(target, "empty", [0, 9, 0, 1])?;
    }
    let head = [width as u8, height as u8, 16];
    for options in 0..3 {
        seeds.add(
            "pixels",
            &options.to_string(),
            [&head[..], &[options], garment.as_raw()].concat(),
        )?;
    }
    Ok(())
}

fn data_sets(seeds: &Seeds, garment: &impl Fn(usize) -> RgbImage) -> Result {
    let folder = env::temp_dir().join(format!("seeds-{}", std::process::id()));
    let photos = folder.join("photos");
    fs::create_dir_all(&photos)?;
    for index in [1, 40, 80] {
        fs::write(
            photos.join(format!("{index}.jpg")),
            encode_jpeg(&garment(index), 90)?,
        )?;
    }
    let kaggle = folder.join("kaggle");
    fs::create_dir_all(kaggle.join("images"))?;
    fs::write(
        kaggle.join("styles.csv"),
        "id,articleType,baseColour\n1,Dresses,Red\n2,Tops,Blue\n",
    )?;
    for index in [1, 2] {
        fs::write(
            kaggle.join(format!("images/{index}.jpg")),
            encode_jpeg(&garment(index), 90)?,
        )?;
    }
    let plain = Folder::open(&photos)?;
    let styles = SmallFashion::open(&kaggle)?;
    let out = folder.join("out");
    Ingest::new(IngestOptions::default().with_filter(Filter::All))?.run(&[&plain, &styles], &out, &())?;
    let manifest = fs::read_to_string(out.join("manifest.jsonl"))?;
    for (place, line) in manifest.lines().enumerate() {
        seeds.add("manifest", &place.to_string(), line)?;
        seeds.add(
            "ingest_journal",
            &place.to_string(),
            format!("+{{\"taken\":{line}}}\n"),
        )?;
    }
    seeds.add("manifest", "all", &manifest)?;
    let annotated = manifest.lines().next().unwrap_or_default().replace(
        "\"split\"",
        "\"annotation\":{\"model_color\":\"red\",\"at\":\"2026-11-25T10:00:00Z\"},\"split\"",
    );
    seeds.add("manifest", "annotated", annotated)?;
    seeds.add("ingest_journal", "filtered", "+{\"filtered\":{\"source\":\"folder\",\"source_path\":\"a.jpg\",\"source_blake3\":\"00\",\"reason\":\"not-alone\"}}\n")?;
    let journal = "{\"renames\":[{\"from\":\"images/red_a_1.jpg\",\"to\":\"images/pink_a_1.jpg\"}],\
                   \"files\":[\"manifest.jsonl\",\"metadata.csv\",\"plots/colors.svg\"],\
                   \"removed\":[\"plots/colors.png\"],\"undo\":{\"push\":\"3\"}}";
    seeds.add("change_journal", "push", journal)?;
    seeds.add("change_journal", "pop", journal.replace("push", "pop"))?;
    fs::remove_dir_all(folder)?;
    Ok(())
}

fn archives(seeds: &Seeds) -> Result {
    let plain = || {
        ["a/styles.csv", "a/images/1.jpg", "__MACOSX/a/._1.jpg"]
            .map(|name| ZipFile::new(name, b"some bytes".repeat(3)))
    };
    let mut many: Vec<(&str, Vec<ZipFile>)> = vec![("plain", plain().into())];
    let changed = |change: fn(&mut ZipFile)| {
        let mut files = plain();
        files.iter_mut().for_each(change);
        files.to_vec()
    };
    many.push(("follows", changed(|file| file.flags |= 8)));
    many.push(("zip64", changed(|file| file.is_zip64 = true)));
    many.push(("encrypted", changed(|file| file.flags |= 1)));
    many.push(("same", changed(|file| file.name = b"1.jpg".to_vec())));
    many.push(("out", changed(|file| file.name = b"../1.jpg".to_vec())));
    many.push((
        "stored-deflate",
        changed(|file| {
            let length = file.bytes.len() as u16;
            let block = [
                &[1][..],
                &length.to_le_bytes(),
                &(!length).to_le_bytes(),
                &file.bytes,
            ]
            .concat();
            file.packed = (8, block);
        }),
    ));
    for (number, name) in [
        (9, "deflate64"),
        (12, "bzip2"),
        (14, "lzma"),
        (93, "zstd"),
        (95, "xz"),
    ] {
        let mut files = plain();
        files.iter_mut().for_each(|file| file.packed.0 = number);
        many.push((name, files.to_vec()));
    }
    many.push((
        "unicode",
        vec![ZipFile::new(b"ros\x82.jpg", "x").with_unicode_path("ros\u{e9}.jpg")],
    ));
    for (name, files) in many {
        seeds.add("zip_source", name, zip(&files).bytes)?;
    }
    Ok(())
}

/// Files of PyTorch and one of ours; of the garment's weights the beginning.
fn weights(seeds: &Seeds) -> Result {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for file in fs::read_dir(crates.join("ai4fashion-dcgan/tests/data"))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        seeds.add("network_weights", &name, fs::read(&path)?)?;
    }
    let config = DcganConfig::tutorial().with_image_size(8).with_nz(2).with_ngf(1);
    let path = env::temp_dir().join(format!("seeds-{}.safetensors", std::process::id()));
    save_weights(&Generator::new(&config, &cpu())?, &path)?;
    seeds.add("network_weights", "ours", fs::read(&path)?)?;
    seeds.add("garment_weights", "generator", fs::read(&path)?)?;
    fs::remove_file(path)?;
    let garment = fs::read(crates.join("ai4fashion-garment/src/data/garment.safetensors"))?;
    seeds.add("garment_weights", "begun", &garment[..MAX_BYTES])
}

fn caches(seeds: &Seeds) -> Result {
    let path = env::temp_dir().join(format!("seeds-{}.bin", std::process::id()));
    let images = [RgbImage::from_fn(2, 2, |x, y| {
        Rgb([90 * x as u8, 70 * y as u8, 8])
    })];
    ImageCache::open_or_build(&images[..], 2, &path, &|_, _| ())?;
    seeds.add("image_cache", "whole", fs::read(&path)?)?;
    fs::remove_file(path)?;
    seeds.add("image_cache", "other", "some words of a person's own")
}

/// As NumPy saves them: format 1.0 of `numpy.lib.format`.
fn arrays(seeds: &Seeds) -> Result {
    for (name, kind, shape, bytes) in [
        ("images", "|u1", "(2, 4, 5, 3)", 120),
        ("planes", "|u1", "(2, 3, 4, 5)", 120),
        ("features", "<f4", "(3, 4)", 48),
        ("wide", "<f8", "(3, 4)", 96),
    ] {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
        let header = format!("{header:117}\n");
        let values = vec![7; bytes];
        let file = [&b"\x93NUMPY\x01\x00v\x00"[..], header.as_bytes(), &values].concat();
        seeds.add("npy", name, file)?;
    }
    Ok(())
}

fn requests(seeds: &Seeds) -> Result {
    let target = "http_request";
    seeds.add(
        target,
        "get",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nAccept: */*\r\n\r\n",
    )?;
    seeds.add(target, "post", "POST /annotations HTTP/1.1\r\nHost: localhost:8000\r\nOrigin: http://localhost:8000\r\nContent-Length: 3\r\n\r\nabc")?;
    seeds.add(
        target,
        "chunked",
        "POST /a HTTP/1.0\nTransfer-Encoding: chunked\nContent-Length: 1\nContent-Length: 2\n\n",
    )?;
    let path = Path::new("x").display();
    seeds.add(target, "short", format!("GET /{path} HTTP/1.1\r\nHos"))
}
