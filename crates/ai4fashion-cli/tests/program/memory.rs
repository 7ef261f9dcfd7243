//! Peak memory is that of the program itself.
#![cfg(target_os = "linux")]

use serde_json::Value;

use crate::{
    place::{Place, red},
    program::succeeds,
};

/// More than the program needs.
const MIB: usize = 400;

#[test]
fn memory_of_the_calling_process_does_not_count() {
    let place = Place::new();
    place.write("photos/a.png", red());
    // Pages that are written to are the process's own.
    let ballast = vec![1_u8; MIB << 20];
    let (photos, out) = (place.path("photos"), place.path("out"));
    let line: Value = serde_json::from_str(&succeeds("ingest", &[&photos, "--out", &out, "--json"])).unwrap();
    std::hint::black_box(ballast);
    let peak = line["peak_mib"].as_f64().unwrap();
    assert!(peak > 1.0 && peak < MIB as f64, "{peak} MiB");
}
