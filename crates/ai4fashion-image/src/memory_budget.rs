//! Memory that threads share, so that no few large images take it all.

use std::{
    num::NonZero,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::decode::Limits;

/// Memory that threads share to decode images.
///
/// All together take at most twice [`Limits::max_memory`], whatever their number:
///
/// 1. An image that takes no more than a thread's part of `max_memory` never waits.
/// 2. Larger images share another `max_memory`. One that needs more than is left waits until others
///    are done, in the order in which they came.
///
/// ```
/// use std::num::NonZero;
///
/// use ai4fashion_image::{Limits, MemoryBudget, decode_admitted, encode_png, image::RgbImage};
///
/// let limits = Limits::default();
/// let budget = MemoryBudget::new(&limits, NonZero::new(8).unwrap());
/// let bytes = encode_png(&RgbImage::new(40, 30))?;
/// let mut permit = None;
/// let decoded = decode_admitted(&bytes, None, &limits, |needed| permit = Some(budget.take(needed)))?;
/// assert_eq!(decoded.encoded_width(), 40);
/// drop((decoded, permit));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
#[derive(Debug)]
pub struct MemoryBudget {
    /// What an image may take without being counted, in bytes.
    small: u64,
    /// What all larger ones may take together.
    shared: u64,
    line: Mutex<Line>,
    moved: Condvar,
}

/// Whose turn it is to take memory, and how much is taken.
#[derive(Debug, Default)]
struct Line {
    taken: u64,
    /// Tickets are numbers from 0 on: of the next that comes, and of the next whose turn it is.
    next: u64,
    turn: u64,
}

/// Memory that was taken of a [`MemoryBudget`]; it is given back when this is dropped.
#[derive(Debug)]
#[must_use = "the memory is given back when this is dropped"]
pub struct MemoryPermit<'a> {
    budget: &'a MemoryBudget,
    bytes: u64,
}

impl MemoryBudget {
    /// Creates a budget for the images that `threads` threads decode within `limits`.
    #[must_use]
    pub fn new(limits: &Limits, threads: NonZero<usize>) -> Self {
        Self {
            small: limits.max_memory / threads.get() as u64,
            shared: limits.max_memory,
            line: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    /// The most bytes that never wait: a thread's part of `max_memory`.
    #[must_use]
    pub fn unshared(&self) -> u64 {
        self.small
    }

    /// Takes memory for an image, and waits until there is enough.
    ///
    /// More than there is at all is given when nobody else has any. A thread that holds a permit
    /// and takes another one may wait forever.
    pub fn take(&self, bytes: u64) -> MemoryPermit<'_> {
        if bytes <= self.small {
            return MemoryPermit {
                budget: self,
                bytes: 0,
            };
        }
        let mut line = self.line();
        let ticket = line.next;
        line.next += 1;
        let must_wait = |line: &mut Line| {
            let is_too_much = line.taken > 0 && line.taken.saturating_add(bytes) > self.shared;
            line.turn != ticket || is_too_much
        };
        let waited = self.moved.wait_while(line, must_wait);
        line = waited.unwrap_or_else(PoisonError::into_inner);
        line.turn += 1;
        line.taken += bytes;
        drop(line);
        self.moved.notify_all();
        MemoryPermit { budget: self, bytes }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MemoryPermit<'_> {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.budget.line().taken -= self.bytes;
            self.budget.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicU64, Ordering},
            mpsc,
        },
        thread,
        time::Duration,
    };

    use super::*;

    fn budget(threads: usize) -> MemoryBudget {
        let limits = Limits::default().with_max_memory(1000);
        MemoryBudget::new(&limits, NonZero::new(threads).unwrap())
    }

    #[test]
    fn threads_together_never_take_more_than_twice_the_limit() {
        for threads in [1, 2, 64] {
            let (budget, taken, most) = (budget(threads), AtomicU64::new(0), AtomicU64::new(0));
            thread::scope(|scope| {
                for thread in 0..threads as u64 {
                    let (budget, taken, most) = (&budget, &taken, &most);
                    scope.spawn(move || {
                        for image in 0..40 {
                            let bytes = (thread * 7919 + image * 104_729) % 1000 + 1;
                            let permit = budget.take(bytes);
                            let now = taken.fetch_add(bytes, Ordering::SeqCst) + bytes;
                            most.fetch_max(now, Ordering::SeqCst);
                            thread::yield_now();
                            taken.fetch_sub(bytes, Ordering::SeqCst);
                            drop(permit);
                        }
                    });
                }
            });
            let most = most.into_inner();
            assert!(most <= 2000, "{threads} threads took {most}");
            assert_eq!(budget.line().taken, 0);
        }
    }

    #[test]
    fn small_image_does_not_wait_and_a_large_one_does() {
        let budget = budget(4);
        let large = budget.take(900);
        let (small, (sender, receiver)) = (budget.take(250), mpsc::channel());
        thread::scope(|scope| {
            scope.spawn(|| {
                let _permit = budget.take(251);
                sender.send(()).unwrap();
            });
            assert!(receiver.recv_timeout(Duration::from_millis(50)).is_err());
            drop(budget.take(250));
            drop(large);
            receiver.recv().unwrap();
        });
        drop(small);
    }

    #[test]
    fn more_than_there_is_comes_alone() {
        let (budget, start) = (budget(2), Barrier::new(3));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    start.wait();
                    let _permit = budget.take(5000);
                    assert_eq!(budget.line().taken, 5000);
                });
            }
        });
    }
}
