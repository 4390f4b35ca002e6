"""The fields of one layer, optimiser, schedule or data set, generated from its arguments."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.widgets.common.arguments import Argument, changed_only
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import (
    CheckField,
    ChoiceField,
    Field,
    FloatField,
    NumbersField,
    TextField,
)
from playground.widgets.common.size_field import SizeField


class ArgumentGrid(FieldGrid):
    """Fields for arguments; what is left at its default is shown faintly and not reported.

    Signals
    -------
    edited : a value was committed.
    """

    edited = Signal()

    def __init__(
        self,
        name: str,
        arguments: tuple[Argument, ...],
        *,
        columns: int = 1,
        label_width: int = 136,
        shares: tuple[int, int] = (1, 1),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, columns=columns, label_width=label_width, shares=shares, parent=parent)
        self._arguments = arguments
        self._fields: dict[str, Field] = {}
        self._unknown: dict[str, object] = {}
        for argument in arguments:
            self._fields[argument.name] = field = field_for(argument)
            field.edited.connect(self._report)
            self.add(argument.name, argument.title or argument.name, field, _tip(argument))

    def values(self) -> dict[str, object]:
        """What differs from the defaults, and whatever was set that has no field here."""
        return self._unknown | changed_only(self._arguments, {n: field.value() for n, field in self._fields.items()})

    def set_values(self, values: Mapping[str, object]) -> None:
        """Show these values, and the defaults of all others, without reporting them."""
        self._unknown = {name: value for name, value in values.items() if name not in self._fields}
        for argument in self._arguments:
            field = self._fields[argument.name]
            value = values.get(argument.name, argument.default)
            if field.value() != value or isinstance(field, TextField):
                field.set_value(value)

    @Slot(object)
    def _report(self, _value: object) -> None:
        self.edited.emit()


def field_for(argument: Argument) -> Field:
    """The editor that fits an argument's types."""
    types = set(argument.types)
    if argument.choices and "int" not in types:
        return _choice(argument)
    if "bool" in types:
        return CheckField()
    if "int" in types and "float" not in types:
        return _size(argument)
    given: dict[str, Any] = {"required": argument.required}
    if {"ints", "floats", "pair", "triple"} & types:
        return NumbersField(argument.default, whole="floats" not in types, count=_count(argument), **given)  # type: ignore[arg-type]
    if "float" in types:
        return FloatField(argument.default, minimum=argument.minimum, maximum=argument.maximum, **given)  # type: ignore[arg-type]
    return TextField(argument.default, **given)


def _size(argument: Argument) -> SizeField:
    count = _count(argument) if {"ints", "pair", "triple"} & set(argument.types) else 1
    return SizeField(
        argument.default,
        most=count,
        least=count or 1,
        minimum=argument.minimum,
        maximum=argument.maximum,
        words=argument.choices or (),
        may_be_none="none" in argument.types,
        required=argument.required,
    )


def _count(argument: Argument) -> int | None:
    if "ints" in argument.types:
        return None
    fixed = {"pair": 2, "triple": 3}
    given = [fixed[kind] for kind in argument.types if kind in fixed]
    if given:
        return given[0]
    return len(argument.default) if isinstance(argument.default, tuple | list) else None


def _choice(argument: Argument) -> ChoiceField:
    field = ChoiceField()
    values: tuple[object, ...] = argument.choices or ()
    if "none" in argument.types:
        values = (None, *values)
    field.set_choices([(value, "none" if value is None else str(value), "") for value in values])
    field.set_value(argument.default)
    return field


def _tip(argument: Argument) -> str:
    return f"{argument.doc} ({argument.name})" if argument.doc else argument.name
