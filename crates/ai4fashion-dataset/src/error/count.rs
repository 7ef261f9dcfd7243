//! Words that several messages have.

/// A number of things, e.g. `1 picture`, `2 pictures`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_not_many() {
        let counted = [0, 1, 2].map(|number| count(number, "row"));
        assert_eq!(counted, ["0 rows", "1 row", "2 rows"]);
    }
}
