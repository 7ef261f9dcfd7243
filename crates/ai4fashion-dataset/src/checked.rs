//! Who said what of a picture's labels.

use ai4fashion_color::BasicColor;
use serde::{Deserialize, Serialize};

use crate::{ProductType, Record, TypeSource};

/// What a person has said of a picture: that its labels are right, or other ones. The labels in force are the record's;
/// here are those that they took the place of, which may be the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checked {
    /// The colour that the classifier named, if a person has said the colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_was: Option<BasicColor>,
    /// The type that the source gave, if a person has said the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_was: Option<TypeBefore>,
    /// When, in the words of the correction; the newest counts.
    pub when: String,
}

/// A product type before a person said another one, or the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypeBefore {
    /// The type, if it was known.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// How it was known.
    pub from: Option<TypeSource>,
}

/// Who named a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColorSource {
    /// The classifier, from the picture.
    Classifier,
    /// A person who has looked at the picture.
    Person,
}

impl Record {
    /// Who named the colour in force.
    #[must_use]
    pub fn color_from(&self) -> ColorSource {
        match self.checked {
            Some(Checked {
                color_was: Some(_), ..
            }) => ColorSource::Person,
            _ => ColorSource::Classifier,
        }
    }

    /// The colour that the classifier named, whatever a person has said.
    #[must_use]
    pub fn classified_color(&self) -> BasicColor {
        let before = self.checked.as_ref().and_then(|checked| checked.color_was);
        before.unwrap_or(self.color)
    }

    /// The type that the source gave, whatever a person has said.
    #[must_use]
    pub fn source_type(&self) -> Option<ProductType> {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        before.map_or(self.product_type, |before| before.product_type)
    }

    /// How the source knew the type that it gave, whatever a person has said.
    pub(crate) fn source_type_from(&self) -> Option<TypeSource> {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        before.map_or(self.type_from, |before| before.from)
    }

    /// A person says the colour; none takes a person's word back.
    pub(crate) fn say_color(&mut self, said: Option<BasicColor>, when: &str) {
        if said.is_none() && self.color_from() == ColorSource::Classifier {
            return;
        }
        let before = self.classified_color();
        self.color = said.unwrap_or(before);
        self.word(when).color_was = said.map(|_| before);
        self.forget_if_nothing_was_said();
    }

    /// A person says the type, or that it is none of the twelve; none takes a person's word back.
    pub(crate) fn say_type(&mut self, said: Option<Option<ProductType>>, when: &str) {
        let before = self.checked.as_ref().and_then(|checked| checked.type_was);
        if said.is_none() && before.is_none() {
            return;
        }
        let before = before.unwrap_or(TypeBefore {
            product_type: self.product_type,
            from: self.type_from,
        });
        (self.product_type, self.type_from) = match said {
            Some(product_type) => (product_type, Some(TypeSource::Person)),
            None => (before.product_type, before.from),
        };
        self.word(when).type_was = said.map(|_| before);
        self.forget_if_nothing_was_said();
    }

    fn word(&mut self, when: &str) -> &mut Checked {
        let checked = self.checked.get_or_insert_default();
        when.clone_into(&mut checked.when);
        checked
    }

    fn forget_if_nothing_was_said(&mut self) {
        if let Some(Checked {
            color_was: None,
            type_was: None,
            ..
        }) = self.checked
        {
            self.checked = None;
        }
    }
}
