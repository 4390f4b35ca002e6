"""Rules that give each number of a gradient by itself, written as data: a formula, its numbers, its value."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.engine.tensors.rules_call import Answer, Call, summed, told

_SHOWN = 3
Values = dict[str, Tensor]


class Numbers:
    """The numbers of a rule by name, each a tensor [n] in float64."""

    def __init__(self, named: Values) -> None:
        self._named = named

    def __getattr__(self, name: str) -> Tensor:
        return self._named[name]


Value = Callable[[Numbers], Tensor]


@dataclass(frozen=True)
class Pointwise:
    """How one number follows from the incoming one and a few others.

    Parameters
    ----------
    argument : str
        What the operation calls the input.
    formula : str
        For people; g is the incoming gradient.
    numbers : str
        The same with fields for `format`: the names of `values` and g.
    value : callable
        The same with tensors [n] in float64, as attributes of its argument.
    values : callable
        The other numbers, each a tensor that broadcasts to the input's shape (or g itself, where it has to be spread).
    factor : str, optional
        The local derivative as a fraction or the like, where that reads better than its value.
    is_diagonal : bool
        Whether an outgoing number depends on the incoming one at its place alone.
    """

    argument: str
    formula: str
    numbers: str
    value: Value
    values: Callable[[Call], Values] = lambda _: {}
    factor: str = ""
    is_diagonal: bool = True

    def __call__(self, call: Call) -> Answer:
        """The rule with the numbers of a call."""
        named = {"g": call.g, **self.values(call)}
        here = {name: call.at_element(tensor) for name, tensor in named.items()}
        count = next(iter(here.values())).numel()
        terms = [self._term(here, i) for i in range(min(count, _SHOWN))]
        numbers = terms[0] if count == 1 else summed(terms, count)
        factor, factor_value = self._factor(call, named, here)
        value = float(self.value(Numbers(here)).sum())
        return Answer(self.argument, self._formula(count), numbers, value, factor, factor_value)

    def _formula(self, count: int) -> str:
        return self.formula if count == 1 else f"Σ {self.formula} (summed over the {count} places it was stretched to)"

    def _term(self, here: Values, at: int) -> str:
        return self.numbers.format(**{name: told(values[at]) for name, values in here.items()})

    def _factor(self, call: Call, named: Values, here: Values) -> tuple[str | None, float | None]:
        """The local derivative, where it is the same for every number."""
        is_constant = call.raw.numel() == 1 or all(named[name].numel() == 1 for name in named if name != "g")
        if not is_constant or not self.is_diagonal or call.raw.shape != call.gradient.shape:
            return None, None
        one = {name: values[:1] for name, values in here.items()} | {"g": torch.ones(1, dtype=torch.float64)}
        derivative = float(self.value(Numbers(one)).item())
        text = self.factor.format(**{name: told(values[0]) for name, values in here.items()})
        return text or ("" if derivative == 1.0 else told(derivative)), derivative


def by_input(*rules: Pointwise) -> Callable[[Call], Answer | None]:
    """The rules for an operation's inputs, in their order."""
    return lambda call: rules[call.index](call) if call.index < len(rules) else None


def spread(call: Call, reduced: Tensor) -> Tensor:
    """Something reduced over the saved dimensions, so that it broadcasts over the input again."""
    if call.saved.get("keepdim") or reduced.ndim == call.raw.ndim:
        return reduced
    for dim in call.dims() if reduced.ndim else ():
        reduced = reduced.unsqueeze(dim)
    return reduced
