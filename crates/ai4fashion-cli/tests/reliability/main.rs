//! What the program does where something fails around it: nobody reads, a process was killed or
//! stopped, a disk is full.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod commit;
mod descriptors;
mod killed;
#[path = "../program/place.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "the other tests of the program use all of it"
)]
mod place;
#[path = "../program/program.rs"]
#[allow(dead_code, reason = "the other tests of the program use all of it")]
mod program;
mod stopped;
mod unheard;
