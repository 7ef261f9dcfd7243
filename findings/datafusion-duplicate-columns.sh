#!/usr/bin/env bash
# DataFusion 55.0.0: of two Parquet columns with one name and type, the second is gone without a word.
#
# Guess: a file with two columns `color`, as a join of two tables writes it, is an error, or both can
# be read under some names. polars 2.1.0 and pyarrow 25.0.1 (`read_table`) raise an error; DuckDB
# 2.0.1 calls the second `color_1`.
# Seen (2026-11-30, Python 3.11): DataFusion registers the file, `SELECT *` has one `color`, the
# first, and a copy written from it has lost the other. With two types it is an error ("Fail to merge
# schema field"): files are merged into one schema by name, and a file is merged with itself.
# Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet datafusion==55.0.0 pyarrow==25.0.1 polars==2.1.0 duckdb==2.0.1

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import datafusion
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ids, shop, ours = pa.array([1, 2]), pa.array(["navy", "wine"]), pa.array(["blue", "red"])
pq.write_table(pa.table([ids, shop, ours], names=["id", "color", "color"]), "same.parquet")
pq.write_table(pa.table([ids, shop, ids], names=["id", "color", "color"]), "other.parquet")
assert pq.ParquetFile("same.parquet").schema_arrow.names == ["id", "color", "color"]

context = datafusion.SessionContext()
context.register_parquet("photos", "same.parquet")
rows = context.sql("SELECT * FROM photos").to_pydict()
print("DataFusion:", rows)
assert rows == {"id": [1, 2], "color": ["navy", "wine"]}, rows
context.sql("SELECT * FROM photos").write_parquet("copy.parquet")
names = pq.read_schema("copy.parquet").names
print("its copy:", names)
assert names == ["id", "color"], names
try:
    context.register_parquet("others", "other.parquet")
except Exception as error:
    print("two types:", error)
    assert "merge schema field 'color'" in str(error)
else:
    raise SystemExit("two types are no error now")

for name, read in [("polars", pl.read_parquet), ("pyarrow", pq.read_table)]:
    try:
        read("same.parquet")
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
    else:
        raise SystemExit(f"{name} reads it now")
columns = duckdb.sql("SELECT * FROM 'same.parquet'").columns
print("DuckDB:", columns)
assert columns == ["id", "color", "color_1"], columns
PYTHON
echo "as described: the second column is gone"
