//! Trains one's own generator: `cargo run --release --example own_networks_and_observer`
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_dcgan::{
    DcganConfig, Discriminator, Error, Generator, Observer, TrainState, Trainer,
    burn::{self, module::Module, tensor::Tensor},
    cpu,
    image::{Rgb, RgbImage},
    model::{GeneratorModel, NamedWeights},
    train::{StepMetrics, StepTiming},
};

/// A generator of symmetric images, as garments mostly are: the mean of an image and its mirror
/// image.
#[derive(Module, Debug)]
struct Symmetric {
    inner: Generator,
}

impl NamedWeights for Symmetric {}

impl GeneratorModel for Symmetric {
    fn generate(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let images = self.inner.generate(noise, classes);
        (images.clone() + images.flip([3])).div_scalar(2.0)
    }
}

/// Prints the losses, and ends a training run whose loss explodes.
struct Watch;

impl<G> Observer<G> for Watch {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        let (number, loss_d, loss_g) = (step.step, step.loss_d, step.loss_g);
        println!("step {number}: discriminator {loss_d:.3}, generator {loss_g:.3}");
        if loss_d > 100.0 {
            return Err(Error::other("the discriminator's loss explodes"));
        }
        Ok(())
    }
}

fn main() -> Result<(), Error> {
    let images: Vec<RgbImage> = (0..32)
        .map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 7, 80, 200])))
        .collect();
    let config = DcganConfig::tutorial()
        .with_image_size(8)
        .with_batch_size(8)
        .with_epochs(2);
    let device = cpu().autodiff();
    let inner = Generator::new(&config, &device)?;
    let discriminator = Discriminator::new(&config, &device)?;
    let state = TrainState::with_networks(&config, Symmetric { inner }, discriminator, &device)?;
    let trainer = Trainer::new(config, device)?;
    let trained = trainer.prepare(&images)?.train(state, &mut [&mut Watch])?;
    println!("{} steps done", trained.state.steps_done());
    Ok(())
}
