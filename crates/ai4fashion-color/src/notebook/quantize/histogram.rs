//! Pixel counts in cells of 5 bits per component.

/// Bits kept of each component.
const BITS: u32 = 5;
/// Cells along one axis.
const SIDE: usize = 1 << BITS;

/// Pixel counts of the 32,768 cells, and the bounds of cells that have any.
#[derive(Debug)]
pub(super) struct Histogram {
    counts: Vec<u32>,
    low: [usize; 3],
    high: [usize; 3],
}

impl Histogram {
    /// Counts the pixels; `None` without pixels.
    pub(super) fn new(pixels: impl Iterator<Item = [u8; 3]>) -> Option<Self> {
        let mut counts = vec![0; SIDE * SIDE * SIDE];
        let (mut low, mut high) = ([SIDE; 3], [0; 3]);
        let mut any = false;
        for pixel in pixels {
            let cell = pixel.map(|component| usize::from(component >> (8 - BITS)));
            counts[index(cell)] += 1;
            for axis in 0..3 {
                low[axis] = low[axis].min(cell[axis]);
                high[axis] = high[axis].max(cell[axis]);
            }
            any = true;
        }
        any.then_some(Self { counts, low, high })
    }

    /// Returns the lowest and the highest cell with pixels on each axis.
    pub(super) fn bounds(&self) -> [[usize; 3]; 2] {
        [self.low, self.high]
    }

    /// Returns the pixels in one cell; red, green and blue are 0 to 31 each.
    pub(super) fn count(&self, cell: [usize; 3]) -> u64 {
        u64::from(self.counts[index(cell)])
    }
}

fn index([r, g, b]: [usize; 3]) -> usize {
    (r << (2 * BITS)) | (g << BITS) | b
}
