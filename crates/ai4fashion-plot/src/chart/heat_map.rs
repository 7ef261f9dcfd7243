//! A table of counts, darker where there are more of a row.

use ai4fashion_files::numbers::thousands;
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{BLUE, COUNTS_SIZE};
use crate::{
    canvas::{Chart, Draw, OnArea, TEXT},
    font::FONT,
};

const TITLE: i32 = 62;
/// Room for the names of rows and for what they are.
const LEFT: i32 = 130;
/// Room for the names of columns.
const TOP: i32 = 96;
const MARGIN: i32 = 18;
/// Letters are white from this share of the darkest colour on.
const DARK: f64 = 0.8;
/// Opacity of a cell without counts.
const EMPTY: f64 = 0.05;
/// A cell of this height in pixels has room for the share below the count.
const TALL: i32 = 34;

/// A table of counts, and of what share of its row each is; cells of larger shares are darker.
///
/// ```
/// use ai4fashion_plot::{Chart, HeatMap};
///
/// let chart = HeatMap::new("Colour by type", ["colour", "type"])
///     .with_columns(["dress", "shirt"])
///     .with_row("red", vec![3, 0])
///     .with_row("blue", vec![1, 9]);
/// assert!(chart.svg()?.contains("Colour by type"));
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeatMap {
    /// The text above the table.
    pub title: String,
    /// The labels of rows and of columns.
    pub axes: [String; 2],
    /// The names of the rows.
    pub rows: Vec<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Counts by row, then by column.
    pub counts: Vec<Vec<usize>>,
}

impl HeatMap {
    /// Creates a table without rows and columns; `axes` tells what rows and columns are.
    #[must_use]
    pub fn new(title: impl Into<String>, axes: [&str; 2]) -> Self {
        Self {
            title: title.into(),
            axes: axes.map(str::to_owned),
            rows: Vec::new(),
            columns: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// Sets the names of the columns.
    #[must_use]
    pub fn with_columns<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.columns = names.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row below; it has a count for each column.
    #[must_use]
    pub fn with_row(mut self, name: impl Into<String>, counts: Vec<usize>) -> Self {
        self.rows.push(name.into());
        self.counts.push(counts);
        self
    }
}

impl Chart for HeatMap {
    const SIZE: (u32, u32) = COUNTS_SIZE;
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
        write(&self.axes[0], (MARGIN, TOP - 16), text(16, quiet, HPos::Left))?;
        let middle = LEFT + (width as i32 - LEFT - MARGIN) / 2;
        write(&self.axes[1], (middle, TITLE), text(16, quiet, HPos::Center))?;

        let cell = |place: usize, of: usize, from: i32, to: u32| {
            from + ((to as i32 - MARGIN - from) as f64 * place as f64 / of.max(1) as f64).round() as i32
        };
        let x = |column| cell(column, self.columns.len(), LEFT, width);
        let y = |row| cell(row, self.rows.len(), TOP, height);
        for (column, name) in self.columns.iter().enumerate() {
            let at = ((x(column) + x(column + 1)) / 2, TOP - 14);
            write(name, at, text(15, TEXT, HPos::Center))?;
        }
        for (row, (name, counts)) in self.rows.iter().zip(&self.counts).enumerate() {
            let center = (y(row) + y(row + 1)) / 2;
            write(name, (LEFT - 10, center), text(16, TEXT, HPos::Right))?;
            let all = counts.iter().sum::<usize>().max(1) as f64;
            let has_room = y(row + 1) - y(row) >= TALL;
            for (column, count) in counts.iter().enumerate() {
                // The root shows small counts beside large ones.
                let share = *count as f64 / all;
                let shade = share.sqrt();
                let corners = [(x(column) + 1, y(row) + 1), (x(column + 1) - 1, y(row + 1) - 1)];
                area.draw(&Rectangle::new(corners, fill(shade).filled()))?;
                let ink = if shade > DARK { WHITE } else { TEXT };
                let middle = (x(column) + x(column + 1)) / 2;
                if *count == 0 {
                    let pale = RGBColor(170, 170, 170);
                    write("·", (middle, center), text(16, pale, HPos::Center))?;
                    continue;
                }
                let up = if has_room { 7 } else { 0 };
                write(
                    &thousands(*count),
                    (middle, center - up),
                    text(16, ink, HPos::Center),
                )?;
                if has_room {
                    let share = format!("{:.0}%", 100.0 * share);
                    write(&share, (middle, center + 10), text(12, ink, HPos::Center))?;
                }
            }
        }
        area.present()
    }
}

/// [`BLUE`] over the page, which shows through; cells without counts are seen, too.
fn fill(shade: f64) -> RGBAColor {
    let [red, green, blue] = BLUE;
    RGBColor(red, green, blue).mix(EMPTY + (1.0 - EMPTY) * shade)
}
