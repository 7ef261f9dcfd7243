#![no_main]

use ai4fashion_image::fuzzing::decode_and_letterbox;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| decode_and_letterbox(bytes));
