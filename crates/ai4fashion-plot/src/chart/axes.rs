//! Axes that charts of counts share.

use ai4fashion_files::numbers::thousands;
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{canvas::TEXT, font::FONT};

/// A chart over bars of width 1, on white under its title.
type Counts<'a, DB> = ChartContext<'a, DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The texts at the axes.
pub(super) struct Labels<'a> {
    pub(super) title: &'a str,
    pub(super) y: &'a str,
}

/// Draws axes for that many places; the largest count is `most`, and the upper edge is at `room`
/// times it.
pub(super) fn count_axes<'a, DB: DrawingBackend>(
    area: &'a DrawingArea<DB, Shift>,
    labels: &Labels<'_>,
    places: usize,
    most: usize,
    room: f64,
) -> Result<Counts<'a, DB>, DrawingAreaErrorKind<DB::ErrorType>>
where
    DB::ErrorType: 'static,
{
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption(labels.title, (FONT, 26).into_font().color(&TEXT))
        .margin(18)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..places as f64, 0.0..most as f64 * room)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .axis_style(TRANSPARENT)
        .y_labels(most.min(7) + 1)
        .y_label_formatter(&|count| thousands(count.round() as usize))
        .y_desc(labels.y)
        .label_style((FONT, 16).into_font().color(&TEXT))
        .draw()?;
    Ok(chart)
}

/// Makes a style for letters of `size` pixels, centred above or below a place.
pub(super) fn centered(size: i32, vertical: VPos) -> TextStyle<'static> {
    let style = (FONT, size).into_font().color(&TEXT);
    style.pos(Pos::new(HPos::Center, vertical))
}
