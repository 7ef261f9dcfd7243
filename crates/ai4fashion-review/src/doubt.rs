//! How likely it is that a label of an image is wrong.

use ai4fashion_dataset::{ProductType, Record};

/// The type that the classifier sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Suggestion {
    /// `None` for none of the twelve.
    pub(crate) product_type: Option<ProductType>,
    /// Calibrated probability of the type, 0 to 1.
    pub(crate) confidence: f32,
}

impl Suggestion {
    /// Finds the suggestion of a record, if the classifier was asked.
    pub(crate) fn of(record: &Record) -> Option<Self> {
        Some(Self {
            product_type: record.suggested_type,
            confidence: record.suggested_type_confidence?,
        })
    }
}

/// Returns the probability that the colour or the type is wrong, 0 to 1.
///
/// It takes them as independent. `color` is the probability of the colour, `None` if a person has
/// set it. `suggestion` is `None` if a person has set the type, or if the classifier was not asked.
/// Such a label counts as right.
pub(crate) fn doubt(
    color: Option<f32>,
    product_type: Option<ProductType>,
    suggestion: Option<Suggestion>,
) -> f32 {
    let is_type_right = suggestion.map_or(1.0, |suggestion| {
        if suggestion.product_type == product_type {
            suggestion.confidence
        } else {
            1.0 - suggestion.confidence
        }
    });
    1.0 - color.unwrap_or(1.0) * is_type_right
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIRT: Option<ProductType> = Some(ProductType::Shirt);

    fn assert_doubt(
        color: Option<f32>,
        product_type: Option<ProductType>,
        suggestion: Option<(Option<ProductType>, f32)>,
        expected: f32,
    ) {
        let suggestion = suggestion.map(|(product_type, confidence)| Suggestion {
            product_type,
            confidence,
        });
        let found = doubt(color, product_type, suggestion);
        assert!(
            (found - expected).abs() < 1e-6,
            "{color:?} {product_type:?} {suggestion:?}: {found}, not {expected}"
        );
    }

    #[test]
    fn without_a_suggestion_it_is_that_of_the_colour() {
        assert_doubt(Some(0.9), SHIRT, None, 0.1);
        assert_doubt(Some(0.9), None, None, 0.1);
    }

    #[test]
    fn suggestion_that_agrees_is_multiplied() {
        assert_doubt(Some(0.9), SHIRT, Some((SHIRT, 0.8)), 0.28);
        assert_doubt(Some(0.9), None, Some((None, 0.8)), 0.28);
    }

    #[test]
    fn suggestion_that_disagrees_makes_it_high() {
        for product_type in [None, Some(ProductType::Top)] {
            assert_doubt(Some(0.9), product_type, Some((SHIRT, 0.8)), 0.82);
        }
        assert_doubt(Some(0.9), SHIRT, Some((None, 0.8)), 0.82);
    }

    #[test]
    fn label_of_a_person_counts_as_right() {
        assert_doubt(None, SHIRT, None, 0.0);
        assert_doubt(None, SHIRT, Some((SHIRT, 0.8)), 0.2);
        assert_doubt(None, SHIRT, Some((None, 0.8)), 0.8);
    }
}
