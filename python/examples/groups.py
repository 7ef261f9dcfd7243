"""Writes the columns `group` and `split` of an ingestion, of all labelled shards at once.

python groups.py LABELS GROUPS.parquet [COLUMN]    # the column of names; default `path`
"""

import sys

import ai4fashion
import pyarrow.dataset as ds
import pyarrow.parquet as pq

labels, out = sys.argv[1], sys.argv[2]
name = sys.argv[3] if len(sys.argv) > 3 else "path"
rows = ds.dataset(labels).to_table([name, "pixels_blake3", "perceptual_hash"])
found = ai4fashion.groups(rows["pixels_blake3"], rows["perceptual_hash"])
for column in found.schema.names:
    rows = rows.append_column(column, found[column])
pq.write_table(rows.select([name, "group", "split"]), out)
