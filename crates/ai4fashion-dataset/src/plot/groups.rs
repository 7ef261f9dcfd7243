//! Bars in groups: some counts of each name side by side.

use plotters::{coord::Shift, prelude::*, style::text_anchor::VPos};

use super::{
    axes::{centered, count_axes},
    canvas::{Draw, OnArea, TEXT},
    font::FONT,
};

/// Colours that are told apart by everybody, dark to light (M. Okabe, K. Ito, Color Universal Design, 2008).
pub(super) const SERIES: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// A count for each name.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) counts: Vec<usize>,
}

/// Up to three counts of each name side by side, with a legend.
#[derive(Clone, Debug)]
pub(super) struct GroupChart {
    pub(super) title: String,
    pub(super) names: Vec<String>,
    pub(super) series: Vec<Series>,
}

impl Draw for GroupChart {
    fn name(&self) -> &str {
        &self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        let counts = self.series.iter().flat_map(|series| &series.counts);
        let most = counts.max().copied().unwrap_or(0).max(1);
        // The legend is above the bars.
        let mut chart = count_axes(area, &self.title, self.names.len(), most, 1.3)?;
        let width = 0.84 / self.series.len().max(1) as f64;
        for (number, (series, color)) in self.series.iter().zip(SERIES).enumerate() {
            let bars = series.counts.iter().enumerate().map(|(place, count)| {
                let left = place as f64 + 0.08 + number as f64 * width;
                Rectangle::new(
                    [(left, 0.0), (left + width * 0.94, *count as f64)],
                    color.filled(),
                )
            });
            chart
                .draw_series(bars)?
                .label(series.name)
                .legend(move |(x, y)| Rectangle::new([(x, y - 7), (x + 18, y + 7)], color.filled()));
            for (place, count) in series.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let middle = place as f64 + 0.08 + (number as f64 + 0.47) * width;
                let at = chart.backend_coord(&(middle, *count as f64));
                area.draw(&Text::new(
                    count.to_string(),
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
