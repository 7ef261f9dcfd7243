//! The sizes of one convolution.

/// The sizes of one convolution, seen from the side of the ordinary (not transposed) one: it
/// takes `[batch, in_channels, height, width]` to `[batch, out_channels, out_height, out_width]`.
///
/// A transposed convolution is a convolution run backwards: its input is the output here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) batch: usize,
    pub(crate) in_channels: usize,
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) out_channels: usize,
    pub(crate) out_height: usize,
    pub(crate) out_width: usize,
    pub(crate) kernel: [usize; 2],
    pub(crate) window: Window,
}

/// How the kernel moves over the input: rows first, then columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) stride: [usize; 2],
    /// Above and left of the input.
    pub(crate) padding: [usize; 2],
    /// Below and right of it.
    padding_after: [usize; 2],
}

impl Window {
    /// A window with the same padding on both sides.
    pub(crate) const fn new(stride: [usize; 2], padding: [usize; 2]) -> Self {
        Self {
            stride,
            padding,
            padding_after: padding,
        }
    }

    /// Sets the padding below and right of the input.
    pub(crate) const fn with_padding_after(self, padding_after: [usize; 2]) -> Self {
        Self {
            padding_after,
            ..self
        }
    }

    /// The sizes of an input with its padding.
    pub(crate) fn padded(&self, size: [usize; 2]) -> [usize; 2] {
        core::array::from_fn(|axis| self.padding[axis] + size[axis] + self.padding_after[axis])
    }
}

impl Geometry {
    /// The convolution that takes `input` (`[batch, in_channels, height, width]`) with `weight`
    /// (`[out_channels, in_channels, kernel_height, kernel_width]`).
    pub(crate) fn forward(input: [usize; 4], weight: [usize; 4], window: Window) -> Self {
        let [batch, in_channels, height, width] = input;
        let [out_channels, _, kernel_height, kernel_width] = weight;
        let padded = window.padded([height, width]);
        let out = |kernel: usize, axis: usize| {
            let room = padded[axis].checked_sub(kernel);
            room.map_or(0, |room| room / window.stride[axis] + 1)
        };
        Self {
            batch,
            in_channels,
            height,
            width,
            out_channels,
            out_height: out(kernel_height, 0),
            out_width: out(kernel_width, 1),
            kernel: [kernel_height, kernel_width],
            window,
        }
    }

    /// The number of values in one input image.
    pub(crate) fn input_len(&self) -> usize {
        self.in_channels * self.height * self.width
    }

    /// The number of positions in one output plane.
    pub(crate) fn out_plane(&self) -> usize {
        self.out_height * self.out_width
    }

    /// The number of values in one output image.
    pub(crate) fn output_len(&self) -> usize {
        self.out_channels * self.out_plane()
    }

    /// The number of weights that make one output value: the depth of the matrix product.
    pub(crate) fn depth(&self) -> usize {
        self.in_channels * self.kernel[0] * self.kernel[1]
    }

    /// The shape of the input.
    pub(crate) fn input_shape(&self) -> [usize; 4] {
        [self.batch, self.in_channels, self.height, self.width]
    }

    /// The shape of the output.
    pub(crate) fn output_shape(&self) -> [usize; 4] {
        [self.batch, self.out_channels, self.out_height, self.out_width]
    }

    /// The shape of the weight.
    pub(crate) fn weight_shape(&self) -> [usize; 4] {
        [
            self.out_channels,
            self.in_channels,
            self.kernel[0],
            self.kernel[1],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALVING: Window = Window::new([2, 2], [1, 1]);

    #[test]
    fn stride_two_halves_the_sides() {
        let g = Geometry::forward([2, 3, 64, 32], [8, 3, 4, 4], HALVING);
        assert_eq!(g.output_shape(), [2, 8, 32, 16]);
        assert_eq!(g.depth(), 48);
    }

    #[test]
    fn kernel_larger_than_the_padded_input_gives_no_output() {
        let g = Geometry::forward([1, 1, 2, 2], [1, 1, 5, 5], HALVING);
        assert_eq!(g.out_plane(), 0);
    }
}
