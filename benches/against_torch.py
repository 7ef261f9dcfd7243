"""Times this project and PyTorch on the same machine, in turn, and prints a Markdown table.

    python benches/against_torch.py                        # a training step, batch 128, 64x64
    python benches/against_torch.py --size 32 64 128 --batch 16 128
    python benches/against_torch.py --precision mixed      # ours in mixed precision, PyTorch's in bf16
    python benches/against_torch.py --generate --batch 64 1
    python benches/against_torch.py --before OTHER/ai4fashion   # another build of ours, too

Needs Linux (it reads /proc), Python 3.10 or newer with PyTorch (`pip install torch`; its CPU build
is enough), and cargo: the program `ai4fashion`, whose `bench` times our side, is built first.
`torch.compile` needs a C++ compiler. Where OpenVINO (`pip install openvino`) is installed, it
generates, too; where tcmalloc is (`apt install libtcmalloc-minimal4`), PyTorch has a row with it.

Both sides run the DCGAN of https://pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html with its
widths and Adam; at 32x32 and 128x128 both networks have one block fewer or more. The one difference
from the tutorial is the loss: binary cross entropy on logits in place of sigmoid and BCELoss.

PyTorch runs as the tutorial has it, and in forms that make it faster: channels_last, Adam fused,
freed memory kept (the C library's settings, as our program has them) or tcmalloc, compiled; in all of
these the generator's step leaves out the gradients of the discriminator's weights, which nobody uses.
The best peer is the fastest of the rows. A row that the machine cannot do says why.

Every measurement is a process of its own, so that its peak memory is its own: steps that are not
timed, then `--steps` timed ones, of which the median counts. The sides take turns `--rounds` times, so
that a machine that slows down slows down all of them. Close other programs: the sides share a CPU
with them unequally well, so the line above the table says how many cores they took meanwhile.
"""

import argparse
import ctypes.util
import dataclasses
import datetime
import importlib.metadata
import importlib.util
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
TUTORIAL = "tutorial code"
WARM_UP = 2  # as in `ai4fashion bench`
WARM_UP_COMPILED = 5  # compilers look at the first steps
# Memory that is freed stays with the process: `keep_freed_memory` of our program.
KEPT = {"MALLOC_MMAP_THRESHOLD_": str(1 << 31), "MALLOC_TRIM_THRESHOLD_": str(1 << 31)}


@dataclasses.dataclass(frozen=True)
class Torch:
    """A form of PyTorch's side."""

    name: str
    channels_last: bool = True
    fused: bool = False
    kept: bool = False
    compiled: bool = False
    bf16: bool = False
    tcmalloc: bool = False
    openvino: bool = False

    def env(self):
        """The environment of its process."""
        env = KEPT if self.kept else {}
        if self.tcmalloc:
            env = env | {"LD_PRELOAD": tcmalloc() or sys.exit("tcmalloc is not installed")}
        return env


def tcmalloc():
    """The file name of the library, or None."""
    return ctypes.util.find_library("tcmalloc_minimal")


def forms(args):
    """The forms of PyTorch that are measured."""
    if args.precision == "mixed" and args.generate:
        last = Torch("bf16, channels_last, memory kept", kept=True, bf16=True)
        return [last, dataclasses.replace(last, name="all of these, compiled, frozen", compiled=True)]
    if args.precision == "mixed":
        fused = Torch("bf16, channels_last, fused Adam, memory kept", fused=True, kept=True, bf16=True)
        compiled = dataclasses.replace(fused, name="bf16, all of these, compiled", compiled=True)
        return [Torch("bf16, channels_last", bf16=True), fused, compiled]
    tutorial = Torch(TUTORIAL, channels_last=False)
    if args.generate:
        compiled = Torch("compiled, frozen", channels_last=False, kept=True, compiled=True)
        last = dataclasses.replace(compiled, name="channels_last, compiled, frozen", channels_last=True)
        found = [tutorial, Torch("channels_last, memory kept", kept=True), compiled, last]
        return found + [Torch("exported to OpenVINO", channels_last=False, openvino=True)]
    fused = Torch("channels_last, fused Adam, memory kept", fused=True, kept=True)
    found = [tutorial, Torch("channels_last"), fused]
    found += [dataclasses.replace(fused, name="all of these, compiled", compiled=True)]
    faster = Torch("channels_last, fused Adam, tcmalloc", fused=True, tcmalloc=True)
    compiled = dataclasses.replace(faster, name="all of these with tcmalloc, compiled", compiled=True)
    return [*found, faster, compiled]


def networks(size, form):
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

    layout = torch.channels_last if form.channels_last else torch.contiguous_format
    both = [network.apply(init).to(memory_format=layout) for network in (generator, discriminator)]
    adam = {"lr": 2e-4, "betas": (0.5, 0.999), "fused": form.fused or None}
    return both, [torch.optim.Adam(network.parameters(), **adam) for network in both]


def in_openvino(generator, batch):
    """A function that generates with OpenVINO, from the exported network."""
    import openvino
    import torch

    example = torch.randn(batch, NZ, 1, 1)
    model = openvino.convert_model(torch.export.export(generator.eval(), (example,)))
    options = {"INFERENCE_NUM_THREADS": torch.get_num_threads(), "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.compile_model(model, "CPU", options)
    return lambda noise: compiled(noise.numpy(), share_outputs=True)


def child(form, batch, size, steps, threads, generate):
    """Measures one form of PyTorch; prints what `ai4fashion bench --json` prints, and more."""
    import torch

    form = Torch(**form)
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    layout = torch.channels_last if form.channels_last else torch.contiguous_format
    (generator, discriminator), (optimizer_g, optimizer_d) = networks(size, form)
    generator.train(not generate)
    is_tutorial = form.name == TUTORIAL
    if form.compiled:
        generator = torch.compile(generator, mode="max-autotune" if generate else None)
        discriminator = torch.compile(discriminator)
    elif form.openvino:
        generator = in_openvino(generator, batch)

    def generate_images(noise):
        with torch.autocast("cpu", torch.bfloat16, enabled=form.bf16):
            return generator(noise)

    def discriminate(images, target):
        with torch.autocast("cpu", torch.bfloat16, enabled=form.bf16):
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
        # Nobody uses these gradients: our step leaves them out, too. The tutorial computes them.
        discriminator.requires_grad_(is_tutorial)
        loss_g, on_fake_after = discriminate(fakes, 1.0)
        discriminator.requires_grad_(True)
        optimizer_g.step()
        return [x.item() for x in (loss_real + loss_fake, loss_g, on_real, on_fake, on_fake_after)]

    def step():
        images = torch.rand(batch, CHANNELS, size, size).mul(2).sub(1).contiguous(memory_format=layout)
        noise = torch.randn(batch, NZ, 1, 1)
        start = time.perf_counter()
        if generate:
            with torch.inference_mode():
                generate_images(noise)
        else:
            train(images)
        return time.perf_counter() - start

    warm_up = sum(step() for _ in range(WARM_UP_COMPILED if form.compiled else WARM_UP))
    median = statistics.median(step() for _ in range(steps))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"median_s": median, "peak_mib": peak, "warm_up_s": warm_up}))


def program():
    """Our program, as `cargo build --release` leaves it."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    return ROOT / target / "release" / "ai4fashion"


def sides(args):
    """Names of all variants: with a program and a device, or a form of PyTorch."""
    found = {f"ours, {device}": (program(), device) for device in args.device}
    if args.before:
        found |= {f"ours before, {device}": (args.before, device) for device in args.device}
    return found | {f"PyTorch, {form.name}": form for form in forms(args)}


def measure(label, side, batch, size, args):
    """Runs one measurement in a process of its own; returns its result, or why there is none."""
    env = os.environ | {"RAYON_NUM_THREADS": str(args.threads)}
    if isinstance(side, Torch):
        if side.openvino and not importlib.util.find_spec("openvino"):
            return "OpenVINO is not installed"
        if side.tcmalloc and not tcmalloc():
            return "tcmalloc is not installed"
        job = [dataclasses.asdict(side), batch, size, args.steps, args.threads, args.generate]
        command, env = [sys.executable, __file__, "--child", json.dumps(job)], env | side.env()
        env |= {"TORCHINDUCTOR_FREEZING": "1"} if args.generate else {}
    else:
        executable, device = side
        what = "sample" if args.generate else "step"
        command = [executable, "bench", what, "--json", "--batch", str(batch), "--device", device]
        command += ["--size", str(size), "--steps", str(args.steps), "--precision", args.precision]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if run.returncode:
        print(run.stderr, file=sys.stderr)
        if not isinstance(side, Torch):
            sys.exit(f"{label} failed")
        return (run.stderr.splitlines() or ["it failed"])[-1]
    result = json.loads(run.stdout.splitlines()[-1])
    print(f"{label}, batch {batch}, {size}x{size}: {result['median_s']:.4f} s", file=sys.stderr)
    return result


def table(batch, size, args):
    """Rows of all variants at one batch and image size, which take turns."""
    variants = sides(args)
    runs = {label: [] for label in variants}
    for _ in range(args.rounds):
        for label, side in variants.items():
            # What failed once will fail again.
            if not any(isinstance(run, str) for run in runs[label]):
                runs[label].append(measure(label, side, batch, size, args))
    failed = {label: run for label, found in runs.items() for run in found if isinstance(run, str)}
    seconds = {
        label: [run["median_s"] for run in found] for label, found in runs.items() if label not in failed
    }
    median = {label: statistics.median(times) for label, times in seconds.items()}
    peers = [label for label in median if isinstance(variants[label], Torch)]
    best = min((median[label] for label in peers), default=float("nan"))
    for label in variants:
        cells = [label, batch, f"{size}x{size}"]
        if label in failed:
            yield "| " + " | ".join(map(str, [*cells, failed[label], "", "", "", ""])) + " |"
            continue
        mine, span = median[label], f"{min(seconds[label]):.4f} to {max(seconds[label]):.4f}"
        peak = max(run["peak_mib"] or float("nan") for run in runs[label])
        compiled = getattr(variants[label], "compiled", False)
        warm_up = max(run.get("warm_up_s", 0) for run in runs[label])
        cells[0] += f" ({warm_up:.0f} s before the first timed step)" if compiled else ""
        cells += [f"{mine:.4f}", span, f"{batch / mine:.0f}", f"{peak:,.0f}", f"{best / mine:.2f}x"]
        yield "| " + " | ".join(map(str, cells)) + " |"


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
    batch = "images in a step, or generated at once; default 128, and 64 with --generate"
    parser.add_argument("--batch", type=count, nargs="+", help=batch)
    parser.add_argument("--size", type=int, nargs="+", choices=sizes, default=[64], help="side of an image")
    parser.add_argument("--device", nargs="+", choices=devices, default=devices, help="our compute backends")
    precision = "of our products; mixed is beside PyTorch's bf16 autocast"
    parser.add_argument("--precision", choices=["f32", "mixed"], default="f32", help=precision)
    parser.add_argument("--before", type=pathlib.Path, help="another build of ours, to run beside this one")
    parser.add_argument("--generate", action="store_true", help="time generating images, not training")
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
    batches = args.batch or [64 if args.generate else 128]
    before, start = others(), time.monotonic()
    rows = [row for size in args.size for batch in batches for row in table(batch, size, args)]
    taken = (others() - before) / (time.monotonic() - start)
    did = "Generating images" if args.generate else "A training step"
    print(f"{did}; {datetime.date.today()}; rounds: {args.rounds}, timed steps in each: {args.steps}.")
    print(f"{cpu()}, {args.threads} threads, torch {torch}; other programs took {taken:.2f} cores.\n")
    print("| what | batch | size | seconds | range | images/s | peak MiB | against the best peer |")
    print("|---" * 8 + "|", *rows, sep="\n")
    print("\nA ratio is the seconds of the fastest row that is not ours over the row's own: above 1x is faster.")
    if taken > 0.1:
        print("Other programs were busy, so these ratios are not to be trusted; run it again.")


if __name__ == "__main__":
    sys.exit(main())
