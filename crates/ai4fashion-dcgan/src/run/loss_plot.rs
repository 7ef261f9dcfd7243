//! The chart of both losses, like the seed's.

use std::path::Path;

use ai4fashion_dataset::{
    plot::{Line, LineChart},
    write_atomic, write_png,
};

use crate::error::Error;

/// Blue and orange that differ for the colour-blind too (M. Okabe, K. Ito, Color Universal Design, 2008).
const GENERATOR: [u8; 3] = [0, 114, 178];
const DISCRIMINATOR: [u8; 3] = [213, 94, 0];

/// Draws `losses` (discriminator, generator; a pair a step) to `path` with `.svg` and `.png`.
pub(crate) fn draw_losses(losses: &[[f32; 2]], path: &Path) -> Result<(), Error> {
    let line = |name: &str, color, place: usize| {
        let values = losses.iter().map(|pair| pair[place]).collect();
        Line::new(name, color, values)
    };
    let title = "Generator and discriminator loss during training";
    let chart = LineChart::new(title, "step", "loss")
        .with_line(line("generator", GENERATOR, 1))
        .with_line(line("discriminator", DISCRIMINATOR, 0));
    write_atomic(path.with_extension("svg"), chart.svg()?.as_bytes())?;
    write_png(path.with_extension("png"), &chart.picture()?)?;
    Ok(())
}
