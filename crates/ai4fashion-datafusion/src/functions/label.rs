//! The function `ai4fashion_label`.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use ai4fashion_arrow::LabelKernel;
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, BinaryViewArray, Int64Array, StructArray, UInt64Array},
        compute::{CastOptions, cast, cast_with_options, interleave, take},
        datatypes::{DataType, Field, FieldRef, Int64Type},
    },
    common::ScalarValue,
    error::{DataFusionError, Result},
    logical_expr::{
        ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature,
        Volatility,
    },
};
use sha2::{Digest, Sha256};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::recent::{Key, Recent};
use crate::{
    error::{execution, plan},
    settings::LabelSettings,
};

const NAME: &str = "ai4fashion_label";
/// Settings that are remembered at a time, each with the labels of a moment.
const MOST_KERNELS: usize = 4;

/// The function `ai4fashion_label(file [, settings [, type]])`: bytes of a file to a struct of its
/// labels, whose fields are those of [`fields`](ai4fashion_arrow::fields).
///
/// - `file` is Binary, LargeBinary or BinaryView. A null is a null.
/// - `settings` is JSON, a literal: see [`LabelSettings`].
/// - `type` is a whole number, 0 to 12, or null: what is known of the product type.
///
/// A file that cannot be used is a row with a `reason`, never an error. Of the newest 64 MiB of
/// labels each row is decoded once, however often the engine asks for it in a query.
#[derive(Clone, Debug)]
pub struct LabelFunction {
    signature: Signature,
    shared: Arc<Shared>,
}

/// What all clones share.
#[derive(Debug, Default)]
struct Shared {
    /// By the settings' JSON.
    kernels: Mutex<HashMap<String, Arc<Kernel>>>,
    files: AtomicU64,
}

#[derive(Debug)]
struct Kernel {
    kernel: LabelKernel,
    recent: Mutex<Recent>,
}

impl PartialEq for LabelFunction {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for LabelFunction {}

impl Hash for LabelFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        NAME.hash(state);
    }
}

impl Default for LabelFunction {
    fn default() -> Self {
        Self::new()
    }
}

impl LabelFunction {
    /// Creates the function.
    #[must_use]
    pub fn new() -> Self {
        let any = [1, 2, 3].map(TypeSignature::Any).to_vec();
        Self {
            signature: Signature::one_of(any, Volatility::Immutable),
            shared: Arc::default(),
        }
    }

    /// The number of files that this function and its clones have labelled.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.shared.files.load(Ordering::Relaxed)
    }

    fn kernel(&self, settings: Option<&ScalarValue>) -> Result<Arc<Kernel>> {
        let json = match settings {
            None => "{}",
            Some(value) => value.try_as_str().flatten().ok_or_else(|| {
                let message = format!("{NAME}: argument 2 is {value:?}, expected a literal of JSON");
                plan(message)
            })?,
        };
        let mut kernels = lock(&self.shared.kernels);
        if let Some(known) = kernels.get(json) {
            return Ok(Arc::clone(known));
        }
        let kernel = Arc::new(Kernel {
            kernel: LabelSettings::from_json(json)?.kernel()?,
            recent: Mutex::default(),
        });
        if kernels.len() >= MOST_KERNELS {
            kernels.clear();
        }
        kernels.insert(json.to_owned(), Arc::clone(&kernel));
        Ok(kernel)
    }

    /// Labels files, each once.
    fn label(&self, kernel: &Kernel, files: &ArrayRef, types: Option<&Int64Array>) -> Result<ArrayRef> {
        let views = cast(files, &DataType::BinaryView)?;
        let views = views.as_binary_view();
        let keys = keys(views, types);
        // Of each row its labels, or its place among those that are new.
        let mut new = New::default();
        let places: Vec<Option<Place>> = {
            let recent = lock(&kernel.recent);
            let place = |(row, key): (usize, &Option<Key>)| {
                let key = key.as_ref()?;
                Some(match recent.get(key) {
                    Some((labels, row)) => Place::Known(labels, row),
                    None => Place::New(new.place(key, row)),
                })
            };
            keys.iter().enumerate().map(place).collect()
        };
        let New { rows, keys, .. } = new;
        self.shared.files.fetch_add(keys.len() as u64, Ordering::Relaxed);
        let is_whole = keys.len() == files.len();
        let labels = match is_whole {
            true => label(&kernel.kernel, files, types)?,
            false => {
                let rows = UInt64Array::from(rows);
                let types = types.map(|types| take(types, &rows, None)).transpose()?;
                let types = types.as_ref().map(|types| types.as_primitive::<Int64Type>());
                label(&kernel.kernel, &take(files, &rows, None)?, types)?
            }
        };
        let labels = Arc::new(labels);
        if !keys.is_empty() {
            lock(&kernel.recent).add(keys, &labels);
        }
        if is_whole {
            return Ok(labels);
        }
        gather(&places, labels)
    }
}

/// Where the labels of a row are.
enum Place {
    Known(Arc<StructArray>, usize),
    New(usize),
}

/// Files of a batch that are labelled now, each once.
#[derive(Default)]
struct New {
    rows: Vec<u64>,
    keys: Vec<Key>,
    places: HashMap<Key, usize>,
}

impl New {
    fn place(&mut self, key: &Key, row: usize) -> usize {
        *self.places.entry(*key).or_insert_with(|| {
            self.rows.push(row as u64);
            self.keys.push(*key);
            self.keys.len() - 1
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keys(files: &BinaryViewArray, types: Option<&Int64Array>) -> Vec<Option<Key>> {
    let key = |(row, file): (usize, Option<&[u8]>)| {
        let known = types.and_then(|types| types.is_valid(row).then(|| types.value(row)));
        Some((Sha256::digest(file?).into(), known))
    };
    files.iter().enumerate().map(key).collect()
}

fn label(kernel: &LabelKernel, files: &dyn Array, types: Option<&Int64Array>) -> Result<StructArray> {
    let labels = match types {
        Some(types) => kernel.label_with_types(files, types),
        None => kernel.label(files),
    };
    labels.map_err(|error| execution(format!("{NAME}: {error}")))
}

fn settings_of_a_column() -> DataFusionError {
    plan(format!(
        "{NAME}: argument 2 is a column, expected a literal of JSON"
    ))
}

/// Whole numbers of any width; what does not fit is an error, not a null.
fn whole_numbers(types: &ArrayRef) -> Result<ArrayRef> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    Ok(cast_with_options(types, &DataType::Int64, &options)?)
}

/// Runs work of seconds, so that others of the runtime, such as downloads, go on meanwhile.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    let runtime = Handle::try_current().map(|handle| handle.runtime_flavor());
    match runtime {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// The rows in their order, from wherever they are.
fn gather(places: &[Option<Place>], new: Arc<StructArray>) -> Result<ArrayRef> {
    let null: ArrayRef = datafusion::arrow::array::new_null_array(new.data_type(), 1);
    let mut sources: Vec<ArrayRef> = vec![null, new];
    let mut index_of: HashMap<*const StructArray, usize> = HashMap::new();
    let mut indices = Vec::with_capacity(places.len());
    for place in places {
        indices.push(match place {
            None => (0, 0),
            Some(Place::New(row)) => (1, *row),
            Some(Place::Known(labels, row)) => {
                let source = *index_of.entry(Arc::as_ptr(labels)).or_insert_with(|| {
                    sources.push(Arc::clone(labels) as ArrayRef);
                    sources.len() - 1
                });
                (source, *row)
            }
        });
    }
    let sources: Vec<&dyn Array> = sources.iter().map(AsRef::as_ref).collect();
    Ok(interleave(&sources, &indices)?)
}

impl ScalarUDFImpl for LabelFunction {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Err(plan(format!("{NAME}: the type follows from the settings")))
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        use DataType::{Binary, BinaryView, LargeBinary, Null};
        let data_type = |index: usize| arguments.arg_fields.get(index).map(|field| field.data_type());
        if let Some(other) = data_type(0)
            && !matches!(other, Binary | BinaryView | LargeBinary | Null)
        {
            let legal = "Binary, LargeBinary or BinaryView";
            return Err(plan(format!("{NAME}: argument 1 is {other}, expected {legal}")));
        }
        if let Some(other) = data_type(2)
            && !(other.is_integer() || *other == Null)
        {
            return Err(plan(format!(
                "{NAME}: argument 3 is {other}, expected whole numbers"
            )));
        }
        let settings = match arguments.scalar_arguments.get(1) {
            None => None,
            Some(Some(value)) => Some(*value),
            Some(None) => return Err(settings_of_a_column()),
        };
        let data_type = self.kernel(settings)?.kernel.data_type();
        Ok(Arc::new(Field::new(NAME, data_type, true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let settings = match arguments.args.get(1) {
            None => None,
            Some(ColumnarValue::Scalar(value)) => Some(value),
            Some(ColumnarValue::Array(_)) => return Err(settings_of_a_column()),
        };
        let kernel = self.kernel(settings)?;
        let column = |index: usize| {
            let argument = arguments.args.get(index);
            argument
                .map(|value| value.to_array(arguments.number_rows))
                .transpose()
        };
        let files = column(0)?.ok_or_else(|| plan(format!("{NAME}: no argument")))?;
        let files = match files.data_type() {
            DataType::Null => cast(&files, &DataType::Binary)?,
            _ => files,
        };
        let types = column(2)?.map(|types| whole_numbers(&types)).transpose()?;
        let types = types.as_ref().map(|types| types.as_primitive::<Int64Type>());
        if let Some(other) = types.and_then(|types| types.iter().flatten().find(|it| !(0..=12).contains(it)))
        {
            let legal = "0 (none of the twelve) to 12, or null";
            return Err(execution(format!("{NAME}: type {other}, expected {legal}")));
        }
        blocking(|| self.label(&kernel, &files, types)).map(ColumnarValue::Array)
    }
}
