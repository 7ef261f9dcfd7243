//! The state of a training run between two steps.

use ai4fashion_kernels::optim::AdamState;
use burn::{
    module::{ModuleVisitor, Param},
    tensor::{Device, Tensor},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        discriminator::Discriminator,
        generator::Generator,
        network::{DiscriminatorModel, GeneratorModel},
    },
    objective::lecam::LogitAverages,
};

/// The state of a training run: both networks, the averaged generator, both optimizers, and the
/// averages that the `LeCam` regularization takes.
///
/// [`Trainer`](crate::Trainer) drives it; its steps can be called one by one, too.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, TrainState, burn::tensor::Tensor, cpu};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4);
/// let mut state = TrainState::new(&config, &cpu())?;
/// let (real, noise) = (Tensor::zeros([2, 3, 8, 8], &cpu()), Tensor::ones([2, 4, 1, 1], &cpu()));
/// let losses = state.step(real, noise);
/// assert!(losses.loss_d > 0.0 && state.steps_done() == 1);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
pub struct TrainState<G = Generator, D = Discriminator> {
    pub(super) config: DcganConfig,
    pub(super) device: Device,
    pub(super) generator: G,
    pub(super) discriminator: D,
    pub(super) average: Option<G>,
    pub(super) adam_g: AdamState,
    pub(super) adam_d: AdamState,
    /// `None` before the first step, and without the regularization that takes them.
    pub(super) logit_averages: Option<LogitAverages>,
    pub(super) steps_done: usize,
    /// The factor of both learning rates in this epoch.
    pub(super) decay: f64,
}

impl TrainState {
    /// Creates networks with random weights, and optimizers, on `device` with automatic
    /// differentiation.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let generator = Generator::new(config, &device)?;
        let discriminator = Discriminator::new(config, &device)?;
        Self::with_networks(config, generator, discriminator, &device)
    }
}

impl<G: GeneratorModel, D: DiscriminatorModel> TrainState<G, D> {
    /// Takes networks of your own, made on `device` with automatic differentiation, and creates
    /// optimizers.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn with_networks(
        config: &DcganConfig,
        generator: G,
        discriminator: D,
        device: &Device,
    ) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self {
            device: device.clone().without_autodiff(),
            average: config.ema.map(|_| generator.valid()),
            generator,
            discriminator,
            adam_g: AdamState::new(),
            adam_d: AdamState::new(),
            logit_averages: None,
            steps_done: 0,
            decay: 1.0,
            config: config.clone(),
        })
    }

    /// Returns the settings that the state was made with.
    #[must_use]
    pub fn config(&self) -> &DcganConfig {
        &self.config
    }

    /// The generator, in training mode.
    #[must_use]
    pub fn generator(&self) -> &G {
        &self.generator
    }

    /// The discriminator, in training mode.
    #[must_use]
    pub fn discriminator(&self) -> &D {
        &self.discriminator
    }

    /// The generator that samples come from, in evaluation mode: the averaged one if there is one.
    #[must_use]
    pub fn sampler(&self) -> G {
        self.average.clone().unwrap_or_else(|| self.generator.valid())
    }

    /// The number of steps since the networks were created.
    #[must_use]
    pub fn steps_done(&self) -> usize {
        self.steps_done
    }

    /// Whether all weights and running statistics of the networks, and the averages of the logits,
    /// are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let mut search = NotFinite(false);
        self.generator.valid().visit(&mut search);
        self.discriminator.valid().visit(&mut search);
        if let Some(average) = &self.average {
            average.visit(&mut search);
        }
        !search.0 && self.logit_averages.is_none_or(LogitAverages::is_finite)
    }
}

impl<G, D> std::fmt::Debug for TrainState<G, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrainState")
            .field("config", &self.config)
            .field("steps_done", &self.steps_done)
            .finish_non_exhaustive()
    }
}

/// Whether a visited tensor holds NaN or infinity.
struct NotFinite(bool);

impl ModuleVisitor for NotFinite {
    fn visit_float<const R: usize>(&mut self, param: &Param<Tensor<R>>) {
        // A value that is not finite makes the sum not finite.
        self.0 |= !param.val().sum().into_scalar::<f32>().is_finite();
    }
}
