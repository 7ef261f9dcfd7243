"""Writes tiny.pth and tiny-legacy.pth: `python tiny.py`. They were made with PyTorch 2.15.

The generator of 8x8 images from noise of length 2 with one channel in front of the last layer. Its values are 0,
0.01, 0.02 and so on, in the order of `state_dict()`.
"""

import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(2, 1, 4, 1, 0, bias=False),
            nn.BatchNorm2d(1),
            nn.ReLU(True),
            nn.ConvTranspose2d(1, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )


net, count = Generator(), 0
with torch.no_grad():
    for value in net.state_dict().values():
        if value.is_floating_point():
            value.copy_(torch.arange(count, count + value.numel()).reshape(value.shape) / 100)
            count += value.numel()
torch.save(net.state_dict(), "tiny.pth")
# As `nn.DataParallel` names them, and as PyTorch before 1.6 wrote files.
parallel = {f"module.{name}": value for name, value in net.state_dict().items()}
torch.save(parallel, "tiny-legacy.pth", _use_new_zipfile_serialization=False)
