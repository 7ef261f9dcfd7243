#![no_main]

use ai4fashion_review::fuzzing::http_request;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| http_request(bytes));
