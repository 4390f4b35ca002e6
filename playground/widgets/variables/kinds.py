"""The icons that tell kinds of names apart."""

from functools import cache

import qtawesome
from PySide6.QtGui import QColor, QIcon

from playground.widgets.common.theme import SERIES, theme

_ICONS = {
    "tensor": ("mdi6.grid", SERIES[0]),
    "parameter": ("mdi6.tune-variant", SERIES[1]),
    "array": ("mdi6.table-large", SERIES[2]),
    "module": ("mdi6.layers-outline", SERIES[5]),
    "optimizer": ("mdi6.trending-down", SERIES[3]),
    "data": ("mdi6.database-outline", SERIES[4]),
    "number": ("mdi6.numeric", ""),
    "text": ("mdi6.format-quote-close", ""),
    "sequence": ("mdi6.code-brackets", ""),
    "mapping": ("mdi6.code-braces", ""),
    "object": ("mdi6.cube-outline", ""),
}


def icon(kind: str) -> QIcon:
    """The icon of a kind; it keeps its shape in every theme."""
    return _icon(kind, theme.color("muted").name(), theme.color("on_accent").name())


@cache
def _icon(kind: str, plain: str, selected: str) -> QIcon:
    name, color = _ICONS[kind]
    drawn: QIcon = qtawesome.icon(name, color=QColor(color or plain), color_selected=QColor(selected))
    return drawn
