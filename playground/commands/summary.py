"""`summary`: shapes and parameters of every layer."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

from playground.commands.documents import add_document, open_document
from playground.commands.output import say, say_json
from playground.engine.data.facts import describe

if TYPE_CHECKING:
    from playground.engine.network.events import Analysis

HELP = "Show the output shape and the parameters of every layer, without computing anything."
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
    """Print the table; a layer that does not fit is a problem after it."""
    from playground.engine.network.analysis import analyse

    document = open_document(arguments.document, arguments.settings)
    analysis = analyse(document.network, arguments.input or describe(document.data).shape)
    (_say_lines if arguments.json else _say_table)(analysis)
    if analysis.problem is not None:
        raise analysis.problem
    return 0


def _say_lines(analysis: "Analysis") -> None:
    for layer in analysis.layers:
        say_json("layer", **asdict(layer), parameters=layer.parameters)
    if analysis.problem is None:
        say_json("done", input=analysis.input, output=analysis.output, parameters=analysis.parameters)


def _say_table(analysis: "Analysis") -> None:
    rows = [("", "layer", "output", "parameters"), ("", "input", _by(analysis.input), "")]
    for number, layer in enumerate(analysis.layers):
        output = "does not fit" if layer.problem else _by(layer.output)
        rows.append((str(number), layer.label, output, f"{layer.parameters:,}"))
    rows.append(("", "in all", _by(analysis.output), f"{analysis.parameters:,}"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        say("{:>{}}  {:<{}}  {:<{}}  {:>{}}".format(*chain(*zip(row, widths, strict=True))).rstrip())


def _by(shape: Shape | None) -> str:
    return "-" if shape is None else " x ".join(map(str, shape))
