"""The network on a model card: a row of the table for each node, and a column of boxes as the picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from playground.engine.export.card.numbers import by, plural
from playground.engine.network.catalogue import layers
from playground.engine.network.events import Analysis, LayerFacts

WIDTH = 352
START = 64  # where the first box begins: above it stands what enters
BOX, GAP = 48, 32  # heights of a box, and of the arrow behind it
MOST_BOXES = 32
LETTERS = 40  # of a detail that fit into a box


@dataclass(frozen=True)
class LayerRow:
    """A row of the table: `depth` counts the blocks around the layer."""

    depth: int
    label: str
    shape: str
    parameters: str
    flops: str


@dataclass(frozen=True)
class Box:
    """A layer in the picture, `y` units from above; `share` is its part of the most parameters that a layer has.

    `family` is its colour, `shape` what leaves it; `skips` tells whether its input also goes around it.
    """

    family: str
    title: str
    detail: str
    parameters: str
    share: float
    shape: str
    skips: bool = False
    y: int = 0


@dataclass(frozen=True)
class NetworkPicture:
    """Boxes from above; `start` is the shape that enters."""

    boxes: tuple[Box, ...]
    start: str
    height: int
    described: str


def table(analysis: Analysis) -> tuple[LayerRow, ...]:
    """Every node of the tree, blocks before what is in them."""
    return tuple(_rows(analysis.layers, 0))


def picture(analysis: Analysis) -> NetworkPicture:
    """The top of the tree; of very many layers the first and the last ones."""
    most = max((node.parameters for node in analysis.layers), default=0) or 1
    boxes = [_box(node, most) for node in analysis.layers]
    half = MOST_BOXES // 2
    if len(boxes) > MOST_BOXES:
        left_out = f"{len(boxes) - 2 * half} more layers"
        middle = Box("more", left_out, "they are in the table", "", 0.0, boxes[-half - 1].shape)
        boxes = [*boxes[:half], middle, *boxes[-half:]]
    enters, leaves = by(analysis.input), by(analysis.output)
    return NetworkPicture(
        boxes=tuple(replace(box, y=START + index * (BOX + GAP)) for index, box in enumerate(boxes)),
        start=enters,
        height=START + len(boxes) * (BOX + GAP),
        described=f"The network's {plural(len(analysis.layers), 'layer')} from above: samples of {enters} enter, "
        f"{leaves} values leave. The table holds the same.",
    )


def _rows(nodes: tuple[LayerFacts, ...], depth: int) -> Iterator[LayerRow]:
    for node in nodes:
        part = f"{node.part}: " if node.part not in ("", "body") else ""
        notes = (" (switched off)" if not node.enabled else "") + (" (frozen)" if node.frozen else "")
        yield LayerRow(
            depth=depth,
            label=f"{part}{node.label}{notes}",
            shape=by(node.output),
            parameters=f"{node.parameters:,}",
            flops="-" if node.flops is None else f"{node.flops:,}",
        )
        yield from _rows(node.children, depth + 1)


def _box(node: LayerFacts, most: int) -> Box:
    entry = layers().get(node.kind)
    inside = ", ".join(child.kind for child in node.children)
    rest = node.label.removeprefix(node.kind).lstrip(" ,")
    detail = "switched off" if not node.enabled else "; ".join(text for text in (rest, inside) if text)
    return Box(
        family=entry.group if entry else "block",
        title=node.kind,
        detail=detail if len(detail) <= LETTERS else f"{detail[: LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}",
        parameters=f"{node.parameters:,}" if node.parameters else "",
        share=node.parameters / most,
        shape=by(node.output),
        skips=node.kind == "Residual" and node.enabled,
    )
