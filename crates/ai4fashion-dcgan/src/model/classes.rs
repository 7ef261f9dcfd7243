//! Checks of the classes that a network is given.

use burn::tensor::Tensor;

#[track_caller]
pub(super) fn classes_mismatch(has: bool, given: bool) -> ! {
    panic!("network with classes: {has}, classes given: {given}")
}

#[track_caller]
pub(super) fn check_classes(classes: &Tensor<2>, expected: [usize; 2]) {
    assert_eq!(
        classes.dims(),
        expected,
        "shape of the classes, and [batch, classes]"
    );
}
