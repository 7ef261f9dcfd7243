//! Settings as text.

use std::fmt;

use crate::config::DcganConfig;

/// The epochs, and what differs from the tutorial, by the names in `config.json`.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Loss};
///
/// let config = DcganConfig::tutorial();
/// assert_eq!(config.to_string(), "25 epochs by the tutorial's settings");
/// let config = config.with_image_size(32).with_loss(Loss::Hinge).with_epochs(3);
/// assert_eq!(
///     config.to_string(),
///     "3 epochs by the tutorial's settings with image_size 32, loss hinge"
/// );
/// ```
impl fmt::Display for DcganConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} epochs by the tutorial's settings", self.epochs)?;
        let differences = self.differences(&Self::tutorial());
        for (place, difference) in differences.iter().enumerate() {
            let before = if place == 0 { " with" } else { "," };
            write!(f, "{before} {} {}", difference.field, difference.now)?;
        }
        Ok(())
    }
}
