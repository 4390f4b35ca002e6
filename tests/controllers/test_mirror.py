"""Events become values of the same fields, whatever stands inside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from playground.controllers.mirror import mirror


@dataclass(frozen=True)
class Part:
    name: str
    hidden: int = 0


@dataclass(frozen=True)
class Event:
    title: str
    first: Part | None
    parts: tuple[Part, ...]
    named: dict[int, Part]
    left_out: int = 3


@dataclass(frozen=True)
class PartValues:
    name: str


@dataclass(frozen=True)
class EventValues:
    title: str
    first: PartValues | None
    parts: tuple[PartValues, ...]
    named: Mapping[int, PartValues] = field(default_factory=dict)
    position: tuple[float, float] = (0.0, 0.0)


def test_every_part_is_a_value_of_the_widgets_own():
    event = Event("graph", Part("a"), (Part("b"), Part("c")), {7: Part("d")})
    values = mirror(EventValues, event, position=(1.0, 2.0))
    assert values == EventValues(
        "graph", PartValues("a"), (PartValues("b"), PartValues("c")), {7: PartValues("d")}, (1.0, 2.0)
    )


def test_nothing_stays_nothing():
    assert mirror(EventValues, Event("", None, (), {})) == EventValues("", None, ())


def test_a_field_that_nobody_gives_is_an_error():
    with pytest.raises(TypeError):
        mirror(EventValues, Part("a"))
