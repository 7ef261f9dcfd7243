//! Ingestion from files to a data set folder, on synthetic images and real photos.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod archive_damage;
mod archive_names;
mod archives;
mod faults;
mod images;
mod left_out;
mod one_by_one;
mod output;
mod phone_photos;
mod photo_hashes;
mod place;
mod repeat;
mod resume;
mod selection;
mod sources;
mod tables;
