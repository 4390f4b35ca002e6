"""The icons that tell kinds of names apart."""

from functools import cache

from PySide6.QtGui import QColor, QIcon

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import SERIES, theme

_ICONS = {
    "tensor": ("grid", SERIES[0]),
    "parameter": ("tune-variant", SERIES[1]),
    "array": ("table-large", SERIES[2]),
    "module": ("layers-outline", SERIES[5]),
    "optimizer": ("trending-down", SERIES[3]),
    "data": ("database-outline", SERIES[4]),
    "number": ("numeric", ""),
    "text": ("format-quote-close", ""),
    "sequence": ("code-brackets", ""),
    "mapping": ("code-braces", ""),
    "object": ("cube-outline", ""),
}


def icon(kind: str) -> QIcon:
    """The icon of a kind; it keeps its shape in every theme."""
    return _icon(kind, theme.color("muted").name(), theme.color("on_accent").name())


@cache
def _icon(kind: str, plain: str, selected: str) -> QIcon:
    name, color = _ICONS[kind]
    return drawn_icon(name, QColor(color or plain), selected=QColor(selected))
