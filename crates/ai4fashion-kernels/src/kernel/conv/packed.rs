//! A weight that is packed once, for many products.

use super::{
    general,
    winograd::{TapPanels, Weight, Winograd},
};
use crate::{kernel::geometry::Geometry, precision::Precision};

/// The product that a weight is packed for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    /// [`forward`](super::forward).
    Forward,
    /// [`input_grad`](super::input_grad).
    InputGrad,
}

/// A weight in the order of the product that reads it.
#[derive(Debug)]
pub(crate) struct Packed {
    direction: Direction,
    precision: Precision,
    panels: Way,
}

#[derive(Debug)]
enum Way {
    Winograd(TapPanels<Vec<f32>>),
    General(Vec<f32>),
}

impl Packed {
    /// Packs `weight` for batches of any size of the images of `g`.
    pub(crate) fn new(weight: &[f32], g: &Geometry, direction: Direction, precision: Precision) -> Self {
        let panels = match Winograd::of(g, precision) {
            Some(_) => Way::Winograd(Weight::packed(weight, g, direction)),
            None => Way::General(match direction {
                Direction::Forward => general::panels_for_outputs(weight, g).to_vec(),
                Direction::InputGrad => general::panels_for_inputs(weight, g).to_vec(),
            }),
        };
        Self {
            direction,
            precision,
            panels,
        }
    }

    /// The product that the weight is packed for.
    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    /// Applies the product; the same bytes as with the weight itself. `g` differs from that of
    /// [`new`](Self::new) in the batch alone.
    pub(crate) fn product(&self, values: &[f32], g: &Geometry) -> Vec<f32> {
        match (&self.panels, Winograd::of(g, self.precision), self.direction) {
            (Way::Winograd(taps), Some(winograd), Direction::Forward) => {
                winograd.forward(values, Weight::Packed(taps))
            }
            (Way::Winograd(taps), Some(winograd), Direction::InputGrad) => {
                winograd.input_grad(values, Weight::Packed(taps))
            }
            (Way::General(panels), _, Direction::Forward) => {
                general::forward_of(values, panels.as_chunks().0, g)
            }
            (Way::General(panels), _, Direction::InputGrad) => {
                general::input_grad_of(values, panels.as_chunks().0, g)
            }
            // Without images there is nothing to filter.
            (Way::Winograd(_), None, Direction::Forward) => vec![0.0; g.batch * g.output_len()],
            (Way::Winograd(_), None, Direction::InputGrad) => vec![0.0; g.batch * g.input_len()],
        }
    }
}
