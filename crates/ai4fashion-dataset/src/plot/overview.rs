//! All charts of a data set.

use std::{fs, path::Path};

use ai4fashion_color::BasicColor;

use super::{
    DISTRIBUTIONS, SIZE, TYPE_COLOR,
    bars::{Bar, BarChart},
    canvas::Draw,
    colors,
    groups::{GroupChart, Series},
    heat_map::HeatMap,
    types,
};
use crate::{
    Agreement, Dataset, Distribution, Error, ProductType, Record, Split, error, write_atomic, write_png,
};

/// A chart that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drawn {
    /// The name of its files, `.svg` and `.png` go behind.
    pub file: &'static str,
    /// Its title.
    pub title: String,
    /// It, as an SVG document.
    pub svg: String,
}

/// Draws all charts of a data set to `folder`, which is created, each as `.svg` and `.png`: the seed's two, colour by type,
/// how sure the names are, parts, agreement with the source's words if it has any, and labels before and after
/// corrections if there were any.
///
/// # Errors
/// If a file cannot be written.
pub fn overview(dataset: &Dataset, folder: impl AsRef<Path>) -> Result<Vec<Drawn>, Error> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let records = dataset.records();
    let labels = dataset.distribution();
    let mut drawn = vec![
        draw(DISTRIBUTIONS[0], &colors(&labels), folder)?,
        draw(DISTRIBUTIONS[1], &types(&labels), folder)?,
        draw("colors-by-type", &by_type(records), folder)?,
        draw("confidence", &confidence(records), folder)?,
        draw("splits", &splits(records), folder)?,
    ];
    let source = Agreement::with_source(records);
    if source.total() > 0 {
        drawn.push(draw("source", &against(&source, "the source's word"), folder)?);
    }
    let person = Agreement::with_person(records);
    if person.total() > 0 {
        drawn.push(draw("person", &against(&person, "what a person says"), folder)?);
    }
    if records.iter().any(|record| record.checked.is_some()) {
        drawn.push(draw("before-and-after", &before_and_after(records), folder)?);
        drawn.push(draw(
            "types-before-and-after",
            &types_before_and_after(records),
            folder,
        )?);
    }
    Ok(drawn)
}

fn draw(file: &'static str, chart: &impl Draw, folder: &Path) -> Result<Drawn, Error> {
    let svg = chart.svg(SIZE)?;
    write_atomic(folder.join(file).with_extension("svg"), svg.as_bytes())?;
    write_png(folder.join(file).with_extension("png"), &chart.picture(SIZE)?)?;
    Ok(Drawn {
        file,
        title: chart.name().to_owned(),
        svg,
    })
}

fn color_names() -> Vec<String> {
    BasicColor::ALL.map(|color| color.to_string()).into()
}

/// The types that occur, the unknown last.
fn occurring(labels: &Distribution) -> Vec<Option<ProductType>> {
    let all = ProductType::ALL.into_iter().map(Some).chain([None]);
    all.filter(|known| labels.product_type(*known) > 0).collect()
}

fn type_name(known: Option<ProductType>) -> String {
    known.map_or("not known".to_owned(), |known| known.to_string())
}

fn by_type(records: &[Record]) -> HeatMap {
    let known = occurring(&Distribution::of(records));
    let count = |color, known| {
        let same = |record: &&Record| (record.color, record.product_type) == (color, known);
        records.iter().filter(same).count()
    };
    HeatMap {
        title: format!(
            "Colour by product type, {}",
            error::count(records.len(), "picture")
        ),
        axes: ["colour", ""],
        rows: color_names(),
        columns: known.iter().map(|known| type_name(*known)).collect(),
        counts: BasicColor::ALL
            .map(|color| known.iter().map(|known| count(color, *known)).collect())
            .into(),
    }
}

fn confidence(records: &[Record]) -> BarChart {
    let mut counts = [0; 10];
    for record in records {
        counts[((record.confidence.clamp(0.0, 1.0) * 10.0) as usize).min(9)] += 1;
    }
    let bars = counts.into_iter().enumerate().map(|(tenth, count)| Bar {
        name: format!("{}-{}%", tenth * 10, tenth * 10 + 10),
        count,
        fill: TYPE_COLOR,
    });
    BarChart {
        title: "How sure the classifier is of the colour's name".to_owned(),
        bars: bars.collect(),
    }
}

fn splits(records: &[Record]) -> GroupChart {
    let series = Split::ALL.map(|split| {
        let labels = Distribution::of(records.iter().filter(|record| record.split == split));
        Series {
            name: split.name(),
            counts: BasicColor::ALL.map(|color| labels.color(color)).into(),
        }
    });
    GroupChart {
        title: "Colour usage in each part".to_owned(),
        names: color_names(),
        series: series.into(),
    }
}

fn against(agreement: &Agreement, other: &'static str) -> HeatMap {
    let share = agreement.share().unwrap_or(0.0) * 100.0;
    let pair = |named, other| agreement.pair(named, other);
    HeatMap {
        title: format!(
            "Our name against {other}: {share:.1}% of {} agree",
            agreement.total()
        ),
        axes: ["our name", other],
        rows: color_names(),
        columns: color_names(),
        counts: BasicColor::ALL
            .map(|named| BasicColor::ALL.map(|other| pair(named, other)).into())
            .into(),
    }
}

fn before_and_after(records: &[Record]) -> GroupChart {
    let mut counts = [[0; 11]; 2];
    for record in records {
        counts[0][record.classified_color().index()] += 1;
        counts[1][record.color.index()] += 1;
    }
    groups(
        "Colours before and after corrections",
        color_names(),
        counts.map(Vec::from),
    )
}

fn types_before_and_after(records: &[Record]) -> GroupChart {
    let mut counts = [[0; 13]; 2];
    let place = |known: Option<ProductType>| known.map_or(12, |known| usize::from(known.number()) - 1);
    for record in records {
        counts[0][place(record.source_type())] += 1;
        counts[1][place(record.product_type)] += 1;
    }
    let names = ProductType::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(type_name);
    groups(
        "Types before and after corrections",
        names.collect(),
        counts.map(Vec::from),
    )
}

fn groups(title: &str, names: Vec<String>, [before, after]: [Vec<usize>; 2]) -> GroupChart {
    let series = |name, counts| Series { name, counts };
    GroupChart {
        title: title.to_owned(),
        names,
        series: vec![series("before", before), series("after", after)],
    }
}
