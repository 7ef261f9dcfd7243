#!/usr/bin/env bash
# Tests the kernels, and the garment network, as CPUs run them that this one is not.
#
#   tools/other-cpus/run.sh qemu    # x86-64 with AVX2, and without: needs qemu-x86_64
#   tools/other-cpus/run.sh neon    # ARM: needs qemu-aarch64, gcc for it, and Rust's target
#   tools/other-cpus/run.sh miri    # what Miri can run of the kernels: needs a nightly compiler with it
set -euo pipefail
cd "$(dirname "$0")/../.."

# Programs of the tests in two libraries.
programs() {
    cargo test --workspace --lib --no-run --message-format=json |
        sed -n 's/.*"name":"ai4fashion_\(kernels\|garment\)".*"executable":"\([^"]*\)".*/\2/p'
}

case ${1:-} in
qemu)
    found=$(programs)
    [ "$(wc -w <<< "$found")" = 2 ]
    for program in $found; do
        for cpu in Haswell Westmere; do
            echo "== $(basename "$program") on $cpu"
            qemu-x86_64 -cpu "$cpu" "$program"
        done
    done
    ;;
neon)
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
    cargo test -p ai4fashion-kernels --lib --target aarch64-unknown-linux-gnu
    ;;
miri)
    export PROPTEST_CASES=2
    export MIRIFLAGS="-Zmiri-tree-borrows -Zmiri-ignore-leaks -Zmiri-disable-isolation"
    cargo +nightly miri test -p ai4fashion-kernels --lib -- blocks:: scratch:: im2col:: activation:: adam:: \
        bf16:: panel:: product:: products_equal one_tile
    ;;
*)
    sed -n '2,6s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
