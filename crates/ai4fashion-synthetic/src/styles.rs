//! The table of Kaggle's `fashion-product-images-small`, with the oddities of the real one.

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;

/// The columns of `styles.csv`.
const HEADER: &str =
    "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName\n";

/// Gives a garment its id: Kaggle's have no order, and gaps.
pub(crate) fn id(index: usize) -> usize {
    10_000 + 7 * index
}

/// Writes `styles.csv` for garments with these labels: with unquoted commas, quotes, `NA`, and a
/// row without an image.
pub(crate) fn table(labels: &[(BasicColor, ProductType)]) -> String {
    let mut table = HEADER.to_owned();
    for (index, (color, product_type)) in labels.iter().enumerate() {
        let article = article(*product_type);
        let color = if index % 17 == 3 {
            "NA".to_owned()
        } else {
            capitalised(color.as_str())
        };
        let name = match index % 11 {
            2 => format!("\"Synthetic \"\"Studio\"\" {article}\""),
            5 => format!("Synthetic {article}, pack of 1, unisex"),
            _ => format!("Synthetic Unisex {article}"),
        };
        table.push_str(&format!(
            "{},Unisex,Apparel,Synthetic,{article},{color},Summer,2026,Casual,{name}\n",
            id(index)
        ));
    }
    table.push_str("39403,Men,Apparel,Synthetic,Shirts,Blue,Fall,2012,Casual,Row without an image\n");
    table
}

/// Gives an `articleType` of the type. Kaggle has no word for blouses and coats: theirs give no
/// type.
fn article(product_type: ProductType) -> &'static str {
    match product_type {
        ProductType::Dress => "Dresses",
        ProductType::Top => "Tops",
        ProductType::TShirt => "Tshirts",
        ProductType::Shirt => "Shirts",
        ProductType::Blouse => "Blouses",
        ProductType::Jacket => "Jackets",
        ProductType::Shorts => "Shorts",
        ProductType::Pants => "Trousers",
        ProductType::Jeans => "Jeans",
        ProductType::Skirt => "Skirts",
        ProductType::Jumpsuit => "Jumpsuit",
        ProductType::Coat => "Coats",
    }
}

fn capitalised(name: &str) -> String {
    name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default()
}
