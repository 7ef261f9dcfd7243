#![no_main]

use ai4fashion_garment::fuzzing::color_classifier;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| color_classifier(bytes));
