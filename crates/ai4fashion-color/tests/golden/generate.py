"""Computes what ../notebook_rules.rs expects: colorthief's dominant colours, and the notebooks' names of colours.

  generate.py                 writes dominant_colors.json and names.json
  generate.py --check         compares them with what Python computes now, and fails where they differ
  generate.py --images DIR    prints a JSON row for each image in DIR: file, dominant colour, both names

Needs colorthief, pillow and numpy. Images are given by a formula, see ai4fashion-testkit.
"""
import io
import json
import sys
from pathlib import Path

import numpy as np
from colorthief import ColorThief
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
import golden

# The notebooks' intervals of hues, both ends included.
HUES = [(0, 30, "red"), (31, 45, "orange"), (46, 75, "yellow"), (76, 180, "green"), (181, 270, "blue"), (271, 300, "purple"),
        (301, 345, "pink"), (346, 361, "red")]


def hue_and_value(color):
    red, green, blue = (component / 255 for component in color)
    largest, span = max(red, green, blue), max(red, green, blue) - min(red, green, blue)
    if span == 0:
        hue = 0
    elif largest == red:
        hue = (60 * ((green - blue) / span) + 360) % 360
    elif largest == green:
        hue = (60 * ((blue - red) / span) + 120) % 360
    else:
        hue = (60 * ((red - green) / span) + 240) % 360
    return hue, largest * 100


def name_of_hue(hue):
    return next((name for first, last, name in HUES if first <= hue <= last), None)


def lookbook(color):
    hue, value = hue_and_value(color)
    return "black" if value <= 25 else "white" if min(color) >= 200 else name_of_hue(hue)


def small_fashion(color):
    red, green, blue = color
    flat = abs(red - green) <= 10 and abs(green - blue) <= 10
    if flat and red <= 64:
        return "black"
    if min(color) >= 200:
        return "white"
    return "grey" if flat and 65 <= red <= 229 else name_of_hue(hue_and_value(color)[0])


def generated(seed):
    """Few colours, many colours, dark ones, bright ones, from 40 on cloth on white: each cuts the boxes another way."""
    height, width = 40, 24 + seed
    y, x = np.mgrid[:height, :width]
    if seed >= 40:
        words = golden.words(seed, np.arange(height * width)).reshape(height, width)
        base = golden.words(1000 + seed, np.arange(3)) % 200
        noise = np.stack([words >> shift & np.uint32(31) for shift in map(np.uint32, (0, 8, 16))], -1)
        is_cloth = (x >= width // 4) & (x < width * 3 // 4) & (y >= 10) & (y < 30)
        return np.where(is_cloth[..., None], base + noise, 255).astype(np.uint8)
    column, row = x % 64, y % 64
    red, green, blue = ((7 * (column + 3 * row)) % 256, (11 * (row + 40)) % 256, (5 * (column + row)) % 256)
    block = (x // (1 + seed % 9) + 3 * (y // 7) + seed) % 256
    match seed % 4:
        case 0:
            planes = block * 37, block * 11, block * 5
        case 1:
            planes = red // 4, green // 3, blue // 2
        case 2:
            planes = 255 - red // 8, 255 - green // 4, 255 - blue // 2
        case 3:
            planes = red, green + block, blue ^ block
    return (np.stack(planes, -1) % 256).astype(np.uint8)


def row(file):
    """Dominant colour and both names of an image; none where colorthief fails, as it does where all is white."""
    try:
        color = ColorThief(file).get_color(quality=1)
    except Exception:
        return {"color": None, "lookbook": None, "small_fashion": None}
    return {"color": list(color), "lookbook": lookbook(color), "small_fashion": small_fashion(color)}


def as_file(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    file.seek(0)
    return file


def dominant_colors():
    white = np.full((8, 8, 3), 255, np.uint8)
    almost = white.copy()
    almost[3, 3] = 20, 40, 220
    cases = [{"image": seed} | row(as_file(generated(seed))) for seed in range(60)]
    return [*cases, {"image": "white"} | row(as_file(white)), {"image": "one_blue_pixel"} | row(as_file(almost))]


def names():
    """The names of 16 levels of each component, as letters."""
    letters = {"black": "k", "white": "w", "grey": "e", "red": "r", "orange": "o", "yellow": "y", "green": "g", "blue": "b"}
    letters |= {"purple": "p", "pink": "i", None: "-"}
    levels = range(0, 256, 17)
    colors = [(red, green, blue) for red in levels for green in levels for blue in levels]
    meaning = {letter: name for name, letter in letters.items()}
    rules = [lookbook, small_fashion]
    return [{"rule": rule.__name__, "letters": meaning, "names": "".join(letters[rule(color)] for color in colors)} for rule in rules]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--images"]:
        for file in sorted(Path(sys.argv[2]).iterdir()):
            print(json.dumps({"image": file.name} | row(str(file))))
    else:
        files = {"dominant_colors": (dominant_colors, 0.0), "names": (names, 0.0)}
        golden.main(__file__, ["colorthief", "pillow", "numpy"], files)
