"""What divides by gradients of before, explained: RMSprop, Adagrad, Adadelta and Adafactor."""

import math

import numpy as np

from playground.engine.descent.events import Singles
from playground.engine.descent.explain_sheet import Sheet, number


def rmsprop(sheet: Sheet) -> None:
    """Source: G. Hinton, Lecture 6e of Neural Networks for Machine Learning (2012); centered: arXiv:1308.0850."""
    g = sheet.decayed(sheet.gradient())
    alpha, eps = sheet.args["alpha"], sheet.args["eps"]
    v = sheet.average("square_avg", "v", alpha, "g²", g * g)
    root, said = np.sqrt(v), "√v"
    if sheet.args["centered"]:
        a = sheet.average("grad_avg", "a", alpha, "g", g)
        root, said = np.sqrt(v - a * a), "√(v - a²)"
    unit, told = g / (root + eps), f"g / ({said} + {number(eps)})"
    beta = sheet.scheduled("momentum", sheet.args["momentum"])
    rate = number(sheet.rate)
    if beta > 0:
        sheet.carry(beta, "momentum_buffer")
        old = sheet.kept("momentum_buffer", "b")
        unit = sheet.line("momentum_buffer", f"b = {number(beta)} · b + {told}", beta * old + unit)
        told = "b"
    sheet.finish(f"-{rate} · {told}", -sheet.rate * unit)


def adagrad(sheet: Sheet) -> None:
    """Source: J. Duchi, E. Hazan and Y. Singer, JMLR 12 (2011)."""
    g = sheet.decayed(sheet.gradient())
    decay, eps, rate = sheet.args["lr_decay"], sheet.args["eps"], sheet.rate
    total = sheet.line("sum", "s = s + g²", sheet.kept("sum", "s") + g * g)
    if decay:
        rate = rate / (1 + (sheet.t - 1) * decay)
        formula = f"lr = {number(sheet.rate)} / (1 + {sheet.t - 1} · {number(decay)})"
        sheet.line("decayed rate", formula, rate)
    sheet.finish(f"-{number(rate)} · g / (√s + {number(eps)})", -rate * g / (np.sqrt(total) + eps))


def adadelta(sheet: Sheet) -> None:
    """Source: M. D. Zeiler, arXiv:1212.5701, algorithm 1."""
    g = sheet.decayed(sheet.gradient())
    rho, eps = sheet.args["rho"], sheet.args["eps"]
    v = sheet.average("square_avg", "v", rho, "g²", g * g)
    old = sheet.kept("acc_delta", "u")
    d = np.sqrt(old + eps) / np.sqrt(v + eps) * g
    sheet.line("scaled gradient", f"d = √(u + {number(eps)}) / √(v + {number(eps)}) · g", d)
    formula = f"u = {number(rho)} · u + {number(1 - rho)} · d²"
    sheet.line("acc_delta", formula, rho * old + (1 - rho) * d * d)
    sheet.finish(f"-{number(sheet.rate)} · d", -sheet.rate * d)


def adafactor(sheet: Sheet) -> None:
    """Source: N. Shazeer and M. Stern, arXiv:1804.04235, with torch's reading of lr and of both epsilons."""
    g = sheet.gradient()
    least, smallest = sheet.args["eps"]
    least = float(np.finfo(np.float32).eps) if least is None else least
    share = sheet.t ** sheet.args["beta2_decay"]
    step = _relative_step(sheet, smallest)
    v = sheet.average("variance", "v", 1 - share, "g²", g * g)
    u = g / np.sqrt(np.maximum(v, least * least))
    sheet.line("update", f"u = g / √max(v, {number(least)}²)", u)
    d = sheet.args["d"]
    clipped = max(1.0, _root_mean_square(u) / d)
    sheet.line("clipping", f"c = max(1, rms(u) / {number(d)})", clipped)
    shrinks = sheet.rate * sheet.args["weight_decay"]
    sheet.finish("-q · u / c", -step / clipped * u, shrinks=shrinks)


def _relative_step(sheet: Sheet, smallest: float) -> float:
    """The step's length relative to the point's distance from the origin."""
    step = max(smallest, _root_mean_square(sheet.x)) * min(sheet.rate, 1 / math.sqrt(sheet.t))
    formula = f"q = max({number(smallest)}, rms(x)) · min({number(sheet.rate)}, 1 / √{sheet.t})"
    sheet.line("relative step", formula, step)
    return step


def _root_mean_square(values: Singles) -> float:
    return float(np.linalg.norm(values)) / math.sqrt(len(values))
