"""Writes expected.json for ../test_golden.py: what an ingestion says of the photos of ../photos.py.

    generate.py            writes it anew
    generate.py --check    fails if it would be different

Needs cargo, which builds the program `ai4fashion` first; `AI4FASHION` names one that is there already.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))

import photos  # noqa: E402

OTHERS = ["format", "file", "source", "type", "type_source"]


def ingest(folder, out):
    program = ["cargo", "run", "--quiet", "--release", "--package", "ai4fashion-cli", "--"]
    if "AI4FASHION" in os.environ:
        program = [os.environ["AI4FASHION"]]
    command = [*program, "ingest", "folder", folder, "--out", out]
    # 1 says that files were rejected.
    code = subprocess.run(command, cwd=ROOT, capture_output=True).returncode
    assert code == 1, code


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def expected():
    """Of each file its record, without what only a data set has, or why it was rejected."""
    with tempfile.TemporaryDirectory() as temp:
        folder, out = Path(temp, "photos"), Path(temp, "out")
        folder.mkdir()
        for name, content in photos.files().items():
            (folder / name).write_bytes(content)
        ingest(folder, out)
        found = {}
        for record in lines(out / "manifest.jsonl"):
            image = (out / record["file"]).read_bytes()
            assert hashlib.sha256(image).hexdigest() == record["image_sha256"]
            found[record["source_path"]] = {name: value for name, value in record.items() if name not in OTHERS}
        for rejected in lines(out / "rejected.jsonl"):
            found[rejected["source_path"]] = {name: rejected[name] for name in ("source_path", "reason", "message")}
    return dict(sorted(found.items()))


if __name__ == "__main__":
    text = json.dumps(expected(), indent=1) + "\n"
    place = HERE / "expected.json"
    if "--check" in sys.argv:
        sys.exit(0 if place.read_text() == text else f"{place} is not what the program says now")
    place.write_text(text)
