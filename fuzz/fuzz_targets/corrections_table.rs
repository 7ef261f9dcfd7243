#![no_main]

use ai4fashion_dataset::fuzzing::corrections_table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| corrections_table(bytes));
