//! Work on pieces, by several threads.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// Calls `work` with 0 to `count - 1` on this and `threads - 1` other threads, and returns the
/// results in their order.
///
/// This thread calls `pause` after each piece of its own but the last, to end early by an error.
///
/// # Errors
/// The error of `pause`, or of the first piece that has one.
pub(crate) fn in_order<T: Send, E: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
    mut pause: impl FnMut() -> Result<(), E>,
) -> Result<Vec<T>, E> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done = Mutex::new(Vec::with_capacity(count));
    // Returns whether there may be another piece.
    let step = || {
        let piece = next.fetch_add(1, Ordering::Relaxed);
        if piece >= count || is_over.load(Ordering::Relaxed) {
            return false;
        }
        let result = work(piece);
        if result.is_err() {
            is_over.store(true, Ordering::Relaxed);
        }
        done.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((piece, result));
        piece + 1 < count
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(|| while step() {});
        }
        while step() {
            if let Err(error) = pause() {
                is_over.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(piece, _)| *piece);
    done.into_iter().map(|(_, result)| result).collect()
}
