//! A line chart.

use std::ops::Range;

use image::RgbImage;
use plotters::{coord::Shift, prelude::*};

use super::{
    canvas::{Draw, OnArea, TEXT},
    font::FONT,
};
use crate::Error;

/// Size of a chart in pixels.
const SIZE: (u32, u32) = (1000, 500);

/// Room beyond the values in shares of their span: above the lines for the legend, below them only where values are
/// negative, so that no line lies on the frame.
const ROOM_ABOVE: f32 = 0.3;
const ROOM_BELOW: f32 = 0.05;

/// Lines of more points are drawn thin.
const DENSE: usize = 200;

/// One line: a value for each of the places 0, 1, 2, ...
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// Its colour, sRGB.
    pub color: [u8; 3],
    /// Its values; those that are not finite leave a gap.
    pub values: Vec<f32>,
}

/// Lines over a common axis, which begins at 0, or at the smallest value where that is negative.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LineChart {
    /// What stands above.
    pub title: String,
    /// What the places are.
    pub x_label: String,
    /// What the values are.
    pub y_label: String,
    /// The lines; those that come later lie above.
    pub lines: Vec<Line>,
}

impl Line {
    /// A line of that name, colour (sRGB) and values.
    #[must_use]
    pub fn new(name: impl Into<String>, color: [u8; 3], values: Vec<f32>) -> Self {
        let name = name.into();
        Self { name, color, values }
    }
}

impl LineChart {
    /// A chart without lines; the labels say what places and values are.
    #[must_use]
    pub fn new(title: impl Into<String>, x_label: impl Into<String>, y_label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            x_label: x_label.into(),
            y_label: y_label.into(),
            lines: Vec::new(),
        }
    }

    /// Adds a line, above those that are there.
    #[must_use]
    pub fn with_line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// The chart as an SVG document with its font in it.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn svg(&self) -> Result<String, Error> {
        Draw::svg(self, SIZE)
    }

    /// The chart as a picture.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn picture(&self) -> Result<RgbImage, Error> {
        Draw::picture(self, SIZE)
    }

    fn places(&self) -> usize {
        self.lines
            .iter()
            .map(|line| line.values.len())
            .max()
            .unwrap_or(0)
            .max(2)
    }

    /// The smallest and the largest finite value, with 0 between them; 0 and 1 if there is no other.
    fn span(&self) -> [f32; 2] {
        let values = self.lines.iter().flat_map(|line| &line.values).copied();
        let finite = values.filter(|value| value.is_finite());
        match finite.fold([0.0_f32; 2], |[low, high], value| {
            [low.min(value), high.max(value)]
        }) {
            [0.0, 0.0] => [0.0, 1.0],
            span => span,
        }
    }

    /// The ends of the axis.
    fn axis(&self) -> Range<f32> {
        let [low, high] = self.span();
        let below = if low < 0.0 { ROOM_BELOW } else { 0.0 };
        low - (high - low) * below..high + (high - low) * ROOM_ABOVE
    }
}

impl Draw for LineChart {
    fn name(&self) -> &str {
        &self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(&self.title, (FONT, 22).into_font().color(&TEXT))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(0..self.places() - 1, self.axis())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .axis_style(BLACK.mix(0.3))
            .x_desc(&self.x_label)
            .y_desc(&self.y_label)
            .y_label_formatter(&|value| short(*value))
            .label_style((FONT, 15).into_font().color(&TEXT))
            .draw()?;
        for line in &self.lines {
            let [red, green, blue] = line.color;
            let style = RGBColor(red, green, blue).stroke_width(2);
            let places: Vec<(usize, f32)> = line.values.iter().copied().enumerate().collect();
            for piece in places.split(|(_, value)| !value.is_finite()) {
                match piece {
                    // A line of one point would not be seen.
                    [point] => chart.draw_series([Circle::new(*point, 3, style.filled())])?,
                    _ if piece.len() > DENSE => {
                        let thin = style.stroke_width(1);
                        chart.draw_series(LineSeries::new(piece.iter().copied(), thin))?
                    }
                    // Piece by piece: where a thick line turns sharply, plotters draws a spike far beyond the point.
                    _ => chart.draw_series(
                        piece
                            .windows(2)
                            .map(|ends| PathElement::new(ends.to_vec(), style)),
                    )?,
                };
            }
            chart
                .draw_series(LineSeries::new(std::iter::empty(), style))?
                .label(&line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], style.stroke_width(3)));
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

/// A value on the axis, in few characters whatever its size.
fn short(value: f32) -> String {
    if value.abs() < 1e4 {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: [&[f32]; 2]) -> LineChart {
        let line = |(name, color, values): (&str, [u8; 3], &[f32])| Line {
            name: name.to_owned(),
            color,
            values: values.to_vec(),
        };
        LineChart {
            title: "Two lines".to_owned(),
            x_label: "step".to_owned(),
            y_label: "loss".to_owned(),
            lines: [
                ("first", [200, 0, 0], values[0]),
                ("second", [0, 0, 200], values[1]),
            ]
            .map(line)
            .into(),
        }
    }

    fn pixels(picture: &RgbImage, color: [u8; 3]) -> usize {
        picture.pixels().filter(|pixel| pixel.0 == color).count()
    }

    #[test]
    fn both_lines_are_seen_and_named() {
        let chart = chart([&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]]);
        let svg = chart.svg().unwrap();
        for text in ["Two lines", "step", "loss", "first", "second", "@font-face"] {
            assert!(svg.contains(text), "{text} is missing");
        }
        let picture = chart.picture().unwrap();
        assert!(pixels(&picture, [200, 0, 0]) > 300 && pixels(&picture, [0, 0, 200]) > 300);
    }

    #[test]
    fn a_line_that_turns_sharply_stays_above_the_axis() {
        for count in [60, 400] {
            let jagged: Vec<f32> = (0..count)
                .map(|place| if place % 2 == 0 { 0.5 } else { 9.0 })
                .collect();
            let picture = chart([&jagged, &[]]).picture().unwrap();
            let lowest = picture
                .enumerate_pixels()
                .filter(|(_, _, pixel)| pixel.0[0] > pixel.0[1].saturating_add(60))
                .map(|(_, y, _)| y)
                .max();
            // The axis is drawn at 500 - 16 - 44.
            assert!(
                lowest.is_some_and(|y| (400..440).contains(&y)),
                "{count} points: {lowest:?}"
            );
        }
    }

    #[test]
    fn values_that_are_not_finite_and_empty_lines_do_no_harm() {
        let flat = chart([&[f32::NAN, 2.0, 2.0, f32::INFINITY], &[]]);
        assert_eq!(flat.span(), [0.0, 2.0]);
        assert_eq!(chart([&[0.25, f32::NAN], &[0.5]]).span(), [0.0, 0.5]);
        assert_eq!(chart([&[0.0, f32::NEG_INFINITY], &[]]).span(), [0.0, 1.0]);
        assert_eq!(chart([&[0.0, -1.0], &[]]).span(), [-1.0, 0.0]);
        assert!(pixels(&flat.picture().unwrap(), [200, 0, 0]) > 100);
        chart([&[], &[]]).svg().unwrap();
        let dot = chart([&[2.0], &[]]).picture().unwrap();
        assert!(pixels(&dot, [200, 0, 0]) > 20);
    }

    /// The rows of the picture in which a colour is seen, first and last.
    fn rows(picture: &RgbImage, color: [u8; 3], columns: Range<u32>) -> [u32; 2] {
        let found = picture.enumerate_pixels();
        let rows = found.filter(|(x, _, pixel)| columns.contains(x) && pixel.0 == color);
        let rows: Vec<u32> = rows.map(|(_, y, _)| y).collect();
        [rows[0], rows[rows.len() - 1]]
    }

    #[test]
    fn negative_values_are_drawn_below_0_as_far_as_they_go() {
        // As of a hinge loss: the generator's falls below 0, the discriminator's never does.
        let picture = chart([&[1.0, 0.0, -1.0], &[0.0; 3]]).picture().unwrap();
        // Left of the legend.
        let ([first, last], [zero, _]) = (
            rows(&picture, [200, 0, 0], 0..800),
            rows(&picture, [0, 0, 200], 0..800),
        );
        // The frame ends at 500 - 16 - 44.
        assert!(
            first + 100 < zero && zero + 70 < last && last < 438,
            "from {first} over {zero} to {last}"
        );
        // With nothing above 0 there is a span, too.
        let picture = chart([&[-2.0, -3.0], &[]]).picture().unwrap();
        let [first, last] = rows(&picture, [200, 0, 0], 0..800);
        assert!(last > first + 60 && last < 438, "from {first} to {last}");
    }
}
