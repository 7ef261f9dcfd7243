//! Bars in groups: some counts of each name side by side.

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    canvas::{Draw, TEXT},
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

    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>>
    where
        DB::ErrorType: 'static,
    {
        area.fill(&WHITE)?;
        let counts = self.series.iter().flat_map(|series| &series.counts);
        let most = counts.max().copied().unwrap_or(0).max(1);
        // Room for the legend above the bars.
        let top = most as f64 * 1.3;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, (FONT, 26).into_font().color(&TEXT))
            .margin(18)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..self.names.len() as f64, 0.0..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .axis_style(TRANSPARENT)
            .y_labels(most.min(7) + 1)
            .y_label_formatter(&|count| format!("{count:.0}"))
            .y_desc("pictures")
            .label_style((FONT, 16).into_font().color(&TEXT))
            .draw()?;
        let centered = |size: i32, vertical| {
            let style = (FONT, size).into_font().color(&TEXT);
            style.pos(Pos::new(HPos::Center, vertical))
        };
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
