"""Rows are the records of an ingestion, which golden/generate.py has made."""

import hashlib
import json
from pathlib import Path

import ai4fashion
import photos
import pyarrow as pa
import pytest

EXPECTED = json.loads(Path(__file__).with_name("golden").joinpath("expected.json").read_text())
SAME = [
    "color", "runner_up", "is_mixed", "width", "height", "orientation", "source_bytes",
    "source_blake3", "image_sha256", "split",
]  # fmt: skip
REAL = [
    "confidence", "margin", "fractions", "garment_fraction", "suggested_type_confidence",
    "garment_only_probability",
]  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    labels = ai4fashion.label(pa.array(photos.files().values(), pa.binary()))
    groups = ai4fashion.groups(labels["pixels_blake3"], labels["perceptual_hash"], max_distance=16)
    return dict(zip(photos.files(), zip(labels.to_pylist(), groups.to_pylist())))


@pytest.mark.parametrize("name", photos.files())
def test_row_is_the_record_of_an_ingestion(rows, name):
    record, (row, group) = EXPECTED[name], rows[name]
    if "reason" in record:
        assert (row["reason"], row["message"]) == (record["reason"], record["message"])
        assert all(value is None for name, value in row.items() if name not in ("reason", "message"))
        assert group == {"group": None, "split": None}
        return
    assert row["reason"] is None and row["message"] is None
    for name in SAME:
        # A split is that of the whole group.
        found = group[name] if name == "split" else row[name]
        assert found == record[name], name
    for name in REAL:
        assert row[name] == pytest.approx(record[name], rel=1e-6), name
    assert row["suggested_type"] == (record.get("suggested_type") or 0)
    assert bytes.fromhex(row["dominant_color"]) == bytes(record["dominant_color"])
    for name in ("pixels_blake3", "perceptual_hash"):
        assert row[name].hex() == record[name]
    assert row["flags"] == ",".join(record.get("flags", []))
    assert hashlib.sha256(row["image"]).hexdigest() == record["image_sha256"]
    assert group["group"] == record.get("group")


def test_all_kinds_of_rows_are_there():
    reasons = {record["reason"] for record in EXPECTED.values() if "reason" in record}
    assert reasons == {"not-an-image", "empty-file", "broken", "too-large"}
    assert len(EXPECTED) == len(photos.files())
    assert sum("group" in record for record in EXPECTED.values()) == 2
