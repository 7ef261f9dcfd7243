//! The version of the files in a data set.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The version that is written and read. It is raised when a reader of the old files would misread
/// new ones.
pub(crate) const FORMAT: u32 = 4;

/// The first field of every record, which is always [`FORMAT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Format;

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(FORMAT)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            FORMAT => Ok(Self),
            found => Err(de::Error::custom(format_args!(
                "the record has format {found}, and format {FORMAT} is read"
            ))),
        }
    }
}
