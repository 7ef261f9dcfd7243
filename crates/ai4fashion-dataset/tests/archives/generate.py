"""Writes the archives beside this script anew: the same two images, packed by different programs.

    python crates/ai4fashion-dataset/tests/archives/generate.py

Needs the programs zip (Info-ZIP), 7zz, bsdtar, jar, perl with Archive::Zip, node, and python with
`zstandard`; NODE_PATH names a folder with the packages jszip, yazl and archiver. An archive whose
program is missing stays as it is.
"""

import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ["photos/blue.bmp", "photos/r\u00f6d \u7ea2.bmp"]
COLORS = [(200, 40, 30), (30, 30, 200)]  # blue, green, red: the order of BMP
SEVEN_ZIP = {
    "7zip-deflate": "Deflate",
    "7zip-deflate64": "Deflate64",
    "7zip-bzip2": "BZip2",
    "7zip-lzma": "LZMA",
    "7zip-ppmd": "PPMd",
}
NODE = {
    "jszip": """
        const zip = new (require("jszip"))();
        for (const name of names) zip.file(name, fs.readFileSync(name));
        zip.generateNodeStream({compression: "DEFLATE", streamFiles: true})
            .pipe(fs.createWriteStream(out));""",
    "yazl": """
        const zip = new (require("yazl").ZipFile)();
        for (const name of names) zip.addReadStream(fs.createReadStream(name), name);
        zip.outputStream.pipe(fs.createWriteStream(out));
        zip.end();""",
    "archiver": """
        const archiver = require("archiver");
        const zip = archiver.ZipArchive ? new archiver.ZipArchive() : archiver("zip");
        zip.pipe(fs.createWriteStream(out));
        for (const name of names) zip.append(fs.createReadStream(name), {name});
        zip.finalize();""",
}
PERL = """
    use Archive::Zip; use Encode;
    my ($out, @names) = @ARGV; my $zip = Archive::Zip->new();
    $zip->addFile($_) for @names;
    $zip->writeToFileNamed($out) == 0 or die;
"""


def image(color, edge=32):
    """A square of one colour on white, as BMP."""
    inside = range(edge // 4, 3 * edge // 4)
    pixels = b"".join(
        bytes(color) if x in inside and y in inside else b"\xff\xff\xff"
        for y in range(edge)
        for x in range(edge)
    )
    size = 54 + len(pixels)
    header = struct.pack("<2sIHHI", b"BM", size, 0, 0, 54)
    return header + struct.pack("<IiiHHIIiiII", 40, edge, edge, 1, 24, 0, len(pixels), 2835, 2835, 0, 0) + pixels


def by_hand(path, files, method, pack, flags=0):
    """An archive without any extra, as PowerShell's and older tools' are."""
    body, directory = b"", b""
    for name, data in files:
        packed = pack(data)
        fixed = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 0x5821, zlib.crc32(data), len(packed), len(data), len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + fixed + name + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def run(archive, *command, **options):
    out = HERE / f"{archive}.zip"
    if shutil.which(command[0]) is None:
        print(f"{command[0]} is missing: {out.name} stays as it is")
        return
    out.unlink(missing_ok=True)
    command = [str(out) if part is None else part for part in command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def main():
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("photos")
        for name, color in zip(NAMES, COLORS):
            Path(name).write_bytes(image(color))
            os.utime(name, (1_700_000_000, 1_700_000_000))
        for method in ("ZIP_STORED", "ZIP_DEFLATED", "ZIP_BZIP2", "ZIP_LZMA"):
            out = HERE / f"python-{method[4:].lower()}.zip"
            with zipfile.ZipFile(out, "w", getattr(zipfile, method)) as archive:
                for name in NAMES:
                    archive.write(name)
        run("infozip", "zip", "-q", "-r", None, "photos")
        run("infozip-bzip2", "zip", "-q", "-r", "-Z", "bzip2", None, "photos")
        if shutil.which("zip"):
            # A pipe cannot go back to write the sizes: they follow the data, as zip64.
            stream = subprocess.check_output(["zip", "-q", "-fz", "-r", "-", "photos"])
            (HERE / "infozip-stream.zip").write_bytes(stream)
        for archive, method in SEVEN_ZIP.items():
            run(archive, "7zz", "a", "-tzip", f"-mm={method}", None, "photos")
        run("bsdtar", "bsdtar", "-a", "-c", "-f", None, "photos")
        run("jar", "jar", "-c", "-M", "-f", None, "photos")
        run("perl", "perl", "-e", PERL, None, *NAMES)
        for archive, script in NODE.items():
            names = ", ".join(f'"{name}"' for name in NAMES)
            script = f'const fs = require("fs"), out = process.argv[1], names = [{names}];{script}'
            run(archive, "node", "-e", script, None)
        files = [(name, Path(name).read_bytes()) for name in NAMES]
        utf8 = [(name.encode(), data) for name, data in files]
        backslashes = [(name.replace("/", "\\").encode(), data) for name, data in files]
        by_hand(HERE / "powershell.zip", backslashes, 8, deflate, 1 << 11)
        by_hand(HERE / "by-hand-xz.zip", utf8, 95, lambda data: lzma.compress(data), 1 << 11)
        try:
            import zstandard
        except ImportError:
            print("zstandard is missing: by-hand-zstd.zip stays as it is")
        else:
            by_hand(HERE / "by-hand-zstd.zip", utf8, 93, zstandard.compress, 1 << 11)


if __name__ == "__main__":
    main()
