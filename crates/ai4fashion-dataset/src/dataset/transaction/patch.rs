//! The old file as a difference to the new one, in few bytes if few lines differ.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How the old file differs from the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Was {
    /// There was no old file.
    Absent,
    /// These lines differed, counted from 0, and are kept one after another.
    Lines(Vec<usize>),
    /// The old file is kept as a whole.
    Whole,
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// Keeps as much of `old` as [`restored`] needs to make it from `new` again.
pub(super) fn kept<'a>(old: &'a [u8], new: &[u8]) -> (Was, Cow<'a, [u8]>) {
    if lines(old).count() == lines(new).count() {
        let differ = lines(old)
            .zip(lines(new))
            .enumerate()
            .filter(|(_, (old, new))| old != new);
        let (places, texts): (Vec<usize>, Vec<&[u8]>) = differ.map(|(place, (old, _))| (place, old)).unzip();
        let kept = texts.concat();
        let was = Was::Lines(places);
        if kept.len() < old.len() && restored(&was, &kept, new).as_deref() == Some(old) {
            return (was, kept.into());
        }
    }
    (Was::Whole, old.into())
}

/// Makes the old file, if there was one.
pub(super) fn restored(was: &Was, kept: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    match was {
        Was::Absent => None,
        Was::Whole => Some(kept.to_vec()),
        Was::Lines(places) => {
            let (mut places, mut kept) = (places.iter().peekable(), lines(kept));
            let mut old = Vec::with_capacity(new.len());
            for (place, line) in lines(new).enumerate() {
                match places.next_if(|next| **next == place) {
                    Some(_) => old.extend_from_slice(kept.next().unwrap_or_default()),
                    None => old.extend_from_slice(line),
                }
            }
            Some(old)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn old_comes_back_whatever_it_was(old in "[ab\n]{0,12}", new in "[ab\n]{0,12}") {
            let (was, kept) = kept(old.as_bytes(), new.as_bytes());
            prop_assert_eq!(restored(&was, &kept, new.as_bytes()), Some(old.clone().into_bytes()));
        }
    }

    #[test]
    fn one_line_of_many_is_all_that_is_kept() {
        let old = "a\n".repeat(100);
        let new = format!("b\n{}", &old[2..]);
        let (was, kept) = kept(old.as_bytes(), new.as_bytes());
        assert_eq!((was, &*kept), (Was::Lines(vec![0]), &b"a\n"[..]));
    }
}
