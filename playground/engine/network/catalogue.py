"""The layers, optimisers and schedules torch offers, with their arguments, read from resources/ without torch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from playground.assets import resource
from playground.engine.spec import Value


class _NoDefault:
    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT: Final = _NoDefault()


@dataclass(frozen=True)
class Argument:
    """One argument as a form needs it.

    `types` is what it takes: "int", "float", "bool", "text", "none", "pair" and "triple" of whole numbers, "ints"
    (one or more), "floats" (as many as the default has). `choices` limits texts; `minimum` and `maximum` (both
    allowed) limit numbers, inside a pair too. `doc` is one sentence.
    """

    name: str
    default: "Value | _NoDefault"
    types: tuple[str, ...]
    choices: tuple[str, ...] | None
    minimum: float | None
    maximum: float | None
    doc: str

    @property
    def required(self) -> bool:
        """Whether the argument must be given."""
        return self.default is NO_DEFAULT


@dataclass(frozen=True)
class Entry:
    """One class of torch; `refused` says why it cannot be used here, `note` what to know before using it."""

    kind: str
    group: str
    arguments: tuple[Argument, ...]
    doc: str
    refused: str = ""
    note: str = ""

    def argument(self, name: str) -> Argument | None:
        """The argument of that name, or None."""
        return next((argument for argument in self.arguments if argument.name == name), None)

    def complete(self, args: Mapping[str, Value]) -> dict[str, Value]:
        """The given arguments and the defaults of all others that have one."""
        defaults = {a.name: a.default for a in self.arguments if not isinstance(a.default, _NoDefault)}
        return defaults | dict(args)


def layers() -> Mapping[str, Entry]:
    """The layers of torch.nn that a network may hold, by class name."""
    return _catalogue()["layers"]


def optimizers() -> Mapping[str, Entry]:
    """Every optimiser of torch.optim by class name."""
    return _catalogue()["optimizers"]


def schedulers() -> Mapping[str, Entry]:
    """Every schedule of torch.optim.lr_scheduler that plain arguments describe, by class name."""
    return _catalogue()["schedulers"]


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Mapping[str, Entry]]:
    plain = json.loads(resource("catalogue.json").read_text(encoding="utf-8"))
    return {
        section: MappingProxyType({kind: _entry(kind, fields) for kind, fields in entries.items()})
        for section, entries in plain.items()
    }


def _entry(kind: str, fields: dict[str, Any]) -> Entry:
    arguments = tuple(_argument(argument) for argument in fields.pop("arguments"))
    return Entry(kind=kind, arguments=arguments, **fields)


def _argument(fields: dict[str, Any]) -> Argument:
    default = fields.get("default", NO_DEFAULT)
    return Argument(
        name=fields["name"],
        default=tuple(default) if isinstance(default, list) else default,
        types=tuple(fields["types"]),
        choices=tuple(fields["choices"]) if "choices" in fields else None,
        minimum=fields.get("minimum"),
        maximum=fields.get("maximum"),
        doc=fields["doc"],
    )
