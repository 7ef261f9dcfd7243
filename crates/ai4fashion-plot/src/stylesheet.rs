//! The style of SVG documents: their font, and their colours on a dark page.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::font::{FONT, ROBOTO};

/// Page, letters, lines and legends where the reader's system is dark; data keep their colours, but
/// for blue lines, which would hardly be seen.
///
/// The selectors are the colours that [`canvas`](crate::canvas) and the charts draw with.
const DARK: &str = "@media (prefers-color-scheme:dark){\
    svg>rect:first-of-type{fill:#14171b}\
    text[fill=\"#282828\"]{fill:#e9ebee}\
    text[fill=\"#6E6E6E\"]{fill:#a6b0bb}\
    line[stroke=\"#000000\"],polyline[stroke=\"#000000\"],rect[stroke=\"#000000\"]{stroke:#fff}\
    rect[fill=\"#FFFFFF\"][opacity=\"0.85\"]{fill:#14171b}\
    rect[stroke=\"#5A5A5A\"]{stroke:#a6b0bb}\
    polyline[stroke=\"#0072B2\"]{stroke:#56b4e9}\
    circle[fill=\"#0072B2\"]{fill:#56b4e9}\
    }";

/// Puts the style into an SVG document, so that it looks the same everywhere.
pub(crate) fn embed(svg: &str) -> String {
    let style = format!(
        "<style>@font-face{{font-family:\"{FONT}\";src:url(data:font/ttf;base64,{})}}{DARK}</style>",
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
    use crate::{Bar, BarChart, Chart as _, HeatMap, Line, LineChart};

    #[test]
    fn style_goes_into_the_svg_element() {
        let svg = embed("<?xml version=\"1.0\"?><svg width=\"4\"><rect/></svg>");
        assert!(svg.starts_with("<?xml version=\"1.0\"?><svg width=\"4\">\n<style>@font-face"));
        assert!(svg.ends_with("</style><rect/></svg>"));
    }

    #[test]
    fn each_selector_fits_what_a_chart_draws() {
        let blue = |values| Line::new("generator", [0, 114, 178], values);
        let losses = LineChart::new("Losses", "step", "loss");
        let point = losses.clone().with_line(blue(vec![2.0]));
        let lines = losses.with_line(blue(vec![2.0, 1.5]));
        let table = HeatMap::new("Colour by type", ["colour", "type"])
            .with_columns(["dress"])
            .with_row("red", vec![0]);
        let bars = BarChart::new("Colours", "images").with_bar(Bar::new("black", 3, [17; 3]));
        let drawn = [lines.svg(), point.svg(), table.svg(), bars.svg()]
            .map(Result::unwrap)
            .concat();
        let elements = drawn.replace(DARK, "");
        for attribute in DARK.split(['[', ']']).filter(|it| it.contains("=\"")) {
            assert!(elements.contains(&format!(" {attribute}")), "{attribute}");
        }
        assert!(elements.contains("<circle"));
    }
}
