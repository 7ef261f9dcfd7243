//! The data card: a `README.md` that Hugging Face's `datasets` and its hub read.

use std::fmt::Write as _;

use ai4fashion_files::{count, numbers::wilson};
use serde_json::json;

use crate::{
    about::{About, Colors, Types},
    columns::{Column, Values},
    format::Format,
    image_folder,
};

/// The name of the card.
pub(crate) const FILE: &str = "README.md";

/// Returns the text of the card.
pub(crate) fn write(about: &About<'_>) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_header(&mut text, about);
    let _ = write_body(&mut text, about);
    text
}

fn write_header(text: &mut String, about: &About<'_>) -> std::fmt::Result {
    writeln!(text, "---")?;
    writeln!(text, "# The licence of the photos: replace `unknown`.")?;
    writeln!(text, "license: unknown")?;
    writeln!(text, "pretty_name: {}", json!(about.name))?;
    writeln!(
        text,
        "task_categories:\n- image-classification\n- unconditional-image-generation"
    )?;
    writeln!(text, "tags:\n- fashion\n- color")?;
    writeln!(text, "size_categories:\n- {}", size_category(about.images()))?;
    // `datasets` 5.2 keeps what it has loaded by the folder's name and this header, whatever is in
    // the files: without the hash it would give the data of an older export.
    let hash = json!(about.fingerprint);
    writeln!(
        text,
        "configs:\n- config_name: default\n  description: {hash}\n  data_files:"
    )?;
    for (split, _) in &about.splits {
        let path = match about.options.format {
            Format::Parquet => format!("data/{split}-*.parquet"),
            Format::WebDataset => format!("{split}-*.tar"),
            Format::ImageFolder => format!("{split}/**"),
        };
        writeln!(text, "  - split: {split}\n    path: {}", json!(path))?;
    }
    // The other two formats hold no types of columns: `datasets` finds them by itself.
    if about.options.format == Format::Parquet {
        writeln!(
            text,
            "dataset_info:\n  features:\n  - name: image\n    dtype: image"
        )?;
        for column in about.columns {
            write_feature(text, column)?;
        }
        writeln!(text, "  splits:")?;
        for ((split, images), bytes) in about.splits.iter().zip(&about.split_bytes) {
            writeln!(
                text,
                "  - name: {split}\n    num_bytes: {bytes}\n    num_examples: {images}"
            )?;
        }
    }
    writeln!(text, "---\n")
}

fn write_feature(text: &mut String, column: &Column) -> std::fmt::Result {
    writeln!(text, "  - name: {}", column.name)?;
    match column.values {
        Values::Text(_) => writeln!(text, "    dtype: string"),
        Values::Real(_) => writeln!(text, "    dtype: float32"),
        Values::Color(_) | Values::Type(_) => {
            writeln!(text, "    dtype:\n      class_label:\n        names:")?;
            let mut numbered = column.values.classes().into_iter().flatten().enumerate();
            numbered.try_for_each(|(index, name)| writeln!(text, "          '{index}': {name}"))
        }
    }
}

fn write_body(text: &mut String, about: &About<'_>) -> std::fmt::Result {
    let images = count(about.images(), "image");
    writeln!(text, "# {}\n", about.name)?;
    writeln!(
        text,
        "{images} of garments, each letterboxed and labelled with its colour, and with its product type\n\
         where that is known. Written by ai4fashion {}.\n",
        env!("CARGO_PKG_VERSION")
    )?;
    writeln!(text, "## Load it\n\n```python\n{}\n```\n", loading(about))?;
    writeln!(text, "| split | images |\n|---|---|")?;
    for (split, images) in &about.splits {
        writeln!(text, "| {split} | {images} |")?;
    }
    writeln!(
        text,
        "\nImages of one `group`, which are duplicates, are in one split.\n\n## Columns\n\n\
         | column | meaning |\n|---|---|\n| image | {} |",
        match about.options.format {
            Format::WebDataset => "`jpg`: the JPEG; the other columns are in `json`",
            Format::Parquet | Format::ImageFolder => "the JPEG",
        }
    )?;
    for column in about.columns {
        writeln!(text, "| {} | {} |", column.name, column.meaning)?;
    }
    let labels = match about.options.format {
        Format::Parquet => "classes: `features[\"color\"].int2str(0)` is a name",
        Format::WebDataset => "text",
        Format::ImageFolder => "text; `datasets` reads `image` by `file_name`, a path here",
    };
    writeln!(
        text,
        "\nColours and types are {labels}.\nWhat not every image has is no column."
    )?;
    writeln!(text, "\n## How the labels were made, and how right they are\n")?;
    write_colors(text, &about.colors)?;
    write_types(text, &about.types)?;
    writeln!(
        text,
        "\n## Licence, origin and use\n\n\
         To be filled in by whoever publishes this: where the photos come from, under which licence,\n\
         and whether people in them have agreed; also `license`, `url` and `creator` of `croissant.json`.\n\
         The classifiers that come with ai4fashion have learned from one shop's catalogue. Labels say\n\
         nothing about the people who wear the garments."
    )
}

fn write_colors(text: &mut String, colors: &Colors) -> std::fmt::Result {
    writeln!(
        text,
        "- **Colours**: {} named by a classifier, {} by a person.",
        colors.by_classifier, colors.by_human
    )?;
    if let Some(mean) = colors.mean_confidence {
        writeln!(
            text,
            "- By its confidence the classifier is right on {mean:.2} of its images. On photos of another \
             kind than\n  it has learned from, its confidence may be wrong."
        )?;
    }
    if let Some(agreement) = colors.as_human {
        write_agreement(text, "a person", agreement)?;
        writeln!(
            text,
            "  People look at doubtful images first: of the others more are right."
        )?;
    }
    if let Some(agreement) = colors.as_source {
        write_agreement(text, "the source", agreement)?;
        writeln!(
            text,
            "  If the classifier has learned from these photos, it is less often right on others."
        )?;
    }
    Ok(())
}

fn write_agreement(text: &mut String, other: &str, (fraction, images): (f64, usize)) -> std::fmt::Result {
    let (low, high) = wilson(fraction, images);
    writeln!(
        text,
        "- Of {} that {other} has named, the classifier gave the same colour to {fraction:.3} \
         ({low:.3} to {high:.3}).",
        count(images, "image")
    )
}

fn write_types(text: &mut String, types: &Types) -> std::fmt::Result {
    writeln!(
        text,
        "- **Product types**: {} from the source, {} by a person, {} suggested by a classifier, {} not \
         known.",
        types.by_source, types.by_human, types.suggested, types.unknown
    )?;
    if let Some(mean) = types.mean_confidence {
        writeln!(
            text,
            "- By their confidence {mean:.2} of the suggestions are right."
        )?;
    }
    Ok(())
}

fn loading(about: &About<'_>) -> String {
    // Not the bare name, which may be one of a loader, such as `parquet`.
    let name = format!("./{}", about.name);
    let split = about.splits.first().map_or("train", |(split, _)| split.as_str());
    let datasets = format!(
        "from datasets import load_dataset\n\nimages = load_dataset({})  # {}",
        json!(name),
        about
            .splits
            .iter()
            .map(|(split, _)| split.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    );
    match about.options.format {
        Format::Parquet => datasets,
        Format::WebDataset => {
            let mut of_split = about.shards.iter().filter(|shard| shard.split.as_str() == split);
            let last = of_split.next_back().map_or(0, |shard| shard.number);
            let shards = format!("{name}/{split}-{{000000..{last:06}}}.tar");
            format!(
                "{datasets}\n\nimport webdataset\n\nsamples = webdataset.WebDataset({}, shardshuffle=False)\\\n    \
                 .decode(\"pil\").to_tuple(\"jpg\", \"json\")",
                json!(shards)
            )
        }
        Format::ImageFolder => format!(
            "{datasets}\n\nfrom torchvision.datasets import ImageFolder\n\n\
             {split} = ImageFolder({})  # by {}; all labels: {}\n\
             # A class without images in a split is missing there: compare names, not numbers.",
            json!(format!("{name}/{split}")),
            about.options.class,
            image_folder::METADATA
        ),
    }
}

/// A category of sizes of Hugging Face's hub.
fn size_category(images: usize) -> &'static str {
    match images {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "n>10M",
    }
}
