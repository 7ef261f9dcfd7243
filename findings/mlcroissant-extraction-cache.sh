#!/usr/bin/env bash
# mlcroissant 1.1.1: of two data sets on the disk whose archives have one name, the second is given
# the files of the first.
#
# Guess: a Croissant file with a relative `contentUrl` and a `sha256` is read from the folder that it
# lies in.
# Seen (2026-11-29, Python 3.11): the archive is extracted into a cache folder that is named by a hash
# of the relative path alone. A second data set elsewhere, whose archive is called the same but has
# another `sha256`, finds that folder and yields the first one's records, without an error or a
# warning. WebDataset shards have equal names by convention (`train-000000.tar`).
# Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet mlcroissant==1.1.1
export CROISSANT_CACHE=$work/cache

"$work/venv/bin/python" - "$work" <<'PYTHON'
import hashlib
import io
import json
import logging
import sys
import tarfile
from pathlib import Path

logging.disable(logging.WARNING)
import mlcroissant
from mlcroissant._src.structure_graph.nodes.source import FileProperty

work = Path(sys.argv[1])


def data_set(name):
    """A data set of one text file in `shard.tar`, which says where it is from."""
    folder = work / name
    folder.mkdir()
    text = f"from {name}".encode()
    with tarfile.open(folder / "shard.tar", "w") as archive:
        entry = tarfile.TarInfo("1.txt")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    metadata = mlcroissant.Metadata(
        name=name,
        distribution=[
            mlcroissant.FileObject(
                id="shard.tar",
                name="shard.tar",
                content_url="shard.tar",
                encoding_formats=["application/x-tar"],
                sha256=hashlib.sha256((folder / "shard.tar").read_bytes()).hexdigest(),
            ),
            mlcroissant.FileSet(
                id="texts",
                contained_in=["shard.tar"],
                encoding_formats=["text/plain"],
                includes=["*.txt"],
            ),
        ],
        record_sets=[
            mlcroissant.RecordSet(
                id="records",
                fields=[
                    mlcroissant.Field(
                        id="records/text",
                        data_types=mlcroissant.DataType.TEXT,
                        source=mlcroissant.Source(
                            file_set="texts",
                            extract=mlcroissant.Extract(file_property=FileProperty.content),
                        ),
                    )
                ],
            )
        ],
    )
    (folder / "croissant.json").write_text(json.dumps(metadata.to_json()))
    return folder / "croissant.json"


def texts(path):
    records = mlcroissant.Dataset(jsonld=str(path)).records("records")
    return [record["records/text"] for record in records]


first, second = data_set("one"), data_set("two")
found = texts(first), texts(second)
print(found)
assert found == ([b"from one"], [b"from one"]), "the second data set is read by itself now"
PYTHON
echo "as described: the second data set gave the text of the first"
