//! States that a caller has made.

use super::*;

#[test]
fn state_of_other_settings_is_refused_with_the_difference() {
    on_each_device(|| {
        let trainer = Trainer::new(config(), device()).unwrap();
        let state = TrainState::new(&config().with_lr(0.1), &device()).unwrap();
        let error = trainer.train(state, &pictures()[..], &mut []).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
        assert!(
            error.to_string().contains("lr was 0.1 and is 0.0002 now"),
            "{error}"
        );
        // How long, and by how many workers, is the trainer's alone.
        let state = TrainState::new(&config().with_epochs(9).with_workers(1), &device()).unwrap();
        let trained = trainer.train(state, &pictures()[..], &mut []).unwrap();
        assert_eq!(trained.state.steps_done(), 6);
    });
}

#[test]
fn networks_of_ones_own_go_on_with_the_same_check() {
    use burn::module::Module;

    #[derive(Module, Debug)]
    struct Dimmed {
        inner: crate::model::generator::Generator,
    }
    impl crate::model::network::Network for Dimmed {}
    impl Draw for Dimmed {
        fn draw(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
            self.inner.draw(noise, classes).mul_scalar(0.5)
        }
    }
    #[derive(Default)]
    struct Steps(Vec<StepLog>);
    impl<G> Observer<G> for Steps {
        fn on_step(&mut self, step: &StepLog, _: StepTime) -> Result<(), Error> {
            self.0.push(step.clone());
            Ok(())
        }
    }
    on_each_device(|| {
        let fresh = || {
            let device = device().autodiff();
            let inner = crate::model::generator::Generator::new(&config(), &device).unwrap();
            let judge = crate::model::discriminator::Discriminator::new(&config(), &device).unwrap();
            TrainState::with_networks(&config(), Dimmed { inner }, judge, &device).unwrap()
        };
        let trainer = Trainer::new(config(), device()).unwrap();
        let mut whole = Steps::default();
        trainer
            .train(fresh(), &pictures()[..], &mut [&mut whole])
            .unwrap();

        let short = Trainer::new(config().with_epochs(1), device()).unwrap();
        let trained = short.train(fresh(), &pictures()[..], &mut []).unwrap();
        let plan = short.plan(&pictures()[..]).unwrap();
        let checkpoint = trained.state.checkpoint(&plan, None).unwrap();
        let mut rest = Steps::default();
        let resumed = trainer.resume_with(fresh(), &checkpoint, &pictures()[..], &mut [&mut rest]);
        resumed.unwrap();
        assert_eq!(rest.0, whole.0[3..]);
        let error = trainer.resume_with(fresh(), &checkpoint, &pictures()[1..], &mut []);
        assert!(matches!(error.unwrap_err().kind(), ErrorKind::Changed { .. }));
    });
}
