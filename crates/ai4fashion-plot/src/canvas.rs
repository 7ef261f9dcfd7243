//! Surfaces for charts: an SVG text, or the pixels of an image.

use std::{io::Cursor, path::Path};

use ai4fashion_files::write_atomic;
use image::{ImageFormat, RgbImage};
use plotters::{coord::Shift, prelude::*};

use crate::{
    error::{Error, ErrorKind},
    font::register,
    stylesheet::embed,
};

/// The colour of letters.
pub(crate) const TEXT: RGBColor = RGBColor(40, 40, 40);

/// The result of drawing on an area.
pub(crate) type OnArea<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Something that can be drawn on any backend.
pub trait Draw {
    /// Names it in errors.
    fn name(&self) -> &str;

    /// Draws it on the whole of `area`.
    #[doc(hidden)]
    fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> OnArea<DB>
    where
        DB::ErrorType: 'static;
}

/// Draws as an SVG document with its style in it; `size` is in pixels.
pub(crate) fn svg(chart: &impl Draw, size: (u32, u32)) -> Result<String, Error> {
    register();
    let mut text = String::new();
    let drawn = chart.draw(&SVGBackend::with_string(&mut text, size).into_drawing_area());
    drawn.map_err(|error| failed(chart, error))?;
    Ok(embed(&text))
}

/// Draws on white pixels.
pub(crate) fn image(chart: &impl Draw, size: (u32, u32)) -> Result<RgbImage, Error> {
    register();
    let mut image = RgbImage::new(size.0, size.1);
    image.fill(255);
    let drawn = chart.draw(&BitMapBackend::with_buffer(&mut image, size).into_drawing_area());
    drawn.map_err(|error| failed(chart, error))?;
    Ok(image)
}

fn failed(chart: &impl Draw, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let title = chart.name().to_owned();
    let source = error.into();
    ErrorKind::Draw { title, source }.into()
}

/// A chart that becomes an SVG document, an image, or both as files.
///
/// The trait is sealed: the charts of this crate implement it, and others cannot.
pub trait Chart: Draw {
    /// Width and height in pixels.
    const SIZE: (u32, u32);

    /// Gives the text above the chart.
    fn title(&self) -> &str {
        self.name()
    }

    /// Draws the chart as an SVG document with its font in it. On a dark page it is dark, too.
    ///
    /// # Errors
    /// If it cannot be drawn.
    fn svg(&self) -> Result<String, Error>
    where
        Self: Sized,
    {
        svg(self, Self::SIZE)
    }

    /// Draws the chart as an image.
    ///
    /// # Errors
    /// If it cannot be drawn.
    fn image(&self) -> Result<RgbImage, Error>
    where
        Self: Sized,
    {
        image(self, Self::SIZE)
    }

    /// Writes the chart to two files: `path` with the extensions `svg` and `png`.
    ///
    /// ```
    /// use ai4fashion_plot::{Bar, BarChart, Chart};
    ///
    /// let folder = std::env::temp_dir().join(format!("chart-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder).unwrap();
    /// let red = Bar::new("red", 3, [200, 20, 30]);
    /// let chart = BarChart::new("Images by colour", "images").with_bar(red);
    /// chart.save(folder.join("colors"))?;
    /// assert!(folder.join("colors.svg").is_file() && folder.join("colors.png").is_file());
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), ai4fashion_plot::Error>(())
    /// ```
    ///
    /// # Errors
    /// If it cannot be drawn, or a file cannot be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<(), Error>
    where
        Self: Sized,
    {
        save(self, path.as_ref()).map(drop)
    }
}

/// Writes a chart as SVG and PNG, and returns the SVG document.
pub(crate) fn save(chart: &impl Chart, path: &Path) -> Result<String, Error> {
    let svg = chart.svg()?;
    write(&path.with_extension("svg"), svg.as_bytes())?;
    let path = path.with_extension("png");
    let mut png = Cursor::new(Vec::new());
    let encoded = chart.image()?.write_to(&mut png, ImageFormat::Png);
    encoded.map_err(|source| ErrorKind::Encode {
        path: path.clone(),
        source: source.into(),
    })?;
    write(&path, png.get_ref())?;
    Ok(svg)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_atomic(path, bytes).map_err(|error| match error.into_kind() {
        ai4fashion_files::ErrorKind::Io {
            action, path, source, ..
        } => ErrorKind::Io { action, path, source }.into(),
        other => ErrorKind::Io {
            action: "write",
            path: path.to_owned(),
            source: std::io::Error::other(other.to_string()),
        }
        .into(),
    })
}
