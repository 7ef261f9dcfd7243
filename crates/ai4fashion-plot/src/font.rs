//! The font of all charts: none of the system's is needed.

use std::sync::Once;

use base64::{Engine, engine::general_purpose::STANDARD};
use plotters::style::{FontStyle, register_font};

/// The family name to draw with; see [`register`].
pub(crate) const FONT: &str = "ai4fashion";

/// The Latin letters of Roboto Regular (Christian Robertson, Google; Apache-2.0, see
/// `font/LICENSE`), cut out with fonttools' `pyftsubset`.
const ROBOTO: &[u8] = include_bytes!("font/roboto-regular-latin.ttf");

/// Makes [`FONT`] known to plotters; call it before drawing.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if register_font(FONT, FontStyle::Normal, ROBOTO).is_err() {
            log::error!("charts have no letters: the font in this program cannot be read");
        }
    });
}

/// Puts the font into an SVG document, so that it looks the same everywhere.
pub(crate) fn embed_font(svg: &str) -> String {
    let style = format!(
        "<style>@font-face{{font-family:\"{FONT}\";src:url(data:font/ttf;base64,{})}}</style>",
        STANDARD.encode(ROBOTO)
    );
    let end = svg
        .find("<svg")
        .and_then(|open| svg[open..].find('>').map(|close| open + close + 1));
    match end {
        Some(end) => [&svg[..end], "\n", &style, &svg[end..]].concat(),
        None => svg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn font_goes_into_the_svg_element() {
        let svg = embed_font("<?xml version=\"1.0\"?><svg width=\"4\"><rect/></svg>");
        assert!(svg.starts_with("<?xml version=\"1.0\"?><svg width=\"4\">\n<style>@font-face"));
        assert!(svg.ends_with("</style><rect/></svg>"));
    }
}
