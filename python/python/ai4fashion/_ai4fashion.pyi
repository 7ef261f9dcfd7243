from typing import (
    Any,
    Final,
    Literal,
    Protocol,
    SupportsIndex,
    TypeAlias,
    TypedDict,
    final,
    type_check_only,
)

import pyarrow

__all__ = [
    "ArrowResult",
    "COLORS",
    "TYPES",
    "__version__",
    "are_near",
    "classify",
    "groups",
    "label",
    "near_keys",
    "schema",
]

__version__: Final[str]
COLORS: Final[tuple[str, ...]]
"""The eleven colours, in the order of the column `fractions`."""
TYPES: Final[dict[int, str]]
"""The twelve product types, by number."""

@type_check_only
class _HasArray(Protocol):
    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...

@type_check_only
class _HasStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

_Column: TypeAlias = _HasArray | _HasStream

# A numpy array: numpy has no name for the shape of an image.
@type_check_only
class _Image(Protocol):
    @property
    def dtype(self) -> Any: ...
    @property
    def shape(self) -> Any: ...
    def tobytes(self) -> bytes: ...

@type_check_only
class _Classification(TypedDict):
    color: str
    confidence: float
    margin: float
    runner_up: str
    fractions: dict[str, float]
    dominant_color: str
    garment_fraction: float
    is_mixed: bool
    type: str | None
    type_number: int
    type_confidence: float
    garment_only_probability: float

@final
class ArrowResult:
    """An Arrow array or record batch, which other libraries import.

    Functions of this package return one where pyarrow is not installed.
    """

    def __arrow_c_array__(
        self, requested_schema: object | None = None
    ) -> tuple[object, object]: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...

def label(
    files: _Column,
    types: _Column | None = None,
    *,
    image: bool = True,
    size: SupportsIndex = 256,
    quality: SupportsIndex = 90,
    method: Literal["garment", "color"] = "garment",
    garment_only: bool = False,
    seed: SupportsIndex = 0,
    validation: SupportsIndex = 10,
    test: SupportsIndex = 10,
    max_pixels: SupportsIndex | None = None,
    threads: SupportsIndex = 1,
) -> pyarrow.RecordBatch:
    """Labels the image files in an Arrow column of bytes.

    The result is a pyarrow.RecordBatch with a row for each file, or an ArrowResult where pyarrow is
    not installed; `schema` has its columns. A null stays null: all its columns are. A file that
    cannot be used is a row with a `reason` and a `message`, never an error. The GIL is released
    meanwhile.

    Args:
        files: Binary, LargeBinary, BinaryView or FixedSizeBinary, in one or more chunks: pyarrow,
            polars, daft, nanoarrow, or any object with `__arrow_c_array__` or `__arrow_c_stream__`.
        types: what is known of the product types: whole numbers, 1 to 12 (see TYPES), 0 for none of
            them, null if it is not known.
        image: whether there are columns with the letterboxed JPEG and its hash.
        size: side length of the JPEG in pixels, 16 to 4096.
        quality: that of the JPEG, 1 to 100.
        method: 'garment' names colour and type, of garments alone and on models; 'color' names the
            colour of garments alone.
        garment_only: whether images that do not show a garment alone get a reason instead of
            labels.
        seed: that of the splits, 0 to 2**64 - 1.
        validation, test: percent of the images in these splits, together at most 100.
        max_pixels: images of more pixels get a reason; None for 64 million.
        threads: how many threads label, 1 to 255. Engines start a worker for each core: leave it at
            1.

    ValueError and TypeError name the argument, what was found and what is expected.
    """

def schema(*, image: bool = True) -> pyarrow.Schema:
    """Returns the columns of `label` as a pyarrow.Schema.

    Args:
        image: whether they are those of `label(..., image=True)`.
    """

def groups(
    pixels_blake3: _Column,
    perceptual_hash: _Column,
    *,
    max_distance: SupportsIndex | None = 16,
    seed: SupportsIndex = 0,
    validation: SupportsIndex = 10,
    test: SupportsIndex = 10,
) -> pyarrow.RecordBatch:
    """Groups the near-duplicates among all images of a data set.

    The result is a pyarrow.RecordBatch of two columns: `group`, a name that near-duplicates share,
    null for an image that has none; and `split`, which is the same for a whole group. All rows must
    be in one call, 144 bytes each. A row with a null in either column is null.

    Args:
        pixels_blake3, perceptual_hash: these columns of `label`.
        max_distance: bits by which the hashes of near-duplicates differ at most, 0 to 256; None for
            equal pixels alone.
        seed, validation, test: options of `label`.
    """

def near_keys(perceptual_hash: _Column) -> pyarrow.ListArray:
    """Returns the keys that near-duplicates share, for a join where not all rows fit in one place.

    The result is a pyarrow.ListArray of Int64. Near-duplicates share a key, and so do others:
    `are_near` decides on each pair.

    Args:
        perceptual_hash: this column of `label`.
    """

def are_near(a: _Column, b: _Column, *, max_distance: SupportsIndex = 16) -> pyarrow.BooleanArray:
    """Returns row by row whether two images are near-duplicates, as a pyarrow.BooleanArray.

    Args:
        a, b: columns `perceptual_hash` of `label`, of one length. Where one is null, so is the
            result.
        max_distance: bits by which the hashes of near-duplicates differ at most, 0 to 256.
    """

def classify(image: _Image, type: SupportsIndex | str | None = None) -> _Classification:
    """Names the colour and the product type of the garment in an image in memory.

    The result is a dict: `color`, `confidence`, `margin`, `runner_up`, `fractions` (of each
    colour), `dominant_color` (rrggbb), `garment_fraction`, `is_mixed`, `type` (a name, or None for
    none of the twelve), `type_number` (0 for none), `type_confidence`, `garment_only_probability`.
    The GIL is released meanwhile.

    Args:
        image: a numpy array of uint8, (height, width, 3) for RGB or (height, width, 4) for RGBA,
            sRGB, in any layout. Pixels with an alpha below 125 are background.
        type: what is known of the product type: a number or a name of TYPES, 0 for none of them,
            None if it is not known.

    `label` scales an image to `size` before it looks, so that its labels can differ.
    """
