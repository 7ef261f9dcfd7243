import photos
import pyarrow as pa
import pytest


@pytest.fixture(scope="session")
def files():
    """A column of all test files, and a null at its end."""
    return pa.array([*photos.files().values(), None], pa.binary())


@pytest.fixture
def folder(tmp_path):
    """A folder with `photos/` and `photos.parquet`, which hold the same files."""
    import pyarrow.parquet as pq

    (tmp_path / "photos").mkdir()
    for name, content in photos.files().items():
        (tmp_path / "photos" / name).write_bytes(content)
    table = pa.table({"path": list(photos.files()), "bytes": list(photos.files().values())})
    pq.write_table(table, tmp_path / "photos.parquet")
    return tmp_path
