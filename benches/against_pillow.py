"""Times ingestion and Python's image libraries on the same photos, in turn, and prints a Markdown table.

    python benches/against_pillow.py                        # the photos as they are
    python benches/against_pillow.py --size 3000x4000 --count 40
    python benches/against_pillow.py --photos DIR --rounds 5

Needs Python 3.10 or newer with Pillow, and cargo: the program `ai4fashion` is built first. Rows of
pyvips (`pip install pyvips pyvips-binary`) and of simplejpeg with OpenCV (`pip install simplejpeg
opencv-python-headless`) are left out where these are missing.

The photos are `--photos`, by default those below `AI4FASHION_SHARED` (`../shared`); `--size` enlarges
`--count` of them first, as JPEG files of quality 90.

All sides use as many threads or processes, fit each photo into 256x256 on white and save it as JPEG of
quality 90. Ours also names colour and type, hashes, finds duplicates and syncs the files to the disk;
the peers do not. Each is at its best: the peers decode large JPEG files at a fraction of their size.
Their processes are started before the clock. The sides take turns `--rounds` times; medians count.
"""

import argparse
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIDE, QUALITY = 256, 90


def pillow(source, target, draft=SIDE):
    from PIL import Image

    with Image.open(source) as image:
        if draft:
            image.draft("RGB", (draft, draft))
        image = image.convert("RGB")
    scale = SIDE / max(image.size)
    fitted = [max(1, round(side * scale)) for side in image.size]
    image = image.resize(fitted, Image.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), "white")
    square.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
    square.save(target, quality=QUALITY)


def pillow_512(source, target):
    pillow(source, target, draft=512)


def pillow_whole(source, target):
    pillow(source, target, draft=None)


def pyvips(source, target):
    import pyvips

    image = pyvips.Image.thumbnail(str(source), SIDE, height=SIDE)
    image.gravity("centre", SIDE, SIDE, extend="white").jpegsave(str(target), Q=QUALITY)


def simplejpeg(source, target):
    import cv2
    import numpy
    import simplejpeg

    image = simplejpeg.decode_jpeg(source.read_bytes(), min_height=SIDE, min_width=SIDE)
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    fitted = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = cv2.resize(image, fitted, interpolation=how)
    square = numpy.full((SIDE, SIDE, 3), 255, numpy.uint8)
    top, left = (SIDE - fitted[1]) // 2, (SIDE - fitted[0]) // 2
    square[top : top + fitted[1], left : left + fitted[0]] = image
    target.write_bytes(simplejpeg.encode_jpeg(square, QUALITY, colorsubsampling="420"))


PEERS = {
    "Pillow, `draft` 256": (pillow, ["PIL"]),
    "Pillow, `draft` 512": (pillow_512, ["PIL"]),
    "Pillow, no `draft`": (pillow_whole, ["PIL"]),
    "pyvips, `thumbnail`": (pyvips, ["pyvips"]),
    "simplejpeg and OpenCV": (simplejpeg, ["simplejpeg", "cv2"]),
}


def ready(_):
    time.sleep(0.2)


def peer(work, photos, out, workers):
    """Images per second of a peer, by processes that are started already."""
    os.environ["VIPS_CONCURRENCY"] = "1"
    out.mkdir()
    targets = [out / f"{photo.stem}.jpg" for photo in photos]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(ready, range(workers)))
        list(pool.map(work, photos[:workers], targets[:workers]))
        start = time.perf_counter()
        list(pool.map(work, photos, targets, chunksize=max(1, min(16, len(photos) // 8))))
        return len(photos) / (time.perf_counter() - start)


def ours(program, folder, out, workers, labels):
    """Images per second and peak memory of an ingestion, as the program itself tells them."""
    command = [program, "ingest", "folder", folder, "--out", out, "--labels", labels, "--json"]
    environment = {**os.environ, "RAYON_NUM_THREADS": str(workers)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(ran.stdout)
    return report["images_per_s"], report["peak_mib"]


def enlarged(photos, folder, size, count):
    """Copies of `count` photos of about `size`, in their own aspect."""
    from PIL import Image

    chosen = photos[:: max(1, len(photos) // count)][:count]
    for photo in chosen:
        with Image.open(photo) as image:
            scale = min(size[0] / image.width, size[1] / image.height)
            new = round(image.width * scale), round(image.height * scale)
            image.convert("RGB").resize(new, Image.BICUBIC).save(folder / f"{photo.stem}.jpg", quality=QUALITY)
    return sorted(folder.iterdir())


def pair(text):
    width, height = text.split("x")
    return int(width), int(height)


def main():
    shared = pathlib.Path(os.environ.get("AI4FASHION_SHARED", ROOT / ".." / "shared"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path, default=shared / "data/smallfashion/images")
    parser.add_argument("--size", type=pair, help="enlarge photos to WIDTHxHEIGHT first")
    parser.add_argument("--count", type=int, help="number of photos (default: all, or 40 with --size)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()

    subprocess.run(
        "cargo build --release --locked --quiet -p ai4fashion-cli --no-default-features".split(),
        cwd=ROOT,
        check=True,
    )
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        program = shutil.copy(target / "release/ai4fashion", place / "ai4fashion")
        photos = sorted(options.photos.glob("*.jpg"))
        folder = place / "photos"
        folder.mkdir()
        if options.size:
            photos = enlarged(photos, folder, options.size, options.count or 40)
        else:
            photos = photos[: options.count]
            for photo in photos:
                (folder / photo.name).symlink_to(photo.resolve())
        sides = {f"**ours**, `--labels {labels}`": labels for labels in ("color", "garment")}
        peers = {
            name: work
            for name, (work, modules) in PEERS.items()
            if all(importlib.util.find_spec(module) for module in modules)
        }
        speeds = {name: [] for name in [*sides, *peers]}
        peaks = {}
        for number in range(options.rounds):
            for name, labels in sides.items():
                out = place / f"out-{number}-{labels}"
                speed, peaks[name] = ours(program, folder, out, options.threads, labels)
                speeds[name].append(speed)
            for name, work in peers.items():
                out = place / f"out-{number}-{len(speeds[name])}-{work.__name__}"
                speeds[name].append(peer(work, photos, out, options.threads))

    medians = {name: statistics.median(speed) for name, speed in speeds.items()}
    best = max(medians[name] for name in peers)
    what = f"enlarged to {options.size[0]}x{options.size[1]}" if options.size else "as they are"
    print(f"{len(photos)} photos {what}, {options.threads} threads or processes, medians of {options.rounds} rounds;")
    print(f"{datetime.date.today()}, {platform.machine()}\n")
    print("| what | images/s | range | against the best peer | peak memory |\n|---|---|---|---|---|")
    for name, speed in medians.items():
        low, high = min(speeds[name]), max(speeds[name])
        peak = f"{peaks[name]:.0f} MiB" if name in peaks else ""
        print(f"| {name} | {speed:,.0f} | {low:,.0f} to {high:,.0f} | {speed / best:.2f} | {peak} |")


if __name__ == "__main__":
    main()
