//! The settings of a fit.

/// Settings of [`fit`](crate::fit()).
///
/// The defaults are those of the weights that `ai4fashion-garment` ships.
///
/// ```
/// use ai4fashion_fit::FitConfig;
///
/// let config = FitConfig::default().with_epochs(5).with_seed(7);
/// assert_eq!((config.epochs, config.batch_size), (5, 128));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FitConfig {
    /// Passes over the examples, at least 1; default 24.
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
    /// Seed of the weights, the order and the augmentation; default 1.
    pub seed: u64,
}

impl Default for FitConfig {
    fn default() -> Self {
        Self {
            epochs: 24,
            batch_size: 128,
            lr: 4e-3,
            weight_decay: 0.03,
            ema: 0.998,
            smoothing: 0.05,
            balance: 0.2,
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

    /// Sets [`seed`](Self::seed).
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}
