"""Adam and its relatives, explained: running averages of the gradient and of its square, corrected for their start."""

import numpy as np

from playground.engine.descent.events import Singles
from playground.engine.descent.explain_sheet import Sheet, number, power


def adam(sheet: Sheet) -> None:
    """Adam, AMSGrad too. Source: D. P. Kingma and J. Ba, arXiv:1412.6980, algorithm 1; S. J. Reddi et al. (2018)."""
    g, shrinks = _gradient(sheet)
    _, beta2 = _betas(sheet)
    m = _first_moment(sheet, g)
    v = sheet.average("exp_avg_sq", "v", beta2, "g²", g * g)
    if sheet.args.get("amsgrad"):
        v = sheet.line("max_exp_avg_sq", "v = max(v, largest v)", np.maximum(v, sheet.found("max_exp_avg_sq", 0.0)))
    m_hat, v_hat = _corrected_m(sheet, m), _corrected_v(sheet, v)
    eps = sheet.args["eps"]
    formula = f"-{number(sheet.rate)} · m̂ / (√v̂ + {number(eps)})"
    sheet.finish(formula, -sheet.rate * m_hat / (np.sqrt(v_hat) + eps), shrinks=shrinks)


def adamw(sheet: Sheet) -> None:
    """Adam whose weight decay is no part of the gradient. Source: I. Loshchilov and F. Hutter, arXiv:1711.05101."""
    sheet.args = {**sheet.args, "decoupled_weight_decay": True}
    adam(sheet)


def adamax(sheet: Sheet) -> None:
    """Adam with the largest gradient in place of the mean square. Source: arXiv:1412.6980, algorithm 2."""
    g = sheet.decayed(sheet.gradient())
    _, beta2 = _betas(sheet)
    eps = sheet.args["eps"]
    m = _first_moment(sheet, g)
    old = sheet.kept("exp_inf", "u")
    largest = np.maximum(beta2 * old, np.abs(g) + eps)
    u = sheet.line("exp_inf", f"u = max({number(beta2)} · u, |g| + {number(eps)})", largest)
    sheet.finish(f"-{number(sheet.rate)} · m̂ / u", -sheet.rate * _corrected_m(sheet, m) / u)


def nadam(sheet: Sheet) -> None:
    """Adam that looks ahead as Nesterov. Source: T. Dozat, Incorporating Nesterov momentum into Adam (2016)."""
    g, shrinks = _gradient(sheet)
    beta1, beta2 = _betas(sheet)
    decay, eps, rate = sheet.args["momentum_decay"], sheet.args["eps"], sheet.rate
    now, after = (beta1 * (1 - 0.5 * 0.96 ** (t * decay)) for t in (sheet.t, sheet.t + 1))
    sheet.line("momentum now", f"μ = {number(beta1)} · (1 - 0.5 · 0.96^({sheet.t} · {number(decay)}))", now)
    sheet.line("momentum next", f"μ₊ = {number(beta1)} · (1 - 0.5 · 0.96^({sheet.t + 1} · {number(decay)}))", after)
    product = sheet.line("mu_product", "p = p · μ", sheet.kept("mu_product", "p", 1.0) * now)
    m = _first_moment(sheet, g)
    v = sheet.average("exp_avg_sq", "v", beta2, "g²", g * g)
    root = np.sqrt(_corrected_v(sheet, v)) + eps
    step = -rate * (1 - now) / (1 - product) * g / root - rate * after / (1 - product * after) * m / root
    factor = number(rate)
    formula = f"-{factor} · ((1 - μ) / (1 - p) · g + μ₊ / (1 - p · μ₊) · m) / (√v̂ + {number(eps)})"
    sheet.finish(formula, step, shrinks=shrinks)


def radam(sheet: Sheet) -> None:
    """Adam that waits with the square root until it is known well enough. Source: L. Liu et al., arXiv:1908.03265."""
    g, shrinks = _gradient(sheet)
    _, beta2 = _betas(sheet)
    m = _first_moment(sheet, g)
    v = sheet.average("exp_avg_sq", "v", beta2, "g²", g * g)
    m_hat = _corrected_m(sheet, m)
    most = 2 / (1 - beta2) - 1
    correction = 1 - beta2**sheet.t
    length = most - 2 * sheet.t * beta2**sheet.t / correction
    formula = f"n = {number(most)} - 2 · {sheet.t} · {power(beta2, sheet.t)} / (1 - {power(beta2, sheet.t)})"
    sheet.line("length of the average", formula, length)
    rate = number(sheet.rate)
    if not length > 5:
        sheet.finish(f"-{rate} · m̂", -sheet.rate * m_hat, shrinks=shrinks)
        return
    rectified = ((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) ** 0.5
    limit = number(most)
    formula = f"r = √((n - 4) · (n - 2) · {limit} / (({limit} - 4) · ({limit} - 2) · n))"
    sheet.line("rectification", formula, rectified)
    eps = sheet.args["eps"]
    adaptive = sheet.line(
        "adaptive rate",
        f"l = √(1 - {power(beta2, sheet.t)}) / (√v + {number(eps)})",
        correction**0.5 / (np.sqrt(v) + eps),
    )
    sheet.finish(f"-{rate} · m̂ · r · l", -sheet.rate * m_hat * adaptive * rectified, shrinks=shrinks)


def _gradient(sheet: Sheet) -> tuple[Singles, float]:
    """The gradient, and the share of x that decoupled weight decay takes; without that it is part of the gradient."""
    g = sheet.gradient()
    if sheet.args.get("decoupled_weight_decay"):
        return g, sheet.rate * sheet.args["weight_decay"]
    return sheet.decayed(g), 0.0


def _betas(sheet: Sheet) -> tuple[float, float]:
    """Both betas; a schedule that cycles the momentum moves the first."""
    beta1, beta2 = sheet.args["betas"]
    return sheet.scheduled("beta1", beta1), beta2


def _first_moment(sheet: Sheet, g: Singles) -> Singles:
    beta1, _ = _betas(sheet)
    sheet.carry(beta1, "exp_avg")
    m: Singles = sheet.average("exp_avg", "m", beta1, "g", g)
    return m


def _corrected_m(sheet: Sheet, m: Singles) -> Singles:
    beta1, _ = _betas(sheet)
    corrected: Singles = m / (1 - beta1**sheet.t)
    sheet.line("bias correction", f"m̂ = m / (1 - {power(beta1, sheet.t)})", corrected)
    return corrected


def _corrected_v(sheet: Sheet, v: Singles) -> Singles:
    _, beta2 = _betas(sheet)
    corrected: Singles = v / (1 - beta2**sheet.t)
    sheet.line("bias correction", f"v̂ = v / (1 - {power(beta2, sheet.t)})", corrected)
    return corrected
