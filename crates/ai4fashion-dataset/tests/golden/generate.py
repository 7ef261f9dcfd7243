"""Has Python's libraries read the data set in tiny/, which is what ../python_reads.rs expects of our files.

  generate.py                        writes reading.json
  generate.py --check                compares it with what the libraries read now, and fails where they differ
  generate.py --read DIR PARQUET     prints what they read of a data set and of its manifest as Parquet, one line each

Needs datasets (Hugging Face), pandas, pyarrow, pillow and numpy. tiny/ holds no images: white ones stand in for them.
"""
import csv
import json
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
TEMP = tempfile.TemporaryDirectory()
os.environ |= {"HF_HOME": TEMP.name, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}

import datasets
import pandas
import pyarrow.parquet
from PIL import Image

import golden

TINY = Path(__file__).resolve().parent / "tiny"


def plain(value):
    """Missing values of pandas as null, numbers of NumPy as Python's."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def image_folder(folder):
    """Columns, splits and rows; of an image its size. Missing texts are null."""
    found = datasets.load_dataset("imagefolder", data_dir=str(folder))
    (table,) = found.values()
    rows = [row | {"image": list(row["image"].size)} for row in table]
    columns = {name: getattr(feature, "dtype", None) or type(feature).__name__ for name, feature in table.features.items()}
    return {"columns": columns, "splits": {name: len(split) for name, split in found.items()}, "rows": rows}


def data_frame(folder):
    frame = pandas.read_csv(folder / "metadata.csv")
    rows = [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
    return {"columns": {name: str(dtype) for name, dtype in frame.dtypes.items()}, "rows": rows}


def parquet(path):
    table = pyarrow.parquet.read_table(path)
    return {"columns": {field.name: str(field.type) for field in table.schema}, "rows": table.to_pylist()}


def read(folder, manifest):
    folder = Path(folder)
    return [
        {"reader": "datasets"} | image_folder(folder),
        {"reader": "pandas"} | data_frame(folder),
        {"reader": "pyarrow"} | parquet(manifest),
    ]


def tiny():
    folder = Path(TEMP.name) / "tiny"
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    with open(folder / "metadata.csv", newline="") as file:
        for row in csv.DictReader(file):
            image = folder / row["file_name"]
            image.parent.mkdir(exist_ok=True)
            Image.new("RGB", (16, 16), "white").save(image)
    return read(folder, folder / "manifest.parquet")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        for case in read(*sys.argv[2:]):
            print(json.dumps(golden.rounded(case)))
    else:
        golden.main(__file__, ["datasets", "pandas", "pyarrow", "pillow"], {"reading": (tiny, 1e-7)})
