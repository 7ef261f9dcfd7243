//! The settings of a fit.

/// Settings of [`fit`](crate::fit()).
///
/// The defaults are those of the weights that `ai4fashion-garment` ships.
///
/// ```
/// use ai4fashion_fit::FitConfig;
///
/// let config = FitConfig::default().with_epochs(5).with_consistent_epochs(2);
/// assert_eq!((config.epochs, config.batch_size), (5, 128));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FitConfig {
    /// Passes over the examples, at least 1; default 26.
    pub epochs: usize,
    /// Examples of a step, at least 2; default 128.
    pub batch_size: usize,
    /// The largest learning rate of `AdamW`; default 0.004. It rises over a hundred steps and falls
    /// as a cosine.
    pub lr: f32,
    /// Weight decay of `AdamW`, decoupled; default 0.03.
    pub weight_decay: f32,
    /// Decay of the moving average of the weights, which is what is kept; default 0.998.
    pub ema: f64,
    /// Label smoothing, 0 to 1; default 0.05.
    pub smoothing: f32,
    /// How much rare colours are favoured, 0 to 1; default 0.2.
    ///
    /// In training the logarithm of each colour's share, times this, is added to its score (A.
    /// Menon et al., Long-Tail Learning via Logit Adjustment, ICLR 2021).
    pub balance: f32,
    /// How much rare product types and other articles are favoured, 0 to 1, like
    /// [`balance`](Self::balance); default 0.1.
    pub type_balance: f32,
    /// Number of the last epochs in which each photo stands in a batch twice, changed in two ways,
    /// and a difference between the two answers costs; all epochs if it is as many or more; default
    /// 14.
    ///
    /// For `p` and `q` of a photo, `(KL(p, q) + KL(q, p)) / 2` of the colours, times the photo's
    /// weight, and half of that of the classes is added to its loss (X. Liang et al., R-Drop,
    /// `NeurIPS` 2021, with changes of the photo in place of dropout). One answer may have been
    /// told the type and the other not. Such an epoch takes twice the time.
    pub consistent_epochs: usize,
    /// Seed of the weights, the order and the augmentation; default 1.
    pub seed: u64,
}

impl Default for FitConfig {
    fn default() -> Self {
        Self {
            epochs: 26,
            batch_size: 128,
            lr: 4e-3,
            weight_decay: 0.03,
            ema: 0.998,
            smoothing: 0.05,
            balance: 0.2,
            type_balance: 0.1,
            consistent_epochs: 14,
            seed: 1,
        }
    }
}

impl FitConfig {
    /// Sets [`epochs`](Self::epochs).
    #[must_use]
    pub fn with_epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// Sets [`batch_size`](Self::batch_size).
    #[must_use]
    pub fn with_batch_size(self, batch_size: usize) -> Self {
        Self { batch_size, ..self }
    }

    /// Sets [`lr`](Self::lr).
    #[must_use]
    pub fn with_lr(self, lr: f32) -> Self {
        Self { lr, ..self }
    }

    /// Sets [`weight_decay`](Self::weight_decay).
    #[must_use]
    pub fn with_weight_decay(self, weight_decay: f32) -> Self {
        Self { weight_decay, ..self }
    }

    /// Sets [`ema`](Self::ema).
    #[must_use]
    pub fn with_ema(self, ema: f64) -> Self {
        Self { ema, ..self }
    }

    /// Sets [`smoothing`](Self::smoothing).
    #[must_use]
    pub fn with_smoothing(self, smoothing: f32) -> Self {
        Self { smoothing, ..self }
    }

    /// Sets [`balance`](Self::balance).
    #[must_use]
    pub fn with_balance(self, balance: f32) -> Self {
        Self { balance, ..self }
    }

    /// Sets [`type_balance`](Self::type_balance).
    #[must_use]
    pub fn with_type_balance(self, type_balance: f32) -> Self {
        Self { type_balance, ..self }
    }

    /// Sets [`consistent_epochs`](Self::consistent_epochs).
    #[must_use]
    pub fn with_consistent_epochs(self, consistent_epochs: usize) -> Self {
        Self {
            consistent_epochs,
            ..self
        }
    }

    /// Sets [`seed`](Self::seed).
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Times that each photo stands in a batch of an epoch.
    pub(crate) fn views(&self, epoch: usize) -> usize {
        if epoch.saturating_add(self.consistent_epochs) < self.epochs {
            1
        } else {
            2
        }
    }

    /// Photos of a batch of an epoch.
    pub(crate) fn photos(&self, epoch: usize) -> usize {
        (self.batch_size / self.views(epoch)).max(1)
    }

    /// Number of steps of all epochs, if one shows some number of photos.
    pub(crate) fn steps(&self, photos: f32) -> usize {
        let epochs = (0..self.epochs).map(|epoch| (photos / self.photos(epoch) as f32).ceil() as usize);
        epochs.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_epochs_show_each_photo_twice() {
        let config = FitConfig::default().with_epochs(5).with_consistent_epochs(2);
        let views: Vec<usize> = (0..5).map(|epoch| config.views(epoch)).collect();
        assert_eq!(views, [1, 1, 1, 2, 2]);
        // 200 photos are 2 batches of 128, and 4 of 64 photos.
        assert_eq!(config.steps(200.0), 3 * 2 + 2 * 4);
        let short = config.with_epochs(1);
        assert_eq!((short.views(0), short.steps(128.0)), (2, 2));
        let tiny = short.with_batch_size(1);
        assert_eq!(tiny.steps(3.0), 3);
    }
}
