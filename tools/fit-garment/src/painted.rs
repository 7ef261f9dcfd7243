//! Synthetic garments, some of them painted in the colours of a survey.

use std::path::Path;

use ai4fashion_dataset::BasicColor;
use ai4fashion_fit::Example;
use ai4fashion_image::image::{Rgb, RgbImage};
use ai4fashion_synthetic::{Catalogue, View};
use anyhow::Context;
use fit_common::{COLORFUL, Surveyed, read_survey};
use rayon::prelude::*;

/// Names that people gave to colours on screens.
pub(crate) const SURVEY: &str = "color-naming/xkcd_c3_basic11.csv";

/// The fewest people who named a colour, and the part of them that gave it its name.
const FEWEST: f32 = 20.0;
const MOST: f32 = 0.6;
/// Of this many colours one is painted, and shown in this part of the epochs: some four hundred
/// garments an epoch beside ten thousand photos.
const STEP: usize = 4;
const CHANCE: f32 = 0.3;

/// Renders garments of types and in poses that the catalogue of photos has few of.
pub(crate) fn synthetic() -> Vec<Example> {
    let catalogue = catalogue();
    let labels = catalogue.labels();
    let examples = labels
        .into_par_iter()
        .enumerate()
        .flat_map_iter(|(index, (color, known))| {
            let catalogue = &catalogue;
            View::ALL.into_iter().map(move |view| {
                Example::new(&catalogue.render(index, view))
                    .with_color(Some(color))
                    .with_type(Some(known))
                    .with_garment_only(view == View::GarmentOnly)
            })
        });
    examples.collect()
}

/// Paints garments in the colours of a survey that have a hue and that most people call by one
/// name: no photo shows them all.
pub(crate) fn surveyed(data: &Path) -> anyhow::Result<Vec<Example>> {
    let table = data.join(SURVEY);
    let all = read_survey(&table).with_context(|| format!("cannot read `{}`", table.display()))?;
    let colors: Vec<([u8; 3], BasicColor)> = all.iter().filter_map(sure).step_by(STEP).collect();
    let (catalogue, red) = (catalogue(), red());
    let examples = colors.into_par_iter().enumerate().map(|(index, (rgb, name))| {
        let garment = catalogue.render(red[index % red.len()], View::GarmentOnly);
        Example::new(&painted(garment, rgb))
            .with_color(Some(name))
            .with_chance(CHANCE)
    });
    Ok(examples.collect())
}

/// The colour and its name, if people agree on one.
fn sure(entry: &Surveyed) -> Option<([u8; 3], BasicColor)> {
    let ((name, most), people) = (entry.most(), entry.people());
    let is_sure = people >= FEWEST && most >= MOST * people && entry.oklch().chroma >= COLORFUL;
    is_sure.then_some((entry.rgb, name))
}

/// A red garment in another colour, with its shades; paper, shadow and hanger stay.
fn painted(mut garment: RgbImage, rgb: [u8; 3]) -> RgbImage {
    /// What red is above the others, where there is cloth.
    const RED: u8 = 60;
    let is_cloth = |Rgb([r, g, b]): &Rgb<u8>| r.saturating_sub(*g.max(b)) > RED;
    let mut reds: Vec<u8> = garment
        .pixels()
        .filter(|it| is_cloth(it))
        .map(|it| it[0])
        .collect();
    reds.sort_unstable();
    let Some(median) = reds.get(reds.len() / 2).copied() else {
        return garment;
    };
    for pixel in garment.pixels_mut().filter(|pixel| is_cloth(pixel)) {
        let shade = f32::from(pixel[0]) / f32::from(median);
        // The median shade has the colour itself.
        *pixel = Rgb(rgb.map(|value| (f32::from(value) * shade + 0.5) as u8));
    }
    garment
}

fn catalogue() -> Catalogue {
    // Not the seed of the tests.
    Catalogue::new(2).with_per_label(1)
}

/// Places of the red garments, one of each type.
fn red() -> Vec<usize> {
    let labels = catalogue().labels().into_iter().enumerate();
    let red = labels.filter(|(_, (color, _))| *color == BasicColor::Red);
    red.map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cloth_is_painted_and_paper_is_not() {
        let (catalogue, blue) = (catalogue(), [20, 60, 200]);
        let red = red();
        assert_eq!(red.len(), 12);
        for index in red {
            let garment = catalogue.render(index, View::GarmentOnly);
            let painted = painted(garment.clone(), blue);
            let count = |of: fn(&Rgb<u8>) -> bool| painted.pixels().filter(|it| of(it)).count();
            assert!(count(|pixel| pixel.0 == [20, 60, 200]) > 100, "{index}");
            assert!(count(|Rgb([r, _, b])| b > r) > 2000, "{index}");
            let paper = |image: &RgbImage| image.pixels().filter(|it| it.0 == [255; 3]).count();
            assert_eq!(paper(&painted), paper(&garment), "{index}");
        }
    }

    #[test]
    fn colour_that_people_agree_on_has_its_name() {
        let mut names = [0.0; BasicColor::COUNT];
        names[BasicColor::Blue.index()] = 16.0;
        names[BasicColor::Purple.index()] = 10.0;
        let entry = |rgb, names| Surveyed { rgb, names };
        assert_eq!(
            sure(&entry([20, 60, 200], names)),
            Some(([20, 60, 200], BasicColor::Blue))
        );
        assert_eq!(sure(&entry([120, 120, 130], names)), None, "a grey");
        names[BasicColor::Purple.index()] = 11.0;
        assert_eq!(sure(&entry([20, 60, 200], names)), None, "no agreement");
    }
}
