//! A weight that is packed once, for many products.

use super::{
    direction::Direction,
    general,
    winograd::{TapPanels, Weight, Winograd},
};
use crate::{kernel::geometry::Geometry, precision::Precision};

/// A weight in the order of the product that reads it.
#[derive(Debug)]
pub(crate) struct Packed {
    direction: Direction,
    precision: Precision,
    values: Layout,
}

#[derive(Debug)]
enum Layout {
    /// For Winograd's filtering.
    Taps(TapPanels<Vec<f32>>),
    /// For im2col and a matrix product.
    Panels(Vec<f32>),
}

impl Packed {
    /// Packs `weight` for batches of any size of the images of `g`.
    pub(crate) fn new(weight: &[f32], g: &Geometry, direction: Direction, precision: Precision) -> Self {
        let values = match Winograd::of(g, precision) {
            Some(_) => Layout::Taps(TapPanels::new(weight, g, direction)),
            None => Layout::Panels(match direction {
                Direction::Forward => general::panels_for_outputs(weight, g).to_vec(),
                Direction::InputGrad => general::panels_for_inputs(weight, g).to_vec(),
            }),
        };
        Self {
            direction,
            precision,
            values,
        }
    }

    /// The product that the weight is packed for.
    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    /// Applies the product; the same bytes as with the weight itself. `g` differs from that of
    /// [`new`](Self::new) in the batch alone.
    pub(crate) fn product(&self, values: &[f32], g: &Geometry) -> Vec<f32> {
        match (&self.values, Winograd::of(g, self.precision), self.direction) {
            (Layout::Taps(taps), Some(winograd), Direction::Forward) => {
                winograd.forward(values, Weight::Packed(taps))
            }
            (Layout::Taps(taps), Some(winograd), Direction::InputGrad) => {
                winograd.input_grad(values, Weight::Packed(taps))
            }
            (Layout::Panels(panels), _, Direction::Forward) => {
                general::forward_of(values, panels.as_chunks().0, g)
            }
            (Layout::Panels(panels), _, Direction::InputGrad) => {
                general::input_grad_of(values, panels.as_chunks().0, g)
            }
            // Without images there is nothing to filter.
            (Layout::Taps(_), None, Direction::Forward) => vec![0.0; g.batch * g.output_len()],
            (Layout::Taps(_), None, Direction::InputGrad) => vec![0.0; g.batch * g.input_len()],
        }
    }
}
