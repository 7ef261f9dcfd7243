"""Labels fashion photos on Arrow columns: colour, product type, hashes, split and JPEG."""

from ._ai4fashion import (
    COLORS,
    TYPES,
    ArrowResult,
    __version__,
    are_near,
    classify,
    groups,
    label,
    near_keys,
    schema,
)

__all__ = [
    "COLORS",
    "TYPES",
    "ArrowResult",
    "__version__",
    "are_near",
    "classify",
    "groups",
    "label",
    "near_keys",
    "schema",
]
