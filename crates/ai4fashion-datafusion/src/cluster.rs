//! Labels on a Ballista cluster: a scheduler, executors, and clients that know our functions.
//!
//! Names travel, code does not: a plan holds the name of a function, and each process looks it up.
//! So all three are built with this crate; Ballista's own programs cannot label.

use std::{sync::Arc, time::Duration};

use ballista::prelude::SessionContextExt;
use ballista_core::{
    extension::SessionConfigExt, registry::BallistaFunctionRegistry, utils::default_session_builder,
};
use ballista_executor::executor_process::ExecutorProcessConfig;
use ballista_scheduler::config::SchedulerConfig;
use datafusion::{
    error::Result,
    execution::{FunctionRegistry, SessionStateBuilder, runtime_env::RuntimeEnvBuilder},
    prelude::{SessionConfig, SessionContext},
};
use tokio::net::TcpStream;

use crate::{
    error::{execution, plan, root_cause},
    functions::{functions, register},
    session::{runtime, session_config},
    settings::LabelSettings,
    stores::ObjectStores,
    webdataset::{LogicalCodec, PhysicalCodec},
};

/// Seconds between two signs of life of an executor. With Ballista's own 60, 180 and 15 a job
/// stands for three minutes when an executor dies.
pub const HEARTBEAT_SECONDS: u64 = 5;
/// Seconds without a sign of life until an executor counts as dead.
pub const EXECUTOR_TIMEOUT_SECONDS: u64 = 20;
/// Seconds between two looks at the executors.
pub const EXPIRE_INTERVAL_SECONDS: u64 = 5;
/// How long a scheduler may take to answer.
const CONNECT: Duration = Duration::from_secs(10);
/// After this time it is told that an executor is waited for.
const SOON: Duration = Duration::from_secs(5);
/// Seconds that a job waits when there is no executor.
const NO_EXECUTORS_SECONDS: u64 = 60;

/// A scheduler's configuration with our functions.
///
/// Its times become those of this module, which suit labelling; others may be set afterwards.
#[must_use]
pub fn scheduler(mut config: SchedulerConfig) -> SchedulerConfig {
    config.executor_timeout_seconds = EXECUTOR_TIMEOUT_SECONDS;
    config.expire_dead_executor_interval_seconds = EXPIRE_INTERVAL_SECONDS;
    config.no_executors_grace_period_seconds = NO_EXECUTORS_SECONDS;
    config.override_logical_codec = Some(Arc::new(LogicalCodec::default()));
    config.override_physical_codec = Some(Arc::new(PhysicalCodec::default()));
    // One for all: Ballista makes a session for each query.
    let stores = Arc::new(ObjectStores::default());
    config.override_session_builder = Some(Arc::new(move |config: SessionConfig| {
        let state = default_session_builder(config)?;
        let mut state = SessionStateBuilder::new_from_existing(state)
            .with_runtime_env(runtime(Arc::clone(&stores))?)
            .build();
        functions()
            .into_iter()
            .try_for_each(|function| state.register_udf(function).map(drop))?;
        Ok(state)
    }));
    config
}

/// An executor's configuration with our functions and object stores.
///
/// Its heartbeat becomes that of this module; another may be set afterwards.
#[must_use]
pub fn executor(mut config: ExecutorProcessConfig) -> ExecutorProcessConfig {
    config.executor_heartbeat_interval_seconds = HEARTBEAT_SECONDS;
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions() {
        registry
            .scalar_functions
            .insert(function.name().to_owned(), function);
    }
    config.override_function_registry = Some(Arc::new(registry));
    config.override_logical_codec = Some(Arc::new(LogicalCodec::default()));
    config.override_physical_codec = Some(Arc::new(PhysicalCodec::default()));
    let (folder, stores) = (config.work_dir.clone(), Arc::new(ObjectStores::default()));
    config.override_runtime_producer = Some(Arc::new(move |_: &SessionConfig| {
        let stores = Arc::clone(&stores);
        let mut builder = RuntimeEnvBuilder::new().with_object_store_registry(stores);
        if let Some(folder) = &folder {
            builder = builder.with_temp_file_path(folder);
        }
        builder.build_arc()
    }));
    config
}

/// A host as it stands in a URL: an IPv6 address in brackets.
///
/// ```
/// use ai4fashion_datafusion::cluster::in_url;
///
/// assert_eq!([in_url("::1"), in_url("10.0.0.1")], ["[::1]", "10.0.0.1"]);
/// ```
#[must_use]
pub fn in_url(host: &str) -> String {
    match host.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    }
}

/// Connects to a scheduler, and has one file labelled on an executor.
///
/// # Errors
/// If the URL is no `df://HOST:PORT`, nobody answers, there is no executor, or the one that was
/// asked lacks the function or has another version. A cluster may have others that do.
pub async fn connect(url: &str, settings: &LabelSettings) -> Result<SessionContext> {
    let address = url
        .strip_prefix("df://")
        .and_then(|address| address.rsplit_once(':'));
    let address = address.and_then(|(host, port)| Some((host.trim_matches(['[', ']']), port.parse().ok()?)));
    let Some((host, port)) = address else {
        let message = format!("`{url}` is no scheduler, expected df://HOST:PORT");
        return Err(plan(message));
    };
    // Ballista's own error is debug text.
    let reached = tokio::time::timeout(CONNECT, TcpStream::connect::<(&str, u16)>((host, port)));
    let reached = reached.await.unwrap_or_else(|late| Err(late.into()));
    reached.map_err(|error| execution(format!("`{url}`: nobody answers: {error}")))?;
    let config = session_config(SessionConfig::new_with_ballista())
        .with_target_partitions(1)
        .with_ballista_logical_extension_codec(Arc::new(LogicalCodec::default()));
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .with_runtime_env(runtime(Arc::default())?)
        .build();
    let unreachable = |error| execution(format!("`{url}`: {}", root_cause(&error)));
    let context = SessionContext::remote_with_state(url, state)
        .await
        .map_err(unreachable)?;
    // After it: connecting drops the functions of the state.
    register(&context)?;
    let json = settings.to_json()?.replace('\'', "''");
    let query = format!(
        "SELECT ai4fashion_label(arrow_cast(column1, 'Binary'), '{json}')['reason'] AS reason \
         FROM (VALUES ('no image'))"
    );
    let asked = context.clone();
    let answer = async move { asked.sql(&query).await?.to_string().await };
    tokio::pin!(answer);
    let soon = tokio::time::timeout(SOON, &mut answer).await;
    if soon.is_err() {
        log::warn!("`{url}`: waiting for an executor");
    }
    let left = Duration::from_secs(NO_EXECUTORS_SECONDS).saturating_sub(SOON);
    let answer = match soon {
        Ok(answer) => Ok(answer),
        Err(_) => tokio::time::timeout(left, answer).await,
    };
    let Ok(answer) = answer else {
        let message = format!("`{url}`: no executor has answered in {NO_EXECUTORS_SECONDS} seconds");
        return Err(execution(message));
    };
    let answer = answer.map_err(|error| {
        let inner = root_cause(&error);
        let hint = "are the scheduler and the executors ours, of this version?";
        execution(format!("`{url}` labels nothing ({hint}): {inner}"))
    })?;
    if answer.contains("not-an-image") {
        return Ok(context);
    }
    Err(execution(format!("`{url}` gives a wrong answer: {answer}")))
}
