"""Writes the files of PyTorch beside it: `python tiny.py`. They were made with PyTorch 2.15.

All hold the generator of 8x8 images from noise of length 2 with one channel in front of the last layer. Its values are
0, 0.01, 0.02 and so on, in the order of `state_dict()`, so that every program reads the same of all files.
"""

import argparse
from collections import OrderedDict

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


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, 1, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(1, 1, 4, 1, 0, bias=False),
        )


def filled(net):
    count = 0
    with torch.no_grad():
        for value in net.state_dict().values():
            if value.is_floating_point():
                value.copy_(torch.arange(count, count + value.numel()).reshape(value.shape) / 100)
                count += value.numel()
    return net


def under(prefix, state):
    return OrderedDict((prefix + name, value) for name, value in state.items())


def strided(state):
    """The same values as views of one storage, transposed, with a step, or with one value for all."""
    storage = torch.full((2000,), -1.0)
    views = OrderedDict()
    start = 7
    for name, value in state.items():
        if value.dim() == 4:
            # Stored with the last dimension first, every third number.
            order = value.permute(3, 2, 1, 0)
            view = storage[start : start + 3 * value.numel() : 3]
            view.copy_(order.reshape(-1))
            views[name] = view.reshape(order.shape).permute(3, 2, 1, 0)
            assert not views[name].is_contiguous() and torch.equal(views[name], value)
            start += 3 * value.numel()
        elif value.is_floating_point():
            storage[start] = value.item()
            views[name] = storage[start : start + 1].expand(value.shape)
            start += 1
        else:
            views[name] = value
    used = storage[:start].clone()
    return OrderedDict(
        (name, torch.as_strided(used, v.shape, v.stride(), v.storage_offset()) if v.is_floating_point() else v)
        for name, v in views.items()
    )


def optimizer(net):
    """The state of Adam after a step."""
    adam = torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999))
    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)
    state = adam.state_dict()
    state["state"] = {0: {"step": torch.tensor(1.0), "exp_avg": torch.ones(2, 1, 4, 4)}}
    return state


net, other = filled(Generator()), filled(Discriminator())
state = net.state_dict()
legacy = dict(_use_new_zipfile_serialization=False)

torch.save(state, "tiny.pth")
# As `nn.DataParallel` names them, and as PyTorch before 1.6 wrote files.
torch.save(under("module.", state), "tiny-legacy.pth", **legacy)

torch.save(filled(Generator()).half().state_dict(), "tiny-f16.pth")
torch.save(filled(Generator()).bfloat16().state_dict(), "tiny-bf16-legacy.pth", **legacy)
torch.save(filled(Generator().double()).state_dict(), "tiny-f64.pth")
torch.save(strided(state), "tiny-strided.pth")
torch.save(strided(state), "tiny-strided-legacy.pth", **legacy)
torch.save(filled(Generator()), "tiny-module.pth")
torch.save(OrderedDict((name, value.to(torch.int8)) for name, value in state.items()), "tiny-i8.pth")

# As training programs save them: with counts and settings, the optimizers and the noise of the samples.
checkpoint = {
    "epoch": 3,
    "args": argparse.Namespace(nz=2, ngf=1, lr=2e-4),
    "netG": under("module._orig_mod.", state),
    "netD": under("module.", other.state_dict()),
    "optimizerG": optimizer(filled(Generator())),
    "fixed_noise": torch.zeros(1, 2, 1, 1),
}
torch.save(checkpoint, "tiny-checkpoint.pth")
torch.save(checkpoint | {"ema": state}, "tiny-two-legacy.pth", **legacy)
# As Lightning saves them: both networks in one dictionary.
lightning = {
    "epoch": 3,
    "pytorch-lightning_version": "2.5.0",
    "state_dict": under("generator._orig_mod.", state) | under("discriminator.", other.state_dict()),
    "hyper_parameters": {"latent_dim": 2},
    "callbacks": {},
}
torch.save(lightning, "tiny-lightning.ckpt")
torch.save(other.state_dict(), "tiny-discriminator-legacy.pth", **legacy)
# Without a tensor, and one that is no dictionary.
torch.save({"epoch": 3, "config": {"nz": 2}}, "tiny-settings.pth")
