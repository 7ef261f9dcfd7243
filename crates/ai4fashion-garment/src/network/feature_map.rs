//! Feature maps of whole numbers.

/// A feature map, channels last, with a border of one pixel of zeros. An odd number of channels has
/// one of zeros behind it.
#[derive(Clone, Debug)]
pub(crate) struct FeatureMap {
    values: Vec<i16>,
    height: usize,
    width: usize,
    channels: usize,
}

impl FeatureMap {
    /// Returns how many values a pixel has with this many channels.
    pub(crate) fn stored(channels: usize) -> usize {
        channels.next_multiple_of(2)
    }

    /// Allocates a map of zeros.
    pub(crate) fn new([height, width]: [usize; 2], channels: usize) -> Self {
        let channels = Self::stored(channels);
        Self {
            values: vec![0; (height + 2) * (width + 2) * channels],
            height,
            width,
            channels,
        }
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Returns the number of values of a pixel.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// Returns the pixels of a row, without the border.
    pub(crate) fn row(&self, y: usize) -> &[i16] {
        let start = self.start(y);
        &self.values[start..start + self.width * self.channels]
    }

    /// Returns the pixels of a row, without the border.
    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [i16] {
        let start = self.start(y);
        &mut self.values[start..start + self.width * self.channels]
    }

    /// Returns `count` adjacent pixels of a row, from a column on; both count from the border.
    pub(crate) fn run(&self, y: usize, x: usize, count: usize) -> &[i16] {
        let start = (y * (self.width + 2) + x) * self.channels;
        &self.values[start..start + count * self.channels]
    }

    fn start(&self, y: usize) -> usize {
        ((y + 1) * (self.width + 2) + 1) * self.channels
    }
}
