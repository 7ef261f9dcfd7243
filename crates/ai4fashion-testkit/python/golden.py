"""What the scripts `tests/golden/generate.py` share: inputs by a formula, summaries of results, the command line.

`src/golden.rs` has the same formula and the same summary. A test computes the inputs of a case by itself, so that only
results are stored.
"""
import argparse
import importlib.metadata
import json
import math
import platform
import sys
from pathlib import Path

import numpy as np

BUCKETS = 8
SAMPLES = 8
SAMPLE_STREAM, BUCKET_STREAM = 1001, 1002


def words(stream, indices):
    """Pseudorandom numbers of 32 bits: Wellons' hash `lowbias32` of each index behind the start of the stream."""

    def mix(x):
        x = np.asarray(x, np.uint32)
        with np.errstate(over="ignore"):
            x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
            x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
        return x ^ (x >> np.uint32(16))

    with np.errstate(over="ignore"):
        return mix(mix(stream) + np.asarray(indices, np.uint32))


def uniform(stream, *shape):
    """Numbers in [-1, 1), multiples of 2^-23: float32 holds them exactly."""
    hashed = words(stream, np.arange(math.prod(shape))) >> np.uint32(8)
    return ((hashed.astype(np.int64) - 2**23) / 2**23).astype(np.float32).reshape(shape)


def summary(values):
    """The largest value, some values, and the sums of buckets into which all values go with a random sign.

    Few values are all there, without sums.
    """
    values = np.asarray(values, np.float64).ravel()
    found = {"largest": float(np.abs(values).max())}
    if len(values) <= BUCKETS + SAMPLES:
        return found | {"samples": values.tolist(), "buckets": []}
    places = words(SAMPLE_STREAM, np.arange(SAMPLES)) % np.uint32(len(values))
    hashed = words(BUCKET_STREAM, np.arange(len(values)))
    signed = np.where(hashed & np.uint32(BUCKETS), -values, values)
    sums = np.bincount(hashed % np.uint32(BUCKETS), signed, BUCKETS)
    return found | {"samples": values[places].tolist(), "buckets": sums.tolist()}


def rounded(value):
    """`value` with floats of eight digits, so that files are small."""
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def differences(found, stored, tolerance, path=""):
    """Where two results differ: numbers of a list by more than `tolerance` of its largest, all else at all."""
    if isinstance(found, dict) and isinstance(stored, dict) and found.keys() == stored.keys():
        for key in found:
            yield from differences(found[key], stored[key], tolerance, f"{path}/{key}")
    elif isinstance(found, list) and isinstance(stored, list) and len(found) == len(stored):
        numbers = [item for item in stored if isinstance(item, float)]
        if numbers and len(numbers) == len(stored) and all(isinstance(item, float) for item in found):
            most = tolerance * max(map(abs, numbers)) + 1e-30
            worst = max(abs(a - b) for a, b in zip(found, stored))
            if not worst <= most:
                yield f"{path}: off by {worst:.2g}, at most {most:.2g} is allowed"
            return
        for place, (a, b) in enumerate(zip(found, stored)):
            yield from differences(a, b, tolerance, f"{path}/{place}")
    elif isinstance(found, float) and isinstance(stored, float):
        yield from differences([found], [stored], tolerance, path)
    elif found != stored:
        yield f"{path}: {str(found)[:200]} where {str(stored)[:200]} is stored"


def write(path, versions, cases):
    """One line a case, so that a change of one shows as one."""
    header = json.dumps({"made_by": "tests/golden/generate.py", "versions": versions})[1:-1]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path.write_text(f'{{{header}, "cases": [\n{lines}\n]}}\n')


def main(script, packages, files):
    """Writes `files`, which are pairs of a function for the cases and a tolerance by name, or compares them (`--check`)."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the stored results instead of writing them")
    parser.add_argument("names", nargs="*", choices=[*files, []], metavar="NAME", help=f"of {', '.join(files)}; default: all")
    arguments = parser.parse_args()
    versions = {"python": platform.python_version()}
    versions |= {package: importlib.metadata.version(package) for package in packages}
    failed = False
    for name in arguments.names or files:
        make, tolerance = files[name]
        path = Path(script).resolve().parent / f"{name}.json"
        cases = rounded(make())
        if not arguments.check:
            write(path, versions, cases)
            print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
            continue
        stored = json.loads(path.read_text())
        if stored["versions"] != versions:
            print(f"{path.name} was made with {stored['versions']}, this is {versions}")
        found = list(differences(cases, stored["cases"], tolerance))
        failed |= bool(found)
        print(f"{path.name}: {len(found)} differences in {len(cases)} cases", *found[:20], sep="\n  ")
    sys.exit(failed)
