//! The devices that tests run on.

use std::cell::RefCell;

use burn::tensor::Device;

thread_local! {
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
}

/// Runs a test on every device that this crate is fast on.
#[allow(deprecated, reason = "ndarray is tested until Burn removes it")]
pub(crate) fn on_each_device(test: impl Fn()) {
    for device in [Device::ndarray(), Device::flex()] {
        DEVICE.set(Some(device));
        test();
    }
}

/// The device that the test is being run on.
pub(crate) fn device() -> Device {
    DEVICE.with_borrow(|device| device.clone().expect("the test runs in `on_each_device`"))
}
