//! Shards in an S3-compatible object store on loopback, as source and target.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use crate::common::{batch, contents, files, write_parquet};

/// The server, which is killed at the end.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs the program s3s-fs: see test.sh"]
fn shards_of_a_bucket_are_labelled_into_another() {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("root");
    let files = files();
    for (shard, part) in files.chunks(50).enumerate() {
        write_parquet(
            &root.join(format!("photos/2026/{shard}.parquet")),
            &batch(part),
            20,
        );
    }
    fs::create_dir(root.join("labels")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut server = Command::new("s3s-fs");
    server.args([
        "--access-key",
        "key",
        "--secret-key",
        "secret",
        "--host",
        "127.0.0.1",
        "--port",
    ]);
    server
        .arg(port.to_string())
        .arg(&root)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _server = Server(server.spawn().unwrap());
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        sleep(Duration::from_millis(20));
    }
    let label = |input: &str, out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_label"));
        command.args([input, "--out", out]).envs([
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_ENDPOINT", &format!("http://127.0.0.1:{port}")),
        ]);
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr]
            .map(|it| String::from_utf8_lossy(&it).into_owned())
            .join("\n");
        assert!(output.status.success(), "{text}");
        text
    };
    let alone = temp.path().join("alone");
    label(root.join("photos").to_str().unwrap(), alone.to_str().unwrap());
    label("s3://photos/2026/", "s3://labels/run/");
    let of_store: Vec<_> = contents(&root.join("labels/run"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".parquet"))
        .collect();
    let wanted: Vec<_> = contents(&alone.join("2026"));
    assert!(of_store == wanted && !wanted.is_empty());
    let again = label("s3://photos/2026/", "s3://labels/run/");
    let was_done = format!("0 labelled now, {} before", files.len().div_ceil(50));
    assert!(again.contains(&was_done), "{again}");
}
