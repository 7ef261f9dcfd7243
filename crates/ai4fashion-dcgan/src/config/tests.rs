use super::*;
use crate::error::ErrorKind;

#[test]
fn defaults_are_the_tutorials() {
    let config = DcganConfig::default();
    config.validate().unwrap();
    assert_eq!(
        (config.nz, config.ngf, config.ndf, config.batch_size),
        (100, 64, 64, 128)
    );
    assert_eq!((config.epochs, config.workers, config.image_size), (25, 2, 64));
    assert_eq!((config.lr, config.beta1), (0.0002, 0.5));
    assert_eq!(config.doublings(), 4);
}

#[test]
fn each_illegal_setting_is_named() {
    let good = DcganConfig::tutorial;
    for (field, config) in [
        ("image_size", good().with_image_size(63)),
        ("nz", good().with_nz(0)),
        ("ngf", good().with_ngf(0)),
        ("ndf", good().with_ndf(0)),
        ("batch_size", good().with_batch_size(0)),
        ("epochs", good().with_epochs(0)),
        ("workers", good().with_workers(0)),
        ("limit", good().with_limit(Some(0))),
        ("nz", good().with_nz(4097)),
        ("ngf", good().with_ngf(1 << 61)),
        ("ndf", good().with_ndf(1_000_000)),
        ("batch_size", good().with_batch_size(usize::MAX)),
        ("epochs", good().with_epochs(usize::MAX)),
        ("workers", good().with_workers(1_000_000)),
        ("lr", good().with_lr(f64::NAN)),
        ("lr", good().with_lr(-1.0)),
        ("beta1", good().with_beta1(1.0)),
        ("channels", good().with_channels(2)),
        ("lr_discriminator", good().with_lr_discriminator(Some(0.0))),
        ("lr_decay", good().with_lr_decay(1.01)),
        ("label_smoothing", good().with_label_smoothing(0.5)),
        (
            "label_smoothing",
            good().with_label_smoothing(0.1).with_loss(Loss::Hinge),
        ),
        (
            "label_smoothing",
            good().with_label_smoothing(0.1).with_loss(Loss::Relativistic),
        ),
        ("ema", good().with_ema(Some(1.0))),
        ("augment", good().with_augment(vec![Augment::Cutout; 2])),
        (
            "augment",
            good()
                .with_augment(vec![Augment::Color])
                .with_condition(Condition::Both),
        ),
        ("r1_gamma", good().with_r1_gamma(f64::INFINITY)),
        ("r2_gamma", good().with_r2_gamma(-0.1)),
        ("penalty_every", good().with_penalty_every(0)),
        ("penalty_every", good().with_penalty_every(1001)),
        ("lecam", good().with_lecam(f64::NAN)),
        ("lecam", good().with_lecam(-1.0)),
    ] {
        let error = config.validate().unwrap_err();
        let ErrorKind::Setting {
            option: found, legal, ..
        } = error.kind()
        else {
            panic!("{error} is not about a setting")
        };
        assert_eq!(*found, field);
        assert!(
            !legal.is_empty() && error.to_string().contains(&**legal),
            "{error}"
        );
    }
}

#[test]
fn differences_make_another_run() {
    let before = DcganConfig::tutorial();
    let now = before
        .clone()
        .with_lr(0.1)
        .with_epochs(50)
        .with_workers(7)
        .with_ema(Some(0.5))
        .with_condition(Condition::Color)
        .with_augment(vec![Augment::Translation, Augment::Cutout])
        .with_loss(Loss::Relativistic)
        .with_r2_gamma(2.0)
        .with_penalty_every(8)
        .with_lecam(0.3)
        .with_minibatch_std(true)
        .with_upsampling(Upsampling::Nearest);
    now.validate().unwrap();
    let lines: Vec<String> = now
        .differences(&before)
        .iter()
        .map(Difference::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            "augment was none and is translation,cutout now",
            "condition was none and is color now",
            "ema was none and is 0.5 now",
            "lecam was 0.0 and is 0.3 now",
            "loss was bce and is relativistic now",
            "lr was 0.0002 and is 0.1 now",
            "minibatch_std was false and is true now",
            "penalty_every was 1 and is 8 now",
            "r2_gamma was 0.0 and is 2.0 now",
            "upsampling was transposed and is nearest now"
        ]
    );
}

#[test]
fn missing_settings_of_a_file_are_the_tutorials() {
    let read: DcganConfig = serde_json::from_str(r#"{"lr": 0.1, "augment": ["cutout"]}"#).unwrap();
    let expected = DcganConfig::tutorial()
        .with_lr(0.1)
        .with_augment(vec![Augment::Cutout]);
    assert_eq!(read, expected);
    assert!(serde_json::from_str::<DcganConfig>(r#"{"rate": 0.1}"#).is_err());
}

/// The settings of a run of the version before these options.
const BEFORE: &str = r#"{
    "image_size": 8, "channels": 3, "nz": 4, "ngf": 4, "ndf": 4, "batch_size": 4, "epochs": 2, "lr": 0.0002,
    "beta1": 0.5, "workers": 2, "seed": 999, "limit": null, "lr_discriminator": null, "lr_decay": 1.0,
    "loss": "hinge", "label_smoothing": 0.0, "ema": null, "augment": [], "r1_gamma": 2.0, "spectral_norm": true,
    "condition": "none", "precision": "f32"
}"#;

#[test]
fn settings_are_read_as_written_and_those_of_an_earlier_version_lack_the_new_options() {
    let all = tiny()
        .with_loss(Loss::Relativistic)
        .with_r1_gamma(1.5)
        .with_r2_gamma(2.5)
        .with_penalty_every(8)
        .with_lecam(0.3)
        .with_minibatch_std(true)
        .with_upsampling(Upsampling::Nearest);
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<DcganConfig>(&text).unwrap(), all);
    let before: DcganConfig = serde_json::from_str(BEFORE).unwrap();
    let expected = tiny()
        .with_batch_size(4)
        .with_loss(Loss::Hinge)
        .with_r1_gamma(2.0)
        .with_spectral_norm(true);
    assert_eq!(before, expected);
}
