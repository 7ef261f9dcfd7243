//! Numbers for people.

/// Finds the median of values, which are sorted; of an even number the mean of the middle two.
///
/// ```
/// use ai4fashion_files::numbers::median;
///
/// assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
/// assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
/// assert_eq!(median(&mut []), None);
/// ```
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len().is_multiple_of(2) {
        return Some(f64::midpoint(values[values.len() / 2 - 1], upper));
    }
    Some(upper)
}

/// Writes a whole number with a comma behind each thousand.
///
/// ```
/// use ai4fashion_files::numbers::thousands;
///
/// assert_eq!([999, 1000, 1_234_567].map(thousands), ["999", "1,000", "1,234,567"]);
/// ```
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The 95% interval of a fraction of a number of things: Wilson's score interval with z = 1.96 (E.
/// B. Wilson, Probable inference, 1927).
///
/// ```
/// use ai4fashion_files::numbers::wilson;
///
/// // statsmodels 0.15.0: proportion_confint(8, 10, method="wilson")
/// let (low, high) = wilson(0.8, 10);
/// assert!((low - 0.49016).abs() < 1e-4 && (high - 0.94332).abs() < 1e-4);
/// let (low, high) = wilson(0.0, 1);
/// assert!(low.abs() < 1e-9 && (high - 0.79345).abs() < 1e-4);
/// ```
#[must_use]
pub fn wilson(fraction: f64, number: usize) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a count of things")]
    let n = number.max(1) as f64;
    let squared = 1.96 * 1.96;
    let center = fraction + squared / (2.0 * n);
    let half = 1.96 * (fraction * (1.0 - fraction) / n + squared / (4.0 * n * n)).sqrt();
    let scale = 1.0 + squared / n;
    ((center - half) / scale, (center + half) / scale)
}
