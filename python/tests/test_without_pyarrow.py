"""Without pyarrow, results are objects that other Arrow libraries import."""

import subprocess
import sys
import textwrap

import pytest

START = """
import sys
sys.modules["pyarrow"] = None  # As if it were not installed.
import ai4fashion
"""


def run(text):
    subprocess.run([sys.executable, "-c", START + textwrap.dedent(text)], check=True)


def test_polars_imports_the_results():
    pytest.importorskip("polars")
    run(
        """
        import polars
        files = polars.Series("bytes", [b"text", None, b""], dtype=polars.Binary)
        labels = ai4fashion.label(files)
        assert type(labels) is ai4fashion.ArrowResult and len(labels) == 3
        assert repr(labels).startswith("<ai4fashion.ArrowResult: 3 rows of Struct("), repr(labels)
        frame = polars.DataFrame(labels)
        assert frame["reason"].to_list() == ["not-an-image", None, "empty-file"]
        assert frame["fractions"].dtype == polars.List(polars.Float32)
        # It can be imported again, and by us.
        assert polars.DataFrame(labels).equals(frame)
        hashes = frame["perceptual_hash"]
        assert polars.Series(ai4fashion.near_keys(hashes)).to_list() == [None] * 3
        assert polars.Series(ai4fashion.are_near(hashes, hashes)).to_list() == [None] * 3
        assert polars.DataFrame(ai4fashion.groups(frame["pixels_blake3"], hashes)).columns == ["group", "split"]
        assert len(ai4fashion.schema()) == 0
        """
    )


def test_results_can_be_arguments():
    run(
        """
        import array
        class Column:
            def __arrow_c_array__(self, requested_schema=None):
                return labels.__arrow_c_array__(requested_schema)
        labels = ai4fashion.ArrowResult
        try:
            ai4fashion.label(array.array("b"))
        except TypeError as error:
            assert "files is of type array" in str(error), error
        schema = ai4fashion.schema()
        schema.__arrow_c_schema__(), schema.__arrow_c_array__(None)
        try:
            ai4fashion.label(schema)
        except ValueError as error:
            assert "files is a table with the columns color, confidence" in str(error), error
        """
    )
