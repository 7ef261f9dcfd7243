//! Two images side by side under titles.

use image::RgbImage;
use plotters::{coord::Shift, prelude::*};

use crate::{
    canvas::{Draw, OnArea, TEXT, image},
    error::Error,
    font::FONT,
};

/// Height of the titles, in pixels.
const TITLE: u32 = 44;
/// Least width of a column, for its title.
const COLUMN: u32 = 200;
/// Pixels around and between the images.
const GAP: u32 = 24;

/// Lays two images of any size side by side on white, each under its title.
///
/// ```
/// use ai4fashion_plot::{image::RgbImage, side_by_side};
///
/// let (real, generated) = (RgbImage::new(64, 64), RgbImage::new(128, 128));
/// let page = side_by_side(("Real", &real), ("Generated", &generated))?;
/// assert!(page.width() > 64 + 128 && page.height() > 128);
/// # Ok::<(), ai4fashion_plot::Error>(())
/// ```
///
/// # Errors
/// If it cannot be drawn.
pub fn side_by_side(left: (&str, &RgbImage), right: (&str, &RgbImage)) -> Result<RgbImage, Error> {
    let places = [GAP, left.1.width().max(COLUMN) + 2 * GAP];
    let size = (
        places[1] + right.1.width().max(COLUMN) + GAP,
        left.1.height().max(right.1.height()) + TITLE + GAP,
    );
    let titles = Titles {
        titles: [left.0.to_owned(), right.0.to_owned()],
        places: places.map(u32::cast_signed),
    };
    let mut page = image(&titles, size)?;
    for (part, x) in [left.1, right.1].into_iter().zip(places) {
        ::image::imageops::replace(&mut page, part, x.into(), TITLE.into());
    }
    Ok(page)
}

struct Titles {
    titles: [String; 2],
    places: [i32; 2],
}

impl Draw for Titles {
    fn name(&self) -> &str {
        &self.titles[0]
    }

    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static,
    {
        for (title, x) in self.titles.iter().zip(self.places) {
            area.draw(&Text::new(
                title.as_str(),
                (x, 12),
                (FONT, 24).into_font().color(&TEXT),
            ))?;
        }
        area.present()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_images_and_their_titles_are_on_the_page() {
        let square = |size, color| RgbImage::from_pixel(size, size, ::image::Rgb(color));
        let (red, blue) = (square(60, [200, 0, 0]), square(280, [0, 0, 200]));
        let page = side_by_side(("Left", &red), ("Right", &blue)).unwrap();
        assert_eq!(page.dimensions(), (COLUMN + 280 + 3 * GAP, 280 + TITLE + GAP));
        let count = |color: [u8; 3]| page.pixels().filter(|pixel| pixel.0 == color).count();
        assert_eq!((count([200, 0, 0]), count([0, 0, 200])), (3600, 280 * 280));
        let letters = page
            .enumerate_pixels()
            .filter(|(_, y, pixel)| *y < TITLE && pixel.0[0] < 100);
        assert!(letters.count() > 50);
    }
}
