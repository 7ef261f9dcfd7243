#![no_main]

use ai4fashion_dcgan::fuzzing::image_cache;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| image_cache(bytes, ai4fashion_fuzz::folder()));
