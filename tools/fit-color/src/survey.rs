//! How often the crate agrees with the names that people give to colours on screens.

use std::path::Path;

use ai4fashion_color::{
    __private::published,
    BasicColor, ColorClassifier,
    image::{Rgba, RgbaImage},
};
use anyhow::Context;
use fit_common::read_survey;

/// Prints how often the crate, and the published table alone, name a single-colour square as at
/// least three of four people do, for colours that more than five people have named.
#[allow(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(table: &Path) -> anyhow::Result<()> {
    const FEWEST: f32 = 6.0;
    const SURE: f32 = 0.75;
    let all = read_survey(table).with_context(|| format!("cannot read `{}`", table.display()))?;
    let sure = all.iter().filter_map(|entry| {
        let ((name, count), people) = (entry.most(), entry.people());
        (people >= FEWEST && count >= SURE * people).then_some((entry.rgb, name))
    });
    let sure: Vec<_> = sure.collect();
    let classifier = ColorClassifier::default();
    let agreement = |name: &dyn Fn([u8; 3]) -> BasicColor| {
        let agreed = sure.iter().filter(|(rgb, expected)| name(*rgb) == *expected);
        let agreed = agreed.count();
        format!(
            "{agreed} of {}, {:.3}",
            sure.len(),
            agreed as f32 / sure.len() as f32
        )
    };
    println!(
        "the crate            {}",
        agreement(&|rgb| classifier.classify(&square(rgb)).name())
    );
    println!("the published table  {}", agreement(&published));
    Ok(())
}

/// Returns a square on transparent background, so that a white square is cloth as well.
fn square([r, g, b]: [u8; 3]) -> RgbaImage {
    RgbaImage::from_fn(32, 32, |x, y| {
        let is_cloth = (8..24).contains(&x) && (8..24).contains(&y);
        Rgba([r, g, b, if is_cloth { 255 } else { 0 }])
    })
}
