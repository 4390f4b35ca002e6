"""The arguments of a torch class as plain values, for the forms that are generated from them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. `types` as in the catalogue: bool, int, float, text, none, pair, triple, ints, floats."""

    name: str
    types: tuple[str, ...]
    default: object = None
    required: bool = False
    choices: tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    doc: str = ""
    title: str = ""


def changed_only(arguments: tuple[Argument, ...], values: Mapping[str, object]) -> dict[str, object]:
    """The values that differ from their defaults, and all that have none."""
    defaults = {argument.name: argument.default for argument in arguments if not argument.required}
    return {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}
