#![no_main]

use ai4fashion_dcgan::fuzzing::network_weights;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| network_weights(bytes, ai4fashion_fuzz::folder()));
