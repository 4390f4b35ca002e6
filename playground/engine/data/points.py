# ruff: noqa: ARG001 (one signature for all, so that any of them can be called by name)
"""Seeded sets in the plane. Every function stands alone (torch and math only): scripts carry its source text.

All take the number of samples, the number of classes (used where a set can have more than two), the noise's standard
deviation and a generator, and return float32 inputs [N, 2] (the line: [N, 1]) that span about [-1, 1], with int64
labels [N] or float32 targets [N, 1]. The samples stand in random order or with their classes in turn, so that any part
of a set is a fair split of it. The training set is drawn first, then the test set, from the same generator.
"""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import torch

Draw: TypeAlias = Callable[[int, int, float, torch.Generator], tuple[torch.Tensor, torch.Tensor]]


def gaussians(
    samples: int, classes: int, noise: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Two normal clouds of deviation 0.2 around (-0.4, -0.4) and (0.4, 0.4), plus noise."""
    labels = torch.arange(samples) % 2
    centres = (0.8 * labels - 0.4).unsqueeze(1)
    cloud = 0.2 * torch.randn(samples, 2, generator=generator)
    return centres + cloud + noise * torch.randn(samples, 2, generator=generator), labels


def circles(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Rings of radius 0.4 (class 0) and 0.8 (class 1), angles uniform, plus noise."""
    labels = torch.arange(samples) % 2
    radius = 0.4 + 0.4 * labels
    angle = 2 * math.pi * torch.rand(samples, generator=generator)
    ring = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
    return ring + noise * torch.randn(samples, 2, generator=generator), labels


def xor(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Uniform in the square [-1, 1] x [-1, 1]; class 1 where the signs of x and y differ; then noise."""
    square = 2 * torch.rand(samples, 2, generator=generator) - 1
    labels = ((square[:, 0] > 0) != (square[:, 1] > 0)).long()
    return square + noise * torch.randn(samples, 2, generator=generator), labels


def spirals(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """One arm a class: radius 0.1 + 0.9 t at 1.25 t turns, t = sqrt(uniform), arms turned evenly; plus noise."""
    labels = torch.arange(samples) % classes
    t = torch.rand(samples, generator=generator).sqrt()
    radius = 0.1 + 0.9 * t
    angle = 2 * math.pi * (1.25 * t + labels / classes)
    arm = torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)
    return arm + noise * torch.randn(samples, 2, generator=generator), labels


def moons(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Two half circles that reach into each other.

    With a uniform in [0, pi]: (cos a, sin a) for class 0 and (1 - cos a, 0.5 - sin a) for class 1, moved by
    (-0.5, -0.25), divided by 1.5; plus noise.
    """
    labels = torch.arange(samples) % 2
    angle = math.pi * torch.rand(samples, generator=generator)
    side = 1.0 - 2.0 * labels
    moon = torch.stack([labels + side * angle.cos() - 0.5, 0.5 * labels + side * angle.sin() - 0.25], dim=1) / 1.5
    return moon + noise * torch.randn(samples, 2, generator=generator), labels


def blobs(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """One normal cloud of deviation 0.1 a class, centred evenly on the circle of radius 0.7; plus noise."""
    labels = torch.arange(samples) % classes
    angle = 2 * math.pi * labels / classes
    centres = 0.7 * torch.stack([angle.cos(), angle.sin()], dim=1)
    cloud = 0.1 * torch.randn(samples, 2, generator=generator)
    return centres + cloud + noise * torch.randn(samples, 2, generator=generator), labels


def plane(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Value 0.6 x - 0.3 y + 0.1 plus noise, over points uniform in [-1, 1] x [-1, 1]."""
    inputs = 2 * torch.rand(samples, 2, generator=generator) - 1
    value = 0.6 * inputs[:, :1] - 0.3 * inputs[:, 1:] + 0.1
    return inputs, value + noise * torch.randn(samples, 1, generator=generator)


def line(samples: int, classes: int, noise: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Value 0.7 x + 0.2 plus noise, x uniform in [-1, 1]: weight 0.7 and bias 0.2 are there to be found."""
    inputs = 2 * torch.rand(samples, 1, generator=generator) - 1
    return inputs, 0.7 * inputs + 0.2 + noise * torch.randn(samples, 1, generator=generator)


def random_data(
    samples: int, shape: tuple[int, ...], outputs: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs [N, *shape] and targets [N, outputs] from N(0, 1)."""
    return torch.randn(samples, *shape, generator=generator), torch.randn(samples, outputs, generator=generator)


POINTS: Mapping[str, Draw] = {
    draw.__name__: draw for draw in (gaussians, circles, xor, spirals, moons, blobs, plane, line)
}
