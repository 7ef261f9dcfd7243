#![no_main]

use ai4fashion_score::fuzzing::npy;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| npy(bytes, ai4fashion_fuzz::folder()));
