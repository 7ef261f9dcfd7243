//! The font of all charts: none of the system's is needed.

use std::sync::Once;

use plotters::style::{FontStyle, register_font};

/// The family name to draw with; see [`register`].
pub(crate) const FONT: &str = "ai4fashion";

/// The Latin letters of Roboto Regular (Christian Robertson, Google; Apache-2.0, see
/// `font/LICENSE`), cut out with fonttools' `pyftsubset`.
pub(crate) const ROBOTO: &[u8] = include_bytes!("font/roboto-regular-latin.ttf");

/// Makes [`FONT`] known to plotters; call it before drawing.
pub(crate) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if register_font(FONT, FontStyle::Normal, ROBOTO).is_err() {
            log::error!("charts have no letters: the font in this program cannot be read");
        }
    });
}
