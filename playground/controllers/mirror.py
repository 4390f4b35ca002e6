"""Engine events as the widgets' values of the same fields: each room has classes of its own."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def mirror(kind: type[Kind], event: object, **others: Any) -> Kind:
    """A value of `kind` with the fields of the same names of `event`; `others` are set as given.

    Fields that are dataclasses themselves, alone or in tuples and mappings, are mirrored too.

    Raises
    ------
    TypeError
        Where a field without a default is found in neither.
    """
    found = {
        name: getattr(event, name) if hint is None else _mirrored(hint, getattr(event, name))
        for name, hint in _hints(kind)  # type: ignore[arg-type]  # a class is hashable
        if name not in others and hasattr(event, name)
    }
    return kind(**found, **others)


@lru_cache(maxsize=256)
def _hints(kind: Hashable) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass, each with its type; None where no part of it needs to be mirrored."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # it is a dataclass
    return tuple((name, hints[name] if _holds_dataclass(hints[name]) else None) for name in names)


def _holds_dataclass(hint: Any) -> bool:
    return is_dataclass(hint) or any(_holds_dataclass(inner) for inner in get_args(hint))


def _mirrored(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [each for each in inner if each is not type(None)]
        return _mirrored(kinds[0], value) if len(kinds) == 1 else value
    if origin is tuple and inner:
        each = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_mirrored(one, item) for one, item in zip(each, value, strict=True))
    if isinstance(value, Mapping) and len(inner) == 2:
        return {key: _mirrored(inner[1], item) for key, item in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return mirror(hint, value)
    return value
