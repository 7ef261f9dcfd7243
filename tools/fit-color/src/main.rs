//! Writes the constants of `ai4fashion-color`.
//!
//! The table of colour names, from published data:
//! `cargo run -p fit-color -- table SHARED/data/color-naming/w2c.csv crates/ai4fashion-color/src/naming/data/published.bin`
//!
//! The model of how likely each name is for a garment, from labelled photos; it also says how accurate it is on those that
//! it was not fitted to:
//! `cargo run --release -p fit-color -- cloth SHARED/data/smallfashion SHARED/data/color-naming/xkcd_c3_basic11.csv \
//! crates/ai4fashion-color/src/naming/data/model.bin`
//!
//! How often the crate names plain colours as people do who were asked:
//! `cargo run --release -p fit-color -- words SHARED/data/color-naming/english_basic11.csv`
//!
//! How often the names that the crate gives stay the same when a photo is scaled, mirrored, compressed or exposed anew:
//! `cargo run --release -p fit-color -- robustness SHARED/data/smallfashion`

mod anchors;
mod cloth;
mod fit;
mod report;
mod robustness;
mod table;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_color::{BasicColor, ClassifyOptions};
use anyhow::Context;
use clap::{Parser, Subcommand};

use fit::{Options, Others};

/// The names, in the order of `BasicColor`.
const NAMES: [&str; 11] = {
    let mut names = [""; 11];
    let mut place = 0;
    while place < names.len() {
        names[place] = BasicColor::ALL[place].as_str();
        place += 1;
    }
    names
};

/// Writes the constants of ai4fashion-color.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The table of colour names, from published data
    Table {
        /// The table of van de Weijer et al. as CSV, with a header: index, then a column for each name
        csv: PathBuf,
        /// Where the table goes
        out: PathBuf,
    },
    /// The model, from labelled photos; prints how accurate it is in a cross-validation
    Cloth {
        /// A folder with images/ID.jpg and labels.csv (id,color,garment_only)
        data: PathBuf,
        /// What people call colours, as CSV: r, g, b8, then a column for each name
        words: PathBuf,
        /// Where the model goes, and beside it, as single_color.bin, what it calls plain colours [default: nowhere]
        out: Option<PathBuf>,
        /// What a photo counts that shows more than a garment, where a garment alone counts 1
        #[arg(long, default_value_t = 0.1)]
        others: f32,
        /// What all the greys of the published table count together
        #[arg(long, default_value_t = 6.0)]
        greys: f32,
        /// What all the colours that people were asked for count together
        #[arg(long, default_value_t = 100.0)]
        asked: f32,
        /// What all drawn garments count together
        #[arg(long, default_value_t = 60.0)]
        drawn: f32,
        /// Decay of the weights
        #[arg(long, default_value_t = 0.03)]
        decay: f32,
        /// See `ClassifyOptions`
        #[arg(long, default_value_t = ClassifyOptions::default().background_tolerance)]
        tolerance: f32,
        /// See `ClassifyOptions`
        #[arg(long, default_value_t = ClassifyOptions::default().shadow_depth)]
        shadow: f32,
    },
    /// How often the crate names plain colours as people do
    Words {
        /// What people call colours, as CSV: r, g, b8, then a column for each name
        table: PathBuf,
    },
    /// How often the crate's names stay the same under small changes of the photo
    Robustness {
        /// A folder with images/ID.jpg and labels.csv (id,color,garment_only)
        data: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Args::parse().what {
        What::Table { csv, out } => {
            let table = table::read(&csv).with_context(|| format!("cannot read `{}`", csv.display()))?;
            write(&out, &table)
        }
        What::Cloth {
            data,
            words,
            out,
            others,
            greys,
            asked,
            drawn,
            decay,
            tolerance,
            shadow,
        } => {
            let mask = ClassifyOptions::default()
                .with_background_tolerance(tolerance)
                .with_shadow_depth(shadow);
            let photos = cloth::read(&data, mask)?;
            let options = Options {
                others,
                greys,
                asked,
                drawn,
                decay,
            };
            let others = Others {
                drawn: cloth::drawn(mask)?,
                greys: anchors::greys(),
                asked: anchors::asked(&words)
                    .with_context(|| format!("cannot read `{}`", words.display()))?,
            };
            report::cross_validation(&photos, &others, &options);
            let Some(out) = out else { return Ok(()) };
            let model = fit::fit(photos.iter(), &others, &options);
            write(&out, &model.to_bytes())?;
            write(&out.with_file_name("single_color.bin"), &model.plain())
        }
        What::Words { table } => words::report(&table),
        What::Robustness { data } => robustness::report(&data),
    }
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}
