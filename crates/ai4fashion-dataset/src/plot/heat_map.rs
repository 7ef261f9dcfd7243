//! A table of counts whose cells are the darker, the more there are.

use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    TYPE_COLOR,
    canvas::{Draw, OnArea, TEXT},
    font::FONT,
};

const TITLE: i32 = 62;
/// Room for the names of rows and for what they are.
const LEFT: i32 = 130;
/// Room for the names of columns.
const TOP: i32 = 96;
const MARGIN: i32 = 18;
/// The share of the darkest colour from which on letters are white.
const DARK: f64 = 0.55;

/// Counts by row and column.
#[derive(Clone, Debug)]
pub(super) struct HeatMap {
    pub(super) title: String,
    /// What rows and columns are.
    pub(super) axes: [&'static str; 2],
    pub(super) rows: Vec<String>,
    pub(super) columns: Vec<String>,
    /// By row, then by column.
    pub(super) counts: Vec<Vec<usize>>,
}

impl Draw for HeatMap {
    fn name(&self) -> &str {
        &self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        area.fill(&WHITE)?;
        let (width, height) = area.dim_in_pixel();
        let text = |size: i32, color: RGBColor, horizontal| {
            let style = (FONT, size).into_font().color(&color);
            style.pos(Pos::new(horizontal, VPos::Center))
        };
        let write = |words: &str, at: (i32, i32), style: TextStyle<'_>| {
            area.draw(&Text::new(words.to_owned(), at, style))
        };
        write(&self.title, (width as i32 / 2, 34), text(26, TEXT, HPos::Center))?;
        let quiet = RGBColor(110, 110, 110);
        write(self.axes[0], (MARGIN, TOP - 16), text(16, quiet, HPos::Left))?;
        let middle = LEFT + (width as i32 - LEFT - MARGIN) / 2;
        write(self.axes[1], (middle, TITLE), text(16, quiet, HPos::Center))?;

        let most = self.counts.iter().flatten().max().copied().unwrap_or(0).max(1);
        let cell = |place: usize, of: usize, from: i32, to: u32| {
            from + ((to as i32 - MARGIN - from) as f64 * place as f64 / of.max(1) as f64).round() as i32
        };
        let x = |column| cell(column, self.columns.len(), LEFT, width);
        let y = |row| cell(row, self.rows.len(), TOP, height);
        for (column, name) in self.columns.iter().enumerate() {
            let at = ((x(column) + x(column + 1)) / 2, TOP - 14);
            write(name, at, text(15, TEXT, HPos::Center))?;
        }
        for (row, name) in self.rows.iter().enumerate() {
            let center = (y(row) + y(row + 1)) / 2;
            write(name, (LEFT - 10, center), text(16, TEXT, HPos::Right))?;
            for (column, count) in self.counts[row].iter().enumerate() {
                // The root shows small counts beside large ones.
                let shade = (*count as f64 / most as f64).sqrt();
                let corners = [(x(column) + 1, y(row) + 1), (x(column + 1) - 1, y(row + 1) - 1)];
                area.draw(&Rectangle::new(corners, mixed(shade).filled()))?;
                let (ink, words) = match count {
                    0 => (RGBColor(170, 170, 170), "·".to_owned()),
                    count if shade > DARK => (WHITE, count.to_string()),
                    count => (TEXT, count.to_string()),
                };
                let at = ((x(column) + x(column + 1)) / 2, center);
                write(&words, at, text(16, ink, HPos::Center))?;
            }
        }
        area.present()
    }
}

/// From nearly white to the colour of the charts of types.
fn mixed(shade: f64) -> RGBColor {
    let mix = |dark: u8| (246.0 + (f64::from(dark) - 246.0) * shade).round() as u8;
    RGBColor(mix(TYPE_COLOR.0), mix(TYPE_COLOR.1), mix(TYPE_COLOR.2))
}
