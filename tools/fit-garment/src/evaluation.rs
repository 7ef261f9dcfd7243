//! How good weights are on photos that they were not trained on.

use std::time::Instant;

use ai4fashion_color::ColorClassifier;
use ai4fashion_dataset::{BasicColor, ProductType};
use ai4fashion_garment::{GarmentClassification, GarmentClassifier, GarmentWorkspace, TypeHint};
use ai4fashion_image::{
    Limits, decode, encode_jpeg,
    image::{RgbImage, imageops},
};

use crate::{
    figures::{Answer, accuracy, calibration_error, macro_recall, mistakes_first, recalls, surest},
    photos::Photo,
};

/// Photos that robustness is measured on.
const ROBUST: usize = 600;

/// Prints all figures.
#[expect(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(classifier: &GarmentClassifier, photos: &[Photo]) {
    let mut workspace = GarmentWorkspace::new();
    let mut times = Vec::new();
    for is_given in [true, false] {
        let found: Vec<(&Photo, GarmentClassification)> = photos
            .iter()
            .map(|photo| {
                let hint = if is_given { hint(photo) } else { TypeHint::Unknown };
                let start = Instant::now();
                let found = classifier.classify_with(&mut workspace, &photo.image, hint);
                times.push(start.elapsed().as_secs_f64());
                (photo, found)
            })
            .collect();
        println!("type {}", if is_given { "given" } else { "not given" });
        let typed = |photo: &Photo| photo.product_type.is_some();
        colors(
            "  colour, typed",
            found.iter().filter(|(photo, _)| typed(photo)),
            is_given,
        );
        let on_model = found
            .iter()
            .filter(|(photo, found)| typed(photo) && found.garment_only_probability() < 0.1);
        colors("  colour, typed, taken for on a model", on_model, false);
        let alone = found
            .iter()
            .filter(|(photo, _)| photo.is_garment_only == Some(true));
        colors("  colour, garment alone", alone, false);
        colors(
            "  colour, others",
            found.iter().filter(|(photo, _)| !typed(photo)),
            false,
        );
        garments_alone(&found, is_given);
        if !is_given {
            types(&found);
            print_doubt(&found);
        }
    }
    times.sort_by(f64::total_cmp);
    println!("{:.0} us an image", times[times.len() / 2] * 1e6);
    alone(classifier, photos);
    robustness(classifier, photos);
}

/// Colours of garments alone beside those of the colour model by itself, at both sizes.
#[expect(clippy::print_stdout, reason = "a program that reports")]
fn alone(classifier: &GarmentClassifier, photos: &[Photo]) {
    let mut workspace = GarmentWorkspace::new();
    let color_model = ColorClassifier::default();
    let alone: Vec<(&Photo, &RgbImage)> = photos
        .iter()
        .filter(|photo| photo.is_garment_only == Some(true))
        .filter_map(|photo| Some((photo, photo.large.as_ref()?)))
        .collect();
    for (size, is_large) in [("168x224", true), ("60x80", false)] {
        let mut names = [Vec::new(), Vec::new()];
        for (photo, large) in &alone {
            let (Some(labelled), image) = (photo.color, if is_large { large } else { &photo.image }) else {
                continue;
            };
            let both = [
                classifier
                    .classify_with(&mut workspace, image, hint(photo))
                    .color()
                    .clone(),
                color_model.classify(image),
            ];
            for (names, found) in names.iter_mut().zip(both) {
                names.push(Answer {
                    confidence: found.confidence(),
                    predicted: found.name().index(),
                    labelled: labelled.index(),
                });
            }
        }
        let [both, by_itself] = names.each_ref().map(|answers| accuracy(answers));
        println!(
            "garment alone, {size}: {both:.3} of {}, colour model by itself {by_itself:.3}",
            names[0].len()
        );
    }
}

fn hint(photo: &Photo) -> TypeHint {
    photo.product_type.map_or(TypeHint::Other, TypeHint::Garment)
}

fn color_answer((photo, found): &(&Photo, GarmentClassification)) -> Option<Answer> {
    Some(Answer {
        confidence: found.color().confidence(),
        predicted: found.color().name().index(),
        labelled: photo.color?.index(),
    })
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn colors<'a>(
    name: &str,
    found: impl Iterator<Item = &'a (&'a Photo, GarmentClassification)>,
    is_long: bool,
) {
    let answers: Vec<Answer> = found.filter_map(color_answer).collect();
    println!(
        "{name}: {:.4} of {}, macro {:.3}, surest 70% {:.3}, calibration error {:.3}",
        accuracy(&answers),
        answers.len(),
        macro_recall(&answers, BasicColor::COUNT),
        surest(&answers, 0.7),
        calibration_error(&answers),
    );
    if is_long {
        for (class, count, recall) in recalls(&answers, BasicColor::COUNT) {
            println!("    {} {recall:.3} of {count}", BasicColor::ALL[class]);
        }
    }
}

fn type_answer((photo, found): &(&Photo, GarmentClassification)) -> Answer {
    let [labelled, predicted] =
        [photo.product_type, found.product_type()].map(|known| usize::from(ProductType::number_of(known)));
    Answer {
        confidence: found.type_confidence(),
        predicted,
        labelled,
    }
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn types(found: &[(&Photo, GarmentClassification)]) {
    let answers: Vec<Answer> = found.iter().map(type_answer).collect();
    let classes = ProductType::COUNT + 1;
    println!(
        "  type: {:.4} of {}, macro {:.3}, surest 90% {:.3}, calibration error {:.3}",
        accuracy(&answers),
        answers.len(),
        macro_recall(&answers, classes),
        surest(&answers, 0.9),
        calibration_error(&answers),
    );
    for (class, count, recall) in recalls(&answers, classes) {
        let name = ProductType::from_number(class as u8).map_or("none", ProductType::as_str);
        println!("    {name} {recall:.3} of {count}");
    }
}

#[expect(clippy::print_stdout, reason = "a program that reports")]
fn garments_alone(found: &[(&Photo, GarmentClassification)], is_given: bool) {
    let answers: Vec<(bool, bool)> = found
        .iter()
        .filter_map(|(photo, found)| {
            let hint = if is_given { hint(photo) } else { TypeHint::Unknown };
            Some((photo.is_garment_only?, found.is_garment_only(hint)))
        })
        .collect();
    let count = |of: fn(&(bool, bool)) -> bool| answers.iter().filter(|answer| of(answer)).count();
    let (both, right) = (count(|(a, b)| *a && *b), count(|(a, b)| a == b));
    println!(
        "  garment alone: {:.4} of {}, precision {both} of {}, recall {both} of {}",
        right as f64 / answers.len() as f64,
        answers.len(),
        count(|(_, predicted)| *predicted),
        count(|(labelled, _)| *labelled),
    );
}

/// How many of the wrong labels a reviewer meets first.
#[expect(clippy::print_stdout, reason = "a program that reports")]
fn print_doubt(found: &[(&Photo, GarmentClassification)]) {
    let typed = found.iter().filter(|(photo, _)| photo.product_type.is_some());
    let colors: Vec<Answer> = typed.clone().filter_map(color_answer).collect();
    let types: Vec<Answer> = found.iter().map(type_answer).collect();
    // A record is doubtful if either label is.
    let both: Vec<Answer> = typed
        .filter_map(|both| {
            let (color, known) = (color_answer(both)?, type_answer(both));
            let right = usize::from(color.predicted == color.labelled && known.predicted == known.labelled);
            Some(Answer {
                // What is left of one and one is the expected number of wrong labels.
                confidence: color.confidence + known.confidence,
                predicted: right,
                labelled: 1,
            })
        })
        .collect();
    for (name, answers) in [("colours", colors), ("types", types), ("records", both)] {
        println!(
            "  wrong {name} among the 20% least confident: {:.3}",
            mistakes_first(&answers, 0.2)
        );
    }
}

/// How often the names stay the same under changes that do not change the garment.
#[expect(clippy::print_stdout, reason = "a program that reports")]
fn robustness(classifier: &GarmentClassifier, photos: &[Photo]) {
    let light = |image: &RgbImage, factor: f32| {
        let mut image = image.clone();
        image
            .iter_mut()
            .for_each(|byte| *byte = (f32::from(*byte) * factor).min(255.0) as u8);
        image
    };
    let scaled = |image: &RgbImage, factor: f32| {
        let side = |side: u32| (side as f32 * factor) as u32;
        let (width, height) = (side(image.width()), side(image.height()));
        imageops::resize(image, width, height, imageops::FilterType::Triangle)
    };
    type Change<'a> = (&'a str, Box<dyn Fn(&RgbImage) -> RgbImage + 'a>);
    let changes: [Change<'_>; 7] = [
        ("half size", Box::new(|image| scaled(image, 0.5))),
        ("double size", Box::new(|image| scaled(image, 2.0))),
        ("mirrored", Box::new(imageops::flip_horizontal)),
        (
            "JPEG 70",
            Box::new(|image| {
                let bytes = encode_jpeg(image, 70).unwrap_or_default();
                decode(&bytes, &Limits::default()).map_or_else(|_| image.clone(), |it| it.into_rgb8())
            }),
        ),
        ("93% light", Box::new(|image| light(image, 0.93))),
        ("107% light", Box::new(|image| light(image, 1.07))),
        (
            "grey paper",
            Box::new(|image| {
                let mut image = image.clone();
                image.iter_mut().for_each(|byte| *byte = (*byte).min(235));
                image
            }),
        ),
    ];
    let mut workspace = GarmentWorkspace::new();
    let typed = photos.iter().filter(|photo| photo.product_type.is_some());
    let typed: Vec<&Photo> = typed.collect();
    let step = (typed.len() / ROBUST).max(1);
    let typed: Vec<&Photo> = typed.into_iter().step_by(step).take(ROBUST).collect();
    for (name, change) in changes {
        let same = typed.iter().filter(|photo| {
            let [before, after] = [&photo.image, &change(&photo.image)].map(|image| {
                classifier
                    .classify_with(&mut workspace, image, hint(photo))
                    .color()
                    .name()
            });
            before == after
        });
        println!(
            "same colour, {name}: {:.3}",
            same.count() as f64 / typed.len() as f64
        );
    }
}
