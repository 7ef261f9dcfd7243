#!/usr/bin/env bash
# Builds the wheel, installs it in a virtual environment of its own, and tests it there.
#
#   python/test.sh             # pyarrow and numpy
#   python/test.sh --engines   # also Daft, Ray Data, Spark and polars, and the type stubs
#
# $VENV names a virtual environment to keep, $PYTHON the Python that makes it; CARGO_TARGET_DIR is
# heeded. Spark needs a java. What follows are arguments of pytest.
set -euo pipefail
cd "$(dirname "$0")"

packages=(pytest pyarrow numpy)
if [ "${1:-}" = --engines ]; then
    shift
    # Ray Data needs pandas, and does not say so.
    packages+=(daft "ray[data]" pandas pyspark polars mypy)
fi

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
venv=${VENV:-$temp/venv}
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet "maturin>=1.16,<2" "${packages[@]}"
"$venv/bin/maturin" build --release --quiet --interpreter "$venv/bin/python" --out "$temp/wheels"
"$venv/bin/python" -m pip install --quiet --no-deps --force-reinstall "$temp"/wheels/*.whl
"$venv/bin/python" -m pytest -p no:cacheprovider "$@"
