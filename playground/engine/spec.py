"""What every folder's spec is made of: frozen strict structs, and `Args`, a hashable set of named arguments."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

MAX_NESTING = 32

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | None"


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all that a document holds: immutable, compared and hashed by value."""


class Args(Mapping[str, Value]):
    """Named arguments of a layer, optimiser or schedule: immutable, sorted by name, sequences as tuples.

    Raises
    ------
    ValueError
        For a number that is not finite, a value JSON cannot hold, or nesting beyond `MAX_NESTING`.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object] | Iterable[tuple[str, object]] = (), /, **named: object) -> None:
        merged = dict(values, **named)
        self._values: dict[str, Value] = {name: _canonical(name, merged[name], 1) for name in sorted(merged)}

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Args) and self._values == other._values

    def __repr__(self) -> str:
        return f"Args({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def with_(self, **changes: object) -> "Args":
        """A copy with these arguments set."""
        return Args(self._values, **changes)

    def without(self, *names: str) -> "Args":
        """A copy that leaves these arguments to their defaults."""
        return Args({name: value for name, value in self.items() if name not in names})


def encode_hook(value: object) -> object:
    """msgspec's hook for writing: `Args` as a JSON object."""
    if isinstance(value, Args):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in a document")


def decode_hook(kind: type, value: Any) -> object:
    """msgspec's hook for reading: a JSON object as `Args`."""
    if kind is Args:
        if not isinstance(value, dict):
            raise ValueError("expected an object of named arguments")
        return Args(value)
    raise NotImplementedError(f"{kind.__name__} has no place in a document")


def _canonical(name: str, value: object, depth: int) -> Value:
    if depth > MAX_NESTING:
        raise ValueError(f"{name} is nested deeper than {MAX_NESTING} levels")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name} is not a finite number")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return tuple(_canonical(name, item, depth + 1) for item in value)
    raise ValueError(f"{name} is a {type(value).__name__}; only numbers, texts, true, false, null and lists fit")
