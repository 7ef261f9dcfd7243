//! All charts of a data set.

use std::path::Path;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{ConfusionMatrix, Dataset, Distribution, ProductType, Record, Split};
use ai4fashion_files::count;

use super::distributions::{COLORS, TYPES, colors, create, types, with_unknown};
use crate::{
    canvas::{Chart, save},
    chart::{
        BLUE,
        bars::{Bar, BarChart},
        groups::{GroupedBarChart, Series},
        heat_map::HeatMap,
    },
    error::Error,
};

/// A chart that was written to files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChartFile {
    /// The name of the files, without the extensions `svg` and `png`.
    pub name: &'static str,
    /// The title of the chart.
    pub title: String,
    /// The chart as an SVG document.
    pub svg: String,
}

/// Draws all charts of a data set to `folder`, which is created, each as `.svg` and `.png`.
///
/// 1. `colors` and `types`: images by label.
/// 2. `colors-by-type`: images by both.
/// 3. `confidence`: confidence of the classifier.
/// 4. `splits`: colours in each split.
/// 5. `source`: classifier against the source's own labels, if it has any.
/// 6. `human`: classifier against human labels, if there are any.
/// 7. `before-and-after`, `types-before-and-after`: labels before and after annotation, if any
///    image is annotated.
///
/// ```
/// use ai4fashion_dataset::{Dataset, Ingest, IngestOptions, SmallFashion};
/// use ai4fashion_plot::write_charts;
/// use ai4fashion_synthetic::Catalogue;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let [photos, out, charts] = ["photos", "out", "charts"].map(|name| folder.path().join(name));
/// Catalogue::new(7).with_per_label(1).write_small_fashion(&photos)?;
/// Ingest::new(IngestOptions::default())?.run(&[&SmallFashion::open(photos)?], &out, &())?;
/// let written = write_charts(&Dataset::open(out)?, &charts)?;
/// assert_eq!(written[0].name, "colors");
/// assert!(charts.join("colors.png").is_file());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If a file cannot be written.
pub fn write_charts(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<Vec<ChartFile>, Error> {
    let folder = folder.as_ref();
    create(folder)?;
    let records = dataset.records();
    let labels = dataset.distribution();
    let mut written = vec![
        write(COLORS, &colors(&labels), folder)?,
        write(TYPES, &types(&labels), folder)?,
        write("colors-by-type", &by_type(records), folder)?,
        write("confidence", &confidence(records), folder)?,
        write("splits", &splits(records), folder)?,
    ];
    let source = ConfusionMatrix::with_source(records);
    if source.total() > 0 {
        let chart = against(&source, "source label", "source labels");
        written.push(write("source", &chart, folder)?);
    }
    let human = ConfusionMatrix::with_human(records);
    if human.total() > 0 {
        let chart = against(&human, "human label", "human labels");
        written.push(write("human", &chart, folder)?);
    }
    if records.iter().any(|record| record.annotation.is_some()) {
        let chart = before_and_after(records);
        written.push(write("before-and-after", &chart, folder)?);
        let chart = types_before_and_after(records);
        written.push(write("types-before-and-after", &chart, folder)?);
    }
    Ok(written)
}

fn write(name: &'static str, chart: &impl Chart, folder: &Path) -> Result<ChartFile, Error> {
    Ok(ChartFile {
        name,
        title: chart.title().to_owned(),
        svg: save(chart, &folder.join(name))?,
    })
}

fn color_names() -> impl Iterator<Item = &'static str> {
    BasicColor::ALL.into_iter().map(BasicColor::as_str)
}

/// All types, the unknown one last.
fn all_types() -> impl Iterator<Item = Option<ProductType>> {
    ProductType::ALL.into_iter().map(Some).chain([None])
}

fn type_name(known: Option<ProductType>) -> &'static str {
    known.map_or("unknown", ProductType::as_str)
}

fn by_type(records: &[Record]) -> HeatMap {
    let labels = Distribution::of(records);
    let occurring: Vec<_> = all_types()
        .filter(|known| known.is_some() && labels.product_type(*known) > 0)
        .collect();
    let of = |color, known| {
        let same = |record: &&Record| (record.color, record.product_type) == (color, known);
        records.iter().filter(same).count()
    };
    let title = with_unknown("Colour by product type", &labels);
    let table = HeatMap::new(title, ["colour", ""]).with_columns(occurring.iter().copied().map(type_name));
    BasicColor::ALL.into_iter().fold(table, |table, color| {
        let counts = occurring.iter().map(|known| of(color, *known)).collect();
        table.with_row(color.as_str(), counts)
    })
}

fn confidence(records: &[Record]) -> BarChart {
    let mut counts = [0; 10];
    for record in records {
        counts[((record.confidence.clamp(0.0, 1.0) * 10.0) as usize).min(9)] += 1;
    }
    let bars = counts.into_iter().enumerate().map(|(tenth, count)| {
        let name = format!("{}-{}%", tenth * 10, tenth * 10 + 10);
        Bar::new(name, count, BLUE)
    });
    BarChart::new("Confidence of the colour classifier", "images").with_bars(bars)
}

fn splits(records: &[Record]) -> GroupedBarChart {
    let chart = GroupedBarChart::new("Colours by split", "images", color_names());
    Split::ALL.into_iter().fold(chart, |chart, split| {
        let labels = Distribution::of(records.iter().filter(|record| record.split == split));
        let counts = BasicColor::ALL.map(|color| labels.color(color));
        chart.with_series(Series::new(split.as_str(), counts.into()))
    })
}

/// Compares the classifier's colours with the `other` ones; `axis` names one of these.
fn against(matrix: &ConfusionMatrix, axis: &str, other: &str) -> HeatMap {
    let accuracy = matrix.accuracy().unwrap_or(0.0) * 100.0;
    let title = format!(
        "Classifier against {other}: {accuracy:.1}% of {} agree",
        count(matrix.total(), "image")
    );
    let table = HeatMap::new(title, ["classifier", axis]).with_columns(color_names());
    BasicColor::ALL.into_iter().fold(table, |table, predicted| {
        let counts = BasicColor::ALL.map(|actual| matrix.count(predicted, actual));
        table.with_row(predicted.as_str(), counts.into())
    })
}

fn before_and_after(records: &[Record]) -> GroupedBarChart {
    let count = |color: &dyn Fn(&Record) -> BasicColor| {
        let mut counts = vec![0; BasicColor::ALL.len()];
        for record in records {
            counts[color(record).index()] += 1;
        }
        counts
    };
    let counts = [count(&Record::classified_color), count(&|record| record.color)];
    compared(
        "Colours before and after annotation",
        color_names().collect(),
        counts,
    )
}

fn types_before_and_after(records: &[Record]) -> GroupedBarChart {
    let count = |known: &dyn Fn(&Record) -> Option<ProductType>| {
        all_types()
            .map(|wanted| records.iter().filter(|record| known(record) == wanted).count())
            .collect()
    };
    let counts = [count(&Record::source_type), count(&|record| record.product_type)];
    let names = all_types().map(type_name).collect();
    compared("Types before and after annotation", names, counts)
}

fn compared(title: &str, names: Vec<&str>, [before, after]: [Vec<usize>; 2]) -> GroupedBarChart {
    GroupedBarChart::new(title, "images", names)
        .with_series(Series::new("before", before))
        .with_series(Series::new("after", after))
}
