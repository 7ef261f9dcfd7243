//! What charts are drawn on: an SVG text, or the pixels of a picture.

use image::{Rgb, RgbImage};
use plotters::{coord::Shift, prelude::*};

use super::font::{ensure_font, with_font};
use crate::{Error, ErrorKind};

/// The colour of letters.
pub(super) const TEXT: RGBColor = RGBColor(40, 40, 40);

/// What drawing on an area answers.
pub(super) type OnArea<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Something that can be drawn; sizes are in pixels.
pub(super) trait Draw {
    /// What an error calls it.
    fn name(&self) -> &str;

    /// Draws it on the whole of `area`.
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static;

    fn svg(&self, size: (u32, u32)) -> Result<String, Error> {
        ensure_font();
        let mut text = String::new();
        let drawn = self.draw(&SVGBackend::with_string(&mut text, size).into_drawing_area());
        drawn.map_err(|error| self.failed(error))?;
        Ok(with_font(&text))
    }

    fn picture(&self, size: (u32, u32)) -> Result<RgbImage, Error> {
        ensure_font();
        let mut picture = RgbImage::from_pixel(size.0, size.1, Rgb([255; 3]));
        let drawn = self.draw(&BitMapBackend::with_buffer(&mut picture, size).into_drawing_area());
        drawn.map_err(|error| self.failed(error))?;
        Ok(picture)
    }

    fn failed(&self, error: impl std::error::Error + Send + Sync + 'static) -> Error {
        ErrorKind::Draw {
            what: self.name().to_owned(),
            source: error.into(),
        }
        .into()
    }
}
