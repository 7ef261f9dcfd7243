#![no_main]

use ai4fashion_dataset::fuzzing::styles_table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| styles_table(bytes));
