//! The name of a generated image's file: its number, and the labels that it was made for.

use ai4fashion_color::BasicColor;
use ai4fashion_garment::ProductType;

/// Name of an image's file, such as `000012_red_Coats.png`.
#[cfg(any(feature = "train", test))]
pub(crate) fn file_name(
    place: usize,
    color: Option<BasicColor>,
    product_type: Option<ProductType>,
) -> String {
    let color = color.map(|color| format!("_{color}")).unwrap_or_default();
    let kind = product_type.map(|kind| format!("_{kind}")).unwrap_or_default();
    format!("{place:06}{color}{kind}.png")
}

/// The labels in the name of a file; none if it was not named so.
pub(crate) fn labels(name: &str) -> (Option<BasicColor>, Option<ProductType>) {
    let mut words = name.rsplit_once('.').map_or(name, |(stem, _)| stem).split('_');
    let is_number = |word: &str| word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    if !words.next().is_some_and(is_number) {
        return (None, None);
    }
    let (mut color, mut product_type) = (None, None);
    for word in words {
        let known = ProductType::ALL.into_iter().find(|kind| kind.as_str() == word);
        color = color.or_else(|| word.parse().ok());
        product_type = product_type.or(known);
    }
    (color, product_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_they_were_written() {
        for color in [None, Some(BasicColor::Red), Some(BasicColor::White)] {
            for kind in [None].into_iter().chain(ProductType::ALL.map(Some)) {
                let name = file_name(12, color, kind);
                assert_eq!(labels(&name), (color, kind), "{name}");
            }
        }
        assert_eq!(file_name(7, None, None), "000007.png");
        assert_eq!(
            file_name(12, Some(BasicColor::Red), Some(ProductType::Coat)),
            "000012_red_Coats.png"
        );
        for other in ["red_shirt_1.jpg", "IMG_1234_red.jpg", "", "grid.png"] {
            assert_eq!(labels(other), (None, None), "{other}");
        }
    }
}
