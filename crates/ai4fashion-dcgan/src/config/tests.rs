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
        ("ema", good().with_ema(Some(1.0))),
        ("augment", good().with_augment(vec![Augment::Cutout; 2])),
        (
            "augment",
            good()
                .with_augment(vec![Augment::Color])
                .with_condition(Condition::Both),
        ),
        ("r1_gamma", good().with_r1_gamma(f64::INFINITY)),
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
        .with_augment(vec![Augment::Translation, Augment::Cutout]);
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
            "lr was 0.0002 and is 0.1 now"
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
