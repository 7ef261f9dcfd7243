//! `croissant.json`: metadata that search engines for data sets and `mlcroissant` read.
//!
//! Format: Croissant 1.0, <https://docs.mlcommons.org/croissant/docs/croissant-spec.html>.

use std::{fs, io::Read as _, path::Path};

use rayon::prelude::*;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use ai4fashion_dataset::Split;
use ai4fashion_files::{hex, json as json_file};

use crate::{
    about::About,
    columns::{self, Column, Values},
    error::Error,
    format::Format,
    image_folder,
};

/// The name of the metadata.
pub(crate) const FILE: &str = "croissant.json";

/// What was exported to a folder, if it has our metadata.
pub(crate) fn fingerprint(folder: &Path) -> Option<String> {
    let metadata: Json = json_file::read(folder.join(FILE)).ok()?;
    metadata["identifier"].as_str().map(str::to_owned)
}

/// A file of the export: its path below the folder, and its SHA-256.
#[derive(Clone, Debug)]
pub(crate) struct HashedFile {
    path: String,
    sha256: String,
}

/// Hashes the shards, or the tables of a folder, that were written to `folder`.
pub(crate) fn files(about: &About<'_>, folder: &Path) -> Result<Vec<HashedFile>, Error> {
    let format = about.options.format;
    let paths = about.shards.iter().map(|shard| match format {
        Format::ImageFolder => format!("{}/{}", shard.split, image_folder::METADATA),
        Format::Parquet | Format::WebDataset => shard.path(format),
    });
    let paths: Vec<String> = paths.collect();
    let hashed = paths.into_par_iter().map(|path| {
        let sha256 = sha256_of(&folder.join(&path))?;
        Ok(HashedFile { path, sha256 })
    });
    hashed.collect()
}

/// The first file of an export in `folder` that its metadata names and that is not there as it was.
pub(crate) fn first_changed(folder: &Path) -> Option<String> {
    let metadata: Json = json_file::read(folder.join(FILE)).ok()?;
    let files = metadata["distribution"].as_array()?;
    let mut hashed = files.iter().filter(|file| file["sha256"].is_string());
    let changed = hashed.find(|file| {
        let path = folder.join(file["contentUrl"].as_str().unwrap_or_default());
        sha256_of(&path).ok().as_deref() != file["sha256"].as_str()
    });
    Some(changed?["contentUrl"].as_str()?.to_owned())
}

fn sha256_of(path: &Path) -> Result<String, Error> {
    let mut hash = Sha256::new();
    let mut file = fs::File::open(path).map_err(Error::read(path))?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(Error::read(path))? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// Returns the text of the metadata.
pub(crate) fn write(about: &About<'_>, files: &[HashedFile]) -> String {
    let format = about.options.format;
    let mut distribution: Vec<Json> = files.iter().map(|file| file_object(file, format)).collect();
    let mut record_sets = Vec::new();
    for (split, images) in &about.splits {
        distribution.extend(file_sets(*split, about, files));
        record_sets.extend(record_set(*split, *images, about));
    }
    let metadata = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": format!(
            "{} images of garments with colours and product types; README.md tells how they were labelled.",
            about.images()
        ),
        "version": "1.0.0",
        "identifier": about.fingerprint,
        "distribution": distribution,
        "recordSet": record_sets,
    });
    format!("{metadata:#}\n")
}

fn file_object(file: &HashedFile, format: Format) -> Json {
    json!({
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "encodingFormat": match format {
            Format::Parquet => "application/x-parquet",
            Format::WebDataset => "application/x-tar",
            Format::ImageFolder => "application/jsonlines",
        },
        "sha256": file.sha256,
    })
}

/// The sets of files that the columns of a split are read from, beside its files by themselves.
fn file_sets(split: Split, about: &About<'_>, files: &[HashedFile]) -> Vec<Json> {
    let set = |id: String, encoding: &str, includes: String| {
        json!({
            "@type": "cr:FileSet",
            "@id": id,
            "encodingFormat": encoding,
            "includes": includes,
        })
    };
    match about.options.format {
        Format::Parquet => {
            let includes = format!("data/{split}-*.parquet");
            vec![set(format!("{split}-shards"), "application/x-parquet", includes)]
        }
        Format::ImageFolder => {
            let includes = format!("{split}/*/*.jpg");
            vec![set(format!("{split}-images"), "image/jpeg", includes)]
        }
        Format::WebDataset => {
            let of_split = about
                .shards
                .iter()
                .zip(files)
                .filter(|(shard, _)| shard.split == split);
            let shards: Vec<Json> = of_split.map(|(_, file)| json!({ "@id": file.path })).collect();
            let sets = [
                ("jpg", "image/jpeg", "*.jpg"),
                ("json", "application/json", "*.json"),
            ];
            let sets = sets.map(|(id, encoding, includes)| {
                let mut set = set(format!("{split}-{id}"), encoding, includes.to_owned());
                set["containedIn"] = Json::Array(shards.clone());
                set
            });
            sets.to_vec()
        }
    }
}

/// The records of a split, which are its columns.
///
/// None of tar shards: `mlcroissant` 1.1 keeps what it has extracted by the name of the shard, so
/// it would take the images of any other data set whose shards are called the same.
fn record_set(split: Split, images: usize, about: &About<'_>) -> Option<Json> {
    let name = split.as_str();
    let fields: Vec<Json> = match about.options.format {
        Format::Parquet => {
            let shards = json!({ "fileSet": { "@id": format!("{split}-shards") } });
            let mut source = with(&shards, "extract", json!({ "column": "image" }));
            source["transform"] = json!({ "jsonPath": "bytes" });
            let image = field(name, "image", "the JPEG", "sc:ImageObject", source);
            let columns = about
                .columns
                .iter()
                .map(|it| column_field(name, it, &shards, true));
            [image].into_iter().chain(columns).collect()
        }
        Format::ImageFolder => {
            let images = json!({ "fileSet": { "@id": format!("{split}-images") } });
            let source = with(&images, "extract", json!({ "fileProperty": "content" }));
            let image = field(name, "image", "the JPEG", "sc:ImageObject", source);
            let table = format!("{split}/{}", image_folder::METADATA);
            let table = json!({ "fileObject": { "@id": table } });
            let columns = about.columns.iter();
            let columns = columns.map(|column| {
                let field = column_field(name, column, &table, false);
                if column.name == columns::FILE_NAME {
                    joined(field, &images)
                } else {
                    field
                }
            });
            [image].into_iter().chain(columns).collect()
        }
        Format::WebDataset => return None,
    };
    Some(json!({
        "@type": "cr:RecordSet",
        "@id": name,
        "description": format!("The {images} images of the split {split}."),
        "field": fields,
    }))
}

fn column_field(set: &str, column: &Column, source: &Json, is_index: bool) -> Json {
    let source = with(source, "extract", json!({ "column": column.name }));
    let (name, meaning) = (column.name, column.meaning);
    match (column.values, column.values.classes()) {
        (_, Some(names)) if is_index => {
            let meaning = format!("{meaning}: an index of {}", names.join(", "));
            field(set, name, &meaning, "sc:Integer", source)
        }
        (Values::Real(_), _) => field(set, name, meaning, "sc:Float", source),
        _ => field(set, name, meaning, "sc:Text", source),
    }
}

/// The field of the paths below a split's folder, which finds a row's image by its name.
fn joined(mut field: Json, images: &Json) -> Json {
    // Matched from the beginning; a name by itself stays.
    field["source"]["transform"] = json!({ "regex": "(?:.*/)?(.*)" });
    field["references"] = with(images, "extract", json!({ "fileProperty": "filename" }));
    field
}

fn field(set: &str, name: &str, meaning: &str, data_type: &str, source: Json) -> Json {
    json!({
        "@type": "cr:Field",
        "@id": format!("{set}/{name}"),
        "description": meaning,
        "dataType": data_type,
        "source": source,
    })
}

fn with(object: &Json, key: &str, value: Json) -> Json {
    let mut object = object.clone();
    object[key] = value;
    object
}

/// The context that the specification of Croissant 1.0 gives.
fn context() -> Json {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "dct": "http://purl.org/dc/terms/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "conformsTo": "dct:conformsTo",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
    });
    for term in TERMS {
        context[term] = json!(format!("cr:{term}"));
    }
    context
}

/// Terms of Croissant's own vocabulary.
const TERMS: [&str; 26] = [
    "citeAs",
    "column",
    "equivalentProperty",
    "extract",
    "field",
    "fileProperty",
    "fileObject",
    "fileSet",
    "format",
    "includes",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
];
