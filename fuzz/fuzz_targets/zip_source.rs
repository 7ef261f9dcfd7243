#![no_main]

use ai4fashion_dataset::fuzzing::zip_source;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| zip_source(bytes, ai4fashion_fuzz::folder()));
