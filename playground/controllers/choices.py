"""What the catalogue knows of optimisers and schedules, as the forms' choices."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from playground.engine.network import catalogue
from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice


def choices(entries: Mapping[str, catalogue.Entry]) -> list[Choice]:
    """The entries in their order, each with its arguments and why it is refused, if it is."""
    return [
        Choice(
            name=entry.kind,
            arguments=tuple(_argument(argument) for argument in entry.arguments),
            summary=QCoreApplication.translate("catalogue", entry.note or entry.doc),
            refused=entry.refused,
        )
        for entry in entries.values()
    ]


def _argument(argument: catalogue.Argument) -> Argument:
    required = argument.default is catalogue.NO_DEFAULT
    return Argument(
        name=argument.name,
        types=argument.types,
        default=None if required else argument.default,
        required=required,
        choices=argument.choices,
        minimum=argument.minimum,
        maximum=argument.maximum,
        doc=argument.doc,
    )
