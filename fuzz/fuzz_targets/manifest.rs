#![no_main]

use ai4fashion_dataset::fuzzing::manifest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| manifest(bytes, ai4fashion_fuzz::folder()));
