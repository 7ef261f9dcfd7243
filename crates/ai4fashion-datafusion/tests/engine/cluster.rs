//! A scheduler and executors as processes on loopback, which are killed.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use ai4fashion_datafusion::{LabelSettings, cluster::connect, root_cause};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};

use crate::common::{batch, contents, files, write_parquet, write_tar};

/// A process that is killed at the end.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(program: &str, arguments: &[String]) -> Process {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Process(command.spawn().unwrap())
}

/// A port that nobody listens on.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn arguments(parts: &[&dyn std::fmt::Display]) -> Vec<String> {
    parts.iter().map(ToString::to_string).collect()
}

struct Cluster {
    _scheduler: Process,
    port: u16,
    executors: Vec<Process>,
    folders: tempfile::TempDir,
}

impl Cluster {
    fn new(executors: usize) -> Self {
        let port = port();
        let bind = format!("127.0.0.1:{port}");
        let scheduler = start(
            env!("CARGO_BIN_EXE_label-scheduler"),
            &arguments(&[
                &"--bind",
                &bind,
                &"--executor-timeout",
                &4,
                &"--expire-interval",
                &1,
            ]),
        );
        while std::net::TcpStream::connect(&bind).is_err() {
            sleep(Duration::from_millis(20));
        }
        let mut cluster = Self {
            _scheduler: scheduler,
            port,
            executors: Vec::new(),
            folders: tempfile::tempdir().unwrap(),
        };
        (0..executors).for_each(|_| cluster.add());
        cluster
    }

    fn add(&mut self) {
        let folder = self.folders.path().join(self.executors.len().to_string());
        fs::create_dir(&folder).unwrap();
        let scheduler = format!("127.0.0.1:{}", self.port);
        let executor = arguments(&[
            &"--scheduler",
            &scheduler,
            &"--port",
            &port(),
            &"--grpc-port",
            &port(),
            &"--vcores",
            &1,
            &"--heartbeat",
            &1,
            &"--work-dir",
            &folder.display(),
        ]);
        self.executors
            .push(start(env!("CARGO_BIN_EXE_label-executor"), &executor));
    }

    fn url(&self) -> String {
        format!("df://127.0.0.1:{}", self.port)
    }
}

/// The program `label`; with a URL on that cluster.
fn label(input: &Path, out: &Path, cluster: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_label"));
    command
        .arg(input)
        .arg("--out")
        .arg(out)
        .args(["--concurrency", "4"]);
    if let Some(url) = cluster {
        command.args(["--cluster", url]);
    }
    command
}

fn told(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .join("\n")
}

/// Shards that take a second or more each on an executor, and what one process makes of them.
fn shards(temp: &Path, count: usize, rows: usize) -> (PathBuf, PathBuf) {
    let (input, alone) = (temp.join("in"), temp.join("alone"));
    let files = files();
    for shard in 0..count {
        // Each file with bytes of its own, or it would be labelled once.
        let part = files.iter().cycle().take(rows).enumerate().map(|(row, file)| {
            let mut file = file.clone()?;
            file.extend_from_slice(&(shard * rows + row).to_be_bytes());
            Some(file)
        });
        let part: Vec<_> = part.collect();
        if shard % 3 == 1 {
            write_tar(&input.join(format!("{shard:02}.tar")), &part);
        } else {
            write_parquet(&input.join(format!("{shard:02}.parquet")), &batch(&part), 100);
        }
    }
    let output = label(&input, &alone, None).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    (input, alone)
}

/// Waits until the folder holds this number of labelled shards.
fn wait_for(out: &Path, shards: usize) {
    let start = Instant::now();
    let labelled = || {
        let files = fs::read_dir(out).into_iter().flatten().flatten();
        files
            .filter(|file| file.file_name().to_string_lossy().ends_with(".parquet"))
            .count()
    };
    while labelled() < shards {
        assert!(start.elapsed() < Duration::from_secs(120), "no shard is labelled");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn two_executors_give_the_bytes_of_one_process_and_one_may_be_killed() {
    let temp = tempfile::tempdir().unwrap();
    let (input, alone) = shards(temp.path(), 10, 600);
    let mut cluster = Cluster::new(2);
    let out = temp.path().join("two");
    let output = label(&input, &out, Some(&cluster.url())).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(contents(&out) == contents(&alone));

    // An executor is killed in the middle: the other one ends the job.
    let out = temp.path().join("killed");
    let child = label(&input, &out, Some(&cluster.url()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&out, 2);
    cluster.executors.pop();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert!(contents(&out) == contents(&alone));

    // The client is killed: only what is missing is done again.
    let out = temp.path().join("client");
    let mut child = label(&input, &out, Some(&cluster.url())).spawn().unwrap();
    wait_for(&out, 2);
    child.kill().unwrap();
    child.wait().unwrap();
    let output = label(&input, &out, Some(&cluster.url())).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let before = told(&output)
        .split(" labelled now, ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    assert!((2..10).contains(&before.parse().unwrap()), "{}", told(&output));
    // What the first client had begun may have ended since: it has no name.
    let found = contents(&out)
        .into_iter()
        .filter(|(name, _)| !name.starts_with("_partial"));
    assert!(found.collect::<Vec<_>>() == contents(&alone));
}

#[test]
fn a_poisoned_shard_fails_alone() {
    let temp = tempfile::tempdir().unwrap();
    let (input, alone) = shards(temp.path(), 3, 40);
    fs::write(input.join("01-cut.parquet"), b"PAR1 and no footer").unwrap();
    let tar = fs::read(input.join("01.tar")).unwrap();
    fs::write(input.join("02-cut.tar"), &tar[..tar.len() / 2]).unwrap();
    let cluster = Cluster::new(1);
    let out = temp.path().join("out");
    let output = label(&input, &out, Some(&cluster.url())).output().unwrap();
    let code = output.status.code();
    let told = told(&output);
    assert_eq!(code, Some(1), "{told}");
    for part in [
        "01-cut: failed: ",
        "; it will be tried again",
        "02-cut.tar`: member `",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(contents(&out) == contents(&alone));
    // Of a tar only the columns that are kept.
    let tar = input.join("01.tar");
    for (out, url) in [("keep", Some(cluster.url())), ("alone-keep", None)] {
        let mut command = label(&tar, &temp.path().join(out), url.as_deref());
        assert!(command.args(["--keep", "key"]).status().unwrap().success());
    }
    let [found, expected] = ["keep", "alone-keep"].map(|out| contents(&temp.path().join(out)));
    assert!(found == expected && found.len() == 1);
}

#[test]
fn an_executor_without_the_functions_is_told() {
    let cluster = Cluster::new(0);
    // Ballista's own, in this process.
    let config = ExecutorProcessConfig {
        port: port(),
        grpc_port: port(),
        scheduler_host: "127.0.0.1".to_owned(),
        scheduler_port: cluster.port,
        vcores: 1,
        ..Default::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(start_executor_process(Arc::new(config)));
    let error = runtime
        .block_on(connect(&cluster.url(), &LabelSettings::default()))
        .err()
        .unwrap();
    let error = root_cause(&error);
    assert!(
        error.contains("labels nothing (are the scheduler and the executors ours"),
        "{error}"
    );
    runtime.shutdown_background();
}

#[test]
fn what_is_no_cluster_is_told_in_one_line() {
    let temp = tempfile::tempdir().unwrap();
    let input = temp.path().join("a.parquet");
    write_parquet(&input, &batch(&files()[..2]), 9);
    for (url, part) in [
        (
            "http://127.0.0.1:1",
            "is no scheduler, expected df://HOST:PORT".to_owned(),
        ),
        (
            &*format!("df://127.0.0.1:{}", port()),
            "Connection refused".to_owned(),
        ),
    ] {
        let output = label(&input, &temp.path().join("out"), Some(url))
            .output()
            .unwrap();
        let text = told(&output);
        assert!(output.status.code() == Some(2) && text.contains(&part), "{text}");
        assert_eq!(text.trim().lines().count(), 1, "{text}");
    }
    assert!(!temp.path().join("out").exists());
}
