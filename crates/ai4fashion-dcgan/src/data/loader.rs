//! Batches of images, decoded by worker threads ahead of the training.

use std::{
    ops::{ControlFlow, Range},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use ai4fashion_image::center_crop;
use rand::seq::SliceRandom;

use crate::{
    data::{image_source::ImageSource, tensors::append_planes},
    error::{Error, ErrorKind},
    random::{Stream, rng},
};

/// Batches that a worker may have ready, besides the one it decodes.
const AHEAD: usize = 2;

/// Reads images in batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loader {
    pub(crate) batch_size: usize,
    pub(crate) image_size: usize,
    pub(crate) channels: usize,
    pub(crate) workers: usize,
}

/// The images of one step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    /// The values of `[indices, channels, size, size]`, in `[-1, 1]`.
    pub(crate) values: Vec<f32>,
    /// The indices of the images.
    pub(crate) indices: Vec<usize>,
    /// How long the training waited for them.
    pub(crate) waited: Duration,
}

impl Loader {
    /// The number of batches of `count` images; the last may be smaller.
    pub(crate) fn batches(&self, count: usize) -> usize {
        count.div_ceil(self.batch_size)
    }

    /// Reads the images in `order`, and passes their batches from number `first` to `consume`, in
    /// order, until it breaks.
    ///
    /// Worker `w` of `n` reads the batches `w`, `w + n`, `w + 2 n` and so on: they need no sorting,
    /// and each worker is at most [`AHEAD`] batches ahead of the training.
    pub(crate) fn for_each(
        &self,
        source: &(impl ImageSource + ?Sized),
        order: &[usize],
        first: usize,
        mut consume: impl FnMut(usize, Batch) -> Result<ControlFlow<()>, Error>,
    ) -> Result<(), Error> {
        let batches: Vec<&[usize]> = order.chunks(self.batch_size).skip(first).collect();
        let (batches, count) = (&batches, self.workers.min(batches.len()));
        thread::scope(|scope| {
            let workers: Vec<_> = (0..count)
                .map(|worker| {
                    let (send, receive) = mpsc::sync_channel(AHEAD);
                    let read = move || {
                        for indices in batches.iter().skip(worker).step_by(count) {
                            // The receiver is gone when the training has ended early.
                            if send.send(self.read(source, indices)).is_err() {
                                break;
                            }
                        }
                    };
                    (receive, scope.spawn(read))
                })
                .collect();
            let mut each = || {
                for place in 0..batches.len() {
                    let (receive, _) = &workers[place % count];
                    let asked = Instant::now();
                    let batch = receive.recv().map_err(|_| Error::from(ErrorKind::Worker))?;
                    let waited = asked.elapsed();
                    if consume(first + place, Batch { waited, ..batch? })?.is_break() {
                        break;
                    }
                }
                Ok(())
            };
            let result = each();
            for (receive, worker) in workers {
                drop(receive);
                // A panic of it has ended the loop above.
                let _ = worker.join();
            }
            result
        })
    }

    /// Reads the images at `indices`, cropped and scaled for the networks.
    pub(crate) fn read(
        &self,
        source: &(impl ImageSource + ?Sized),
        indices: &[usize],
    ) -> Result<Batch, Error> {
        let mut values =
            Vec::with_capacity(indices.len() * self.channels * self.image_size * self.image_size);
        for index in indices {
            let image = source.image(*index)?;
            let square = center_crop(&image, self.image_size as u32).map_err(Error::image(*index))?;
            append_planes(&mut values, &square, self.channels);
        }
        Ok(Batch {
            values,
            indices: indices.to_vec(),
            waited: Duration::ZERO,
        })
    }
}

/// The order of the images in one epoch: a random permutation that depends on seed and epoch alone.
pub(crate) fn epoch_order(images: Range<usize>, seed: u64, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = images.collect();
    order.shuffle(&mut rng(seed, Stream::Order, epoch as u64));
    order
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    /// Images of one grey level each, which tells them apart.
    fn levels(count: u8) -> Vec<RgbImage> {
        (0..count)
            .map(|level| RgbImage::from_pixel(4, 4, image::Rgb([level; 3])))
            .collect()
    }

    fn loader(workers: usize) -> Loader {
        Loader {
            batch_size: 4,
            image_size: 8,
            channels: 3,
            workers,
        }
    }

    fn read_all(workers: usize) -> Vec<u8> {
        let order = epoch_order(0..30, 1, 0);
        let mut consumed = Vec::new();
        let result = loader(workers).for_each(&levels(30)[..], &order, 0, |place, batch| {
            assert_eq!(batch.indices.len(), if place == 7 { 2 } else { 4 });
            let images = batch.values.chunks_exact(3 * 64);
            consumed.extend(images.map(|p| ((p[0] + 1.0) * 127.5).round() as u8));
            Ok(ControlFlow::Continue(()))
        });
        result.unwrap();
        consumed
    }

    #[test]
    fn batches_come_in_order_for_any_number_of_workers() {
        let expected: Vec<u8> = epoch_order(0..30, 1, 0).into_iter().map(|i| i as u8).collect();
        // More than there are batches, and more than a machine has threads.
        for workers in [1, 2, 5, 20, 1_000_000] {
            assert_eq!(read_all(workers), expected);
        }
    }

    #[test]
    fn every_epoch_has_its_own_order_with_each_image_once() {
        let (first, second) = (epoch_order(0..30, 1, 0), epoch_order(0..30, 1, 1));
        assert_ne!(first, second);
        let mut sorted = second;
        sorted.sort_unstable();
        assert_eq!(sorted, (0..30).collect::<Vec<_>>());
    }

    #[test]
    fn image_that_cannot_be_read_ends_the_reading_with_its_error() {
        let mut images = levels(30);
        images[17] = RgbImage::new(0, 0);
        let order: Vec<usize> = (0..30).collect();
        let mut consumed = 0;
        let error = loader(2).for_each(&images, &order, 0, |_, batch| {
            consumed += batch.indices.len();
            Ok(ControlFlow::Continue(()))
        });
        assert!(matches!(
            error.unwrap_err().kind(),
            ErrorKind::Image { index: 17, .. }
        ));
        assert_eq!(consumed, 16);
    }

    #[test]
    fn worker_that_panics_is_an_error() {
        struct Trap;
        impl ImageSource for Trap {
            fn len(&self) -> usize {
                30
            }
            fn image(&self, index: usize) -> Result<RgbImage, Error> {
                assert!(index < 17, "trapped");
                Ok(RgbImage::new(4, 4))
            }
        }
        let order: Vec<usize> = (0..30).collect();
        let result = loader(2).for_each(&Trap, &order, 0, |_, _| Ok(ControlFlow::Continue(())));
        assert!(matches!(result.unwrap_err().kind(), ErrorKind::Worker));
    }

    #[test]
    fn error_of_the_training_ends_the_workers() {
        let order: Vec<usize> = (0..30).collect();
        let result = loader(2).for_each(&levels(30)[..], &order, 0, |_, _| Err(ErrorKind::NoImages.into()));
        assert!(matches!(result.unwrap_err().kind(), ErrorKind::NoImages));
    }

    #[test]
    fn reading_begins_at_any_batch_and_ends_when_the_consumer_breaks() {
        let order: Vec<usize> = (0..30).collect();
        let mut consumed = Vec::new();
        let result = loader(2).for_each(&levels(30)[..], &order, 3, |place, batch| {
            consumed.push((place, batch.indices[0]));
            Ok(if place == 5 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        });
        result.unwrap();
        assert_eq!(consumed, [(3, 12), (4, 16), (5, 20)]);
    }
}
