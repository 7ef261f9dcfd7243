//! What the labels of a folder are made with, which must be the same for all its shards.

use datafusion::error::Result;
use object_store::{ObjectStoreExt, PutMode, PutOptions, path::Path};
use serde::{Deserialize, Serialize};

use super::{options::JobOptions, output::Output};
use crate::error::{execution, plan};

/// What must be the same for two runs to give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MadeWith {
    settings: serde_json::Value,
    file_column: Option<String>,
    type_column: Option<String>,
    keep: Option<Vec<String>>,
}

impl MadeWith {
    pub(super) fn new(options: &JobOptions) -> Result<Self> {
        let settings = serde_json::to_value(&options.settings);
        Ok(Self {
            settings: settings.map_err(|error| plan(error.to_string()))?,
            file_column: options.file_column.clone(),
            type_column: options.type_column.clone(),
            keep: options.keep.clone(),
        })
    }

    /// Refuses a folder that was begun with other settings.
    pub(super) async fn check(&self, output: &Output) -> Result<()> {
        let path = path(output);
        let bytes = match output.store.get(&path).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let url = output.url_of(&path);
        match serde_json::from_slice::<Self>(&bytes) {
            Ok(found) if found == *self => Ok(()),
            Ok(found) => {
                let differs = found.difference(self);
                Err(plan(format!(
                    "`{url}`: the labels there were made with {differs}: name another output folder"
                )))
            }
            Err(error) => Err(plan(format!("`{url}` is damaged: {error}"))),
        }
    }

    /// Writes the settings, before the first shard gets its name; another run may have been first.
    pub(super) async fn claim(&self, output: &Output) -> Result<()> {
        let json = serde_json::to_vec_pretty(self).map_err(|error| execution(error.to_string()))?;
        let path = path(output);
        let create = PutOptions::from(PutMode::Create);
        match output.store.put_opts(&path, json.into(), create).await {
            Ok(_) => output.sync(&path),
            // A store that cannot create leaves two runs that begin together unchecked.
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::NotImplemented { .. }) => {
                self.check(output).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The first setting that differs, as it was and as it is now.
    fn difference(&self, now: &Self) -> String {
        let values = [self, now].map(|it| {
            let value = serde_json::to_value(it).unwrap_or_default();
            let mut all = Vec::new();
            leaves("", &value, &mut all);
            all
        });
        let [was, now] = &values;
        let other = was.iter().find(|it| !now.contains(it));
        let other = other.or_else(|| now.iter().find(|it| !was.contains(it)));
        let Some((name, _)) = other else {
            return "other settings".to_owned();
        };
        let of = |all: &[(String, String)]| {
            let found = all.iter().find(|(it, _)| it == name);
            found.map_or("nothing".to_owned(), |(_, value)| value.clone())
        };
        format!("{name} {}, now {}", of(was), of(now))
    }
}

/// Each value that holds no others, by its path.
fn leaves(path: &str, value: &serde_json::Value, all: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                leaves(&format!("{path}{dot}{name}"), value, all);
            }
        }
        other => all.push((path.to_owned(), other.to_string())),
    }
}

fn path(output: &Output) -> Path {
    output.within("_settings.json")
}
