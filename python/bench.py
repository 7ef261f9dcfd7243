"""Measures how many images a CPU second labels, in a loop and within engines, and prints a table.

    python bench.py FOLDER                 # those that are installed
    python bench.py FOLDER --rounds 5 --only wheel pyarrow
    python bench.py FOLDER --kernel        # also the kernel in Rust alone, which cargo builds

The images of FOLDER are written to a Parquet file of `path` and `bytes` first, 256 rows a group. Each
way runs in a process of its own, which first labels 64 images: so imports, and what an engine starts,
do not count. Then CPU time is taken of that process and of all below it, before and after: workers
and daemons of an engine count. The ways take turns, `--rounds` times; of each the fastest counts, as
what else the machine does only adds. Linux only.

- wheel: `ai4fashion.label` in a loop, on columns of 256 images in memory.
- pyarrow, Daft, Ray Data: Parquet to Parquet with all columns, `image` too. pyarrow has one thread, the
  others the CPUs that there are.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BATCH, FIRST = 256, 64


def wheel(photos, out):
    import ai4fashion
    import pyarrow.parquet as pq

    batches = [batch["bytes"] for batch in pq.ParquetFile(photos).iter_batches(batch_size=BATCH)]

    def loop():
        for batch in batches:
            ai4fashion.label(batch)

    return loop


def pyarrow(photos, out):
    import ai4fashion
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)

    def parquet_to_parquet():
        schema = ai4fashion.schema().insert(0, pa.field("path", pa.string()))
        with pq.ParquetWriter(out, schema) as writer:
            for batch in pq.ParquetFile(photos).iter_batches(batch_size=BATCH, use_threads=False):
                labels = ai4fashion.label(batch["bytes"])
                writer.write_batch(labels.add_column(0, "path", batch["path"]))

    return parquet_to_parquet


def daft(photos, out):
    import ai4fashion
    import daft
    import pyarrow as pa

    dtype = daft.DataType.from_arrow_type(pa.struct(ai4fashion.schema()))

    @daft.func.batch(return_dtype=dtype, unnest=True, batch_size=BATCH)
    def label(files):
        return ai4fashion.label(files).to_struct_array()

    def parquet_to_parquet():
        rows = daft.read_parquet(str(photos))
        rows.select("path", label(rows["bytes"])).write_parquet(str(out))

    return parquet_to_parquet


def ray(photos, out):
    import ai4fashion
    import pyarrow as pa
    import ray

    ray.init(num_cpus=os.cpu_count(), include_dashboard=False, log_to_driver=False, ignore_reinit_error=True)
    ray.data.DataContext.get_current().enable_progress_bars = False

    def label(rows):
        labels = ai4fashion.label(rows["bytes"])
        return pa.Table.from_batches([labels]).add_column(0, "path", rows["path"])

    def parquet_to_parquet():
        rows = ray.data.read_parquet(str(photos))
        rows.map_batches(label, batch_format="pyarrow", batch_size=BATCH).write_parquet(str(out))

    return parquet_to_parquet


WAYS = {"wheel": wheel, "pyarrow": pyarrow, "daft": daft, "ray": ray}
TITLES = {
    "kernel": "the kernel in Rust, no Python",
    "wheel": "`ai4fashion.label` in a loop",
    "pyarrow": "pyarrow, Parquet to Parquet",
    "daft": "Daft, Parquet to Parquet",
    "ray": "Ray Data, Parquet to Parquet",
}


def cpu_seconds():
    """CPU time of this process and of all below it, also of ended ones that were waited for."""
    times, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(stat.parent.name)
        parents[process] = int(fields[1])
        times[process] = sum(int(field) for field in fields[11:15])

    def is_ours(process):
        while process not in (0, os.getpid()):
            process = parents.get(process, 0)
        return process != 0

    return sum(ticks for process, ticks in times.items() if is_ours(process)) / os.sysconf("SC_CLK_TCK")


def measure(way, photos, first, temp):
    """Runs one way in this process, and prints its CPU and wall seconds."""
    WAYS[way](first, temp / "first")()
    run = WAYS[way](photos, temp / "all")
    cpu, wall = cpu_seconds(), time.perf_counter()
    run()
    print(json.dumps([cpu_seconds() - cpu, time.perf_counter() - wall]))


def write(folder, photos, first):
    """Writes the files of a folder to Parquet, and the first ones alone; returns their count."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = sorted(path for path in Path(folder).iterdir() if path.is_file())
    table = pa.table({"path": map(str, paths), "bytes": (path.read_bytes() for path in paths)})
    pq.write_table(table, photos, row_group_size=BATCH)
    pq.write_table(table.slice(0, FIRST), first)
    return len(paths)


def one(way, folder, photos, first):
    """Seconds of one way, measured in a process of its own."""
    if way == "kernel":
        command = ["cargo", "run", "--release", "--quiet", "--example", "kernel", "--", folder]
        done = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True)
        seconds = float(done.stdout.split()[1])
        return [seconds, seconds]
    with tempfile.TemporaryDirectory() as temp:
        command = [sys.executable, __file__, folder, "--measure", way, photos, first, temp]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{way}: {done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="folder of images")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=WAYS, help="default: all that are installed")
    parser.add_argument("--kernel", action="store_true", help="also the kernel in Rust; needs cargo")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        way, *paths = options.measure
        return measure(way, *map(Path, paths))
    ways = options.only or [way for way in WAYS if way == "wheel" or importlib.util.find_spec(way)]
    if options.kernel:
        ways = ["kernel", *ways]
    folder = str(Path(options.folder).resolve())
    with tempfile.TemporaryDirectory() as temp:
        photos, first = Path(temp, "photos.parquet"), Path(temp, "first.parquet")
        count = write(folder, photos, first)
        seconds = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way in ways:
                seconds[way].append(one(way, folder, photos, first))
                print(way, *seconds[way][-1], file=sys.stderr)
    print(f"{count} images, the fastest of {options.rounds} rounds\n")
    print("| way | images a CPU second | beside the loop | images a second |")
    print("|---|---|---|---|")
    least = {way: [min(each) for each in zip(*found)] for way, found in seconds.items()}
    base = least.get("wheel", [float("nan")])[0]
    for way, (cpu, wall) in least.items():
        print(f"| {TITLES[way]} | {count / cpu:.0f} | {base / cpu:.2f} | {count / wall:.0f} |")


if __name__ == "__main__":
    main()
