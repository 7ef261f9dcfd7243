//! What the function does, as an argument of the function.

use ai4fashion_arrow::LabelKernel;
use ai4fashion_dataset::IngestOptions;
use datafusion::error::Result;
use serde::{Deserialize, Serialize};

use crate::error::plan;

/// The version of the function.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Settings of `ai4fashion_label`, which travel as JSON in the query.
///
/// So all processes of a cluster agree by the plan and not by their command lines, and one of
/// another version refuses.
///
/// ```
/// use ai4fashion_datafusion::LabelSettings;
///
/// let settings = LabelSettings::from_json(r#"{"image": false, "options": {"image_size": 128}}"#)?;
/// assert!(!settings.image && settings.options.image_size == 128);
/// assert!(LabelSettings::from_json(r#"{"version": "0.0.7"}"#).is_err());
/// # Ok::<(), ai4fashion_datafusion::datafusion::error::DataFusionError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LabelSettings {
    /// The version that is asked for, this crate's.
    pub version: String,
    /// SHA-256 of the garment classifier's weights that are asked for, those of this build.
    pub weights_sha256: String,
    /// Whether the letterboxed JPEG is made; default yes.
    pub image: bool,
    /// The options of an ingestion.
    pub options: IngestOptions,
}

impl Default for LabelSettings {
    fn default() -> Self {
        Self {
            version: VERSION.to_owned(),
            weights_sha256: IngestOptions::default()
                .garment_classifier
                .weights_sha256()
                .to_owned(),
            image: true,
            options: IngestOptions::default(),
        }
    }
}

impl LabelSettings {
    /// Sets [`options`](Self::options).
    #[must_use]
    pub fn with_options(mut self, options: IngestOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets [`image`](Self::image).
    #[must_use]
    pub fn with_image(mut self, image: bool) -> Self {
        self.image = image;
        self
    }

    /// Reads settings.
    ///
    /// # Errors
    /// If the text is not JSON, a field is unknown, or the version or the weights differ.
    pub fn from_json(json: &str) -> Result<Self> {
        let wrong = |error| plan(format!("ai4fashion_label: settings `{json}`: {error}"));
        let settings: Self = serde_json::from_str(json).map_err(wrong)?;
        let ours = Self::default();
        for (what, asked, ours) in [
            ("", &settings.version, &ours.version),
            (" with weights", &settings.weights_sha256, &ours.weights_sha256),
        ] {
            if asked != ours {
                let message =
                    format!("ai4fashion_label{what} {asked} was asked for, this process has {ours}");
                return Err(plan(message));
            }
        }
        Ok(settings)
    }

    /// The settings as JSON on one line.
    ///
    /// # Errors
    /// If they cannot be written, which does not happen.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| plan(error.to_string()))
    }

    /// Refuses weights of one's own, which do not travel in a query.
    fn check_weights(&self) -> Result<()> {
        let default = IngestOptions::default();
        let [found, ours] = [&self.options, &default].map(|it| it.garment_classifier.weights_sha256());
        if found == ours {
            return Ok(());
        }
        let message =
            "ai4fashion_label: garment_classifier has weights of its own, expected those of this version";
        Err(plan(message))
    }

    /// What does the work.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub(crate) fn kernel(&self) -> Result<LabelKernel> {
        self.check_weights()?;
        let kernel = LabelKernel::new(self.options.clone());
        let kernel = kernel.map_err(|error| plan(format!("ai4fashion_label: {error}")))?;
        Ok(if self.image {
            kernel
        } else {
            kernel.without_image()
        })
    }
}
