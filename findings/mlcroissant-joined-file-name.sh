#!/usr/bin/env bash
# mlcroissant 1.1.1: in records of a table joined with files, the file's name is that of the table.
#
# Guess: where a table is joined with a set of files by their names, a field of the files' property
# `filename` is the name of each record's own file, as the field of their `content` is its content.
# Seen (2026-11-30, Python 3.11): the content is that of the right file, and the name is `table.jsonl`,
# the table's, in every record. Both sides have a column of that name, and the table's wins.
# Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet mlcroissant==1.1.1
export CROISSANT_CACHE=$work/cache

"$work/venv/bin/python" - "$work/set" <<'PYTHON'
import hashlib
import json
import logging
import sys
from pathlib import Path

logging.disable(logging.WARNING)
import mlcroissant
from mlcroissant._src.structure_graph.nodes.source import FileProperty

folder = Path(sys.argv[1])
folder.mkdir()
table = "".join(json.dumps({"file": f"{name}.txt", "label": name}) + "\n" for name in ("one", "two"))
(folder / "table.jsonl").write_text(table)
for name in ("one", "two"):
    (folder / f"{name}.txt").write_text(f"text of {name}")


def source(extract, **of):
    return mlcroissant.Source(extract=extract, **of)


def property_of_files(name):
    extract = mlcroissant.Extract(file_property=getattr(FileProperty, name))
    return source(extract, file_set="texts")


def column(name):
    return source(mlcroissant.Extract(column=name), file_object="table.jsonl")


def field(name, of, **more):
    return mlcroissant.Field(id=f"records/{name}", data_types=mlcroissant.DataType.TEXT, source=of, **more)


metadata = mlcroissant.Metadata(
    name="set",
    distribution=[
        mlcroissant.FileObject(
            id="table.jsonl",
            name="table.jsonl",
            content_url="table.jsonl",
            encoding_formats=["application/jsonlines"],
            sha256=hashlib.sha256(table.encode()).hexdigest(),
        ),
        mlcroissant.FileSet(id="texts", encoding_formats=["text/plain"], includes=["*.txt"]),
    ],
    record_sets=[
        mlcroissant.RecordSet(
            id="records",
            fields=[
                field("file", column("file"), references=property_of_files("filename")),
                field("label", column("label")),
                field("content", property_of_files("content")),
                field("name", property_of_files("filename")),
            ],
        )
    ],
)
(folder / "croissant.json").write_text(json.dumps(metadata.to_json()))
records = list(mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).records("records"))
for record in records:
    print(record)
assert [record["records/content"] for record in records] == [b"text of one", b"text of two"]
assert [record["records/name"] for record in records] == [b"table.jsonl", b"table.jsonl"]
PYTHON
echo "as described: each record has its own file's content, and the name of the table"
