"""The icons and colours that tell layers apart."""

from PySide6.QtGui import QColor, QIcon

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import SERIES, theme

_BLOCKS = {
    "Residual": "arrow-decision-outline",
    "Branches": "source-branch",
    "Repeat": "repeat",
}
# A kind that contains the word has the colour; the rest are activations.
_COLORS = (
    ("Residual", "#6b7689"),
    ("Branches", "#6b7689"),
    ("Repeat", "#6b7689"),
    ("Conv", SERIES[0]),
    ("Linear", SERIES[1]),
    ("Embedding", SERIES[1]),
    ("Pool", SERIES[2]),
    ("Norm", SERIES[4]),
    ("Dropout", SERIES[3]),
    ("latten", "#8a93a3"),
    ("Identity", "#8a93a3"),
    ("input", "#8a93a3"),
)


def color_of(kind: str) -> QColor:
    """The colour of a kind of layer, the same in light and dark."""
    return QColor(next((color for word, color in _COLORS if word in kind), SERIES[5]))


def problem_icon() -> QIcon:
    """Something is wrong here."""
    return _icon("alert-circle-outline", theme.color("bad"))


def off_icon() -> QIcon:
    """Switched off."""
    return _icon("eye-off-outline", theme.color("muted"))


def frozen_icon() -> QIcon:
    """Does not learn."""
    return _icon("snowflake", theme.color("train"))


def fresh_icon() -> QIcon:
    """Its weights began anew in the run."""
    return _icon("sprout-outline", theme.color("good"))


def block_icon(kind: str) -> QIcon | None:
    """The kind of block; None for layers."""
    return _icon(_BLOCKS[kind], theme.color("muted")) if kind in _BLOCKS else None


def swatch(kind: str) -> QIcon:
    """A small sign for a list: a block's icon, or a square of the layer's colour."""
    return block_icon(kind) or _icon("square-rounded", color_of(kind))


def _icon(name: str, color: QColor) -> QIcon:
    return drawn_icon(name, color, selected=theme.color("on_accent"))
