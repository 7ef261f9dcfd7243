"""The snippets of README.md do what they say, where their packages are installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ai4fashion
import photos
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

README = Path(__file__).parents[1] / "README.md"
EXAMPLES = Path(__file__).parents[1] / "examples"


def snippet(heading):
    """The first Python code below a heading."""
    text = README.read_text().split(f"\n## {heading}\n")[1]
    return re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]


def run(heading, folder):
    """Runs a snippet in a process of its own, in a folder with `photos/` and `photos.parquet`."""
    # Spark's workers are those of `python3` on the path else.
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable}
    command = [sys.executable, "-c", snippet(heading)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check(place, files=photos.files()):
    """Compares what a snippet wrote with labels of the same files."""
    rows = ds.dataset(place).to_table().to_pylist()
    found = {Path(row.pop("path")).name: row for row in rows}
    assert len(rows) == len(found)
    labels = ai4fashion.label(pa.array(files.values(), pa.binary())).to_pylist()
    assert found == dict(zip(files, labels))


def test_example(folder):
    pytest.importorskip("numpy")
    out = run("Ten lines", folder)
    assert "red" in out and "not-an-image" in out, out


def test_pyarrow(folder):
    run("pyarrow", folder)
    check(folder / "labels.parquet")


def test_ray_data(folder):
    pytest.importorskip("ray.data")
    run("Ray Data", folder)
    check(folder / "labels")


def test_daft(folder):
    pytest.importorskip("daft")
    run("Daft", folder)
    check(folder / "labels")


def test_scale(folder):
    """From files to shards to labels to groups, with the programs that docs/scale.md names."""

    def python(program, *arguments):
        command = [sys.executable, EXAMPLES / program, *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    python("shards.py", "photos/", "in/")
    (folder / "labels").mkdir()
    for shard in (folder / "in").glob("*.parquet"):
        rows = pq.read_table(shard).combine_chunks()
        labels = pa.Table.from_batches([ai4fashion.label(rows["bytes"])])
        pq.write_table(labels.add_column(0, "path", rows["path"]), folder / "labels" / shard.name)
    check(folder / "labels")
    python("groups.py", "labels/", "groups.parquet")
    rows = pq.read_table(folder / "labels")
    wanted = ai4fashion.groups(rows["pixels_blake3"], rows["perceptual_hash"])
    found = pq.read_table(folder / "groups.parquet")
    assert found["path"].to_pylist() == rows["path"].to_pylist()
    for name in ("group", "split"):
        assert found[name].to_pylist() == wanted[name].to_pylist()


def test_spark(folder):
    compile(snippet("Spark"), "README.md", "exec")
    pytest.importorskip("pyspark")
    if not shutil.which("java"):
        pytest.skip("there is no java")
    run("Spark", folder)
    # Spark leaves out files without bytes.
    check(folder / "labels", {name: file for name, file in photos.files().items() if file})
