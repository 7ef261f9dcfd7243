//! The images that `--limit` leaves.

use ai4fashion_dcgan::{Error, ImageSource, Labels, image::RgbImage};

/// The first images of a source. Its fingerprint is that of the source: the limit is a setting of
/// the run.
#[derive(Clone, Copy)]
pub(super) struct FirstImages<'a> {
    source: &'a dyn ImageSource,
    len: usize,
}

impl<'a> FirstImages<'a> {
    pub(super) fn new(source: &'a dyn ImageSource, limit: Option<usize>) -> Self {
        let len = source.len().min(limit.unwrap_or(usize::MAX));
        Self { source, len }
    }
}

impl ImageSource for FirstImages<'_> {
    fn len(&self) -> usize {
        self.len
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        self.source.image(index)
    }

    fn labels(&self, index: usize) -> Labels {
        self.source.labels(index)
    }

    fn fingerprint(&self) -> String {
        self.source.fingerprint()
    }
}
