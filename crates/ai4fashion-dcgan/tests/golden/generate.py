"""Computes in PyTorch what the tests beside it expect of networks, files of weights and training steps.

  generate.py [NAME...]            writes weights.json, training.json, curves.json and options.json
  generate.py --check [NAME...]    compares them with what PyTorch computes now, and fails where they differ
  generate.py --train TRAINING DTYPE
      prints five numbers of each step of a training run, given as the JSON of a case of curves.json
  generate.py --save DIR, generate.py --load DIR
      writes netG.pth and netD.pth, or reads generator.safetensors and discriminator.safetensors with `strict=True`;
      writes noise, and what the networks answer, as little-endian floats to DIR/noise, DIR/images and DIR/logits

Needs torch, numpy and, for --load, safetensors. The stored numbers are computed in float64, so that they do not depend on
the CPU; weights, images and noise are given by a formula, see ai4fashion-testkit.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
import golden
import options as beyond
from tutorial import Discriminator, Generator, Training

SIZE, NZ = 64, 100
# Standard deviations of 0.02, and of 1.
WEIGHTS, NOISE = np.float32(0.034_641_016), np.float32(1.732_050_8)
KINDS = ["weight", "bias", "running_mean", "running_var"]
GENERATOR, DISCRIMINATOR, IMAGES, NOISES = 100, 200, 300, 400


def fill(net, stream):
    """`net` with weights by the formula: each tensor of its `state_dict()` has a stream by its name."""
    for name, tensor in net.state_dict().items():
        _, layer, kind = name.split(".")
        if kind == "num_batches_tracked":
            continue
        values = golden.uniform(stream + 5 * int(layer) + KINDS.index(kind), *tensor.shape)
        if kind == "running_var":
            values = np.float32(0.25) + np.float32(0.125) * values
        elif kind == "running_mean":
            values = np.float32(0.1) * values
        else:
            values = np.float32(kind == "weight" and tensor.dim() == 1) + WEIGHTS * values
        tensor.copy_(torch.from_numpy(values))
    return net


def networks(width=64):
    return fill(Generator(NZ, width), GENERATOR), fill(Discriminator(width), DISCRIMINATOR)


def tensor(values):
    return torch.from_numpy(values).to(torch.get_default_dtype())


def rectangles(count, seed):
    """Images of a rectangle of any colour in the middle of white."""
    images = np.ones((count, 3, SIZE, SIZE), np.float32)
    sides = golden.words(IMAGES + seed, np.arange(2 * count)).reshape(count, 2) % 32 + 16
    colors = golden.uniform(IMAGES + 50 + seed, count, 3)
    for image, (height, width), color in zip(images, sides, colors):
        top, left = (SIZE - height) // 2, (SIZE - width) // 2
        image[:, top : top + height, left : left + width] = color[:, None, None]
    return images


def train(training, dtype):
    """Five numbers of each step."""
    torch.set_default_dtype(dtype)
    return run(Training(*networks(training["width"]), training["lr"]), training)


def run(state, training):
    batch, steps, seed = training["batch"], training["steps"], training["seed"]
    images = tensor(rectangles(training["images"], seed)).split(batch)
    noise = tensor(NOISE * golden.uniform(NOISES + seed, steps, batch, NZ, 1, 1))
    return [state.step(images[step % len(images)], noise[step]) for step in range(steps)]


def case(width, batch, lr, steps, images, seed):
    return dict(width=width, batch=batch, lr=lr, steps=steps, images=images, seed=seed)


def training():
    """Steps at the tutorial's rate, and at a hundredth of it; twenty at that rate in networks of a quarter of the width."""
    cases = [case(16, 4, 2e-4, 20, 64, 1), case(64, 8, 2e-4, 3, 24, 2), case(64, 8, 2e-6, 20, 64, 1)]
    return [case | {"losses": train(case, torch.float64)} for case in cases]


def options():
    """Steps with options beyond the tutorial, in batches of two groups: of four images and of five."""
    torch.set_default_dtype(torch.float64)
    found = []
    for loss, lecam, upsampling, minibatch_std in [
        ("relativistic", 0.0, "transposed", False),
        ("relativistic", 0.3, "nearest", True),
        ("hinge", 0.3, "nearest", False),
        ("bce", 0.3, "transposed", True),
    ]:
        training = case(8, 9, 1e-3, 4, 36, 3)
        generator, discriminator = beyond.networks(NZ, training["width"], upsampling, minibatch_std)
        nets = fill(generator, GENERATOR), fill(discriminator, DISCRIMINATOR)
        losses = run(beyond.OptionsTraining(*nets, training["lr"], loss, lecam), training)
        settings = dict(loss=loss, lecam=lecam, upsampling=upsampling, minibatch_std=minibatch_std)
        found.append(training | settings | {"losses": losses})
    return found


def mean_distances(curve, other, steps):
    pairs = np.array(curve)[:steps, :2] - np.array(other)[:steps, :2]
    return np.abs(pairs).mean(0).tolist()


def curves():
    """Loss_D and Loss_G of longer training runs, and how far PyTorch's in float32 are from those: that, rounding decides."""
    found = []
    for training in [case(32, 16, 2e-4, 50, 256, 1), case(32, 16, 2e-5, 100, 256, 1)]:
        curve, own = train(training, torch.float64), train(training, torch.float32)
        steps = [steps for steps in (10, 25, 50, 100, 200) if steps <= training["steps"]]
        measured = [[count, *mean_distances(curve, own, count)] for count in steps]
        losses = [step[:2] for step in curve]
        found.append(training | {"losses": losses, "measured": measured})
    return found


def weights():
    """Names and shapes in `state_dict()`, and what the networks answer in evaluation mode."""
    torch.set_default_dtype(torch.float64)
    generator, discriminator = networks()
    noise = tensor(NOISE * golden.uniform(NOISES, 4, NZ, 1, 1))
    with torch.no_grad():
        images = generator.eval()(noise)
        logits = discriminator.eval()(images).view(-1)

    def state(net):
        return [[name, list(value.shape), str(value.dtype)] for name, value in net.float().state_dict().items()]

    answers = {"images": golden.summary(images), "logits": logits.tolist()}
    return [
        {"generator": state(generator), "discriminator": state(discriminator)} | answers,
        {"tiny": tiny("tiny.pth"), "legacy": tiny("tiny-legacy.pth")},
    ]


def tiny(name):
    """What the generator of ../data/tiny.py answers to one noise."""
    torch.set_default_dtype(torch.float64)
    layers = [nn.ConvTranspose2d(2, 1, 4, 1, 0, bias=False), nn.BatchNorm2d(1), nn.ReLU(True)]
    net = nn.Sequential(*layers, nn.ConvTranspose2d(1, 3, 4, 2, 1, bias=False), nn.Tanh())
    state = torch.load(Path(__file__).resolve().parent.parent / "data" / name, weights_only=True)
    net.load_state_dict({key.removeprefix("module.").removeprefix("main."): value for key, value in state.items()})
    with torch.no_grad():
        return net.eval()(torch.tensor([0.5, -0.25]).view(1, 2, 1, 1)).view(-1).tolist()


def exchange(mode, folder):
    torch.manual_seed(5)
    generator, discriminator = Generator(), Discriminator()
    if mode == "--save":
        discriminator(generator(torch.randn(16, NZ, 1, 1)))  # moves the running statistics
        torch.save(generator.state_dict(), f"{folder}/netG.pth")
        torch.save(discriminator.state_dict(), f"{folder}/netD.pth")
    else:
        from safetensors.torch import load_file

        generator.load_state_dict(load_file(f"{folder}/generator.safetensors"), strict=True)
        discriminator.load_state_dict(load_file(f"{folder}/discriminator.safetensors"), strict=True)
    noise = torch.randn(4, NZ, 1, 1)
    with torch.no_grad():
        images = generator.eval()(noise)
        logits = discriminator.eval()(images)
    for name, values in {"noise": noise, "images": images, "logits": logits}.items():
        values.numpy().astype("<f4").tofile(f"{folder}/{name}")


if __name__ == "__main__":
    torch.set_num_threads(1)  # several wait busily for each other where the CPU has other work
    match sys.argv[1:]:
        case ["--train", training_case, dtype]:
            for line in train(json.loads(training_case), getattr(torch, dtype)):
                print(json.dumps(line))
        case [("--save" | "--load") as mode, folder]:
            exchange(mode, folder)
        case _:
            files = {"weights": (weights, 1e-7), "training": (training, 1e-6), "curves": (curves, 1e-6)}
            files |= {"options": (options, 1e-6)}
            golden.main(__file__, ["torch", "numpy"], files)
