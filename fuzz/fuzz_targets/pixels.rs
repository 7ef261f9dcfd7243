#![no_main]

use ai4fashion_image::fuzzing::pixels;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pixels(bytes));
