#![no_main]

use ai4fashion_dataset::fuzzing::labeled_name;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| labeled_name(bytes));
