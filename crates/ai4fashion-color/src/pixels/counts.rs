//! Colour counts.

use crate::pixels::sample::SIDE;

/// Bits of a cell that hold the sum of one component, or the number of pixels.
const FIELD: u32 = 16;

/// Pixels counted in cells of the RGB cube, `BITS` bits of each component, with the mean colour of
/// each cell.
///
/// A cell is one number: sums of the low-order bits of red, green and blue, then the number of
/// pixels, from the lowest bits up.
#[derive(Clone, Debug)]
pub(crate) struct Counts<const BITS: u32> {
    cells: Vec<u64>,
    /// One bit per cell, set if the cell has pixels: cells come in a fixed order, whatever the
    /// order of the pixels.
    occupied: Vec<u64>,
}

/// A cell that has pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counted {
    /// `r + (g << BITS) + (b << 2 * BITS)` of the highest bits of each component.
    pub(crate) cell: usize,
    pub(crate) count: u16,
    /// The mean colour, each component 0 to 255.
    pub(crate) rgb: [f32; 3],
}

impl<const BITS: u32> Counts<BITS> {
    /// Low-order bits of a component, which do not select the cell.
    const LOW_BITS: u32 = {
        // The sums of a whole sample fit at 5 bits or more, the sums of its border at 4.
        assert!(BITS >= 4 && BITS <= 8);
        assert!((SIDE * SIDE * 7) >> FIELD == 0 && (4 * SIDE * 15) >> FIELD == 0);
        8 - BITS
    };

    pub(crate) fn new() -> Self {
        let cells: usize = 1 << (3 * BITS);
        Self {
            cells: vec![0; cells],
            occupied: vec![0; cells.div_ceil(64)],
        }
    }

    /// Counts one pixel of a sample.
    #[inline]
    pub(crate) fn add(&mut self, rgb: [u8; 3]) {
        let [r, g, b] = rgb.map(|component| usize::from(component >> Self::LOW_BITS));
        let place = r | g << BITS | b << (2 * BITS);
        let [r, g, b] = rgb.map(|component| u64::from(component & ((1 << Self::LOW_BITS) - 1)));
        let cell = &mut self.cells[place];
        if *cell == 0 {
            self.occupied[place / 64] |= 1 << (place % 64);
        }
        *cell += r | g << FIELD | b << (2 * FIELD) | 1 << (3 * FIELD);
    }

    /// Calls `each` with the cells that have pixels, in order, and empties them.
    pub(crate) fn drain(&mut self, mut each: impl FnMut(Counted)) {
        for (word, bits) in self.occupied.iter_mut().enumerate() {
            while *bits != 0 {
                let place = 64 * word + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                each(Self::counted(place, std::mem::take(&mut self.cells[place])));
            }
        }
    }

    fn counted(cell: usize, sums: u64) -> Counted {
        let count = sums >> (3 * FIELD);
        let component = |place: u32| {
            let low = (cell >> (place * BITS)) & ((1 << BITS) - 1);
            let low_sum = (sums >> (place * FIELD)) & ((1 << FIELD) - 1);
            (low << Self::LOW_BITS) as f32 + low_sum as f32 / count as f32
        };
        Counted {
            cell,
            count: count as u16,
            rgb: [0, 1, 2].map(component),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained<const BITS: u32>(counts: &mut Counts<BITS>) -> Vec<Counted> {
        let mut found = Vec::new();
        counts.drain(|cell| found.push(cell));
        found
    }

    #[test]
    fn cells_are_counted_with_their_mean_and_emptied() {
        let mut counts = Counts::<5>::new();
        for rgb in [[255, 0, 9], [8, 0, 0], [255, 0, 10], [252, 0, 14]] {
            counts.add(rgb);
        }
        let cells = [
            Counted {
                cell: 1,
                count: 1,
                rgb: [8.0, 0.0, 0.0],
            },
            Counted {
                cell: 31 + (1 << 10),
                count: 3,
                rgb: [254.0, 0.0, 11.0],
            },
        ];
        assert_eq!(drained(&mut counts), cells);
        assert_eq!(drained(&mut counts), []);
    }

    #[test]
    fn a_whole_sample_of_one_color_fits() {
        let mut counts = Counts::<4>::new();
        for _ in 0..380 {
            counts.add([255; 3]);
        }
        assert_eq!(drained(&mut counts)[0].rgb, [255.0; 3]);
        let mut counts = Counts::<5>::new();
        for _ in 0..SIDE * SIDE {
            counts.add([255, 7, 8]);
        }
        let found = drained(&mut counts);
        assert_eq!((found[0].count, found[0].rgb), (9216, [255.0, 7.0, 8.0]));
    }
}
