//! A bar chart.

use plotters::{coord::Shift, prelude::*, style::text_anchor::VPos};

use super::{
    axes::{centered, count_axes},
    canvas::{Draw, OnArea},
};

const OUTLINE: RGBColor = RGBColor(90, 90, 90);

/// One bar and the words at it.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) fill: RGBColor,
}

/// Bars side by side, each with its name below and its count above.
#[derive(Clone, Debug)]
pub(super) struct BarChart {
    pub(super) title: String,
    pub(super) bars: Vec<Bar>,
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
        let mut chart = count_axes(area, &self.title, self.bars.len(), most, 1.1)?;
        for (place, bar) in self.bars.iter().enumerate() {
            let (left, middle, right) = (place as f64 + 0.12, place as f64 + 0.5, place as f64 + 0.88);
            let corners = [(left, 0.0), (right, bar.count as f64)];
            chart.draw_series([
                Rectangle::new(corners, bar.fill.filled()),
                // A white bar on white paper is seen by its outline.
                Rectangle::new(corners, OUTLINE.stroke_width(1)),
            ])?;
            let above = chart.backend_coord(&(middle, bar.count as f64));
            let below = chart.backend_coord(&(middle, 0.0));
            area.draw(&Text::new(
                bar.count.to_string(),
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
