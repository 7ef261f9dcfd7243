"""Columns of each layout and library."""

import ai4fashion
import pyarrow as pa
import pytest


@pytest.fixture(scope="module")
def labels(files):
    return ai4fashion.label(files)


def test_null_is_a_row_of_nulls(labels, files):
    assert isinstance(labels, pa.RecordBatch) and labels.num_rows == len(files)
    assert labels.schema == ai4fashion.schema()
    assert all(value is None for value in labels.slice(len(files) - 1).to_pylist()[0].values())
    labels.validate(full=True)


@pytest.mark.parametrize("layout", [pa.binary(), pa.large_binary(), pa.binary_view()], ids=str)
def test_layouts_give_the_same(labels, files, layout):
    column = files.cast(layout)
    assert ai4fashion.label(column) == labels
    assert ai4fashion.label(column.slice(4, 3)) == labels.slice(4, 3)
    assert ai4fashion.label(column.slice(0, 0)) == labels.slice(0, 0)
    # Chunks, one of them empty, and a table of one column.
    chunks = pa.chunked_array([column.slice(0, 2), column.slice(2, 0), column.slice(2)])
    assert ai4fashion.label(chunks) == labels
    assert ai4fashion.label(pa.table({"bytes": chunks})) == labels
    assert ai4fashion.label(pa.record_batch({"bytes": column})) == labels
    assert ai4fashion.label(pa.chunked_array([], layout)) == labels.slice(0, 0)


def test_null_of_a_struct_is_null():
    rows = pa.array([{"bytes": b""}, None, {"bytes": None}], pa.struct([("bytes", pa.binary())]))
    assert ai4fashion.label(rows)["reason"].to_pylist() == ["empty-file", None, None]


def test_fixed_size_bytes_are_files(labels):
    column = pa.array([b"no image", None], pa.binary(8))
    assert ai4fashion.label(column)["reason"].to_pylist() == ["not-an-image", None]


def test_polars_is_taken(labels, files):
    polars = pytest.importorskip("polars")
    series = polars.Series("bytes", files.to_pylist())
    assert ai4fashion.label(series) == labels
    assert ai4fashion.label(series.to_frame()) == labels
    assert polars.DataFrame(labels)["color"].to_list() == labels["color"].to_pylist()


def test_daft_is_taken(labels, files):
    daft = pytest.importorskip("daft")
    assert ai4fashion.label(daft.Series.from_pylist(files.to_pylist())) == labels


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint32()], ids=str)
def test_types_are_a_hint(labels, files, kind):
    types = [9, 0, None] + [None] * (len(files) - 3)
    column = pa.array(types, kind)
    hinted = ai4fashion.label(files, column)
    assert hinted["color"][2] == labels["color"][2]
    # Chunks that end elsewhere than those of the files.
    chunks = pa.chunked_array([column.slice(0, 1), column.slice(1)])
    halves = pa.chunked_array([files.slice(0, 5), files.slice(5)])
    assert ai4fashion.label(halves, chunks) == hinted
    assert ai4fashion.label(files, pa.nulls(len(files))) == labels
    alone = ai4fashion.label(files, column, garment_only=True)
    assert alone["reason"].to_pylist()[:2] == [None, "not-garment-only"]


def test_image_is_a_jpeg_of_the_size(files):
    small = ai4fashion.label(files.slice(0, 1), size=32, quality=50)["image"][0].as_py()
    large = ai4fashion.label(files.slice(0, 1))["image"][0].as_py()
    assert small[:3] == large[:3] == b"\xff\xd8\xff" and len(small) < len(large)


def test_without_image_all_else_is_the_same(labels, files):
    without = ai4fashion.label(files, image=False)
    assert without.schema == ai4fashion.schema(image=False)
    assert without == labels.drop_columns(["image", "image_sha256"])


def test_color_alone_suggests_no_type(files):
    labels = ai4fashion.label(files, method="color")
    assert labels["color"][0].as_py() == "red"
    assert labels["suggested_type"].null_count == len(files)


def test_too_many_pixels_are_a_reason(files):
    labels = ai4fashion.label(files.slice(0, 1), max_pixels=120 * 160 - 1)
    assert labels["reason"].to_pylist() == ["too-large"]
    assert ai4fashion.label(files.slice(0, 1), max_pixels=120 * 160)["reason"][0].as_py() is None


def test_splits_go_by_seed_and_percent(files):
    good = files.slice(0, 6)
    assert set(ai4fashion.label(good, test=100, validation=0)["split"].to_pylist()) == {"test"}
    splits = [ai4fashion.label(good, seed=seed, test=50)["split"] for seed in range(4)]
    assert len({str(split) for split in splits}) > 1


def test_parquet_brings_back_good_rejected_and_null_rows(files, tmp_path):
    import pyarrow.parquet as pq

    # Fixed-size lists beside a null row could not be read back: apache/arrow#35692.
    batch = ai4fashion.label(pa.array([files[0].as_py(), b"text", None], pa.binary()))
    table = pa.Table.from_batches([batch])
    pq.write_table(table, tmp_path / "labels.parquet")
    read = pq.read_table(tmp_path / "labels.parquet")
    assert read.to_pylist() == table.to_pylist()
    assert read["reason"].to_pylist() == [None, "not-an-image", None]
    # As one column, beside a struct that is null.
    struct = pa.StructArray.from_arrays(
        [batch.column(name) for name in batch.schema.names],
        fields=list(batch.schema),
        mask=pa.array([False, False, True]),
    )
    pq.write_table(pa.table({"labels": struct}), tmp_path / "struct.parquet")
    assert pq.read_table(tmp_path / "struct.parquet")["labels"].to_pylist() == struct.to_pylist()
