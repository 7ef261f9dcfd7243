#![no_main]

use ai4fashion_dataset::fuzzing::type_table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| type_table(bytes, ai4fashion_fuzz::folder()));
