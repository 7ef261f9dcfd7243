//! Modified median cut quantization, as Python colorthief 0.2.1 does it at quality 1.
//!
//! The method is D. Bloomberg's, *Color quantization using modified median cut* (Leptonica, 2008).
//! Parameters, order of ties and rounding follow the Python package `colorthief` 0.2.1 (S. Feng,
//! BSD licence), because the notebooks' names depend on them. Nothing here is a good idea for new
//! code.
//!
//! - Pixels whose three components are all above 250 are left out.
//! - Colours are counted in boxes of 5 bits per component.
//! - The box with the most pixels is cut until there are four boxes; then the box with the largest
//!   product of pixels and volume is cut once more. The dominant colour is the mean of the box with
//!   the largest product.

mod histogram;
mod queue;
mod vbox;

use image::RgbImage;

use histogram::Histogram;
use queue::Queue;
use vbox::VBox;

/// Number of colours that colorthief's `get_color` requests.
const MAX_COLORS: usize = 5;
/// Fraction of the boxes that is found by population alone, as numerator and denominator.
const BY_POPULATION: (usize, usize) = (3, 4);
/// Cuts tried before a pass gives up (images of very few pixels).
const MAX_ITERATIONS: usize = 1000;

/// Returns the dominant colour as Python colorthief 0.2.1 gives it at quality 1, as sRGB bytes.
///
/// `None` if every pixel is nearly white.
///
/// ```
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::notebook::dominant_color;
///
/// let image = RgbImage::from_pixel(3, 3, Rgb([10, 20, 30]));
/// assert_eq!(dominant_color(&image), Some([12, 20, 28])); // the centre of its cell
/// assert_eq!(dominant_color(&RgbImage::from_pixel(3, 3, Rgb([255; 3]))), None);
/// ```
#[must_use]
pub fn dominant_color(image: &RgbImage) -> Option<[u8; 3]> {
    dominant(image.pixels().map(|pixel| pixel.0))
}

/// Returns the mean colour of the largest box; `None` if no pixel is left.
fn dominant(pixels: impl Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let histogram = Histogram::new(pixels.filter(|pixel| !pixel.iter().all(|&component| component > 250)))?;

    let mut by_count = Queue::new(VBox::count);
    by_count.push(VBox::around(&histogram));
    // 3.75 boxes: the pass ends at four.
    cut_until(
        &histogram,
        &mut by_count,
        (MAX_COLORS * BY_POPULATION.0).div_ceil(BY_POPULATION.1),
    );

    let mut by_product = Queue::new(VBox::product);
    while let Some(found) = by_count.pop() {
        by_product.push(found);
    }
    let target = MAX_COLORS.saturating_sub(by_product.len());
    cut_until(&histogram, &mut by_product, target);

    by_product.pop().map(|found| found.mean(&histogram))
}

/// Cuts the first box of the queue repeatedly until the pass has made `target` boxes.
///
/// It counts from one, however many boxes the queue holds at the start, and cuts before it looks.
fn cut_until(histogram: &Histogram, queue: &mut Queue, target: usize) {
    let mut boxes = 1;
    for _ in 0..MAX_ITERATIONS {
        let Some(first) = queue.pop() else { return };
        if first.count() == 0 {
            queue.push(first);
            continue;
        }
        let (low, high) = first.cut(histogram);
        queue.push(low);
        if let Some(high) = high {
            queue.push(high);
            boxes += 1;
        }
        if boxes >= target {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected colours were made with Python colorthief 0.2.1 at quality 1.
    #[test]
    fn one_color_gives_the_centre_of_its_cell() {
        assert_eq!(dominant([[10, 20, 30]; 9].into_iter()), Some([12, 20, 28]));
    }

    #[test]
    fn one_pixel_gives_the_centre_of_its_cell() {
        assert_eq!(dominant([[255, 0, 0]].into_iter()), Some([252, 4, 4]));
    }

    #[test]
    fn white_pixels_do_not_count() {
        assert_eq!(dominant([[251, 251, 251]; 4].into_iter()), None);
        assert_eq!(dominant([[251, 251, 250]; 4].into_iter()), Some([252, 252, 252]));
        assert_eq!(dominant(std::iter::empty()), None);
    }
}
