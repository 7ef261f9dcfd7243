//! The scheduler of a cluster that labels: Ballista's, with our functions.

use std::{
    net::{SocketAddr, TcpListener},
    process::ExitCode,
    sync::Arc,
};

use ai4fashion_datafusion::cluster::{self, in_url};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server,
};
use clap::{Parser, value_parser};

mod common;

/// Plans the queries of clients, and gives their tasks to executors.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on. There is no authentication: use a private one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:20050")]
    bind: SocketAddr,
    /// The name by which executors reach it; default the address.
    #[arg(long, value_name = "HOST")]
    external_host: Option<String>,
    /// Seconds without a sign of life until an executor counts as dead.
    #[arg(long, value_name = "SECONDS", default_value_t = cluster::EXECUTOR_TIMEOUT_SECONDS, value_parser = value_parser!(u64).range(1..))]
    executor_timeout: u64,
    /// Seconds between two looks at the executors; less than the time above.
    #[arg(long, value_name = "SECONDS", default_value_t = cluster::EXPIRE_INTERVAL_SECONDS, value_parser = value_parser!(u64).range(1..))]
    expire_interval: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::log("warn");
    common::exit(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let address = arguments.bind;
    // Ballista's own error names no address.
    TcpListener::bind(address).map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}"))?;
    let mut config = cluster::scheduler(SchedulerConfig {
        bind_host: arguments.bind.ip().to_string(),
        bind_port: arguments.bind.port(),
        external_host: arguments
            .external_host
            .unwrap_or_else(|| in_url(&arguments.bind.ip().to_string())),
        ..Default::default()
    });
    config.executor_timeout_seconds = arguments.executor_timeout;
    config.expire_dead_executor_interval_seconds = arguments.expire_interval;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    start_server(cluster, arguments.bind, Arc::new(config)).await?;
    Ok(ExitCode::SUCCESS)
}
