"""A function of one number with its derivative as a plain PyTorch program."""

from playground.engine.descent import curves
from playground.engine.descent.curve_texts import default_range, title
from playground.engine.descent.spec import CurveSpec

_PROGRAM = '''"""A function of one number and its derivative, by autograd."""

import torch


{function}

def value_and_slope(x):
    """f and its derivative at every x [N]."""
    x = x.clone().requires_grad_()
    value = f(x)
    (slope,) = torch.autograd.grad(value.sum(), x)  # each value depends on its own x alone
    return value.detach(), slope


def plot(x, value, slope):
    import matplotlib.pyplot as plt

    plt.plot(x, value, label="f(x)")
    plt.plot(x, slope, "--", label="derivative")
    plt.title({title!r})
    plt.xlabel("x")
    plt.grid(alpha=0.3)
    plt.legend()
    plt.show()


if __name__ == "__main__":
    x = torch.linspace({low!r}, {high!r}, 801, dtype=torch.float64)
    plot(x, *value_and_slope(x))
'''


def script(spec: CurveSpec) -> str:
    """The program of a curve; its `value_and_slope` gives what the window shows, at any points.

    Raises
    ------
    Problem
        As `curves.source`.
    """
    low, high = default_range(spec)
    return _PROGRAM.format(function=curves.source(spec), title=title(spec), low=low, high=high)
