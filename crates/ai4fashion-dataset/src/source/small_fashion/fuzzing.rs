//! The body of the fuzz target of `styles.csv`.

use std::{collections::HashSet, path::Path};

use super::styles;
use crate::record::SourceRow;

/// Rows have ids of their own and ascending lines, and what they say is kept in a record.
pub fn styles_table(bytes: &[u8]) {
    let Ok(styles) = styles::read(Path::new(styles::TABLE), bytes) else {
        return;
    };
    let (ids, lines) = (styles.ids(), styles.lines());
    assert_eq!(ids.len(), lines.len());
    assert!(lines.is_sorted_by(|one, next| one < next), "{lines:?}");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{ids:?}");
    let mut fields = styles.fields();
    for (row, id) in ids.iter().enumerate() {
        assert!(!id.is_empty() && !id.contains('\0'), "{id:?}");
        let style = styles.style(&mut fields, row);
        let json = serde_json::to_string(&style.row).unwrap_or_default();
        let again = serde_json::from_str::<SourceRow>(&json);
        assert_eq!(again.ok(), Some(style.row), "{json}");
    }
}
