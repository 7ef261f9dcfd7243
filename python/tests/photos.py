"""Photos for the tests, made with the standard library: the same bytes on every machine."""

import struct
import zlib

WHITE = (255, 255, 255)


def garment(color, width=120, height=160, *, stripe=None):
    """Rows of pixels: a shirt of one colour, or of stripes, on white paper."""

    def pixel(x, y):
        across, down = x / width, y / height
        is_body = 0.3 <= across < 0.7 and 0.2 <= down < 0.85
        is_sleeve = 0.15 <= across < 0.85 and 0.2 <= down < 0.4
        if not (is_body or is_sleeve):
            return WHITE
        return stripe if stripe and y // 8 % 2 else color

    return [[pixel(x, y) for x in range(width)] for y in range(height)]


def png(rows):
    """A PNG of 8 bits a channel, RGB or RGBA, not compressed: zlib's output varies."""
    height, width, channels = len(rows), len(rows[0]), len(rows[0][0])
    scan = b"".join(b"\0" + bytes(value for pixel in row for value in pixel) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", _stored(scan)) + _chunk(b"IEND", b"")


def _chunk(name, content):
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _stored(data):
    parts = [data[start : start + 65535] for start in range(0, len(data), 65535)]
    blocks = [
        struct.pack("<BHH", part is parts[-1], len(part), len(part) ^ 0xFFFF) + part for part in parts
    ]
    return b"\x78\x01" + b"".join(blocks) + struct.pack(">I", zlib.adler32(data))


def files():
    """Names and bytes of photos, and of files that are none."""
    red, blue = png(garment((190, 25, 35))), png(garment((25, 60, 170)))
    transparent = [[(*pixel, 0 if pixel == WHITE else 255) for pixel in row] for row in garment((40, 130, 60))]
    return {
        "a-red.png": red,
        "b-red-again.png": png(garment((190, 25, 35), 180, 240)),
        "c-blue.png": blue,
        "d-stripes.png": png(garment((250, 250, 250), stripe=(20, 20, 20))),
        "e-transparent.png": png(transparent),
        "f-small.png": png(garment((240, 200, 40), 30, 40)),
        "g-text.png": b"<html>404 Not Found</html>",
        "h-empty.png": b"",
        "i-cut.png": blue[: len(blue) // 2],
        "j-bomb.png": red[:16] + struct.pack(">II", 60_000, 60_000) + red[24:29] + _bomb_check(red),
    }


def _bomb_check(red):
    header = red[12:16] + struct.pack(">II", 60_000, 60_000) + red[24:29]
    return struct.pack(">I", zlib.crc32(header)) + red[33:]
