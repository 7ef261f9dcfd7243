"""Errors name the argument, what was found and what is expected."""

import ai4fashion
import numpy as np
import pyarrow as pa
import pytest

FILES = pa.array([b"", b""])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"size": 15}, "size is 15, expected 16 to 4096"),
        ({"size": 4097}, "size is 4097, expected 16 to 4096"),
        ({"size": -1}, "size is -1, expected 16 to 4096"),
        ({"size": 2**70}, f"size is {2**70}, expected 16 to 4096"),
        ({"quality": 0}, "quality is 0, expected 1 to 100"),
        ({"quality": 101}, "quality is 101, expected 1 to 100"),
        ({"method": "hue"}, "method is 'hue', expected 'garment' or 'color'"),
        ({"seed": -1}, f"seed is -1, expected 0 to {2**64 - 1}"),
        ({"validation": 101}, "validation is 101, expected 0 to 100"),
        ({"validation": 60, "test": 41}, "validation + test is 101, expected 0 to 100"),
        ({"max_pixels": 0}, f"max_pixels is 0, expected 1 to {2**64 - 1}"),
        ({"threads": 0}, "threads is 0, expected 1 to 255"),
    ],
)
def test_illegal_options(options, message):
    with pytest.raises(ValueError) as error:
        ai4fashion.label(FILES, **options)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "options, message",
    [
        ({"size": "256"}, "size is of type str, expected a whole number from 16 to 4096"),
        ({"size": 256.0}, "size is of type float, expected a whole number from 16 to 4096"),
        ({"image": "no"}, "image is of type str, expected True or False"),
        ({"garment_only": None}, "garment_only is of type NoneType, expected True or False"),
        ({"method": 1}, "method is of type int, expected 'garment' or 'color'"),
    ],
)
def test_options_of_a_wrong_type(options, message):
    with pytest.raises(TypeError) as error:
        ai4fashion.label(FILES, **options)
    assert str(error.value) == message


def test_numbers_of_numpy_are_numbers():
    labels = ai4fashion.label(FILES, size=np.int64(64), quality=np.uint8(80), seed=np.uint64(2**63))
    assert labels == ai4fashion.label(FILES)
    with pytest.raises(ValueError, match="size is -1, expected"):
        ai4fashion.label(FILES, size=np.int8(-1))


def many(types, count=600):
    """More rows than one piece has, so that rows are counted over pieces."""
    return pa.array([b""] * count), pa.array([None] * (count - len(types)) + types, pa.int64())


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([pa.array(["a.jpg"])], "files: type Utf8, expected Binary, LargeBinary, BinaryView"),
        ([pa.chunked_array([], pa.int8())], "files: type Int8, expected Binary"),
        ([pa.table({"a": FILES, "b": FILES})], "files is a table with the columns a, b; expected one"),
        ([FILES, pa.array([1])], "types has 1 rows, expected 2 as files"),
        ([FILES, pa.array([1, 13])], "types: 13 in row 1, expected 0 .* to 12, or null"),
        (many([13]), "types: 13 in row 599, expected 0 .* to 12, or null"),
        ([FILES, pa.array(["a", "b"])], "types: type Utf8, expected whole numbers"),
    ],
)
def test_illegal_columns(arguments, message):
    with pytest.raises(ValueError, match=message):
        ai4fashion.label(*arguments)


@pytest.mark.parametrize("column", [[b""], b"", None, 5, np.zeros(3)], ids=repr)
def test_no_column(column):
    found = type(column).__name__
    with pytest.raises(TypeError, match=f"files is of type {found}, expected an Arrow array"):
        ai4fashion.label(column)


class Capsules:
    """A producer that gives what it is told to."""

    def __init__(self, capsules):
        self.capsules = capsules

    def __arrow_c_array__(self, requested_schema=None):
        return self.capsules


def test_producers_that_break_the_interface():
    capsules = FILES.__arrow_c_array__()
    assert ai4fashion.label(Capsules(capsules)).num_rows == 2
    with pytest.raises(ValueError, match="files has been taken from its capsule before"):
        ai4fashion.label(Capsules(capsules))
    with pytest.raises(ValueError, match="incorrect name"):
        ai4fashion.label(Capsules(FILES.__arrow_c_array__()[::-1]))
    with pytest.raises(TypeError):
        ai4fashion.label(Capsules(5))


def test_stream_that_fails_says_why():
    def batches():
        yield pa.record_batch({"bytes": FILES})
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("bytes", pa.binary())]), batches())
    with pytest.raises(ValueError, match="files: .*the disk is gone"):
        ai4fashion.label(reader)
