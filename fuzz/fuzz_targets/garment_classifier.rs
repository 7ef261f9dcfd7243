#![no_main]

use ai4fashion_garment::fuzzing::garment_classifier;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| garment_classifier(bytes));
