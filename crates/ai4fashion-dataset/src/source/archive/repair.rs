//! A damaged directory of an archive.
//!
//! Records have no mark at their end: each tells by its lengths where the next one begins. So one
//! wrong byte can hide all that follow. Where a record does not lead to the next, its stretch is
//! made one record that does, and said to be damaged.

/// What a record begins with (APPNOTE 4.3.12).
const RECORD: &[u8] = b"PK\x01\x02";
/// What follows the records: a signature, or the end for large archives.
const AFTER: [&[u8]; 3] = [b"PK\x05\x05", b"PK\x06\x06", b"PK\x06\x07"];
/// The size of a record without name, extra fields and comment.
const FIXED: usize = 46;
/// Where the three lengths stand in a record.
const LENGTHS: usize = 28;
/// The most bytes of each of the three.
const LONGEST: usize = u16::MAX as usize;

/// Whether a record has another one in its name, its extra fields or its comment: its lengths are
/// wrong.
pub(super) fn has_record(part: &[u8]) -> bool {
    find(part, 0).is_some()
}

/// Makes every stretch of a directory a record, and returns the offsets of those that were not.
pub(super) fn repair(directory: &mut [u8]) -> Vec<usize> {
    let mut damaged = Vec::new();
    let mut at = 0;
    while !is_after(directory, at) {
        if let Some(end) = whole(directory, at) {
            at = end;
            continue;
        }
        let next = next_start(directory, at);
        if next - at < FIXED {
            break;
        }
        damaged.push(at);
        at = patch(directory, at, next);
    }
    damaged
}

/// The end of the record at `at`, if it is one that leads to another or to the end of all.
fn whole(directory: &[u8], at: usize) -> Option<usize> {
    let end = stated_end(directory, at)?;
    let is_record = starts_with(directory, at, RECORD) && !has_record(&directory[at + FIXED..end]);
    // The next may have lost its signature only: then its lengths are right.
    let is_next = |end| is_after(directory, end) || starts_with(directory, end, RECORD);
    let leads_on = is_next(end) || stated_end(directory, end).is_some_and(is_next);
    (is_record && leads_on).then_some(end)
}

/// Where the record at `at` ends by its lengths, if that is in the directory.
fn stated_end(directory: &[u8], at: usize) -> Option<usize> {
    let fixed = directory.get(at..)?.get(..FIXED)?;
    let lengths = fixed[LENGTHS..LENGTHS + 6].chunks_exact(2);
    let sum: usize = lengths
        .map(|two| usize::from(two[0]) + 256 * usize::from(two[1]))
        .sum();
    Some(at + FIXED + sum).filter(|end| *end <= directory.len())
}

/// Where the next record begins, or what follows them all.
fn next_start(directory: &[u8], at: usize) -> usize {
    let from = (at + FIXED).min(directory.len());
    find(directory, from)
        .or_else(|| (from..directory.len()).find(|at| is_after(directory, *at)))
        .unwrap_or(directory.len())
}

/// Makes a record of the bytes from `at` to `next`, or of as many as one can have; returns its end.
fn patch(directory: &mut [u8], at: usize, next: usize) -> usize {
    let stretch = &mut directory[at..next];
    let name = usize::from(stretch[LENGTHS]) + 256 * usize::from(stretch[LENGTHS + 1]);
    // A rest must be long enough for a record of its own.
    let mut rest = stretch.len() - FIXED;
    if rest > 3 * LONGEST {
        rest = 3 * LONGEST - FIXED;
    }
    let is_possible = name <= rest && rest - name <= 2 * LONGEST;
    let name = if is_possible { name } else { rest.min(LONGEST) };
    let extra = (rest - name).min(LONGEST);
    let comment = rest - name - extra;
    stretch[..RECORD.len()].copy_from_slice(RECORD);
    for (place, length) in [name, extra, comment].into_iter().enumerate() {
        let bytes = (length as u16).to_le_bytes();
        stretch[LENGTHS + 2 * place..][..2].copy_from_slice(&bytes);
    }
    at + FIXED + rest
}

fn is_after(directory: &[u8], at: usize) -> bool {
    at >= directory.len() || AFTER.iter().any(|after| starts_with(directory, at, after))
}

fn starts_with(directory: &[u8], at: usize, mark: &[u8]) -> bool {
    directory.get(at..).is_some_and(|rest| rest.starts_with(mark))
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    let windows = bytes.get(from..)?.windows(RECORD.len());
    windows
        .into_iter()
        .position(|four| four == RECORD)
        .map(|at| from + at)
}
