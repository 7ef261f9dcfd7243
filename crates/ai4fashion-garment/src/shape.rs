//! Sizes of the network.

/// Height of the network's input in pixels.
pub const HEIGHT: usize = 80;
/// Width of the network's input in pixels.
pub const WIDTH: usize = 60;
/// Classes of articles: the twelve product types, frequent other articles, and the rest.
pub const CLASSES: usize = 39;
/// Channels of the feature maps: 40x30, 20x15, 20x15, 10x8 and 10x8 pixels.
pub const CHANNELS: [usize; 5] = [16, 32, 48, 80, 80];
/// Strides of the convolutions.
pub const STRIDES: [usize; 5] = [2, 2, 1, 2, 1];
/// Channels of the middle feature map.
pub const MIDDLE: usize = CHANNELS[2];
/// Channels of the last feature map.
pub const WIDE: usize = CHANNELS[4];
/// Maps that a mask is summed from.
pub const MAPS: usize = 8;
/// Channels of the last feature map where its places count.
pub const LAYOUT_CHANNELS: usize = 16;
/// Values that the places are summed up to.
pub const LAYOUT: usize = 64;
/// Values that stand for a class.
pub const EMBEDDING: usize = 32;
/// Values of the hidden layer before the colours.
pub const HIDDEN: usize = 64;
/// Height and width of the middle feature map and of the mask.
pub const MASK: [usize; 2] = [HEIGHT / 4, WIDTH / 4];
/// Height and width of the last feature map.
pub const LAST: [usize; 2] = [HEIGHT / 8, WIDTH.div_ceil(8)];
