//! Places of a network's tensors in files.

use super::*;
use crate::testing::{device, on_each_device};

fn generator() -> Generator {
    Generator::new(&config().with_seed(1), &device()).unwrap()
}

fn discriminator() -> Discriminator {
    Discriminator::new(&config().with_seed(1), &device()).unwrap()
}

/// `parts` with names as `rename` makes them.
fn renamed(parts: Vec<Part>, rename: impl Fn(&str) -> String) -> Vec<Part> {
    let parts = parts.into_iter();
    parts
        .map(|(name, dtype, shape, bytes)| (rename(&name), dtype, shape, bytes))
        .collect()
}

fn under(prefix: &str, parts: Vec<Part>) -> Vec<Part> {
    renamed(parts, |name| format!("{prefix}{name}"))
}

fn loads(parts: &[Part]) {
    let other = Generator::new(&config().with_seed(2), &device()).unwrap();
    let loaded = from_bytes(other, &file_of(parts)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(values(&loaded), values(&generator()));
}

#[test]
fn any_common_prefix_is_read() {
    on_each_device(|| {
        for prefix in [
            "",
            "module.",
            "_orig_mod.",
            "module._orig_mod.",
            "_orig_mod.module.",
            "netG.",
            "generator.",
            "model.",
            "G.module.",
            "state_dict.generator._orig_mod.",
            "main.",
            "G/",
            "net_g_",
            "größe.",
        ] {
            loads(&under(prefix, parts(&generator())));
        }
    });
}

#[test]
fn average_of_pytorch_is_read_without_its_count() {
    on_each_device(|| {
        let mut average = under("module.", parts(&generator()));
        average.push(("n_averaged".to_owned(), Dtype::I64, Vec::new(), vec![1; 8]));
        loads(&average);
        loads(&under("ema.", average));
    });
}

#[test]
fn wrappers_inside_of_names_are_read_over() {
    on_each_device(|| {
        for wrapped in ["main._orig_mod.", "main.module.", "module.main._orig_mod."] {
            loads(&renamed(parts(&generator()), |name| {
                name.replace("main.", wrapped)
            }));
        }
    });
}

#[test]
fn sequential_of_another_name_or_alone_is_read() {
    on_each_device(|| {
        for name in ["", "net.", "model.", "netG.layers.", "module.gen."] {
            loads(&renamed(parts(&generator()), |own| own.replace("main.", name)));
        }
    });
}

#[test]
fn network_is_found_beside_others_and_each_finds_its_own() {
    on_each_device(|| {
        let mut both = under("generator.", parts(&generator()));
        both.extend(under("discriminator.", parts(&discriminator())));
        both.push(("fixed_noise".to_owned(), Dtype::F32, vec![1], vec![0; 4]));
        loads(&both);
        let other = Discriminator::new(&config().with_seed(2), &device()).unwrap();
        let loaded = from_bytes(other, &file_of(&both)).unwrap();
        assert_eq!(values(&loaded), values(&discriminator()));
    });
}

#[test]
fn two_networks_that_fit_are_refused_by_their_prefixes() {
    on_each_device(|| {
        let mut both = under("netG.", parts(&generator()));
        both.extend(under("module.ema.", parts(&generator())));
        let expected = "several of its entries are such a network: `module.ema.`, `netG.`; save the one to be \
                        read in a file of its own";
        assert_eq!(problem(generator(), &file_of(&both)), expected);
    });
}

#[test]
fn tensors_beside_the_networks_own_are_not_left_out() {
    on_each_device(|| {
        let extra = |name: &str| (name.to_owned(), Dtype::F32, vec![3, 2], vec![0; 24]);
        for (prefix, others) in [
            ("", "projection"),
            ("", "to_rgb.weight"),
            ("netG.", "netG.mapping.0.weight"),
        ] {
            let mut parts = under(prefix, parts(&generator()));
            parts.push(extra(others));
            let text = problem(generator(), &file_of(&parts));
            let name = others.strip_prefix(prefix).unwrap();
            assert!(text.contains(&format!("it also holds {name} [3, 2]")), "{text}");
        }
        let mut parts = renamed(parts(&generator()), |own| own.replace("main.", "net."));
        parts.push(extra("projection"));
        let text = problem(generator(), &file_of(&parts));
        assert!(text.contains("it also holds projection [3, 2]"), "{text}");
    });
}

#[test]
fn missing_additional_and_misshapen_tensors_are_named_with_their_shapes() {
    on_each_device(|| {
        let mut parts = under("netG.", parts(&generator()));
        parts.retain(|(name, ..)| name != "netG.main.1.bias");
        for (name, _, shape, _) in &mut parts {
            if name == "netG.main.6.weight" {
                shape.swap(0, 1);
            }
            if name == "netG.main.1.weight" {
                *name = "netG.main.1.gamma".to_owned();
            }
        }
        let text = problem(generator(), &file_of(&parts));
        let expected = "closest is what is under `netG.`: it lacks main.1.bias [8], main.1.weight [8]; \
                        main.6.weight is [3, 4, 4, 4], in the network [4, 3, 4, 4]; it also holds \
                        main.1.gamma [8]; the file holds 12 tensors: ";
        assert!(text.starts_with(expected), "{text}");
    });
}

#[test]
fn discriminator_for_a_generator_is_said_in_words_and_the_reverse() {
    on_each_device(|| {
        for prefix in ["", "module."] {
            let found = problem(generator(), &file_of(&under(prefix, parts(&discriminator()))));
            assert!(
                found.starts_with("it holds a discriminator, expected a generator; "),
                "{found}"
            );
            let found = problem(discriminator(), &file_of(&under(prefix, parts(&generator()))));
            assert!(
                found.starts_with("it holds a generator, expected a discriminator; "),
                "{found}"
            );
        }
        let wide = Generator::new(&config().with_ngf(8), &device()).unwrap();
        let found = problem(wide, &file_of(&parts(&generator())));
        assert!(found.starts_with("main.0.weight is "), "{found}");
    });
}

#[test]
fn file_of_something_else_says_what_it_holds_and_what_is_expected() {
    on_each_device(|| {
        let tensor = |name: &str, shape: [usize; 2]| {
            (
                name.to_owned(),
                Dtype::F32,
                shape.to_vec(),
                vec![0; 4 * shape[0] * shape[1]],
            )
        };
        let other = [
            tensor("encoder.\u{1b}[31m0.weight", [2, 3]),
            tensor("encoder.1.weight", [3, 1]),
        ];
        let text = problem(generator(), &file_of(&other));
        let expected = "it lacks main.0.weight [6, 8, 4, 4], main.1.bias [8], main.1.running_mean [8], and \
                        8 more; the file holds 2 tensors: encoder.\\u{1b}[31m0.weight [2, 3], \
                        encoder.1.weight [3, 1]; expected are the network's tensors, in one entry or \
                        under one prefix";
        assert_eq!(text, expected);
        let text = problem(generator(), &file_of(&[]));
        assert!(text.contains("the file holds no tensors; "), "{text}");
    });
}
