//! States of a caller.

use burn::tensor::Tensor;

use super::*;
use crate::model::{GeneratorModel, NamedWeights};

#[test]
fn state_of_other_settings_is_refused_with_the_difference() {
    on_each_device(|| {
        let trainer = Trainer::new(config(), device()).unwrap();
        let state = TrainState::new(&config().with_lr(0.1), &device()).unwrap();
        let error = trainer
            .prepare(&images())
            .unwrap()
            .train(state, &mut [])
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
        assert!(
            error.to_string().contains("lr was 0.1 and is 0.0002 now"),
            "{error}"
        );
        // Epochs and workers are the trainer's.
        let state = TrainState::new(&config().with_epochs(9).with_workers(1), &device()).unwrap();
        let trained = trainer.prepare(&images()).unwrap().train(state, &mut []).unwrap();
        assert_eq!(trained.state.steps_done(), 6);
    });
}

#[test]
fn own_networks_are_resumed_with_the_same_check() {
    use burn::module::Module;

    #[derive(Module, Debug)]
    struct Dimmed {
        inner: crate::model::generator::Generator,
    }
    impl NamedWeights for Dimmed {}
    impl GeneratorModel for Dimmed {
        fn generate(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
            self.inner.generate(noise, classes).mul_scalar(0.5)
        }
    }
    #[derive(Default)]
    struct Steps(Vec<StepMetrics>);
    impl<G> Observer<G> for Steps {
        fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
            self.0.push(step.clone());
            Ok(())
        }
    }
    on_each_device(|| {
        let fresh = || {
            let device = device().autodiff();
            let inner = crate::model::generator::Generator::new(&config(), &device).unwrap();
            let discriminator = crate::model::discriminator::Discriminator::new(&config(), &device).unwrap();
            TrainState::with_networks(&config(), Dimmed { inner }, discriminator, &device).unwrap()
        };
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut whole = Steps::default();
        trainer
            .prepare(&images())
            .unwrap()
            .train(fresh(), &mut [&mut whole])
            .unwrap();

        let short = Trainer::new(config().with_epochs(1), device()).unwrap();
        let trained = short.prepare(&images()).unwrap().train(fresh(), &mut []).unwrap();
        let info = short.prepare(&images()).unwrap().info().clone();
        let checkpoint = trained.state.checkpoint(&info, None).unwrap();
        let mut rest = Steps::default();
        let resumed = trainer
            .prepare(&images())
            .unwrap()
            .resume(fresh(), &checkpoint, &mut [&mut rest]);
        resumed.unwrap();
        assert_eq!(rest.0, whole.0[3..]);
        let error = trainer
            .prepare(&images()[1..])
            .unwrap()
            .resume(fresh(), &checkpoint, &mut []);
        assert!(matches!(error.unwrap_err().kind(), ErrorKind::Changed { .. }));
    });
}
