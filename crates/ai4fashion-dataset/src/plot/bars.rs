//! A bar chart.

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    canvas::{Draw, TEXT},
    font::FONT,
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

    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>>
    where
        DB::ErrorType: 'static,
    {
        area.fill(&WHITE)?;
        let most = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
        let top = most as f64 * 1.1;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, (FONT, 26).into_font().color(&TEXT))
            .margin(18)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..self.bars.len() as f64, 0.0..top)?;
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
        let centered = |vertical| {
            (FONT, 17)
                .into_font()
                .color(&TEXT)
                .pos(Pos::new(HPos::Center, vertical))
        };
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
                centered(VPos::Bottom),
            ))?;
            area.draw(&Text::new(
                bar.name.clone(),
                (below.0, below.1 + 8),
                centered(VPos::Top),
            ))?;
        }
        area.present()
    }
}
