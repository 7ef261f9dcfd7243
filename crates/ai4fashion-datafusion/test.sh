#!/usr/bin/env bash
# Builds and tests labels on DataFusion, on a Ballista cluster and from an object store. The first
# build takes half an hour on two cores.
#
#   crates/ai4fashion-datafusion/test.sh             # all
#   crates/ai4fashion-datafusion/test.sh --alone     # DataFusion in one process: half of the build
#   crates/ai4fashion-datafusion/test.sh --lints     # and clippy, which checks all crates anew
set -euo pipefail
cd "$(dirname "$0")"
features=(--features cluster,s3)
lints=false
for argument in "$@"; do
    case $argument in
        --alone) features=() ;;
        --lints) lints=true ;;
        *) echo "unknown option \`$argument\`, expected --alone or --lints" >&2 && exit 2 ;;
    esac
done
export CARGO_INCREMENTAL=0

cargo fmt --check
if $lints; then
    cargo clippy --release --locked --all-targets "${features[@]}" -- -D warnings
fi
cargo test --release --locked "${features[@]}"
if [ ${#features[@]} -gt 0 ]; then
    # The object store of the test, an S3-compatible server of files.
    export PATH=${CARGO_TARGET_DIR:-$PWD/target}/tools/bin:$PATH
    if ! command -v s3s-fs > /dev/null; then
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --quiet --locked --features binary \
            --root "${CARGO_TARGET_DIR:-$PWD/target}/tools" s3s-fs@0.14.1
    fi
    cargo test --release --locked "${features[@]}" --test engine object_store -- --ignored
fi
