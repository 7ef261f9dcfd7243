//! Bars in groups: several counts of each name side by side.

use ai4fashion_files::numbers::thousands;
use plotters::{coord::Shift, prelude::*, style::text_anchor::VPos};

use super::{
    COUNTS_SIZE,
    axes::{Labels, centered, count_axes},
};
use crate::{
    canvas::{Chart, Draw, OnArea, TEXT},
    font::FONT,
};

/// Colours that everybody can tell apart, dark to light (M. Okabe, K. Ito, Color Universal Design,
/// 2008).
const COLORS: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// A count for each name of a [`GroupedBarChart`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Series {
    /// The name in the legend.
    pub name: String,
    /// The counts, in the order of the chart's names.
    pub counts: Vec<usize>,
}

impl Series {
    /// Creates a series.
    #[must_use]
    pub fn new(name: impl Into<String>, counts: Vec<usize>) -> Self {
        let name = name.into();
        Self { name, counts }
    }
}

/// Up to three counts of each name side by side, with a legend.
///
/// ```
/// use ai4fashion_plot::{Chart, GroupedBarChart, Series};
///
/// let chart = GroupedBarChart::new("Colours", "images", ["red", "blue"])
///     .with_series(Series::new("train", vec![80, 60]))
///     .with_series(Series::new("test", vec![20, 15]));
/// assert!(chart.svg()?.contains("train"));
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupedBarChart {
    /// The text above the chart.
    pub title: String,
    /// The label of the axis: the things that are counted.
    pub y_label: String,
    /// The names below the groups.
    pub names: Vec<String>,
    /// The series; those after the third are not drawn.
    pub series: Vec<Series>,
}

impl GroupedBarChart {
    /// Creates a chart without series.
    #[must_use]
    pub fn new<N: Into<String>>(
        title: impl Into<String>,
        y_label: impl Into<String>,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        Self {
            title: title.into(),
            y_label: y_label.into(),
            names: names.into_iter().map(Into::into).collect(),
            series: Vec::new(),
        }
    }

    /// Adds a series: a bar to the right in each group.
    #[must_use]
    pub fn with_series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }
}

impl Chart for GroupedBarChart {
    const SIZE: (u32, u32) = COUNTS_SIZE;
}

impl Draw for GroupedBarChart {
    fn name(&self) -> &str {
        &self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        let counts = self.series.iter().flat_map(|series| &series.counts);
        let most = counts.max().copied().unwrap_or(0).max(1);
        let labels = Labels {
            title: &self.title,
            y: &self.y_label,
        };
        // The legend is above the bars.
        let mut chart = count_axes(area, &labels, self.names.len(), most, 1.3)?;
        let width = 0.84 / self.series.len().clamp(1, COLORS.len()) as f64;
        for (number, (series, color)) in self.series.iter().zip(COLORS).enumerate() {
            let bars = series.counts.iter().enumerate().map(|(place, count)| {
                let left = place as f64 + 0.08 + number as f64 * width;
                Rectangle::new(
                    [(left, 0.0), (left + width * 0.94, *count as f64)],
                    color.filled(),
                )
            });
            chart
                .draw_series(bars)?
                .label(&series.name)
                .legend(move |(x, y)| Rectangle::new([(x, y - 7), (x + 18, y + 7)], color.filled()));
            for (place, count) in series.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let middle = place as f64 + 0.08 + (number as f64 + 0.47) * width;
                let at = chart.backend_coord(&(middle, *count as f64));
                area.draw(&Text::new(
                    thousands(*count),
                    (at.0, at.1 - 3),
                    centered(13, VPos::Bottom),
                ))?;
            }
        }
        for (place, name) in self.names.iter().enumerate() {
            let at = chart.backend_coord(&(place as f64 + 0.5, 0.0));
            area.draw(&Text::new(
                name.clone(),
                (at.0, at.1 + 8),
                centered(17, VPos::Top),
            ))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.2))
            .label_font((FONT, 16).into_font().color(&TEXT))
            .draw()?;
        area.present()
    }
}
