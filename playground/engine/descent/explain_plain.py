"""Plain gradient descent with or without momentum, explained, and what steps by signs or by whole line searches."""

import numpy as np

from playground.engine.descent.events import Singles
from playground.engine.descent.explain_sheet import Sheet, number


def course_momentum(sheet: Sheet) -> None:
    """z = beta z + grad, w = w - lr z. Source: G. Goh, Why momentum really works, Distill (2017)."""
    g = sheet.gradient()
    beta = _momentum(sheet)
    z = sheet.line("z", f"z = {number(beta)} · z + g", beta * sheet.kept("z", "z") + g)
    sheet.carry(beta, "z")
    sheet.finish(f"-{number(sheet.rate)} · z", -sheet.rate * z)


def sgd(sheet: Sheet) -> None:
    """Gradient descent as torch has it. Source: I. Sutskever et al., ICML (2013), for Nesterov's momentum."""
    g = sheet.decayed(sheet.gradient())
    rate, beta = number(sheet.rate), _momentum(sheet)
    if not beta:
        sheet.finish(f"-{rate} · g", -sheet.rate * g)
        return
    b = _buffer(sheet, beta, g)
    sheet.carry(beta, "momentum_buffer")
    if sheet.args["nesterov"]:
        sheet.finish(f"-{rate} · (g + {number(beta)} · b)", -sheet.rate * (g + beta * b))
    else:
        sheet.finish(f"-{rate} · b", -sheet.rate * b)


def asgd(sheet: Sheet) -> None:
    """Averaged gradient descent. Source: B. T. Polyak and A. B. Juditsky, SIAM J. Control Optim. 30 (1992)."""
    g = sheet.decayed(sheet.gradient())
    eta = float(sheet.kept("eta", "η", sheet.rate))
    shrinks = sheet.args["lambd"] * eta
    sheet.finish(f"-{number(eta)} · g", -eta * g, shrinks=shrinks)
    share, x = float(sheet.found("mu", 1.0)), sheet.x + sheet.step
    old = sheet.kept("ax", "a")
    sheet.line("ax", f"a = a + {number(share)} · (x - a)", old + share * (x - old))
    sheet.line("eta", "η of the next step", sheet.after["eta"])


def rprop(sheet: Sheet) -> None:
    """Only the signs count. Source: M. Riedmiller and H. Braun, IEEE Int. Conf. Neural Networks (1993)."""
    g = sheet.gradient()
    (shorter, longer), (least, most) = sheet.args["etas"], sheet.args["step_sizes"]
    turned = np.sign(g * sheet.kept("prev", "g before"))
    old = sheet.kept("step_size", "s", sheet.rate)
    factor = np.select([turned > 0, turned < 0], [longer, shorter], 1.0).astype(np.float32)
    said = f"k = {number(longer)} where g kept its sign, {number(shorter)} where it turned, else 1"
    sheet.line("factor", said, factor)
    size = np.clip(old * factor, np.float32(least), np.float32(most))
    sheet.line("step_size", f"s = k · s, from {number(least)} to {number(most)}", size)
    g = sheet.line("after a turn it waits", "g = 0 where it turned", np.where(factor == np.float32(shorter), 0, g))
    sheet.finish("-sign(g) · s", -np.sign(g) * size)


def lbfgs(sheet: Sheet) -> None:
    """Whole steps of several inner ones. Source: J. Nocedal, Mathematics of Computation 35 (1980).

    The inner steps are not recorded; direction and length are those of the last one.
    """
    sheet.gradient()
    inner, evaluations = (float(sheet.after[name]) - float(sheet.found(name, 0.0)) for name in ("n_iter", "func_evals"))
    sheet.count("inner steps", "n_iter of this step", inner)
    sheet.count("evaluations of f", "func_evals of this step", evaluations)
    if inner and "d" in sheet.after:
        sheet.line("last direction", "d", sheet.after["d"])
        sheet.line("its length", "t", sheet.after["t"])
    told = "t · d" if inner == 1 else f"the sum of {inner:.0f} inner steps t · d"
    sheet.finish(told, sheet.moved)


def _momentum(sheet: Sheet) -> float:
    """The momentum of this step, which a schedule may cycle."""
    return sheet.scheduled("momentum", sheet.args["momentum"])


def _buffer(sheet: Sheet, beta: float, g: Singles) -> Singles:
    old = sheet.before.get("momentum_buffer")
    if old is None or np.isnan(old).all():
        first: Singles = sheet.line("momentum_buffer", "b = g in the first step", g)
        return first
    share = 1 - sheet.args["dampening"]
    sheet.kept("momentum_buffer", "b")
    formula = f"b = {number(beta)} · b + " + ("g" if share == 1 else f"{number(share)} · g")
    b: Singles = sheet.line("momentum_buffer", formula, beta * old + share * g)
    return b
