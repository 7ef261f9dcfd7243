"""One image in memory."""

import ai4fashion
import numpy as np
import photos
import pytest


def array(color, **options):
    return np.array(photos.garment(color, **options), dtype=np.uint8)


RED = array((190, 25, 35))


def test_result_says_all():
    found = ai4fashion.classify(RED)
    assert found["color"] == "red" and 0 < found["confidence"] <= 1 and 0 < found["margin"] <= 1
    assert found["runner_up"] in ai4fashion.COLORS and not found["is_mixed"]
    assert tuple(found["fractions"]) == ai4fashion.COLORS
    assert sum(found["fractions"].values()) == pytest.approx(1, abs=1e-5)
    assert len(bytes.fromhex(found["dominant_color"])) == 3
    assert 0 < found["garment_fraction"] < 1 and 0 <= found["garment_only_probability"] <= 1
    assert ai4fashion.TYPES.get(found["type_number"]) == found["type"] and 0 < found["type_confidence"] <= 1
    assert found.keys() == {
        "color", "confidence", "margin", "runner_up", "fractions", "dominant_color", "garment_fraction",
        "is_mixed", "type", "type_number", "type_confidence", "garment_only_probability",
    }  # fmt: skip


def test_constants():
    assert len(ai4fashion.COLORS) == 11 and ai4fashion.COLORS[0] == "black"
    assert list(ai4fashion.TYPES) == list(range(1, 13)) and ai4fashion.TYPES[9] == "Jeans"
    assert ai4fashion.__version__.count(".") == 2


def test_layouts_of_memory_make_no_difference():
    expected = ai4fashion.classify(RED)
    wide = np.zeros((160, 240, 3), np.uint8)
    wide[:, ::2] = RED
    for same in (
        np.asfortranarray(RED),
        wide[:, ::2],
        RED[::-1][::-1],
        RED[:, :, ::-1].copy()[:, :, ::-1],
        np.ascontiguousarray(RED.transpose(1, 0, 2)).transpose(1, 0, 2),
    ):
        assert np.array_equal(same, RED) and ai4fashion.classify(same) == expected
    read_only = RED.copy()
    read_only.flags.writeable = False
    assert ai4fashion.classify(read_only) == expected
    # BGR is another image.
    assert ai4fashion.classify(RED[:, :, ::-1])["color"] != "red"


def test_transparent_pixels_are_background():
    opaque = np.dstack([RED, np.full(RED.shape[:2], 255, np.uint8)])
    assert ai4fashion.classify(opaque)["color"] == "red"
    paper = np.zeros_like(opaque)
    paper[40:120, 40:80] = (25, 60, 170, 255)
    assert ai4fashion.classify(paper)["color"] == "blue"


def test_type_is_a_hint():
    by_number = ai4fashion.classify(RED, 9)
    assert by_number == ai4fashion.classify(RED, "Jeans") == ai4fashion.classify(RED, type=np.int64(9))
    assert ai4fashion.classify(RED, 0) == ai4fashion.classify(RED, "none")


@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 5, 4), (1, 1, 3)])
def test_tiny_images_have_a_result(shape):
    assert ai4fashion.classify(np.zeros(shape, np.uint8))["color"] in ai4fashion.COLORS


@pytest.mark.parametrize(
    "image, message",
    [
        (RED.astype(np.float32), "image is an array of float32, expected a numpy array of uint8"),
        (RED.astype(np.int8), "image is an array of int8"),
        (RED[:, :, 0], r"image has the shape \(160, 120\), expected .* \(height, width, 3\)"),
        (RED[None], r"image has the shape \(1, 160, 120, 3\)"),
        (RED[:, :, :2], r"image has the shape \(160, 120, 2\)"),
        (RED.transpose(2, 0, 1), r"image has the shape \(3, 160, 120\)"),
    ],
)
def test_other_arrays_are_refused(image, message):
    with pytest.raises(ValueError, match=message):
        ai4fashion.classify(image)


def test_other_objects_are_refused():
    with pytest.raises(TypeError, match="image is of type str, expected a numpy array"):
        ai4fashion.classify("photo.jpg")
    with pytest.raises(TypeError, match="type is of type float, expected a number from 0 to 12"):
        ai4fashion.classify(RED, 9.0)
    for wrong in (13, -1, "Sarees"):
        with pytest.raises(ValueError, match=f"type: `{wrong}` is not a product type; expected 0 none, 1 Dresses"):
            ai4fashion.classify(RED, wrong)
