//! The sets that scores compare.

/// Real and generated images, or their features, and what tells whether images were copied.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a, T> {
    pub(crate) real: &'a T,
    pub(crate) fake: &'a T,
    pub(crate) training: Option<&'a T>,
    pub(crate) held_out: Option<&'a T>,
}

impl<'a, T> Comparison<'a, T> {
    /// Compares generated images with real ones.
    #[must_use]
    pub fn new(real: &'a T, fake: &'a T) -> Self {
        Self {
            real,
            fake,
            training: None,
            held_out: None,
        }
    }

    /// Sets the images that the generator was trained on, for novelty; the real ones by default.
    #[must_use]
    pub fn with_training(mut self, training: Option<&'a T>) -> Self {
        self.training = training;
        self
    }

    /// Sets real images that the generator was not trained on, for novelty.
    #[must_use]
    pub fn with_held_out(mut self, held_out: Option<&'a T>) -> Self {
        self.held_out = held_out;
        self
    }
}
