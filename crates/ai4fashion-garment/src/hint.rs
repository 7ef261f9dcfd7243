//! What is known of an article.

use crate::product_type::ProductType;

/// What a source says of the product type, which helps to find the garment and to name its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TypeHint {
    /// Nothing is known.
    #[default]
    Unknown,
    /// The image is of a garment of this type.
    Garment(ProductType),
    /// The image is of an article that is none of the twelve types, such as shoes.
    Other,
}
