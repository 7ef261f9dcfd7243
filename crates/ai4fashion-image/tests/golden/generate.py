"""Computes what ../letterbox.rs expects: images of any shape on a white square, by Pillow.

  generate.py            writes letterbox.json
  generate.py --check    compares it with what Pillow computes now, and fails where they differ

Needs pillow and numpy. Images are given by a formula, see ai4fashion-testkit.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
import golden

# Width, height, and the size of the square: smaller and larger ones, of each shape, and one that stays as it is.
SHAPES = [(60, 80, 20), (80, 60, 20), (168, 224, 16), (31, 17, 19), (5, 8, 8), (12, 9, 20), (100, 7, 20), (64, 64, 16), (20, 20, 20)]


def generated(content, width, height):
    """Components between 64 and 191: where filtering leaves 0 to 255, Pillow and others clip between other passes."""
    y, x = np.mgrid[:height, :width]
    if content == "noise":
        words = golden.words(width, np.arange(width * height)).reshape(height, width)
        planes = [words >> np.uint32(8 * channel) for channel in range(3)]
    else:
        planes = [7 * (x + 3 * y), 11 * (y + 40), 5 * (x + y)]  # `textured` of ai4fashion-testkit
    return Image.fromarray((np.stack(planes, -1) % 256 // 2 + 64).astype(np.uint8))


def letterbox(image, size):
    scale = size / max(image.size)
    width, height = (max(1, int(side * scale + 0.5)) for side in image.size)
    square = Image.new("RGB", (size, size), "white")
    square.paste(image.resize((width, height), Image.LANCZOS), ((size - width) // 2, (size - height) // 2))
    return square


def cases():
    found = []
    for content in ("textured", "noise"):
        for width, height, size in SHAPES:
            square = letterbox(generated(content, width, height), size)
            case = {"content": content, "width": width, "height": height, "size": size}
            found.append(case | {"square": square.tobytes().hex()})
    return found


if __name__ == "__main__":
    golden.main(__file__, ["pillow", "numpy"], {"letterbox": (cases, 0.0)})
