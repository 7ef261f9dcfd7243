//! Values of an option that the libraries list.

use std::{error::Error, fmt::Display, path::Path, str::FromStr};

use ai4fashion_garment::GarmentClassifier;
use anyhow::bail;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// A parser of one of `all`, by the names they print; help, errors and completions list these.
pub(crate) fn one_of<T>(all: impl IntoIterator<Item = T>) -> impl TypedValueParser<Value = T>
where
    T: Clone + Display + FromStr + Send + Sync + 'static,
    T::Err: Error + Send + Sync + 'static,
{
    let names: Vec<String> = all.into_iter().map(|value| value.to_string()).collect();
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

/// The garment classifier with the weights of a file, or else with those of its crate.
///
/// # Errors
/// If the file cannot be used, or there is one although the classifier `is_used` not.
pub(crate) fn garment_classifier(weights: Option<&Path>, is_used: bool) -> anyhow::Result<GarmentClassifier> {
    match weights {
        None => Ok(GarmentClassifier::new()),
        Some(_) if !is_used => bail!("--weights are of the garment classifier, which is not used"),
        Some(path) => Ok(GarmentClassifier::open(path)?),
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_dataset::Split;
    use clap::{Arg, Command};

    use super::*;

    #[test]
    fn only_listed_values_are_taken() {
        let command = Command::new("test").arg(Arg::new("split").value_parser(one_of(Split::ALL)));
        let parse = |text: &str| command.clone().try_get_matches_from(["test", text]);
        let split = parse("validation").unwrap().get_one::<Split>("split").copied();
        assert_eq!(split, Some(Split::Validation));
        let error = parse("dev").unwrap_err().to_string();
        assert!(error.contains("train, validation, test"), "{error}");
    }
}
