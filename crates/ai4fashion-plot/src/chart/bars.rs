//! A bar chart.

use ai4fashion_files::numbers::thousands;
use plotters::{coord::Shift, prelude::*, style::text_anchor::VPos};

use super::{
    COUNTS_SIZE,
    axes::{Labels, centered, count_axes},
};
use crate::canvas::{Chart, Draw, OnArea};

const OUTLINE: RGBColor = RGBColor(90, 90, 90);

/// One bar of a [`BarChart`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bar {
    /// The name below the bar.
    pub name: String,
    /// The height of the bar, and the number above it.
    pub count: usize,
    /// The colour of the bar, sRGB.
    pub color: [u8; 3],
}

impl Bar {
    /// Creates a bar; the colour is sRGB.
    #[must_use]
    pub fn new(name: impl Into<String>, count: usize, color: [u8; 3]) -> Self {
        let name = name.into();
        Self { name, count, color }
    }
}

/// Bars side by side, each with its name below and its count above.
///
/// ```
/// use ai4fashion_plot::{Bar, BarChart, Chart};
///
/// let chart = BarChart::new("Images by colour", "images")
///     .with_bar(Bar::new("red", 12, [200, 20, 30]))
///     .with_bar(Bar::new("blue", 7, [30, 80, 190]));
/// assert!(chart.svg()?.contains("Images by colour"));
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BarChart {
    /// The text above the chart.
    pub title: String,
    /// The label of the axis: the things that are counted.
    pub y_label: String,
    /// The bars, from left to right.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// Creates a chart without bars.
    #[must_use]
    pub fn new(title: impl Into<String>, y_label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            y_label: y_label.into(),
            bars: Vec::new(),
        }
    }

    /// Adds a bar to the right.
    #[must_use]
    pub fn with_bar(mut self, bar: Bar) -> Self {
        self.bars.push(bar);
        self
    }

    /// Adds bars to the right.
    #[must_use]
    pub fn with_bars(mut self, bars: impl IntoIterator<Item = Bar>) -> Self {
        self.bars.extend(bars);
        self
    }
}

impl Chart for BarChart {
    const SIZE: (u32, u32) = COUNTS_SIZE;
}

impl Draw for BarChart {
    fn name(&self) -> &str {
        &self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        let most = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
        let labels = Labels {
            title: &self.title,
            y: &self.y_label,
        };
        let mut chart = count_axes(area, &labels, self.bars.len(), most, 1.1)?;
        for (place, bar) in self.bars.iter().enumerate() {
            let (left, middle, right) = (place as f64 + 0.12, place as f64 + 0.5, place as f64 + 0.88);
            let corners = [(left, 0.0), (right, bar.count as f64)];
            let [red, green, blue] = bar.color;
            chart.draw_series([
                Rectangle::new(corners, RGBColor(red, green, blue).filled()),
                // A white bar on white paper is seen by its outline.
                Rectangle::new(corners, OUTLINE.stroke_width(1)),
            ])?;
            let above = chart.backend_coord(&(middle, bar.count as f64));
            let below = chart.backend_coord(&(middle, 0.0));
            area.draw(&Text::new(
                thousands(bar.count),
                (above.0, above.1 - 4),
                centered(17, VPos::Bottom),
            ))?;
            area.draw(&Text::new(
                bar.name.clone(),
                (below.0, below.1 + 8),
                centered(17, VPos::Top),
            ))?;
        }
        area.present()
    }
}
