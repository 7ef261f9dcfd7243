#!/usr/bin/env bash
# DataFusion 55.0.0: a write to Parquet that fails leaves a valid file with some of the rows.
#
# Guess: a query that ends with an error while it is written leaves no file, or one that no reader
# takes for whole.
# Seen (2026-11-30, Python 3.11, pyarrow 25.0.1): a user-defined function raises an error in the
# third batch of four. `write_parquet` raises, and leaves a file with a footer, which pyarrow reads
# without a remark: the rows of the batches before. A job that is started again and skips the files
# that are there loses the other rows.
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
pq.write_table(pa.table({"row": range(200)}), work / "in.parquet", row_group_size=50)


def fails_late(rows):
    if rows[0].as_py() >= 100:
        raise ValueError("an error in the function")
    return rows


config = datafusion.SessionConfig().with_batch_size(50).with_target_partitions(1)
context = datafusion.SessionContext(config)
function = datafusion.udf(fails_late, [pa.int64()], pa.int64(), "volatile", "fails_late")
context.register_udf(function)
context.register_parquet("rows", str(work / "in.parquet"))
try:
    context.sql("SELECT fails_late(row) AS row FROM rows").write_parquet(str(work / "out.parquet"))
except Exception as error:
    print("raised:", str(error).splitlines()[0][:80])
else:
    raise SystemExit("the write did not fail")
path = work / "out.parquet"
files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
assert files and all(file.exists() for file in files), "no file is left behind now"
left = sum(pq.read_table(file).num_rows for file in files)
print(f"{left} of 200 rows are in a valid file")
assert 0 < left < 200, left
PYTHON
echo "as described: the failed write left a valid, short file"
