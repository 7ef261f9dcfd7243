//! Accuracy and time of each namer on the same images, side by side.

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use ai4fashion_color::BasicColor;
use ai4fashion_files::{count, numbers::median};

use crate::{
    images::{Images, Labelled},
    peers::{self, Namer},
};

/// Time of a namer: a slow one names as many images as it can.
const LONGEST: Duration = Duration::from_secs(15);
/// Images that are named before time is taken.
const WARM_UP: usize = 3;

/// What was measured of a namer.
struct Figures {
    /// Number of images that it named.
    images: usize,
    /// Part of the labelled images whose name is the label.
    accuracy: f64,
    /// Mean over the labels of that part among the images of a label.
    mean_recall: f64,
    /// Median of the images.
    microseconds: f64,
}

/// Prints a row for each namer, the classifiers of this project first.
pub(crate) fn print(images: &Images) {
    images.remarks.iter().for_each(|remark| println!("{remark}"));
    let are_labelled = images.are_labelled();
    let (names, rule) = if are_labelled {
        (" accuracy | mean recall |", "---|---|")
    } else {
        ("", "")
    };
    println!("\n| classifier or peer |{names} microseconds an image |");
    println!("|---|{rule}---|");
    let mut cut = Vec::new();
    for (name, namer) in peers::all() {
        let found = measure(namer, &images.all);
        let accuracy = if are_labelled {
            format!(" {:8.3} | {:11.3} |", found.accuracy, found.mean_recall)
        } else {
            String::new()
        };
        println!("| {name:18} |{accuracy} {:21.1} |", found.microseconds);
        if found.images < images.all.len() {
            let (number, seconds) = (count(found.images, "image"), LONGEST.as_secs());
            cut.push(format!("{name}: {number}, as many as it named in {seconds} s"));
        }
    }
    println!("\nOne thread, decoded images, medians.");
    cut.iter().for_each(|line| println!("{line}"));
    println!();
}

fn measure(mut namer: Namer, images: &[Labelled]) -> Figures {
    for it in images.iter().take(WARM_UP) {
        black_box(namer(&it.image));
    }
    let mut times = Vec::with_capacity(images.len());
    let mut names: BTreeMap<BasicColor, [usize; 2]> = BTreeMap::new();
    let started = Instant::now();
    for Labelled { image, color } in images {
        if started.elapsed() > LONGEST {
            break;
        }
        let start = Instant::now();
        let name = black_box(namer(black_box(image)));
        times.push(start.elapsed().as_secs_f64() * 1e6);
        if let Some(color) = color {
            let [right, all] = names.entry(*color).or_default();
            *right += usize::from(name == Some(*color));
            *all += 1;
        }
    }
    let right: usize = names.values().map(|[right, _]| right).sum();
    let recalls = names.values().map(|&[right, all]| right as f64 / all as f64);
    Figures {
        images: times.len(),
        accuracy: right as f64 / times.len() as f64,
        mean_recall: recalls.sum::<f64>() / names.len() as f64,
        microseconds: median(&mut times).unwrap_or_default(),
    }
}
