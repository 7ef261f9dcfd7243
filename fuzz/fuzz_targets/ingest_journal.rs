#![no_main]

use ai4fashion_dataset::fuzzing::ingest_journal;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ingest_journal(bytes, ai4fashion_fuzz::folder()));
