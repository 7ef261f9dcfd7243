//! The discriminator's part of a training step.

use burn::{optim::GradientsParams, tensor::Tensor};

use super::{mean_probability, value};
use crate::{
    model::{
        layers::minibatch_std::whole_groups,
        network::{DiscriminatorModel, GeneratorModel},
    },
    objective::{
        label::Label,
        lecam::{LogitAverages, lecam},
        loss::{per_image::PerImage, relativistic::relativistic},
        penalty::gradient_penalty,
    },
    random::{Stream, rng},
    train::state::TrainState,
};

/// What the discriminator's step leaves for the log and for the generator's step.
pub(super) struct DiscriminatorStep {
    pub(super) loss: f32,
    /// Mean probability of the real images.
    pub(super) real: f32,
    /// Mean probability of the generated images.
    pub(super) fake: f32,
    /// The generated images, with their gradients.
    pub(super) generated: Tensor<4>,
}

impl<G: GeneratorModel, D: DiscriminatorModel> TrainState<G, D> {
    /// Updates the discriminator by its losses on real and on generated images.
    pub(super) fn discriminator_step(
        &mut self,
        real: Tensor<4>,
        noise: Tensor<4>,
        classes: Option<Tensor<2>>,
    ) -> DiscriminatorStep {
        let real = self.augmented(real, Stream::AugmentReal);
        let mut gradients = Vec::new();
        let step = match self.config.loss.per_image() {
            Some(loss) => self.one_by_one(loss, real, noise, classes, &mut gradients),
            None => self.in_pairs(real, noise, classes, &mut gradients),
        };
        let lr = self.config.lr_discriminator() * self.decay;
        let adam = self.adam(lr);
        self.discriminator = self
            .adam_d
            .step_of_sum(adam, self.discriminator.clone(), gradients);
        step
    }

    /// Sums the gradients of a loss of single images: real and generated ones are normalized and
    /// differentiated in two passes, each followed by its penalty.
    fn one_by_one(
        &mut self,
        loss: PerImage,
        real: Tensor<4>,
        noise: Tensor<4>,
        classes: Option<Tensor<2>>,
        gradients: &mut Vec<GradientsParams>,
    ) -> DiscriminatorStep {
        let on_real = self.discriminator.discriminate(real.clone(), classes.clone());
        let loss_real = loss.of_real(on_real.clone(), self.config.label_smoothing);
        let terms = [self.lecam(Label::Real, &on_real)];
        self.differentiate(sum(loss_real.clone(), terms), gradients);
        self.differentiate_penalty(Label::Real, real, classes.clone(), gradients);
        let generated = self.generator.generate(noise, classes.clone());
        let shown = self.augmented(generated.clone().detach(), Stream::AugmentFake);
        let on_fake = self.discriminator.discriminate(shown.clone(), classes.clone());
        let loss_fake = loss.of_fake(on_fake.clone());
        let terms = [self.lecam(Label::Fake, &on_fake)];
        self.differentiate(sum(loss_fake.clone(), terms), gradients);
        self.differentiate_penalty(Label::Fake, shown, classes, gradients);
        self.average_logits([&on_real, &on_fake]);
        DiscriminatorStep {
            loss: value(loss_real) + value(loss_fake),
            real: mean_probability(on_real),
            fake: mean_probability(on_fake),
            generated,
        }
    }

    /// Sums the gradients of the loss of pairs. Real and generated images are normalized apart; the
    /// loss is differentiated by their logits, and each pass of the discriminator by itself.
    fn in_pairs(
        &mut self,
        real: Tensor<4>,
        noise: Tensor<4>,
        classes: Option<Tensor<2>>,
        gradients: &mut Vec<GradientsParams>,
    ) -> DiscriminatorStep {
        let on_real = self.discriminator.discriminate(real.clone(), classes.clone());
        let generated = self.generator.generate(noise, classes.clone());
        let shown = self.augmented(generated.clone().detach(), Stream::AugmentFake);
        let on_fake = self.discriminator.discriminate(shown.clone(), classes.clone());
        let logits = [&on_real, &on_fake].map(|logits| logits.clone().detach().require_grad());
        let [real_alone, fake_alone] = &logits;
        let loss = relativistic(real_alone.clone(), fake_alone.clone());
        let terms = [
            self.lecam(Label::Real, real_alone),
            self.lecam(Label::Fake, fake_alone),
        ];
        let of_logits = sum(loss.clone(), terms).backward();
        for (output, alone) in [&on_real, &on_fake].into_iter().zip(&logits) {
            if let Some(gradient) = alone.grad(&of_logits) {
                let product = output.clone() * Tensor::from_inner(gradient);
                self.differentiate(product.sum(), gradients);
            }
        }
        self.differentiate_penalty(Label::Real, real, classes.clone(), gradients);
        self.differentiate_penalty(Label::Fake, shown, classes, gradients);
        self.average_logits([&on_real, &on_fake]);
        let apart = on_real - on_fake;
        DiscriminatorStep {
            loss: value(loss),
            real: mean_probability(apart.clone()),
            fake: mean_probability(apart.neg()),
            generated,
        }
    }

    fn differentiate(&self, loss: Tensor<1>, gradients: &mut Vec<GradientsParams>) {
        gradients.push(GradientsParams::from_grads(loss.backward(), &self.discriminator));
    }

    /// Adds the gradients of a penalty by themselves: no two passes are held at once.
    fn differentiate_penalty(
        &self,
        label: Label,
        images: Tensor<4>,
        classes: Option<Tensor<2>>,
        gradients: &mut Vec<GradientsParams>,
    ) {
        if let Some(penalty) = self.penalty(label, images, classes) {
            self.differentiate(penalty, gradients);
        }
    }

    /// The weighted `LeCam` regularization of logits, by the averages of the steps before.
    fn lecam(&self, label: Label, logits: &Tensor<1>) -> Option<Tensor<1>> {
        let averages = self.logit_averages?;
        Some(lecam(label, logits.clone(), averages).mul_scalar(self.config.lecam))
    }

    /// Moves the averages of the logits, if they are regularized by them.
    fn average_logits(&mut self, logits: [&Tensor<1>; 2]) {
        if self.config.lecam > 0.0 {
            let means = logits.map(|logits| value(logits.clone().inner().mean()));
            self.logit_averages = Some(LogitAverages::after(self.logit_averages, means));
        }
    }

    /// The weighted gradient penalty at images of this label, if there is one in this step.
    pub(super) fn penalty(
        &self,
        label: Label,
        images: Tensor<4>,
        classes: Option<Tensor<2>>,
    ) -> Option<Tensor<1>> {
        let (gamma, stream) = match label {
            Label::Real => (self.config.r1_gamma, Stream::Penalty),
            Label::Fake => (self.config.r2_gamma, Stream::PenaltyFake),
        };
        let every = self.config.penalty_every;
        if gamma <= 0.0 || !self.steps_done.is_multiple_of(every) {
            return None;
        }
        let (images, classes) = self.comparable(images, classes);
        let twice = classes.map(|classes| Tensor::cat(vec![classes.clone(), classes], 0));
        let discriminate = |images| self.discriminator.discriminate(images, twice);
        let noise = &mut rng(self.config.seed, stream, self.steps_done as u64);
        Some(gradient_penalty(
            discriminate,
            images,
            gamma * every as f64,
            noise,
        ))
    }

    /// The images whose logits can be compared with those of the same images, moved, behind them in
    /// one batch.
    ///
    /// If the discriminator sees the deviation of groups, these are whole groups: an image and its
    /// moved one would be in groups of other images otherwise.
    fn comparable(&self, images: Tensor<4>, classes: Option<Tensor<2>>) -> (Tensor<4>, Option<Tensor<2>>) {
        let batch = images.dims()[0];
        let whole = whole_groups(batch);
        if !self.config.minibatch_std || whole == batch || whole == 0 {
            return (images, classes);
        }
        let classes = classes.map(|classes| classes.narrow(0, 0, whole));
        (images.narrow(0, 0, whole), classes)
    }
}

/// A loss and those terms that there are.
fn sum<const N: usize>(loss: Tensor<1>, terms: [Option<Tensor<1>>; N]) -> Tensor<1> {
    terms.into_iter().flatten().fold(loss, |sum, term| sum + term)
}
