//! The body of the fuzz target of tables of corrections.

use super::{correction::Correction, table::CorrectionTable};

/// Rows that are read are read again from what is written of them; their lines ascend.
pub fn corrections_table(bytes: &[u8]) {
    let Ok(table) = CorrectionTable::read(bytes, "corrections.csv") else {
        return;
    };
    assert!(table.rows().is_sorted_by(|(one, _), (next, _)| one < next));
    assert_eq!(table.files().count(), table.len());
    let rows = |table: &CorrectionTable| -> Vec<Correction> {
        let rows = table.rows().iter().filter_map(|(_, row)| row.as_ref().ok());
        rows.cloned().collect()
    };
    let good = rows(&table);
    let written = CorrectionTable::write(&good);
    let again = CorrectionTable::read(written.as_bytes(), "corrections.csv");
    assert_eq!(again.ok().map(|table| rows(&table)), Some(good), "{written}");
}
