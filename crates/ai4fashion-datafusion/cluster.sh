#!/usr/bin/env bash
# Starts a scheduler and executors on this machine, labels with them, and stops them.
#
#   crates/ai4fashion-datafusion/cluster.sh 2 photos/ --out labels/     # two executors of one core
#
# On several machines each program is started on its own: see docs/scale.md.
set -euo pipefail
executors=${1:?number of executors, then the arguments of label}
shift
here=$(realpath "$(dirname "$0")")
# Without `--quiet`: the first build takes half an hour.
cargo build --release --locked --features cluster,s3 --manifest-path "$here/Cargo.toml"
bin=${CARGO_TARGET_DIR:-$here/target}/release
work=$(mktemp -d)
executors_started=()
scheduler=
# Executors first: they would report a scheduler that is gone.
stop() {
    [ ${#executors_started[@]} = 0 ] || kill "${executors_started[@]}" 2> /dev/null || true
    wait "${executors_started[@]}" 2> /dev/null || true
    kill $scheduler 2> /dev/null || true
    wait
    rm -rf "$work"
}
trap stop EXIT

"$bin/label-scheduler" --bind 127.0.0.1:20050 &
scheduler=$!
until (exec 3<> /dev/tcp/127.0.0.1/20050) 2> /dev/null; do
    kill -0 $scheduler 2> /dev/null || { echo "the scheduler has ended" >&2; exit 1; }
    sleep 0.1
done
for number in $(seq "$executors"); do
    port=$((20049 + 2 * number))
    mkdir "$work/$number"
    "$bin/label-executor" --scheduler 127.0.0.1:20050 --port $port --grpc-port $((port + 1)) \
        --vcores 1 --work-dir "$work/$number" &
    executors_started+=($!)
done
"$bin/label" --cluster df://127.0.0.1:20050 --concurrency $((2 * executors)) "$@"
