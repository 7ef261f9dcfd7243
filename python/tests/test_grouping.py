"""Near-duplicates."""

import ai4fashion
import pyarrow as pa
import pytest


@pytest.fixture(scope="module")
def labels(files):
    return ai4fashion.label(files, image=False)


def test_groups_have_one_name_and_split(labels):
    groups = ai4fashion.groups(labels["pixels_blake3"], labels["perceptual_hash"])
    names, splits = groups["group"].to_pylist(), groups["split"].to_pylist()
    assert names[0] == names[1] and names[2] is None and splits[0] == splits[1]
    # In chunks, and with equal pixels alone.
    chunks = [pa.chunked_array([labels[name].slice(0, 3), labels[name].slice(3)]) for name in
              ("pixels_blake3", "perceptual_hash")]  # fmt: skip
    assert ai4fashion.groups(*chunks) == groups
    assert ai4fashion.groups(*chunks, max_distance=None)["group"].null_count == len(labels)
    assert set(ai4fashion.groups(*chunks, test=100, validation=0)["split"].to_pylist()) == {"test", None}


def test_near_images_share_a_key_and_are_near(labels):
    hashes = labels["perceptual_hash"]
    keys = [set(keys or []) for keys in ai4fashion.near_keys(hashes).to_pylist()]
    assert keys[0] & keys[1] and not keys[0] & keys[2]
    assert ai4fashion.near_keys(hashes)[len(labels) - 1].as_py() is None
    near = ai4fashion.are_near(hashes.slice(0, 2), hashes.slice(1, 2))
    assert near.to_pylist() == [True, False]
    assert ai4fashion.are_near(hashes.slice(0, 1), pa.nulls(1, pa.binary())).to_pylist() == [None]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda it: ai4fashion.near_keys(it["pixels_blake3"]), "row 0 has 32 bytes, expected 112"),
        (lambda it: ai4fashion.near_keys(it["color"]), "perceptual_hash: type Utf8, expected Binary"),
        (lambda it: ai4fashion.are_near(it["perceptual_hash"], it["perceptual_hash"][:2]), "b has 2 rows, expected 11 as a"),
        (lambda it: ai4fashion.are_near(it["perceptual_hash"], it["perceptual_hash"], max_distance=257), "max_distance is 257, expected 0 to 256"),
        (lambda it: ai4fashion.groups(it["pixels_blake3"], it["perceptual_hash"][:2]), "perceptual_hash: 2 rows, expected 11"),
        (lambda it: ai4fashion.groups(it["pixels_blake3"], it["perceptual_hash"], max_distance=-1), "max_distance is -1, expected 0 to 256"),
    ],
)  # fmt: skip
def test_illegal_arguments(labels, call, message):
    with pytest.raises(ValueError, match=message):
        call(labels)
