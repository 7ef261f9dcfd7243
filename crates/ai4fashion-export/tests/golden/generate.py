"""Has Python's libraries load the exports in exports/, which is what ../python_loads.rs expects of our files.

  generate.py                 writes loading.json
  generate.py --check         compares it with what the libraries load now, and fails where they differ
  generate.py --read DIR DATASET
                              prints what they load of the exports in DIR and of the data set itself, one line of JSON for
                              each library and format

Needs datasets (Hugging Face), webdataset, mlcroissant, torchvision, polars and pyarrow.
"""
import hashlib
import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
TEMP = tempfile.TemporaryDirectory()
os.environ |= {"CROISSANT_CACHE": TEMP.name, "HF_HOME": TEMP.name, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")

import datasets
import mlcroissant
import PIL.Image
import polars
import webdataset
from torchvision.datasets import ImageFolder

import golden

HERE = Path(__file__).resolve().parent
SPLITS = ["train", "validation", "test"]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def name_of(path):
    return str(path).replace("\\", "/").rsplit("/", 1)[-1]


def hugging_face(*arguments, **options):
    """Images by split: the name, colour, type and SHA-256 of each."""
    found = {}
    for split, table in datasets.load_dataset(*map(str, arguments), **options).items():
        column = "jpg" if "jpg" in table.features else "image"
        raw = table.cast_column(column, datasets.Image(decode=False))
        rows = found[split] = {}
        for row in raw:
            labels = row.get("json", row)
            image = row[column]
            data = image["bytes"] or Path(image["path"]).read_bytes()
            color, kind = labels["color"], labels.get("type_name", labels["type"])
            if isinstance(color, int):
                color, kind = table.features["color"].int2str(color), table.features["type"].int2str(kind)
            name = labels.get("file_name") or name_of(image["path"])
            rows[name] = [color, kind, sha256(data)]
    return found


def tar_shards(folder):
    found = {}
    for split in SPLITS:
        shards = sorted(str(shard) for shard in folder.glob(f"{split}-*.tar"))
        rows = found[split] = {}
        for sample in webdataset.WebDataset(shards, shardshuffle=False):
            labels = json.loads(sample["json"])
            rows[labels["file_name"]] = [labels["color"], labels["type"], sha256(sample["jpg"])]
    return found


def class_folders(folder):
    found = {}
    for split in SPLITS:
        table = ImageFolder(folder / split)
        found[split] = {name_of(path): [table.classes[index], None, sha256(Path(path).read_bytes())] for path, index in table.samples}
    return found


def data_frame(folder):
    found = {}
    for split in SPLITS:
        frame = polars.read_parquet(folder / f"data/{split}-*.parquet")
        found[split] = {row["file_name"]: [row["color"], row["type"], sha256(row["image"]["bytes"])] for row in frame.iter_rows(named=True)}
    return found


def croissant(folder, dataset):
    """The numbers of records of each set, of those with their image's pixels, and the names of its fields."""
    data = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    errors = list(data.metadata.issues.errors) if hasattr(data.metadata, "issues") else list(data.metadata.ctx.issues.errors)
    sets = {}
    for records in data.metadata.record_sets:
        rows = list(data.records(records.uuid))
        images = sum(has_its_image(row, records.uuid, dataset) for row in rows)
        sets[records.uuid] = {"records": len(rows), "images": images, "fields": sorted(rows[0])}
    return {"errors": errors, "sets": sets}


def has_its_image(row, split, dataset):
    """Whether a record has the pixels of the image that it names."""
    image = PIL.Image.open(Path(dataset) / "images" / row[f"{split}/file_name"].decode())
    return row[f"{split}/image"].tobytes() == image.tobytes()


def read(folder, dataset):
    folder = Path(folder)
    parquet, tars, folders = (folder / name for name in ["parquet", "webdataset", "imagefolder"])
    return [
        {"reader": "datasets, imagefolder of data set", "splits": hugging_face("imagefolder", data_dir=str(dataset))},
        {"reader": "datasets parquet", "splits": hugging_face(parquet)},
        {"reader": "datasets webdataset", "splits": hugging_face(tars)},
        {"reader": "datasets imagefolder", "splits": hugging_face(folders)},
        {"reader": "webdataset", "splits": tar_shards(tars)},
        {"reader": "torchvision", "splits": class_folders(folders)},
        {"reader": "polars", "splits": data_frame(parquet)},
        {"reader": "mlcroissant parquet"} | croissant(parquet, dataset),
        {"reader": "mlcroissant webdataset"} | croissant(tars, dataset),
        {"reader": "mlcroissant imagefolder"} | croissant(folders, dataset),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        for case in read(*sys.argv[2:]):
            print(json.dumps(case))
    else:
        packages = ["datasets", "webdataset", "mlcroissant", "torchvision", "polars", "pyarrow"]
        golden.main(__file__, packages, {"loading": (lambda: read(HERE / "exports", HERE / "tiny"), 0.0)})
