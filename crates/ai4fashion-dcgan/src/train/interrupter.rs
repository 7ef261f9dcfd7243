//! A way to stop a training run early.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Stops a training run after its current step, from another thread or a signal handler.
///
/// Clones share one request.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, Trainer, cpu, image::RgbImage, train::{Interrupter, StopReason},
/// };
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_batch_size(2);
/// let interrupter = Interrupter::new();
/// let trainer = Trainer::new(config, cpu())?.with_interrupter(interrupter.clone());
/// interrupter.stop();
/// let output = trainer.fit(&vec![RgbImage::new(8, 8); 4], &mut [])?;
/// assert_eq!((output.stop_reason, output.state.steps_done()), (StopReason::Interrupted, 1));
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interrupter(Arc<AtomicBool>);

impl Interrupter {
    /// Creates an interrupter without a request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests a stop.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether a stop was requested.
    #[must_use]
    pub fn should_stop(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
