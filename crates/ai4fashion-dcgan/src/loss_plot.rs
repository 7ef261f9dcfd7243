//! The seed's two pictures of a run: both losses over the steps, and real beside drawn pictures.

use std::{error::Error as StdError, path::Path};

use ai4fashion_dataset::plot;
use image::RgbImage;
use plotters::{coord::Shift, prelude::*};

use crate::{Error, ErrorKind, run_folder::write};

/// Size of the loss plot in pixels.
const SIZE: (u32, u32) = (1000, 500);
/// Blue and orange that differ for the colour-blind too (M. Okabe, K. Ito, Color Universal Design, 2008).
const GENERATOR: RGBColor = RGBColor(0, 114, 178);
const DISCRIMINATOR: RGBColor = RGBColor(213, 94, 0);

type Drawn = Result<(), Box<dyn StdError + Send + Sync>>;

/// Draws `losses` (discriminator, generator; a pair a step) to `path` with `.svg` and `.png`.
pub(crate) fn draw_losses(losses: &[[f32; 2]], path: &Path) -> Result<(), Error> {
    plot::ensure_font();
    let svg = path.with_extension("svg");
    let mut text = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        loss_chart(&area, losses)
    };
    drawn.map_err(|source| failed(&svg, source))?;
    write(&svg, text.as_bytes())?;

    let png = path.with_extension("png");
    let mut pixels = vec![0; SIZE.0 as usize * SIZE.1 as usize * 3];
    let drawn = {
        let area = BitMapBackend::with_buffer(&mut pixels, SIZE).into_drawing_area();
        loss_chart(&area, losses)
    };
    drawn.map_err(|source| failed(&png, source))?;
    write_png(&png, pixels, SIZE)
}

fn loss_chart<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, losses: &[[f32; 2]]) -> Drawn
where
    DB::ErrorType: 'static,
{
    let top = losses.iter().flatten().fold(1.0_f32, |top, loss| top.max(*loss)) * 1.05;
    let run = || -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(
                "Generator and discriminator loss during training",
                (plot::FONT, 22),
            )
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(56)
            .build_cartesian_2d(0..losses.len().max(2) - 1, 0.0..top)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .x_desc("step")
            .y_desc("loss")
            .label_style((plot::FONT, 15))
            .draw()?;
        for (place, color, name) in [(1, GENERATOR, "generator"), (0, DISCRIMINATOR, "discriminator")] {
            let points = losses.iter().enumerate().map(|(step, pair)| (step, pair[place]));
            chart
                .draw_series(LineSeries::new(points, color.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], color.stroke_width(3)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.2))
            .label_font((plot::FONT, 16))
            .draw()?;
        area.present()
    };
    run().map_err(|error| error.to_string().into())
}

/// Height of the titles over the two grids, in pixels.
const TITLE: u32 = 44;

/// Draws two grids side by side under the titles of the seed's figure.
pub(crate) fn draw_real_beside_fake(real: &RgbImage, fake: &RgbImage, path: &Path) -> Result<(), Error> {
    plot::ensure_font();
    let gap = 24;
    let size = (
        real.width() + fake.width() + 3 * gap,
        real.height().max(fake.height()) + TITLE + gap,
    );
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    let drawn = {
        let area = BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area();
        titles(
            &area,
            [("Real pictures", gap), ("Drawn pictures", real.width() + 2 * gap)],
        )
    };
    drawn.map_err(|source| failed(path, source))?;
    let Some(mut page) = RgbImage::from_raw(size.0, size.1, pixels) else {
        return Err(failed(path, "the page has another size than its buffer".into()));
    };
    image::imageops::replace(&mut page, real, gap.into(), TITLE.into());
    image::imageops::replace(&mut page, fake, (real.width() + 2 * gap).into(), TITLE.into());
    write_png(path, page.into_raw(), size)
}

fn titles(area: &DrawingArea<BitMapBackend<'_>, Shift>, titles: [(&str, u32); 2]) -> Drawn {
    for (title, x) in titles {
        let place = (x.cast_signed(), 12);
        area.draw(&Text::new(title, place, (plot::FONT, 24)))
            .map_err(|error| error.to_string())?;
    }
    area.present().map_err(|error| error.to_string().into())
}

fn write_png(path: &Path, pixels: Vec<u8>, (width, height): (u32, u32)) -> Result<(), Error> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoded = RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| "the page has another size than its buffer".into())
        .and_then(|page| {
            page.write_to(&mut bytes, image::ImageFormat::Png)
                .map_err(Into::into)
        });
    encoded.map_err(|source| failed(path, source))?;
    write(path, bytes.get_ref())
}

fn failed(path: &Path, source: Box<dyn StdError + Send + Sync>) -> Error {
    ErrorKind::Draw {
        path: path.to_owned(),
        source,
    }
    .into()
}
