#!/usr/bin/env bash
# Builds the fuzz targets with a nightly compiler, and runs one from seeds and the corpus.
#
#   fuzz/run.sh labeled_name -runs=1000000      # what follows the name are options of libFuzzer
#   fuzz/run.sh all -max_total_time=10          # each in turn
#
# New inputs are kept in the folder $SEEDS, or thrown away; inputs that fail are kept in fuzz/found.
set -euo pipefail
target=${1:?a target, or all}
shift
kept=${SEEDS:+$(realpath --canonicalize-missing "$SEEDS")}
cd "$(dirname "$0")"

# Temporary files are many and small.
memory=/dev/shm
[ -d "$memory" ] || memory=/tmp
TMPDIR=$(mktemp -d -p "$memory")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
seeds=${kept:-$TMPDIR/seeds}
# The example makes a new folder.
[ -d "$seeds" ] || cargo run --quiet --example seeds -- "$seeds"
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1" \
    cargo +nightly build --release --bins --target x86_64-unknown-linux-gnu

targets=("$target")
[ "$target" != all ] || targets=($(ls corpus))
failed=()
for target in "${targets[@]}"; do
    echo "== $target"
    mkdir -p "$seeds/$target" found
    # An input that fails is kept in fuzz/found; libFuzzer prints its name.
    "${CARGO_TARGET_DIR:-target}/x86_64-unknown-linux-gnu/release/$target" "$@" -artifact_prefix=found/ \
        "$seeds/$target" "corpus/$target" || failed+=("$target")
done
[ ${#failed[@]} = 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
