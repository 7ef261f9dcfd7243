//! An image beside what the colour classifier sees in it.

use ai4fashion_color::{BasicColor, Explanation, PixelClass};
use image::RgbImage;
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use crate::{
    canvas::{Draw, OnArea, TEXT, image},
    error::Error,
    font::FONT,
};

/// Small images are enlarged to at most this height, in pixels.
const HEIGHT: u32 = 288;
/// Least width of a column, for its title.
const COLUMN: u32 = 150;
const GAP: u32 = 20;
/// Heights of the title and of the columns' titles.
const TITLE: u32 = 46;
const SUBTITLE: u32 = 26;
/// Widths of the bars' names, of the longest bar, and of the figures.
const BARS: [u32; 3] = [64, 200, 56];
/// Colours that are not a name's: the outline of the garment, its outermost pixels, the background.
const OUTLINE: RGBColor = RGBColor(255, 0, 200);
const MIXED: RGBColor = RGBColor(168, 176, 186);
const BACKGROUND: RGBColor = RGBColor(226, 230, 235);

/// Draws what the colour classifier sees in an image.
///
/// Under the title are the image with the outline of its garment, each pixel in the colour of its
/// name, and a bar for the fraction of each name.
///
/// ```
/// use ai4fashion_color::ColorClassifier;
/// use ai4fashion_plot::render_explanation;
/// use ai4fashion_synthetic::{Catalogue, View};
///
/// let image = Catalogue::new(7).render(0, View::GarmentOnly);
/// let explanation = ColorClassifier::default().explain(&image);
/// let page = render_explanation("First garment", &explanation)?;
/// assert!(page.width() > image.width());
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
///
/// # Errors
/// If it cannot be drawn.
pub fn render_explanation(title: &str, explanation: &Explanation) -> Result<RgbImage, Error> {
    let (width, height) = explanation.image().dimensions();
    let scale = (HEIGHT / width.max(height).max(1)).max(1);
    let page = Page {
        title,
        explanation,
        scale,
        column: (width * scale).max(COLUMN),
    };
    let bars: u32 = BARS.iter().sum();
    let size = (
        2 * page.column + bars + 4 * GAP,
        TITLE + SUBTITLE + (height * scale).max(HEIGHT) + GAP,
    );
    image(&page, size)
}

struct Page<'a> {
    title: &'a str,
    explanation: &'a Explanation,
    /// Pixels of the page for one pixel of the image.
    scale: u32,
    column: u32,
}

impl Draw for Page<'_> {
    fn name(&self) -> &str {
        self.title
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        area.fill(&WHITE)?;
        let columns = [GAP, 2 * GAP + self.column, 3 * GAP + 2 * self.column].map(u32::cast_signed);
        let text = |text: &str, x: i32, y: u32, size: i32| {
            let style = (FONT, size).into_font().color(&TEXT);
            area.draw(&Text::new(text.to_owned(), (x, y.cast_signed()), style))
        };
        text(self.title, columns[0], 14, 22)?;
        for (subtitle, x) in ["outline of the garment", "colour of each pixel", "fractions"]
            .into_iter()
            .zip(columns)
        {
            text(subtitle, x, TITLE, 16)?;
        }
        self.draw_image(area, columns[0])?;
        self.draw_names(area, columns[1])?;
        self.draw_bars(area, columns[2])?;
        area.present()
    }
}

impl Page<'_> {
    fn pixels(&self) -> impl Iterator<Item = (u32, u32)> {
        let (width, height) = self.explanation.image().dimensions();
        (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }

    /// Finds the corners of a pixel of the image, in a column that begins at `left`.
    fn corners(&self, left: i32, x: u32, y: u32) -> [(i32, i32); 2] {
        let corner = |x: u32, y: u32| {
            let (x, y) = (x * self.scale, y * self.scale + TITLE + SUBTITLE);
            (left + x.cast_signed(), y.cast_signed())
        };
        [corner(x, y), corner(x + 1, y + 1)]
    }

    fn draw_image<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, left: i32) -> OnArea<DB> {
        let seen = self.explanation.image();
        for (x, y) in self.pixels() {
            let [red, green, blue] = seen.get_pixel(x, y).0;
            let fill = RGBColor(red, green, blue).filled();
            area.draw(&Rectangle::new(self.corners(left, x, y), fill))?;
        }
        let is_garment = |x: Option<u32>, y: Option<u32>| match (x, y) {
            (Some(x), Some(y)) if x < seen.width() && y < seen.height() => {
                self.explanation.pixel_class(x, y) != PixelClass::Background
            }
            _ => false,
        };
        for (x, y) in self.pixels().filter(|&(x, y)| is_garment(Some(x), Some(y))) {
            let [(x0, y0), (x1, y1)] = self.corners(left, x, y);
            let sides = [
                (is_garment(x.checked_sub(1), Some(y)), [(x0, y0), (x0, y1)]),
                (is_garment(Some(x + 1), Some(y)), [(x1, y0), (x1, y1)]),
                (is_garment(Some(x), y.checked_sub(1)), [(x0, y0), (x1, y0)]),
                (is_garment(Some(x), Some(y + 1)), [(x0, y1), (x1, y1)]),
            ];
            for (_, [from, to]) in sides.into_iter().filter(|(inside, _)| !inside) {
                // A line of two pixels.
                let corners = [from, (to.0 + 1, to.1 + 1)];
                area.draw(&Rectangle::new(corners, OUTLINE.filled()))?;
            }
        }
        Ok(())
    }

    fn draw_names<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, left: i32) -> OnArea<DB> {
        for (x, y) in self.pixels() {
            let fill = match self.explanation.pixel_class(x, y) {
                PixelClass::Background => BACKGROUND,
                PixelClass::Outline => MIXED,
                PixelClass::Named(name) => color_of(name),
            };
            area.draw(&Rectangle::new(self.corners(left, x, y), fill.filled()))?;
        }
        Ok(())
    }

    fn draw_bars<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, left: i32) -> OnArea<DB> {
        let [names, longest, _] = BARS.map(u32::cast_signed);
        let step = HEIGHT.cast_signed() / BasicColor::ALL.len() as i32;
        let top = (TITLE + SUBTITLE).cast_signed();
        let middle = (FONT, 15).into_font().color(&TEXT);
        let middle = middle.pos(Pos::new(HPos::Left, VPos::Center));
        let fractions = self.explanation.classification().fractions();
        for ((place, name), fraction) in (0..).zip(BasicColor::ALL).zip(fractions) {
            let y = top + place * step;
            let start = left + names;
            let end = start + (fraction * longest as f32).round() as i32;
            area.draw(&Text::new(name.as_str(), (left, y + step / 2), middle.clone()))?;
            let corners = [(start, y + 3), (end, y + step - 3)];
            area.draw(&Rectangle::new(corners, color_of(name).filled()))?;
            // A white bar on white paper is seen by its outline.
            area.draw(&Rectangle::new(corners, MIXED.stroke_width(1)))?;
            let figure = format!("{:.1}%", fraction * 100.0);
            area.draw(&Text::new(figure, (end + 6, y + step / 2), middle.clone()))?;
        }
        Ok(())
    }
}

fn color_of(name: BasicColor) -> RGBColor {
    let [red, green, blue] = name.srgb();
    RGBColor(red, green, blue)
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::ColorClassifier;
    use ai4fashion_testkit::garment;

    use super::*;

    #[test]
    fn outline_names_and_bars_are_seen() {
        let square = garment(48, [200, 20, 30]);
        let explanation = ColorClassifier::default().explain(&square);
        let page = render_explanation("A red square", &explanation).unwrap();
        let count = |RGBColor(r, g, b): RGBColor| page.pixels().filter(|pixel| pixel.0 == [r, g, b]).count();
        // 24 pixels a side, six times as large.
        let side = 24 * 6;
        assert!(
            (4 * side..10 * side).contains(&count(OUTLINE)),
            "{}",
            count(OUTLINE)
        );
        let named = 22 * 22 * 36;
        assert!(count(color_of(BasicColor::Red)) > named);
        assert!(count(MIXED) >= 4 * 23 * 36);
    }

    #[test]
    fn image_without_pixels_has_a_page() {
        let explanation = ColorClassifier::default().explain(&RgbImage::new(0, 0));
        assert!(render_explanation("Nothing", &explanation).is_ok());
    }
}
