//! A line chart.

use std::ops::Range;

use plotters::{coord::Shift, prelude::*};

use crate::{
    canvas::{Chart, Draw, OnArea, TEXT},
    font::FONT,
};

/// Room beyond the values as a share of their span: above the lines for the legend, below them only
/// if there are negative values, so that no line lies on the frame.
const ROOM_ABOVE: f32 = 0.3;
const ROOM_BELOW: f32 = 0.05;

/// Lines with more points are drawn thin.
const DENSE: usize = 200;

/// One line of a [`LineChart`]: a value for each of the places 0, 1, 2, ...
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Line {
    /// The name in the legend.
    pub name: String,
    /// The colour of the line, sRGB.
    pub color: [u8; 3],
    /// The values; those that are not finite leave a gap.
    pub values: Vec<f32>,
}

/// Lines over a common axis, which begins at 0, or at the smallest value if that is negative.
///
/// ```
/// use ai4fashion_plot::{Chart, Line, LineChart};
///
/// let losses = Line::new("generator", [0, 114, 178], vec![2.0, f32::NAN, 1.2]);
/// let chart = LineChart::new("Losses", "step", "loss").with_line(losses);
/// assert!(chart.svg()?.contains("generator"));
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LineChart {
    /// The text above the chart.
    pub title: String,
    /// The label of the horizontal axis.
    pub x_label: String,
    /// The label of the vertical axis.
    pub y_label: String,
    /// The lines; later ones lie above earlier ones.
    pub lines: Vec<Line>,
}

impl Line {
    /// Creates a line; the colour is sRGB.
    #[must_use]
    pub fn new(name: impl Into<String>, color: [u8; 3], values: Vec<f32>) -> Self {
        let name = name.into();
        Self { name, color, values }
    }
}

impl LineChart {
    /// Creates a chart without lines; the labels tell what places and values are.
    #[must_use]
    pub fn new(title: impl Into<String>, x_label: impl Into<String>, y_label: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            x_label: x_label.into(),
            y_label: y_label.into(),
            lines: Vec::new(),
        }
    }

    /// Adds a line above the others.
    #[must_use]
    pub fn with_line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    fn places(&self) -> usize {
        self.lines
            .iter()
            .map(|line| line.values.len())
            .max()
            .unwrap_or(0)
            .max(2)
    }

    /// Finds the smallest and the largest finite value, with 0 between them; 0 and 1 if all are 0.
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

    /// Finds the ends of the axis.
    fn axis(&self) -> Range<f32> {
        let [low, high] = self.span();
        let below = if low < 0.0 { ROOM_BELOW } else { 0.0 };
        low - (high - low) * below..high + (high - low) * ROOM_ABOVE
    }
}

impl Chart for LineChart {
    const SIZE: (u32, u32) = (1000, 500);
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
                    // Piece by piece: where a thick line turns sharply, plotters draws a spike far
                    // beyond the point.
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

/// Writes a value on the axis, in few characters whatever its size.
fn short(value: f32) -> String {
    if value.abs() < 1e4 {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

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

    fn pixels(image: &RgbImage, color: [u8; 3]) -> usize {
        image.pixels().filter(|pixel| pixel.0 == color).count()
    }

    #[test]
    fn both_lines_are_seen_and_named() {
        let chart = chart([&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]]);
        let svg = chart.svg().unwrap();
        for text in ["Two lines", "step", "loss", "first", "second", "@font-face"] {
            assert!(svg.contains(text), "{text} is missing");
        }
        let image = chart.image().unwrap();
        assert!(pixels(&image, [200, 0, 0]) > 300 && pixels(&image, [0, 0, 200]) > 300);
    }

    #[test]
    fn a_line_that_turns_sharply_stays_above_the_axis() {
        for count in [60, 400] {
            let jagged: Vec<f32> = (0..count)
                .map(|place| if place % 2 == 0 { 0.5 } else { 9.0 })
                .collect();
            let image = chart([&jagged, &[]]).image().unwrap();
            let lowest = image
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
        assert!(pixels(&flat.image().unwrap(), [200, 0, 0]) > 100);
        chart([&[], &[]]).svg().unwrap();
        let dot = chart([&[2.0], &[]]).image().unwrap();
        assert!(pixels(&dot, [200, 0, 0]) > 20);
    }

    /// Finds the first and the last row in which a colour is seen.
    fn rows(image: &RgbImage, color: [u8; 3], columns: Range<u32>) -> [u32; 2] {
        let found = image.enumerate_pixels();
        let rows = found.filter(|(x, _, pixel)| columns.contains(x) && pixel.0 == color);
        let rows: Vec<u32> = rows.map(|(_, y, _)| y).collect();
        [rows[0], rows[rows.len() - 1]]
    }

    #[test]
    fn negative_values_are_drawn_below_0_as_far_as_they_go() {
        // Like a hinge loss: the generator's falls below 0, the discriminator's never does.
        let image = chart([&[1.0, 0.0, -1.0], &[0.0; 3]]).image().unwrap();
        // Left of the legend.
        let ([first, last], [zero, _]) = (
            rows(&image, [200, 0, 0], 0..800),
            rows(&image, [0, 0, 200], 0..800),
        );
        // The frame ends at 500 - 16 - 44.
        assert!(
            first + 100 < zero && zero + 70 < last && last < 438,
            "from {first} over {zero} to {last}"
        );
        // With nothing above 0 there is a span, too.
        let image = chart([&[-2.0, -3.0], &[]]).image().unwrap();
        let [first, last] = rows(&image, [200, 0, 0], 0..800);
        assert!(last > first + 60 && last < 438, "from {first} to {last}");
    }
}
