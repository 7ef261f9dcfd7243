//! Products against row by column.

use proptest::prelude::*;

use super::*;
use crate::kernel::panel::{pack, pack_transposed, packed_len};

fn matrix(len: usize) -> Vec<f32> {
    (0..len).map(|i| ((i * 37 + 11) % 17) as f32 - 8.0).collect()
}

/// Row by column, in whole numbers that `f32` holds exactly.
fn reference(left: &[f32], right: &[f32], depth: usize, columns: usize) -> Vec<f32> {
    let cell = |row: &[f32], column: usize| -> f32 {
        let right = right.iter().skip(column).step_by(columns);
        row.iter().zip(right).map(|(l, r)| l * r).sum()
    };
    let rows = left.chunks_exact(depth);
    rows.flat_map(|row| (0..columns).map(move |column| cell(row, column)))
        .collect()
}

/// Deeper than a block, but for Miri, which takes a thousand times as long.
const DEPTHS: usize = if cfg!(miri) { 9 } else { 600 };

proptest! {
    #[test]
    fn both_products_equal_row_by_column(rows in 1_usize..40, columns in 1_usize..80, depth in 1..DEPTHS) {
        let (left, right) = (matrix(rows * depth), matrix(depth * columns));
        let expected = reference(&left, &right, depth, columns);

        let mut panels = vec![[f32::NAN; PANEL]; packed_len(right.len(), columns, PANEL)];
        pack(&mut panels, &right, columns);
        let mut out = vec![f32::NAN; rows * columns];
        for (index, panel) in panels.chunks_exact(depth).enumerate() {
            let column = index * PANEL;
            multiply(Block { values: &mut out, stride: columns, column }, &left, panel);
        }
        prop_assert_eq!(&out, &expected);

        let transposed: Vec<f32> = (0..depth * rows).map(|i| left[i % rows * depth + i / rows]).collect();
        let mut strips = vec![[f32::NAN; STRIP]; packed_len(transposed.len(), rows, STRIP)];
        pack(&mut strips, &transposed, rows);
        let mut add = |mode| {
            for (index, panel) in panels.chunks_exact(depth).enumerate() {
                let column = index * PANEL;
                sum_of_outer(Block { values: &mut out, stride: columns, column }, mode, &strips, panel);
            }
            out.clone()
        };
        let twice: Vec<f32> = expected.iter().map(|value| value * 2.0).collect();
        prop_assert_eq!(add(Output::Add), twice);
        prop_assert_eq!(&add(Output::Overwrite), &expected);

        let mut packed = vec![[f32::NAN; PANEL]; packed_len(left.len(), rows, PANEL)];
        pack_transposed(&mut packed, &left, depth);
        let mut expected = vec![[f32::NAN; PANEL]; packed.len()];
        pack(&mut expected, &transposed, rows);
        prop_assert_eq!(packed, expected);
    }
}

#[test]
fn product_without_depth_is_zero() {
    let mut out = [f32::NAN; 4];
    multiply(
        Block {
            values: &mut out,
            stride: 2,
            column: 0,
        },
        &[],
        &[],
    );
    assert_eq!(out, [0.0; 4]);
}

#[test]
#[should_panic(expected = "rows of the product")]
fn sizes_that_do_not_fit_are_refused() {
    let mut out = [0.0; 4];
    multiply(
        Block {
            values: &mut out,
            stride: 2,
            column: 0,
        },
        &[1.0],
        &[[0.0; PANEL]],
    );
}
