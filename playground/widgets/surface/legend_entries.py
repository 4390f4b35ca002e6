"""What the legend of a view has to say of its content: the racers, and how far the arrows are scaled."""

from PySide6.QtCore import QCoreApplication

from playground.widgets.surface.content import Content, arrow_color, halo, racer_color
from playground.widgets.surface.legend import Entry
from playground.widgets.surface.values import ARROW_KINDS, ArrowKind


def entries(content: Content) -> tuple[Entry, ...]:
    """A line for each racer, then an arrow for each kind that is shown."""
    racers = [racer_color(racer) for racer in range(len(content.names))]
    lines = [Entry(color, halo(color), name) for color, name in zip(racers, content.names, strict=True)]
    scales = content.scales()
    arrows = [(arrow_color(kind), _arrow_text(kind, scales[kind])) for kind in ARROW_KINDS if kind in scales]
    return (*lines, *(Entry(color, halo(color), text, is_arrow=True) for color, text in arrows))


def _arrow_text(kind: ArrowKind, scale: float) -> str:
    names = {"gradient": _said("\N{MINUS SIGN}gradient"), "momentum": _said("momentum"), "step": _said("step")}
    return names[kind] if scale == 1 else f"{names[kind]} \N{MULTIPLICATION SIGN} {_factor(scale)}"


def _factor(scale: float) -> str:
    return f"{scale:,.0f}" if 1e3 <= scale < 1e10 else f"{scale:g}"


def _said(text: str) -> str:
    return QCoreApplication.translate("Surface", text)
