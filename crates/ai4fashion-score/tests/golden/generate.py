"""Computes what ../against_python.rs expects of scores.

  generate.py            writes features.json and images.json
  generate.py --check    compares them with what Python computes now, and fails where they differ

Needs prdc, torch, torch-fidelity, numpy and scipy. Features and images are given by a formula, see ai4fashion-testkit.
"""
import contextlib
import io
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from prdc import compute_prdc
from scipy import linalg, signal
from torch_fidelity.metric_kid import kernel_poly, mmd2

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ai4fashion-testkit/python"))
import golden


def features(stream, count, dimensions, scale, shift):
    """Skewed, correlated features: the square of a number, and half of the one beside it."""
    values = golden.uniform(stream, count, dimensions).astype(np.float64)
    return scale * (values**2 + 0.5 * np.roll(values, 1, axis=1)) + shift


def kernel(real, fake):
    options = {"kid_kernel_poly_degree": 3, "kid_kernel_poly_gamma": None, "kid_kernel_poly_coef0": 1}
    pairs = [(real, real), (real, fake), (fake, fake)]
    return float(mmd2(*[kernel_poly(a, b, **options) for a, b in pairs]))


def frechet(real, fake):
    """The formula of M. Heusel et al., 2017, with scipy's root of a matrix."""
    root = linalg.sqrtm(np.cov(real, rowvar=False) @ np.cov(fake, rowvar=False)).real
    apart = ((real.mean(0) - fake.mean(0)) ** 2).sum()
    return float(apart + np.trace(np.cov(real, rowvar=False) + np.cov(fake, rowvar=False) - 2 * root))


def of_features():
    cases = []
    for count, other, dimensions, scale, shift in [(300, 300, 144, 1.0, 0.0), (300, 300, 16, 1.1, 0.02), (200, 260, 8, 0.8, 0.1)]:
        real, fake = features(1, count, dimensions, 1.0, 0.0), features(2, other, dimensions, scale, shift)
        with contextlib.redirect_stdout(io.StringIO()):
            found = {key: float(value) for key, value in compute_prdc(real, fake, nearest_k=5).items()}
        found |= {"count": count, "other": other, "dimensions": dimensions, "scale": scale, "shift": shift}
        found |= {"kernel": kernel(real, fake) if count == other else None, "frechet": frechet(real, fake)}
        cases.append(found)
    return cases


def image(stream, side):
    """A smooth gradient with noise, 8 bits: `[height, width, 3]`."""
    noise = golden.uniform(stream, side, side, 3).astype(np.float64)
    y, x = np.mgrid[0:side, 0:side][:, :, :, None]
    return np.floor(np.clip(100 + 2 * x - y + 40 * noise + 20 * np.arange(3), 0, 255)).astype(np.uint8)


def window(size):
    place = np.arange(size) - (size - 1) / 2
    weights = np.exp(-(place**2) / (2 * (size * 1.5 / 11) ** 2))
    weights = np.outer(weights, weights)
    return (weights / weights.sum())[:, :, None]


def ms_ssim(a, b):
    """Z. Wang et al., 2003, with windows that shrink with the image."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    total = 1.0
    for scale, weight in enumerate([0.0448, 0.2856, 0.3001, 0.2363, 0.1333]):
        mean = lambda values: signal.convolve(values, window(min(11, *a.shape[:2])), mode="valid", method="direct")
        ma, mb = mean(a), mean(b)
        contrast = (2 * (mean(a * b) - ma * mb) + 7.65**2) / (mean(a * a) - ma**2 + mean(b * b) - mb**2 + 7.65**2)
        luminance = (2 * ma * mb + 2.55**2) / (ma**2 + mb**2 + 2.55**2)
        total *= max((luminance * contrast if scale == 4 else contrast).mean(), 0) ** weight
        a, b = [image.reshape(image.shape[0] // 2, 2, -1, 2, 3).mean((1, 3)) for image in (a, b)]
    return float(total)


def pyramid(values):
    """Levels of the Laplacian pyramid, by convolutions of torch: `[3, height, width]` each."""
    row = torch.tensor([1, 4, 6, 4, 1], dtype=torch.float64) / 16
    weights = torch.outer(row, row).expand(3, 1, 5, 5)
    blur = lambda planes, stride: F.conv2d(planes, weights, stride=stride, padding=2, groups=3)
    current, levels = torch.from_numpy(values.astype(np.float64)).permute(2, 0, 1)[None], []
    while current.shape[-1] // 2 >= 16:
        smaller = blur(current, 2)
        levels.append((current - blur(F.interpolate(smaller, scale_factor=2), 1))[0].numpy())
        current = smaller
    return [*levels, current[0].numpy()]


def of_images():
    cases = []
    for side in (64, 32):
        a, b = image(11, side), image(12, side)
        levels = [golden.summary(level) for level in pyramid(a)]
        cases.append({"side": side, "ms_ssim": ms_ssim(a, b), "pyramid": levels})
    return cases


if __name__ == "__main__":
    files = {"features": (of_features, 1e-6), "images": (of_images, 1e-6)}
    golden.main(__file__, ["prdc", "torch", "torch-fidelity", "numpy", "scipy"], files)
