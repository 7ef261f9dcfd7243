//! An executor of a cluster that labels: Ballista's, with our functions.

use std::{net::TcpListener, path::PathBuf, process::ExitCode, sync::Arc};

use ai4fashion_datafusion::cluster::{self, in_url};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use clap::{Parser, value_parser};

mod common;

/// Runs tasks of a scheduler.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The scheduler.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:20050")]
    scheduler: String,
    /// The address to listen on, without a port. There is no authentication: use a private one.
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    bind: String,
    /// The name by which the scheduler and other executors reach it; default the address.
    #[arg(long, value_name = "HOST")]
    external_host: Option<String>,
    /// The port for data; each executor of a machine has two ports of its own.
    /// Ports from 32768 on may be taken by outgoing connections.
    #[arg(long, value_name = "PORT", default_value_t = 20051, value_parser = value_parser!(u16).range(1..))]
    port: u16,
    /// The port for tasks.
    #[arg(long, value_name = "PORT", default_value_t = 20052, value_parser = value_parser!(u16).range(1..))]
    grpc_port: u16,
    /// Tasks at a time; default the number of CPUs.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    vcores: Option<u16>,
    /// A folder for what passes between tasks; default a temporary one.
    #[arg(long, value_name = "DIR")]
    work_dir: Option<PathBuf>,
    /// Seconds between two signs of life.
    #[arg(long, value_name = "SECONDS", default_value_t = cluster::HEARTBEAT_SECONDS, value_parser = value_parser!(u64).range(1..))]
    heartbeat: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::log("warn");
    common::exit(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let wrong = || anyhow::anyhow!("--scheduler: `{}`, expected HOST:PORT", arguments.scheduler);
    // As `label` has it, too.
    let scheduler = arguments.scheduler.trim_start_matches("df://");
    let (host, port) = scheduler.rsplit_once(':').ok_or_else(wrong)?;
    // Ballista's own error names no port, and leaves the exit code at 0.
    let bind = in_url(&arguments.bind);
    anyhow::ensure!(
        arguments.port != arguments.grpc_port,
        "--port and --grpc-port are both {}",
        arguments.port
    );
    for port in [arguments.port, arguments.grpc_port] {
        let address = format!("{bind}:{port}");
        let free = TcpListener::bind(&address);
        free.map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}"))?;
    }
    let default = ExecutorProcessConfig::default();
    let mut config = cluster::executor(ExecutorProcessConfig {
        external_host: Some(in_url(&arguments.external_host.unwrap_or(arguments.bind))),
        bind_host: bind,
        port: arguments.port,
        grpc_port: arguments.grpc_port,
        scheduler_host: host.to_owned(),
        scheduler_port: port.parse().map_err(|_| wrong())?,
        scheduler_connect_timeout_seconds: 20,
        vcores: arguments.vcores.map_or(default.vcores, usize::from),
        work_dir: arguments
            .work_dir
            .map(|folder| folder.to_string_lossy().into_owned()),
        ..default
    });
    config.executor_heartbeat_interval_seconds = arguments.heartbeat;
    start_executor_process(Arc::new(config)).await?;
    Ok(ExitCode::SUCCESS)
}
