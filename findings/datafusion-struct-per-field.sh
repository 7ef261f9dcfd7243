#!/usr/bin/env bash
# DataFusion 55.0.0: a function that returns a struct is run once for each field that is taken.
#
# Guess: in `SELECT s['a'], s['b'], s['c'] FROM (SELECT f(x) AS s FROM t)` the subquery calls `f` once
# for each row, all the more if `f` is volatile.
# Seen (2026-11-30, Python 3.11): of 100 rows the function sees 300. The fields are pushed into the
# scan of the Parquet file, each with a call of its own. With
# `datafusion.optimizer.enable_leaf_expression_pushdown` set to false it sees 100.
# Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datafusion==55.0.0 pyarrow==25.0.1

"$work/venv/bin/python" - "$work" <<'PYTHON'
import sys
from pathlib import Path

import datafusion
import pyarrow as pa
import pyarrow.parquet as pq

work = Path(sys.argv[1])
pq.write_table(pa.table({"x": range(100)}), work / "in.parquet")
result = pa.struct([(name, pa.int64()) for name in "abc"])
seen = 0


def three(rows):
    global seen
    seen += len(rows)
    return pa.StructArray.from_arrays([rows, rows, rows], names=list("abc"))


def rows_seen(pushdown):
    global seen
    seen = 0
    config = datafusion.SessionConfig().set(
        "datafusion.optimizer.enable_leaf_expression_pushdown", pushdown
    )
    context = datafusion.SessionContext(config)
    context.register_udf(datafusion.udf(three, [pa.int64()], result, "volatile", "three"))
    context.register_parquet("t", str(work / "in.parquet"))
    query = "SELECT s['a'], s['b'], s['c'] FROM (SELECT three(x) AS s FROM t)"
    assert context.sql(query).to_arrow_table().num_rows == 100
    return seen


found = rows_seen("true"), rows_seen("false")
print(f"rows that the function saw of 100: {found[0]}, without the pushdown {found[1]}")
assert found == (300, 100), found
PYTHON
echo "as described: once for each field"
