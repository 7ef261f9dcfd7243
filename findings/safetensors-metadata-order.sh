#!/usr/bin/env bash
# safetensors 0.8.0: the same tensors with the same metadata, of more than one entry, are saved as
# different bytes from one process to the next, so a hash of the file is not a hash of the model.
#
# Guess: `save_file` sorts tensors by type and name, so a file depends on its contents alone.
# Seen (2026-11-28, Python 3.11, numpy 2.4.6): twelve processes that save one tensor with four
# entries of metadata write files of one length and several hashes; only the order of
# `__metadata__` differs. With a single entry all twelve are equal.
# Fails if that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6

# Prints the hash of a file with $1 entries of metadata.
save() {
    "$work/venv/bin/python" - "$work/model.safetensors" "$1" << 'PY'
import hashlib
import sys
from pathlib import Path

import numpy
from safetensors.numpy import load_file, save_file

path, entries = Path(sys.argv[1]), int(sys.argv[2])
tensors = {"weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3)}
metadata = {name: "1" for name in ["format", "epochs", "seed", "classes"][:entries]}
save_file(tensors, path, metadata=metadata)
assert (load_file(path)["weight"] == tensors["weight"]).all()
print(len(path.read_bytes()), hashlib.sha256(path.read_bytes()).hexdigest())
PY
}

for entries in 4 1; do
    for _ in $(seq 12); do save "$entries"; done | sort -u > "$work/$entries.txt"
    echo "$entries entries: $(wc -l < "$work/$entries.txt") different files of" \
        "$(cut -d ' ' -f 1 "$work/$entries.txt" | sort -u | tr '\n' ' ')bytes"
done
[ "$(wc -l < "$work/4.txt")" -gt 1 ] && [ "$(cut -d ' ' -f 1 "$work/4.txt" | sort -u | wc -l)" = 1 ]
[ "$(wc -l < "$work/1.txt")" = 1 ]
