//! Features of images: a row of numbers for each.

use nalgebra::DMatrix;

use crate::error::{Error, ErrorKind};

/// Features of images: a row of `d` numbers for each.
///
/// ```
/// use ai4fashion_score::Features;
///
/// let features = Features::new(2, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0])?;
/// assert_eq!((features.len(), features.dimensions()), (3, 2));
/// assert_eq!(features.row(1), [2.0, 3.0]);
/// # Ok::<(), ai4fashion_score::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// `[d, n]`, column by column: the rows of the user.
    columns: DMatrix<f64>,
}

impl Features {
    /// Creates features of rows of `dimensions` values, one row after another.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if the values do not make whole rows, and [`ErrorKind::NotFinite`].
    pub fn new(dimensions: usize, values: Vec<f64>) -> Result<Self, Error> {
        if dimensions == 0 || !values.len().is_multiple_of(dimensions) {
            let values = values.len();
            return Err(ErrorKind::Shape { values, dimensions }.into());
        }
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            return Err(ErrorKind::NotFinite {
                row: place / dimensions,
                column: place % dimensions,
                value: values[place],
            }
            .into());
        }
        let rows = values.len() / dimensions;
        Ok(Self::of(DMatrix::from_vec(dimensions, rows, values)))
    }

    pub(crate) fn of(columns: DMatrix<f64>) -> Self {
        Self { columns }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.ncols()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of values of a row.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.columns.nrows()
    }

    /// Returns a row.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[must_use]
    pub fn row(&self, index: usize) -> &[f64] {
        let from = index * self.dimensions();
        &self.columns.as_slice()[from..from + self.dimensions()]
    }

    /// Returns some rows, in the order of `indices`.
    ///
    /// # Panics
    /// If an index is not below [`len`](Self::len).
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self::of(self.columns.select_columns(indices))
    }

    /// The values, `[d, n]`.
    pub(crate) fn columns(&self) -> &DMatrix<f64> {
        &self.columns
    }
}

/// Checks that features can be compared.
pub(crate) fn check_dimensions(real: &Features, fake: &Features) -> Result<(), Error> {
    let (real, fake) = (real.dimensions(), fake.dimensions());
    if real == fake {
        Ok(())
    } else {
        Err(ErrorKind::Dimensions { real, fake }.into())
    }
}

/// Checks that a set has enough members.
pub(crate) fn check_count(set: &'static str, count: usize, least: usize) -> Result<(), Error> {
    if count >= least {
        Ok(())
    } else {
        Err(ErrorKind::TooFew { set, count, least }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_whole_finite_rows() {
        let error = Features::new(2, vec![0.0, 1.0, 2.0, f64::NAN]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "row 1, column 1 of the features is NaN, expected a finite number"
        );
        assert!(Features::new(0, Vec::new()).is_err());
        let features = Features::new(2, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(features.select(&[2, 0]).row(0), [4.0, 5.0]);
        assert!(check_dimensions(&features, &Features::new(3, vec![0.0; 3]).unwrap()).is_err());
    }
}
