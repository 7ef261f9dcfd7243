"""Computes in PyTorch what ../against_torch.rs expects: operations with their gradients, and steps of Adam.

  generate.py            writes operations.json and adam.json
  generate.py --check    compares them with what PyTorch computes now, and fails where they differ
  generate.py --tensors DIR
      writes all results in float32, whole, as little-endian floats to DIR/<place of the case>-<name>, and Adam's
      to DIR/adam-<name>

Needs torch and numpy. The stored numbers are computed in float64 of the same inputs, so that they do not depend on the
CPU; inputs are given by a formula, see ai4fashion-testkit.
"""
import math
import sys
from itertools import product
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
import golden

EPSILON = 1e-5
LEAKS = [1.0, 0.0, 0.2]  # identity, ReLU, leaky ReLU
STREAMS = {name: stream for stream, name in enumerate(["x", "weight", "bias", "mean", "variance", "output_grad"], 1)}
ADAM_LEN, ADAM_STEPS, ADAM_STORED = 50_000, 5, 90


def layers():
    """The DCGAN's layers at a reduced batch, and wide ones of sizes that it does not have."""
    halving, whole = ([2, 2], [1, 1], [0, 0]), ([1, 1], [0, 0], [0, 0])
    down = [
        ([8, 3, 64, 64], 64, halving),
        ([16, 64, 32, 32], 128, halving),  # enough tiles for the larger Winograd filter
        ([4, 64, 32, 32], 128, halving),
        ([4, 128, 16, 16], 256, halving),
        ([3, 256, 8, 8], 512, halving),
        ([40, 512, 4, 4], 1, whole),
        ([1, 32, 18, 30], 64, ([2, 2], [0, 2], [0, 0])),
        ([2, 32, 15, 13], 64, halving),
    ]
    up = [
        ([16, 100, 1, 1], 512, whole),
        ([3, 512, 4, 4], 256, halving),
        ([4, 256, 8, 8], 128, halving),
        ([16, 128, 16, 16], 64, halving),  # as above
        ([8, 64, 32, 32], 3, halving),
        ([1, 64, 6, 10], 32, ([2, 2], [2, 0], [0, 0])),
        ([2, 64, 7, 5], 32, ([2, 2], [1, 1], [1, 0])),
    ]
    for x, outputs, window in down:
        yield convolution("conv2d", window, x=x, weight=[outputs, x[1], 4, 4])
    for x, outputs, window in up:
        yield convolution("conv_transpose2d", window, x=x, weight=[x[1], outputs, 4, 4])


def odd_convolutions():
    """Both convolutions of an odd number of channels and a single image, with a bias."""
    kernels = [[3, 3], [4, 4], [5, 5], [3, 5]]
    strides, paddings = [[1, 1], [2, 2], [1, 2]], [[0, 0], [1, 1], [2, 2], [0, 2]]
    for kernel, stride, padding in product(kernels, strides, paddings):
        window, extra = (stride, padding, [0, 0]), [step - 1 for step in stride]
        yield convolution("conv2d", window, x=[1, 7, 9, 13], weight=[5, 7, *kernel], bias=[5])
        window = (stride, padding, extra)
        yield convolution("conv_transpose2d", window, x=[1, 7, 5, 6], weight=[7, 5, *kernel], bias=[5])


def convolution(op, window, **inputs):
    return {"op": op, "inputs": inputs} | dict(zip(["stride", "padding", "extra"], window))


def by_channel():
    shapes = [[16, 64, 16, 16], [8, 128, 8, 8], [5, 3, 7, 9], [1, 5, 9, 13], [8, 7, 1, 1]]
    names = {"batch_norm_act": ["weight", "bias"], "batch_norm_inference_act": ["weight", "bias", "mean", "variance"], "activate": []}
    for leak, (op, channels), x in product(LEAKS, names.items(), shapes):
        yield {"op": op, "inputs": {"x": x} | {name: [x[1]] for name in channels}, "leak": leak}


def activate(x, leak):
    return x if leak == 1.0 else F.relu(x) if leak == 0.0 else F.leaky_relu(x, leak)


def results(case, dtype):
    """The output, what the batch norm measures, and the gradients to the inputs."""

    def input_of(name, shape):
        values = golden.uniform(STREAMS[name], *shape)
        if name == "variance":
            values = values + np.float32(1.5)
        if name == "x" and case["op"] == "batch_norm_act":
            values = np.float32(2) * values + np.float32(3)
        return torch.from_numpy(values).to(dtype)

    tensors = {name: input_of(name, shape) for name, shape in case["inputs"].items()}
    varied = {name: tensor.requires_grad_() for name, tensor in tensors.items() if name not in ("mean", "variance")}
    x, weight, bias, mean, variance = (tensors.get(name) for name in ("x", "weight", "bias", "mean", "variance"))
    found = {}
    match case["op"]:
        case "conv2d":
            output = F.conv2d(x, weight, bias, case["stride"], case["padding"])
        case "conv_transpose2d":
            output = F.conv_transpose2d(x, weight, bias, case["stride"], case["padding"], case["extra"])
        case "batch_norm_act":
            output = activate(F.batch_norm(x, None, None, weight, bias, True, 0.0, EPSILON), case["leak"])
            found["batch_mean"] = x.mean((0, 2, 3))
            found["batch_variance"] = x.var((0, 2, 3), correction=0)
        case "batch_norm_inference_act":
            output = activate(F.batch_norm(x, mean, variance, weight, bias, False, 0.0, EPSILON), case["leak"])
        case "activate":
            output = activate(x, case["leak"])
    output.backward(input_of("output_grad", output.shape))
    found |= {"output": output} | {f"{name}_grad": tensor.grad for name, tensor in varied.items()}
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def cases():
    return [*layers(), *odd_convolutions(), *by_channel()]


def operations():
    def with_results(case):
        found = results(case, torch.float64)
        return case | {"results": {name: golden.summary(values) for name, values in found.items()}}

    return [with_results(case) for case in cases()]


def adam(dtype):
    """Parameter and moments after some steps, with gradients of all magnitudes, some of them 0."""
    powers = np.array([float(f"1e-{power}") for power in range(9)], np.float32)
    grads = golden.uniform(8, ADAM_STEPS, ADAM_LEN) * powers[np.arange(ADAM_LEN) % 9]
    grads[:, ::1000] = 0
    start = np.float32(0.02) * golden.uniform(9, ADAM_LEN)
    parameter = torch.nn.Parameter(torch.from_numpy(start).to(dtype))
    optimizer = torch.optim.Adam([parameter], lr=2e-4, betas=(0.5, 0.999))
    for grad in torch.from_numpy(grads).to(dtype):
        parameter.grad = grad.clone()
        optimizer.step()
    state = optimizer.state[parameter]
    found = {"parameter": parameter, "first": state["exp_avg"], "second": state["exp_avg_sq"]}
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def adam_cases():
    """The first places, two of whose gradients are 0, one row a place: they are of nine magnitudes."""
    found = adam(torch.float64)
    places = [*range(ADAM_STORED), 1000, 49_000]
    return [{"place": place} | {name: float(values[place]) for name, values in found.items()} for place in places]


def write_tensors(folder):
    for place, case in enumerate(cases()):
        for name, values in results(case, torch.float32).items():
            values.astype("<f4").tofile(f"{folder}/{place}-{name}")
    for name, values in adam(torch.float32).items():
        values.astype("<f4").tofile(f"{folder}/adam-{name}")


if __name__ == "__main__":
    torch.set_num_threads(1)  # several wait busily for each other where the CPU has other work
    if sys.argv[1:2] == ["--tensors"]:
        write_tensors(sys.argv[2])
    else:
        golden.main(__file__, ["torch", "numpy"], {"operations": (operations, 1e-7), "adam": (adam_cases, 1e-7)})
