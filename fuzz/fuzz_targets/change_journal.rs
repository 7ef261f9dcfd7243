#![no_main]

use ai4fashion_dataset::fuzzing::change_journal;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| change_journal(bytes, ai4fashion_fuzz::folder()));
