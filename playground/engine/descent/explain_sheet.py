"""The sheet an explained step is worked out on: its numbers, in float32 as torch has them, and the lines about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from playground.engine.descent.events import Line, Singles

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(eq=False)
class Sheet:
    """One step of one optimiser.

    `x` and `g` [2] are point and gradient before the step, `rate` its learning rate, `t` its number from 1, `args` all
    arguments of the optimiser; `before` and `after` hold what it kept before and after the step, numbers as [] and
    vectors as [2]. `lines` fills up, the explained `step` [2] comes last; `carried` [2] is what the steps before push
    towards, where the optimiser has momentum.
    """

    x: Singles
    g: Singles
    rate: float
    t: int
    args: Mapping[str, Any]
    before: Mapping[str, Singles]
    after: Mapping[str, Singles]
    moved: Singles
    lines: list[Line] = field(default_factory=list)
    carried: Singles | None = None
    step: Singles = field(default_factory=lambda: np.zeros(2, np.float32))

    def line(self, label: str, formula: str, value: Any) -> Any:
        """Write a line; the value comes back for the next one."""
        self.lines.append(Line(label, formula, tuple(float(part) for part in np.atleast_1d(value))))
        return value

    def count(self, label: str, formula: str, value: float) -> None:
        """Write a line that says how many."""
        self.lines.append(Line(label, formula, (value,), is_count=True))

    def kept(self, name: str, symbol: str, first: float = 0.0) -> Any:
        """What the optimiser kept under this name before the step, `first` where that was nothing, with its line."""
        return self.line(f"{name} before", symbol, self.found(name, first))

    def found(self, name: str, first: float) -> Any:
        """The same without a line."""
        value = self.before.get(name)
        return value if value is not None and not np.isnan(value).all() else np.full_like(self._shape(name), first)

    def scheduled(self, name: str, fixed: float) -> float:
        """A number of the optimiser for this step: as the schedule moved it, where one does."""
        value = self.before.get(name)
        return fixed if value is None else float(value)

    def gradient(self) -> Any:
        """The gradient as the optimiser takes it up: its sign for climbing."""
        self.line("point", "x", self.x)
        g = self.line("gradient", "g", self.g)
        return self.line("climbing", "g = -g", -g) if self.args.get("maximize") else g

    def decayed(self, g: Any) -> Any:
        """With the weight decay that is a part of the gradient."""
        decay = self.args.get("weight_decay", 0)
        return self.line("weight decay", f"g = g + {number(decay)} · x", g + decay * self.x) if decay else g

    def average(self, name: str, symbol: str, beta: float, what: str, value: Any) -> Any:
        """A running average moved on: symbol = beta · symbol + (1 - beta) · what."""
        old = self.kept(name, symbol)
        formula = f"{symbol} = {number(beta)} · {symbol} + {number(1 - beta)} · {what}"
        return self.line(name, formula, beta * old + (1 - beta) * value)

    def carry(self, factor: float, name: str) -> None:
        """Say that this share of what was kept goes into the step."""
        self.carried = -factor * self.found(name, 0.0)

    def finish(self, formula: str, step: Any, *, shrinks: float = 0.0) -> None:
        """Write the step, which first takes the share `shrinks` from x, and where it leads."""
        if shrinks:
            formula, step = f"{formula} - {number(shrinks)} · x", step - shrinks * self.x
        self.step = self.line("step", f"Δx = {formula}", step)
        self.line("new point", "x = x + Δx", self.x + step)

    def _shape(self, name: str) -> Singles:
        after = self.after.get(name)
        return self.x if after is None else after


def number(value: float) -> str:
    """Four significant figures: 0.001, 12.35, 1e-8."""
    return f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e")


def power(base: float, exponent: int) -> str:
    """0.9³¹"""
    return f"{number(base)}{str(exponent).translate(_SUPERSCRIPTS)}"
