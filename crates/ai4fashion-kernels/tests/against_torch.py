"""Runs the cases of against_torch.rs in PyTorch.

against_torch.py FOLDER: reads FOLDER/cases.json, draws each case's tensors, and writes them, the output, the gradient
to it and those to the inputs as little-endian f32 to FOLDER/<place in the list>-<name>.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]
torch.set_num_threads(1)  # several wait busily for each other where the processor has other work
draw = np.random.RandomState(7).standard_normal  # NumPy promises never to change this stream


def activate(x, slope):
    return x if slope == 1.0 else F.relu(x) if slope == 0.0 else F.leaky_relu(x, slope)


with open(f"{folder}/cases.json") as file:
    cases = json.load(file)
for place, case in enumerate(cases):
    tensors = {name: torch.from_numpy(draw(shape).astype(np.float32)) for name, shape in case["inputs"].items()}
    if case["op"] == "batch_norm_act":
        tensors["x"] = 2.0 * tensors["x"] + 3.0
    if "variance" in tensors:
        tensors["variance"] = tensors["variance"].square() + 0.1
    inputs = [name for name in tensors if name not in ("mean", "variance")]
    for name in inputs:
        tensors[name].requires_grad_()

    x, weight, bias = (tensors.get(name) for name in ("x", "weight", "bias"))
    mean, variance = tensors.get("mean"), tensors.get("variance")
    epsilon, slope = case["epsilon"], case.get("slope")
    if case["op"] == "conv2d":
        output = F.conv2d(x, weight, bias, case["stride"], case["padding"])
    elif case["op"] == "conv_transpose2d":
        output = F.conv_transpose2d(x, weight, bias, case["stride"], case["padding"], case["extra"])
    elif case["op"] == "batch_norm_act":
        output = activate(F.batch_norm(x, None, None, weight, bias, True, 0.0, epsilon), slope)
        tensors["batch_mean"] = x.mean((0, 2, 3))
        tensors["batch_variance"] = x.var((0, 2, 3), correction=0)
    elif case["op"] == "normalize_act":
        output = activate(F.batch_norm(x, mean, variance, weight, bias, False, 0.0, epsilon), slope)
    else:
        output = activate(x, slope)

    tensors["output"] = output
    tensors["output_grad"] = torch.from_numpy(draw(tuple(output.shape)).astype(np.float32))
    output.backward(tensors["output_grad"])
    for name in inputs:
        tensors[f"{name}_grad"] = tensors[name].grad
    for name, tensor in tensors.items():
        tensor.detach().numpy().astype("<f4").tofile(f"{folder}/{place}-{name}")
