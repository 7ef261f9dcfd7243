//! A surface to draw on in a unit square, whatever the size of the image.

use image::RgbImage;
use tiny_skia::{FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

/// An image that is being drawn on. Heights are 0 to 1; widths are in the same unit, 0 in the
/// middle.
#[derive(Debug)]
pub(crate) struct Canvas {
    pixels: Pixmap,
    to_pixels: Transform,
}

impl Canvas {
    /// Creates white paper; `None` if it would have no pixels.
    pub(crate) fn new(width: u32, height: u32) -> Option<Self> {
        let mut pixels = Pixmap::new(width, height)?;
        pixels.fill(tiny_skia::Color::WHITE);
        // A unit is as high as the image and, in images narrower than 3:4, as wide as fits.
        let unit = (height as f32).min(width as f32 * 4.0 / 3.0);
        let left = width as f32 / 2.0;
        let top = (height as f32 - unit) / 2.0;
        Some(Self {
            pixels,
            to_pixels: Transform::from_row(unit, 0.0, 0.0, unit, left, top),
        })
    }

    /// Fills the inside of `path`; `alpha` is 0 to 1.
    pub(crate) fn fill(&mut self, path: &Path, color: [u8; 3], alpha: f32, inside: Option<&Mask>) {
        self.pixels.fill_path(
            path,
            &paint(color, alpha),
            FillRule::Winding,
            self.to_pixels,
            inside,
        );
    }

    /// Draws a line along `path`; `width` is in the unit of the canvas.
    pub(crate) fn stroke(
        &mut self,
        path: &Path,
        color: [u8; 3],
        alpha: f32,
        width: f32,
        inside: Option<&Mask>,
    ) {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.pixels
            .stroke_path(path, &paint(color, alpha), &stroke, self.to_pixels, inside);
    }

    /// Makes a mask of the inside of `path`, to clip later shapes to it.
    pub(crate) fn mask(&self, path: &Path) -> Option<Mask> {
        let mut mask = Mask::new(self.pixels.width(), self.pixels.height())?;
        mask.fill_path(path, FillRule::Winding, true, self.to_pixels);
        Some(mask)
    }

    /// Gives the pixels.
    pub(crate) fn into_rgb(self) -> RgbImage {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        let pixels = self.pixels.pixels();
        RgbImage::from_fn(width, height, |x, y| {
            let pixel = pixels[y as usize * width as usize + x as usize];
            image::Rgb([pixel.red(), pixel.green(), pixel.blue()])
        })
    }
}

fn paint(color: [u8; 3], alpha: f32) -> Paint<'static> {
    let [red, green, blue] = color;
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color_rgba8(red, green, blue, (alpha * 255.0).round() as u8);
    paint
}

/// Builds a closed outline from its right half.
pub(crate) fn mirrored(half: &[(f32, f32)]) -> Option<Path> {
    let left = half.iter().rev().map(|(x, y)| (-x, *y));
    polygon(half.iter().copied().chain(left))
}

/// Builds a closed polygon.
pub(crate) fn polygon(points: impl IntoIterator<Item = (f32, f32)>) -> Option<Path> {
    let mut points = points.into_iter();
    let mut path = PathBuilder::new();
    let (x, y) = points.next()?;
    path.move_to(x, y);
    points.for_each(|(x, y)| path.line_to(x, y));
    path.close();
    path.finish()
}

/// Builds a line from the first point to the third, bent towards the second.
pub(crate) fn bent(
    (x, y): (f32, f32),
    (bend_x, bend_y): (f32, f32),
    (to_x, to_y): (f32, f32),
) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    path.quad_to(bend_x, bend_y, to_x, to_y);
    path.finish()
}

/// Builds a circle.
pub(crate) fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}
