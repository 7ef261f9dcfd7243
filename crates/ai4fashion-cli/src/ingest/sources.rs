//! Where images come from, as arguments.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use ai4fashion_dataset::{
    Error,
    source::{FileList, Source, SourceKind, TypeTable},
};
use anyhow::bail;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use crate::hint::hinted;

const PHOTO: &str = "a source is a folder or a .zip; `ai4fashion classify FILE` labels one photo, `list` takes \
                     a file of paths";

/// Sources that are read into one data set.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// Kind of the source; `auto` looks at the folder or .zip
    #[arg(value_parser = kinds(), default_value_t = Kind(None))]
    kind: Kind,
    /// Folder or .zip of the source; of a list its file, or - for standard input
    #[arg(required = true)]
    dir: PathBuf,
    /// Another source for the same data set; can be repeated
    #[arg(long, value_name = "KIND=DIR")]
    source: Vec<Named>,
    /// Product types for the sources lookbook, folder and list: a CSV table with the columns stem
    /// (a file name or a path) and type
    #[arg(long, value_name = "CSV")]
    types: Option<PathBuf>,
}

/// A kind of source; `None` is found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind(Option<SourceKind>);

/// `KIND=DIR`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: Kind,
    dir: PathBuf,
}

impl SourceArguments {
    /// Opens the sources, in their order.
    ///
    /// # Errors
    /// If one of them cannot be opened, or types are given that none takes.
    pub(crate) fn open(&self) -> anyhow::Result<Vec<Box<dyn Source>>> {
        let first = Named {
            kind: self.kind,
            dir: self.dir.clone(),
        };
        let kinds: Vec<(SourceKind, &Path)> = std::iter::once(&first)
            .chain(&self.source)
            .map(|source| {
                let kind = source
                    .kind
                    .at(&source.dir)
                    .map_err(|error| of_a_file(error, &source.dir))?;
                Ok((kind, &*source.dir))
            })
            .collect::<anyhow::Result<_>>()?;
        let types = match &self.types {
            Some(_) if !kinds.iter().any(|(kind, _)| kind.takes_types()) => {
                bail!("--types goes with lookbook, folder and list; small-fashion has its own types")
            }
            Some(path) => TypeTable::open(path)?,
            None => TypeTable::default(),
        };
        let sources = kinds.iter().map(|(kind, dir)| open(*kind, dir, &types));
        Ok(sources.collect::<Result<_, Error>>()?)
    }
}

/// An error, with a hint if a file is where a folder should be.
fn of_a_file(error: Error, dir: &Path) -> anyhow::Error {
    if dir.is_file() {
        return hinted(error, PHOTO);
    }
    error.into()
}

/// Opens a source; a list `-` is standard input.
fn open(kind: SourceKind, dir: &Path, types: &TypeTable) -> Result<Box<dyn Source>, Error> {
    if kind == SourceKind::List && dir == Path::new("-") {
        let list = FileList::read(io::stdin(), dir)?;
        return Ok(Box::new(list.with_types(types.clone())));
    }
    kind.open(dir, types)
}

/// A parser of kinds, `kaggle` among them.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let values = Kind::all().map(|kind| {
        let value = PossibleValue::new(kind.to_string());
        match kind {
            Kind(Some(SourceKind::SmallFashion)) => value.alias(KAGGLE),
            _ => value,
        }
    });
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Kind>())
}

/// What people call [`SourceKind::SmallFashion`].
const KAGGLE: &str = "kaggle";

impl Kind {
    fn all() -> impl Iterator<Item = Self> {
        std::iter::once(None).chain(SourceKind::ALL.map(Some)).map(Self)
    }

    fn at(self, root: &Path) -> Result<SourceKind, Error> {
        self.0.map_or_else(|| SourceKind::detect(root), Ok)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(kind) => kind.fmt(f),
            None => f.write_str("auto"),
        }
    }
}

impl FromStr for Kind {
    type Err = <SourceKind as FromStr>::Err;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "auto" => Ok(Self(None)),
            KAGGLE => Ok(Self(Some(SourceKind::SmallFashion))),
            name => name.parse().map(Some).map(Self),
        }
    }
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, dir) = text
            .split_once('=')
            .ok_or("expected KIND=DIR, for example folder=photos")?;
        let kinds = || {
            Kind::all()
                .map(|kind| kind.to_string())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let kind = kind
            .parse()
            .map_err(|_| format!("`{kind}` is no kind of source; expected one of {}", kinds()))?;
        Ok(Self {
            kind,
            dir: dir.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_a_kind_and_a_folder() {
        let source: Named = "folder=my=photos".parse().unwrap();
        assert_eq!(
            source,
            Named {
                kind: Kind(Some(SourceKind::Folder)),
                dir: "my=photos".into()
            }
        );
        assert_eq!("auto=a".parse::<Named>().unwrap().kind, Kind(None));
        for (text, part) in [
            ("photos", "KIND=DIR"),
            ("shop=a", "expected one of auto, small-fashion"),
        ] {
            let error = text.parse::<Named>().unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
