//! Buffers that threads keep from call to call: fresh memory costs a page fault for every few
//! thousand bytes.

use core::{
    cell::RefCell,
    ops::{Deref, DerefMut},
};

/// Buffers that a thread keeps: as many as one product uses at a time.
const KEPT: usize = 6;

thread_local! {
    /// Buffers that are not in use.
    static POOL: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer that holds any values at first, and goes back to the pool of the thread that drops it.
#[derive(Debug)]
pub(crate) struct Scratch {
    values: Vec<f32>,
    len: usize,
}

impl Scratch {
    pub(crate) fn new(len: usize) -> Self {
        let pooled = POOL.with_borrow_mut(|pool| {
            let last = pool.iter().rposition(|values| values.len() >= len);
            last.map(|place| pool.swap_remove(place))
        });
        let values = pooled.unwrap_or_else(|| vec![0.0; len]);
        Self { values, len }
    }

    /// The buffer as words of the same size, of any values.
    pub(crate) fn words(&mut self) -> &mut [u32] {
        bytemuck::cast_slice_mut(self)
    }

    /// The buffer in pieces of `N` values; a rest that does not fill one is left out.
    pub(crate) fn pieces<const N: usize>(&mut self) -> &mut [[f32; N]] {
        self.as_chunks_mut().0
    }
}

impl Deref for Scratch {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[..self.len]
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[..self.len]
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let values = core::mem::take(&mut self.values);
        // While the thread ends there is no pool any more.
        let _ = POOL.try_with(|pool| {
            let mut pool = pool.borrow_mut();
            pool.push(values);
            if pool.len() > KEPT
                && let Some((smallest, _)) = pool.iter().enumerate().min_by_key(|(_, values)| values.len())
            {
                pool.swap_remove(smallest);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_come_back_and_grow() {
        let mut first = Scratch::new(3);
        first.fill(7.0);
        let mut second = Scratch::new(5);
        second.fill(9.0);
        assert_eq!((first.len(), second.len()), (3, 5));
        drop((second, first));
        assert_eq!(*Scratch::new(2), [7.0; 2], "the last that came back");
        assert_eq!(*Scratch::new(4), [9.0; 4], "the last of those that fit");
        assert_eq!(Scratch::new(64).len(), 64);
        drop((0..20).map(Scratch::new).collect::<Vec<_>>());
        assert_eq!(POOL.with_borrow(Vec::len), KEPT);
    }
}
