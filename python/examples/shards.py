"""Writes photos to Parquet shards: files of 1,000 rows, a column `path` and one of bytes.

python shards.py PHOTOS SHARDS
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

photos, out = Path(sys.argv[1]), Path(sys.argv[2])
paths = sorted(path for path in photos.rglob("*") if path.is_file())
out.mkdir()
for first in range(0, len(paths), 1000):
    part = paths[first : first + 1000]
    columns = {
        "path": [str(path.relative_to(photos)) for path in part],
        "bytes": pa.array([path.read_bytes() for path in part], pa.binary()),
    }
    # Readers hold a row group.
    pq.write_table(pa.table(columns), out / f"part-{first // 1000:05}.parquet", row_group_size=256)
