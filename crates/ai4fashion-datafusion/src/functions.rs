//! Scalar functions, and where they are registered.

mod label;
mod near;
mod recent;

use std::sync::Arc;

use datafusion::{
    error::Result, execution::FunctionRegistry, logical_expr::ScalarUDF, prelude::SessionContext,
};

pub use label::LabelFunction;

/// All functions, for a registry: `ai4fashion_label`, `ai4fashion_near_keys` and
/// `ai4fashion_are_near`.
#[must_use]
pub fn functions() -> Vec<Arc<ScalarUDF>> {
    let near = near::functions().into_iter();
    let label = ScalarUDF::new_from_impl(LabelFunction::new());
    std::iter::once(label).chain(near).map(Arc::new).collect()
}

/// Registers all functions.
///
/// ```
/// use ai4fashion_datafusion::{context, register};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let context = context()?;
/// register(&context)?;
/// let query = "SELECT ai4fashion_label(x'00')['reason'] AS reason";
/// let rows = context.sql(query).await?.to_string().await?;
/// assert!(rows.contains("not-an-image"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the session refuses a function.
pub fn register(context: &SessionContext) -> Result<()> {
    let state = context.state_ref();
    let mut state = state.write();
    functions()
        .into_iter()
        .try_for_each(|function| state.register_udf(function).map(drop))
}
