//! Both networks.

use burn::{
    module::{Module as _, ModuleVisitor, Param},
    tensor::{Device, Distribution, Tensor},
};

use crate::{
    config::{DcganConfig, upsampling::Upsampling},
    data::condition::Condition,
    model::{discriminator::Discriminator, generator::Generator, packed::PackedGenerator},
    testing::{device, on_each_device},
};

#[test]
fn parameters_are_as_many_as_the_tutorials() {
    on_each_device(|| {
        let config = DcganConfig::tutorial();
        // Burn counts running statistics as parameters too: two for each normalized channel.
        let normalized = |widths: [usize; 4]| 2 * widths.iter().sum::<usize>();
        let generator = Generator::new(&config, &device()).unwrap().num_params();
        assert_eq!(generator - normalized([512, 256, 128, 64]), 3_576_704);
        let discriminator = Discriminator::new(&config, &device()).unwrap().num_params();
        assert_eq!(discriminator - normalized([128, 256, 512, 0]), 2_765_568);
        // 3x3 where 4x4 were, and a channel of 4x4 more.
        let config = config
            .with_upsampling(Upsampling::Nearest)
            .with_minibatch_std(true);
        let generator = Generator::new(&config, &device()).unwrap().num_params();
        assert_eq!(generator - normalized([512, 256, 128, 64]), 2_371_136);
        let discriminator = Discriminator::new(&config, &device()).unwrap().num_params();
        assert_eq!(discriminator - normalized([128, 256, 512, 0]), 2_765_568 + 16);
    });
}

#[test]
fn shapes_and_ranges_at_every_size() {
    on_each_device(|| {
        for size in crate::config::IMAGE_SIZES {
            let config = DcganConfig::tutorial()
                .with_image_size(size)
                .with_ngf(2)
                .with_ndf(2)
                .with_nz(5);
            let plain = config.clone();
            for (config, device) in [
                (plain.clone(), device()),
                (plain.clone(), device().autodiff()),
                (
                    plain.clone().with_channels(1).with_spectral_norm(true),
                    device().autodiff(),
                ),
                (
                    plain
                        .clone()
                        .with_minibatch_std(true)
                        .with_upsampling(Upsampling::Nearest),
                    device(),
                ),
            ] {
                let channels = config.channels;
                let generator = Generator::new(&config, &device).unwrap();
                let images = generator.forward(Tensor::ones([3, 5, 1, 1], &device));
                assert_eq!(images.dims(), [3, channels, size, size]);
                assert!(images.clone().abs().max().into_scalar::<f32>() <= 1.0);
                let discriminator = Discriminator::new(&config, &device).unwrap();
                let probability = discriminator.probability(images);
                assert_eq!(probability.dims(), [3]);
                let (low, high) = (probability.clone().min(), probability.max());
                assert!(low.into_scalar::<f32>() >= 0.0 && high.into_scalar::<f32>() <= 1.0);
            }
        }
    });
}

#[test]
fn a_packed_generator_gives_the_same_bytes() {
    on_each_device(|| {
        let config = DcganConfig::tutorial()
            .with_nz(5)
            .with_ngf(32)
            .with_image_size(32);
        for config in [
            config.clone(),
            config.clone().with_condition(Condition::Color),
            config.clone().with_upsampling(Upsampling::Nearest),
        ] {
            let generator = Generator::new(&config, &device()).unwrap();
            let packed = PackedGenerator::new(&generator);
            let classes = generator.classes();
            for batch in [1, 9] {
                let noise = Tensor::<4>::random([batch, 5, 1, 1], Distribution::Normal(0.0, 1.0), &device());
                let classes = (classes > 0).then(|| Tensor::<2>::ones([batch, classes], &device()));
                let found = packed.forward(noise.clone(), classes.clone()).into_data();
                assert_eq!(found, generator.forward_conditional(noise, classes).into_data());
            }
        }
    });
}

#[test]
fn a_generator_in_training_is_packed_in_evaluation_mode() {
    on_each_device(|| {
        let config = crate::config::tiny();
        let generator = Generator::new(&config, &device().autodiff()).unwrap();
        let noise = |device: Device| Tensor::<4>::ones([3, config.nz, 1, 1], &device);
        // A forward pass changes the running statistics.
        let _ = generator.forward(noise(device().autodiff()));
        let packed = PackedGenerator::new(&generator);
        let expected = generator.valid().forward(noise(device())).into_data();
        let _ = generator.forward(noise(device().autodiff()).mul_scalar(2.0));
        assert_eq!(packed.forward(noise(device()), None).into_data(), expected);
        let tracked = packed.forward(noise(device().autodiff()), None).into_data();
        assert_eq!(tracked, expected, "noise that is differentiated");
    });
}

#[test]
fn shapes_that_do_not_fit_are_refused_with_their_values() {
    on_each_device(|| {
        let refused = |forward: &dyn Fn()| {
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(forward));
            *caught.unwrap_err().downcast::<String>().unwrap()
        };
        let ones = |shape: [usize; 4]| Tensor::<4>::ones(shape, &device());
        let plain = crate::config::tiny();
        let conditional = plain.clone().with_condition(Condition::Color);
        for (config, classes) in [(plain, None), (conditional, Some([2, 11]))] {
            let generator = Generator::new(&config, &device()).unwrap();
            let discriminator = Discriminator::new(&config, &device()).unwrap();
            let given = || classes.map(|shape| Tensor::<2>::ones(shape, &device()));
            let noise = refused(&|| {
                let _ = generator.forward_conditional(ones([2, 5, 1, 1]), given());
            });
            assert!(noise.contains("left: 5\n right: 4"), "{noise}");
            for shape in [[2, 3, 16, 16], [2, 3, 4, 4], [2, 1, 8, 8]] {
                let images = refused(&|| {
                    let _ = discriminator.forward_conditional(ones(shape), given());
                });
                let expected = format!("left: {shape:?}\n right: [2, 3, 8, 8]");
                assert!(images.contains(&expected), "{images}");
            }
            if classes.is_some() {
                let few = refused(&|| {
                    let _ = generator.forward_conditional(ones([3, 4, 1, 1]), given());
                });
                assert!(few.contains("left: [2, 11]\n right: [3, 11]"), "{few}");
                let few = refused(&|| {
                    let _ = discriminator.forward_conditional(ones([3, 3, 8, 8]), given());
                });
                assert!(few.contains("left: [2, 11]\n right: [3, 11]"), "{few}");
            }
        }
    });
}

/// Mean and spread of every parameter, in the order of the network.
struct Moments(Vec<(usize, f32, f32)>);

impl ModuleVisitor for Moments {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = param.val().into_data().try_to_vec::<f32>().unwrap();
        let count = values.len() as f32;
        let mean = values.iter().sum::<f32>() / count;
        let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt();
        self.0.push((D, mean, spread));
    }
}

#[test]
fn initial_weights_have_the_tutorials_mean_and_spread() {
    on_each_device(|| {
        let mut moments = Moments(Vec::new());
        Generator::new(&DcganConfig::tutorial(), &device())
            .unwrap()
            .visit(&mut moments);
        let kernels: Vec<_> = moments.0.iter().filter(|(rank, ..)| *rank == 4).collect();
        assert_eq!(kernels.len(), 5);
        for (_, mean, spread) in kernels {
            assert!(
                mean.abs() < 2e-3 && (spread - 0.02).abs() < 1e-3,
                "{mean} {spread}"
            );
        }
        // Batch norm: weight N(1, 0.02), bias 0, running mean 0, running variance 1.
        let norms: Vec<_> = moments.0.iter().filter(|(rank, ..)| *rank == 1).collect();
        assert_eq!(norms.len(), 16);
        for norm in norms.chunks(4) {
            let [weight, bias, running_mean, running_var] = norm else {
                panic!("{norm:?}")
            };
            assert!(
                (weight.1 - 1.0).abs() < 0.02 && (weight.2 - 0.02).abs() < 0.006,
                "{weight:?}"
            );
            assert_eq!((bias.1, running_mean.1, running_var.1), (0.0, 0.0, 1.0));
        }
    });
}

#[test]
fn discriminator_sees_whether_images_differ_if_it_is_to() {
    on_each_device(|| {
        let logits = |config: &DcganConfig, images: Tensor<4>| {
            let discriminator = Discriminator::new(config, &device()).unwrap();
            let logits = discriminator.forward(images).into_data();
            logits.try_to_vec::<f32>().unwrap()
        };
        let one = Tensor::<4>::ones([1, 3, 8, 8], &device());
        let among = Tensor::cat(vec![one.clone(), one.clone().neg()], 0);
        let difference = |config: &DcganConfig| {
            let [alone, beside] = [&one, &among].map(|images| logits(config, images.clone())[0]);
            (alone - beside).abs()
        };
        let config = crate::config::tiny();
        assert!(difference(&config) < 1e-7);
        let found = difference(&config.with_minibatch_std(true));
        assert!(found > 1e-5, "{found}");
    });
}

#[test]
fn same_seed_gives_the_same_weights_and_another_seed_others() {
    on_each_device(|| {
        let first_image = |seed| {
            let config = DcganConfig::tutorial()
                .with_image_size(8)
                .with_ngf(4)
                .with_seed(seed);
            let generator = Generator::new(&config, &device()).unwrap();
            generator
                .forward(Tensor::ones([1, 100, 1, 1], &device()))
                .into_data()
        };
        assert_eq!(first_image(1), first_image(1));
        assert_ne!(first_image(1), first_image(2));
    });
}
