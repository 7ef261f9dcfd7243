"""Times this project and PyTorch on the same machine, in turn, and prints a Markdown table.

    python benches/against_torch.py                        # a training step, batch 128, 64x64
    python benches/against_torch.py --size 32 64 128 --batch 16 128
    python benches/against_torch.py --generate --bf16      # generating 64 images

Needs Linux (it reads /proc), Python 3.10 or newer with PyTorch (`pip install torch`; its CPU build
is enough), and cargo: the program `ai4fashion`, whose `bench` times our side, is built first.

Both sides run the DCGAN of https://pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html with its
widths and Adam, in f32; at 32x32 and 128x128 both networks have one block fewer or more. The one
difference from the tutorial is the loss: binary cross entropy on logits in place of sigmoid and BCELoss.

Every measurement is a process of its own, so that its peak memory is its own: two steps that are not
timed, then `--steps` timed ones, of which the median counts. The sides take turns `--rounds` times, so
that a machine that slows down slows down all of them. Close other programs: the sides share a CPU
with them unequally well, so the line above the table says how many cores they took meanwhile.
"""

import argparse
import datetime
import importlib.metadata
import itertools
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NZ, NGF, NDF, CHANNELS = 100, 64, 64, 3
WARM_UP = 2  # as in `ai4fashion bench`
GENERATED = 64  # images that --generate makes at once, as in `ai4fashion bench sample`
TUTORIAL, CHANNELS_LAST = "PyTorch, tutorial code", "PyTorch, channels_last"
BF16 = "PyTorch, channels_last, bf16"


def networks(size, channels_last):
    """The tutorial's generator and discriminator for images of `size`, and their optimizers."""
    import torch
    from torch import nn

    doublings = (size // 4).bit_length() - 1
    widths = [NGF << k for k in reversed(range(doublings))]
    layers = [nn.ConvTranspose2d(NZ, widths[0], 4, 1, 0, bias=False)]
    for before, after in itertools.pairwise([*widths, CHANNELS]):
        layers += [nn.BatchNorm2d(before), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False)]
    generator = nn.Sequential(*layers, nn.Tanh())

    widths = [NDF << k for k in range(doublings)]
    layers = [nn.Conv2d(CHANNELS, NDF, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
    for before, after in itertools.pairwise(widths):
        layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(after), nn.LeakyReLU(0.2, True)]
    discriminator = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 4, 1, 0, bias=False))

    def init(module):
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)

    layout = torch.channels_last if channels_last else torch.contiguous_format
    both = [network.apply(init).to(memory_format=layout) for network in (generator, discriminator)]
    return both, [torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999)) for network in both]


def child(label, batch, size, steps, threads, generate):
    """Measures one PyTorch variant; prints what `ai4fashion bench --json` prints."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    bf16, channels_last, shape = label == BF16, label != TUTORIAL, (batch, CHANNELS, size, size)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    (generator, discriminator), (optimizer_g, optimizer_d) = networks(size, channels_last)

    def generate_images(noise):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            return generator(noise)

    def discriminate(images, target):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logits = discriminator(images)
        logits = logits.float().view(-1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.full((batch,), target))
        loss.backward()
        return loss, torch.sigmoid(logits.detach()).mean()

    def train(images):
        optimizer_d.zero_grad()
        loss_real, on_real = discriminate(images, 1.0)
        fakes = generate_images(torch.randn(batch, NZ, 1, 1))
        loss_fake, on_fake = discriminate(fakes.detach(), 0.0)
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g, on_fake_after = discriminate(fakes, 1.0)
        optimizer_g.step()
        return [x.item() for x in (loss_real + loss_fake, loss_g, on_real, on_fake, on_fake_after)]

    generator.train(not generate)
    seconds = []
    for _ in range(WARM_UP + steps):
        images = torch.rand(shape).mul(2).sub(1).contiguous(memory_format=layout)
        noise = torch.randn(batch, NZ, 1, 1)
        start = time.perf_counter()
        if generate:
            with torch.no_grad():
                generate_images(noise)
        else:
            train(images)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"median_s": statistics.median(seconds[WARM_UP:]), "peak_mib": peak}))


def measure(label, batch, size, args):
    """Runs one measurement in a process of its own; returns its median seconds and peak MiB."""
    if label.startswith("ours, "):
        target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
        what = "sample" if args.generate else "step"
        command = [ROOT / target / "release" / "ai4fashion", "bench", what, "--json", "--batch", str(batch)]
        command += ["--device", label.removeprefix("ours, "), "--size", str(size), "--steps", str(args.steps)]
    else:
        job = [label, batch, size, args.steps, args.threads, args.generate]
        command = [sys.executable, __file__, "--child", json.dumps(job)]
    env = os.environ | {"RAYON_NUM_THREADS": str(args.threads)}
    output = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = json.loads(output.splitlines()[-1])
    print(f"{label}, batch {batch}, {size}x{size}: {result['median_s']:.3f} s", file=sys.stderr)
    return result["median_s"], result["peak_mib"] or float("nan")


def table(batch, size, args):
    """Rows of all variants at one batch and image size, which take turns."""
    labels = [f"ours, {device}" for device in args.device] + [TUTORIAL, CHANNELS_LAST] + [BF16] * args.bf16
    runs = {label: [] for label in labels}
    for _ in range(args.rounds):
        for label in labels:
            runs[label].append(measure(label, batch, size, args))
    seconds = {label: [second for second, _ in results] for label, results in runs.items()}
    median = {label: statistics.median(times) for label, times in seconds.items()}
    for label in labels:
        mine, peak = median[label], max(peak for _, peak in runs[label])
        ratios = [f"{median[peer] / mine:.2f}x" for peer in (TUTORIAL, CHANNELS_LAST)]
        span = f"{min(seconds[label]):.3f} to {max(seconds[label]):.3f}"
        cells = [label, batch, f"{size}x{size}", f"{mine:.3f}", span, f"{batch / mine:.0f}", f"{peak:,.0f}"]
        yield "| " + " | ".join(map(str, cells + ratios)) + " |"


def others():
    """CPU seconds so far of everything on the machine but our measurements."""
    with open("/proc/stat", encoding="utf-8") as lines:
        user, nice, system, _, _, irq, softirq, steal = map(int, lines.readline().split()[1:9])
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK") - ours.ru_utime - ours.ru_stime


def cpu():
    """The CPU's name."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = (line.split(": ")[1].strip() for line in lines if line.startswith("model name"))
        return next(names, platform.machine())


def count(text):
    """An argument that is a whole number from 1."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    sizes, devices = [32, 64, 128], ["ndarray", "flex"]
    parser.add_argument("--rounds", type=count, default=3, help="times that every side is measured")
    parser.add_argument("--steps", type=count, default=8, help="timed steps of a measurement")
    parser.add_argument("--threads", type=count, default=os.cpu_count(), help="threads of each side")
    parser.add_argument("--batch", type=count, nargs="+", default=[128], help="images in a step")
    parser.add_argument("--size", type=int, nargs="+", choices=sizes, default=[64], help="side of an image")
    parser.add_argument("--device", nargs="+", choices=devices, default=devices, help="our compute backends")
    parser.add_argument("--bf16", action="store_true", help="add PyTorch with bf16 autocast, channels_last")
    what = f"time generating {GENERATED} images, not a training step; --batch is not used"
    parser.add_argument("--generate", action="store_true", help=what)
    parser.add_argument("--child", type=json.loads, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return child(*args.child)
    try:
        torch = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        parser.error(f"{sys.executable} has no PyTorch; pip install torch")
    build = ["cargo", "build", "--release", "--quiet", "-p", "ai4fashion-cli"]
    subprocess.run(build, cwd=ROOT, check=True)
    batches = [GENERATED] if args.generate else args.batch
    before, start = others(), time.monotonic()
    rows = [row for size in args.size for batch in batches for row in table(batch, size, args)]
    taken = (others() - before) / (time.monotonic() - start)
    did = f"Generating {GENERATED} images" if args.generate else "A training step"
    print(f"{did}; {datetime.date.today()}; rounds: {args.rounds}, timed steps in each: {args.steps}.")
    print(f"{cpu()}, {args.threads} threads, torch {torch}; other programs took {taken:.2f} cores.\n")
    head = "| what | batch | size | seconds | range | images/s | peak MiB"
    print(head + " | against PyTorch tutorial | against channels_last |\n" + "|---" * 9 + "|")
    print(*rows, sep="\n")
    print("\nA ratio is PyTorch's seconds over the row's: above 1x the row is faster.")
    if taken > 0.1:
        print("Other programs were busy, so these ratios are not to be trusted; run it again.")


if __name__ == "__main__":
    sys.exit(main())
