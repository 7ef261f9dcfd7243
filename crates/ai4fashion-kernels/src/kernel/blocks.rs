//! Fresh tensors, filled block by block in parallel.

use core::mem::MaybeUninit;

use rayon::prelude::*;

/// A tensor of `len` values that `fill` writes, block by block.
///
/// Each block is all zeros when it is handed out, and in the cache: zeroing a whole tensor first
/// would cost a pass over memory on one thread.
pub(crate) fn in_blocks(len: usize, block: usize, fill: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    let mut values = Vec::with_capacity(len);
    let blocks = values.spare_capacity_mut()[..len].par_chunks_mut(block.max(1));
    blocks
        .enumerate()
        .for_each(|(index, block)| fill(index, zeroed(block)));
    // SAFETY: the blocks together are the first `len` values of the capacity, and each has been
    // zeroed.
    #[expect(unsafe_code, reason = "a vector cannot be filled in parallel otherwise")]
    unsafe {
        values.set_len(len);
    }
    values
}

fn zeroed(values: &mut [MaybeUninit<f32>]) -> &mut [f32] {
    for value in &mut *values {
        value.write(0.0);
    }
    // SAFETY: each value has been written by the loop above.
    #[expect(unsafe_code, reason = "a vector cannot be filled in parallel otherwise")]
    unsafe {
        values.assume_init_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_zero_or_what_its_block_was_filled_with() {
        let values = in_blocks(1_003, 10, |index, block| block[0] = index as f32);
        for (place, value) in values.iter().enumerate() {
            let expected = if place % 10 == 0 { place as f32 / 10.0 } else { 0.0 };
            assert_eq!(*value, expected, "at {place}");
        }
        assert_eq!(values.len(), 1_003);
    }

    #[test]
    fn no_values_take_no_block() {
        assert!(in_blocks(0, 0, |_, _| unreachable!()).is_empty());
    }
}
