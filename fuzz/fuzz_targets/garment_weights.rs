#![no_main]

use ai4fashion_garment::fuzzing::garment_weights;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| garment_weights(bytes));
