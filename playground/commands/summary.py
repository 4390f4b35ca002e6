"""`summary`: shapes, parameters and operations of every layer."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from playground.commands.documents import add_document, open_document
from playground.commands.output import say, say_json
from playground.engine.data.facts import describe
from playground.engine.document import Document

if TYPE_CHECKING:
    from playground.engine.network.events import Analysis, LayerFacts

HELP = "Show the output shape, parameters and FLOPs of every layer, without computing anything."
Shape = tuple[int, ...]


def add_arguments(parser: ArgumentParser) -> None:
    """What `summary` takes."""
    add_document(parser)
    parser.add_argument("--input", metavar="C,H,W", type=shape, help="shape of one sample; else that of the data set")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def shape(text: str) -> Shape:
    """`1,28,28` as a shape."""
    parts = text.split(",")
    if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
        raise ArgumentTypeError(f"{text!r} is not a shape such as 1,28,28")
    return tuple(int(part) for part in parts)


def run(arguments: Namespace) -> int:
    """Print the table; a layer that does not fit is a problem after it, behind the repairs there are."""
    from playground.engine.network.analysis import analyse

    document = open_document(arguments.document, arguments.settings)
    facts = describe(document.data)
    sample = arguments.input or facts.shape
    analysis = analyse(document.network, sample)
    (_say_lines if arguments.json else _say_table)(analysis)
    if analysis.problem is not None:
        _say_repairs(document, sample, None if arguments.input else facts.outputs, json=arguments.json)
        raise analysis.problem
    return 0


def _say_lines(analysis: "Analysis") -> None:
    for layer, _ in _rows(analysis.layers):
        say_json("layer", **_fields(layer))
    _say_problems(analysis)
    if analysis.problem is None:
        say_json(
            "done",
            input=analysis.input,
            output=analysis.output,
            params=analysis.parameters,
            trainable=analysis.trainable,
            flops=analysis.flops,
            activations=analysis.activations,
        )


def _fields(layer: "LayerFacts") -> dict[str, object]:
    names = ("id", "path", "kind", "label", "weights", "biases", "flops", "activations", "receptive_field", "formula")
    plain = {name: getattr(layer, name) for name in (*names, "names", "enabled", "frozen", "problem")}
    return plain | {"shape": layer.output, "params": layer.parameters}


def _say_problems(analysis: "Analysis") -> None:
    """Every problem with the place of its layer: the path in the tree, and the number of the node at the top."""
    places = {layer.id: layer.path for layer, _ in _rows(analysis.layers)}
    for problem in analysis.problems:
        node = str(problem.fields.get("node", ""))
        path = places.get(node, "")
        index = int(path.partition("]")[0].removeprefix("layers[")) if path else None
        say_json("problem", code=problem.code, message=problem.sentence, node=node, path=path, index=index)


def _say_repairs(document: Document, sample: Shape, outputs: int | None, *, json: bool) -> None:
    from playground.engine.network.doctor import examine

    for repair in examine(document.network, sample, outputs):
        if json:
            changes = {"params_change": repair.parameters_change, "flops_change": repair.flops_change}
            say_json("repair", node=repair.node, message=repair.sentence, **changes)
        else:
            say(f"it would fit: {repair.sentence}")


def _say_table(analysis: "Analysis") -> None:
    rows = [("", "layer", "output", "parameters", "FLOPs"), ("", "input", _by(analysis.input), "", "")]
    for layer, depth in _rows(analysis.layers):
        number = layer.path[7:-1] if depth == 0 else ""
        part = f"{layer.part}: " if layer.part not in ("", "body") else ""
        off = "" if layer.enabled else " (switched off)"
        shape = "does not fit" if layer.problem else _by(layer.output)
        label = f"{'  ' * depth}{part}{layer.label}{off}"
        rows.append((number, label, shape, f"{layer.parameters:,}", _count(layer.flops, layer.output)))
    rows.append(
        ("", "in all", _by(analysis.output), f"{analysis.parameters:,}", _count(analysis.flops, analysis.output))
    )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        say("{:>{}}  {:<{}}  {:<{}}  {:>{}}  {:>{}}".format(*chain(*zip(row, widths, strict=True))).rstrip())


def _rows(layers: "tuple[LayerFacts, ...]", depth: int = 0) -> "Iterator[tuple[LayerFacts, int]]":
    """Every node of the tree and how deep it stands, blocks before what is in them."""
    for layer in layers:
        yield layer, depth
        yield from _rows(layer.children, depth + 1)


def _by(shape: Shape | None) -> str:
    return "-" if shape is None else " x ".join(map(str, shape))


def _count(flops: int | None, output: Shape | None) -> str:
    if output is None:
        return "-"
    return "not counted" if flops is None else f"{flops:,}"
