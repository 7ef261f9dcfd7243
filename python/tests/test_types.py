"""Type stubs are those of the module."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import ai4fashion
import pytest

SNIPPET = """
from pathlib import Path

import ai4fashion
import numpy as np
import pyarrow as pa

files = pa.array([Path("a.jpg").read_bytes()])
labels: pa.RecordBatch = ai4fashion.label(files, size=np.int64(128), method="color")
found = ai4fashion.classify(np.zeros((4, 4, 3), np.uint8), "Jeans")
color: str = found["color"]
red: float = found["fractions"]["red"]
name: str = ai4fashion.TYPES[9]
"""
WRONG = """
import ai4fashion
ai4fashion.label(5)
ai4fashion.label(ai4fashion.schema(), method="hue")
ai4fashion.classify("photo.jpg")
"""


def mypy(folder, *arguments):
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_mypy_takes_what_is_right_and_refuses_what_is_wrong(tmp_path):
    pytest.importorskip("mypy")
    pytest.importorskip("numpy")
    for name, text in (("right.py", SNIPPET), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(text)
    # pyarrow has no types.
    strict = ["mypy", "--strict", "--disable-error-code=import-untyped"]
    right = mypy(tmp_path, *strict, "right.py")
    assert right.returncode == 0, right.stdout + right.stderr
    wrong = mypy(tmp_path, *strict, "wrong.py")
    assert wrong.stdout.count("error:") == 3, wrong.stdout + wrong.stderr


def test_stubs_are_those_of_the_module(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "mypy.ini").write_text("[mypy]\ndisable_error_code = import-untyped\n")
    check = mypy(tmp_path, "mypy.stubtest", "ai4fashion", "--mypy-config-file", "mypy.ini")
    assert check.returncode == 0, check.stdout + check.stderr


def test_documentation_is_that_of_the_module():
    package = Path(ai4fashion.__file__).parent
    assert (package / "py.typed").exists()
    stubs = ast.parse((package / "_ai4fashion.pyi").read_text())
    documented = [node for node in stubs.body if isinstance(node, ast.FunctionDef)]
    assert {node.name for node in documented} == {
        "label", "schema", "groups", "near_keys", "are_near", "classify",
    }  # fmt: skip
    for node in documented:
        assert ast.get_docstring(node) == inspect.getdoc(getattr(ai4fashion, node.name)), node.name
