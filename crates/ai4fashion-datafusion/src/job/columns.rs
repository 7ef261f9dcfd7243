//! Which columns are read, and which are written.

use std::collections::HashSet;

use ai4fashion_arrow::fields;
use datafusion::{
    arrow::datatypes::{DataType, Schema},
    common::Column,
    error::Result,
    functions::core::expr_ext::FieldAccessor,
    logical_expr::{Expr, cast},
};

use super::options::JobOptions;
use crate::error::plan;

/// Columns of a shard.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) file: Expr,
    pub(super) product_type: Option<Expr>,
    pub(super) keep: Vec<String>,
}

impl Columns {
    /// Chooses the columns of a shard with this schema.
    pub(super) fn choose(options: &JobOptions, schema: &Schema) -> Result<Self> {
        let name = match &options.file_column {
            Some(name) => name.clone(),
            None => only_files(schema)?,
        };
        let file = find(schema, &name)?;
        if !is_of_files(file) {
            let legal = "Binary, LargeBinary, BinaryView, or a struct with such a field `bytes`";
            return Err(plan(format!(
                "the column of files `{name}` is {file}, expected {legal}"
            )));
        }
        let of_file = column(&name);
        let file = match file {
            DataType::Struct(_) => of_file.field("bytes"),
            DataType::Dictionary(..) => cast(of_file, DataType::Binary),
            _ => of_file,
        };
        let types = options.type_column.as_ref();
        let product_type = types.map(|name| of_types(schema, name)).transpose()?;
        let keep = match &options.keep {
            Some(keep) => {
                keep.iter().try_for_each(|name| find(schema, name).map(drop))?;
                keep.clone()
            }
            None => {
                let names = schema.fields().iter().map(|field| field.name().clone());
                names.filter(|other| *other != name).collect()
            }
        };
        let labels = fields(options.settings.image);
        // While they are taken apart, the labels' columns have such names.
        let is_taken = |name: &str| labels.find(name).is_some() || name.starts_with("ai4fashion_label");
        if let Some(twice) = keep.iter().find(|name| is_taken(name)) {
            let message = format!(
                "the input has a column `{twice}`, and so do the labels: say which columns to keep, without it"
            );
            return Err(plan(message));
        }
        let mut seen = HashSet::new();
        if let Some(twice) = keep.iter().find(|name| !seen.insert(*name)) {
            return Err(plan(format!("`{twice}` is kept twice: name each column once")));
        }
        Ok(Self {
            file,
            product_type,
            keep,
        })
    }
}

/// A column by its exact name.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

fn find<'a>(schema: &'a Schema, name: &str) -> Result<&'a DataType> {
    let field = schema.fields().find(name).map(|(_, field)| field.data_type());
    field.ok_or_else(|| {
        let legal = names(schema, |_| true);
        plan(format!("no column `{name}`; there are {legal}"))
    })
}

/// A column of product types, as whole numbers.
fn of_types(schema: &Schema, name: &str) -> Result<Expr> {
    let is_whole = |found: &DataType| found.is_integer() || *found == DataType::Null;
    match find(schema, name)? {
        DataType::Dictionary(_, values) if is_whole(values) => Ok(cast(column(name), DataType::Int64)),
        found if is_whole(found) => Ok(column(name)),
        found => {
            let message = format!("the column of types `{name}` is {found}, expected whole numbers");
            Err(plan(message))
        }
    }
}

/// The only column that may hold files.
fn only_files(schema: &Schema) -> Result<String> {
    let mut found = schema
        .fields()
        .iter()
        .filter(|field| is_of_files(field.data_type()));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.name().clone()),
        (None, _) => {
            let all = names(schema, |_| true);
            Err(plan(format!(
                "no column holds files (bytes, or a struct with `bytes`); there are {all}"
            )))
        }
        _ => {
            let all = names(schema, is_of_files);
            Err(plan(format!("several columns may hold files, name one of {all}")))
        }
    }
}

/// Whether a column may hold files.
fn is_of_files(data_type: &DataType) -> bool {
    match data_type {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, values) => is_of_files(values),
        DataType::Struct(fields) => {
            let bytes = fields.find("bytes").map(|(_, field)| field.data_type());
            bytes.is_some_and(|found| !found.is_nested() && is_of_files(found))
        }
        _ => false,
    }
}

fn names(schema: &Schema, is_one: impl Fn(&DataType) -> bool) -> String {
    let fields = schema.fields().iter().filter(|field| is_one(field.data_type()));
    let names: Vec<String> = fields
        .map(|field| format!("`{}` ({})", field.name(), field.data_type()))
        .collect();
    names.join(", ")
}
