"""How the commands name an experiment: a preset or a document's file, changed by `--set key=value`."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.document import Document
from playground.engine.export.source import open_source
from playground.engine.files import read_bytes
from playground.engine.problems import Problem

Setting = tuple[str, str]


def add_document(parser: ArgumentParser) -> None:
    """The argument DOC|PRESET, and --set."""
    parser.add_argument("document", metavar="DOC|PRESET", help="a *.playground file, a preset, or a run's folder")
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        type=setting,
        action="append",
        default=[],
        help="change one setting of the document, such as lr=0.1 or data.validation=5000; may be repeated",
    )


def setting(text: str) -> Setting:
    """`key=value` as its two parts."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ArgumentTypeError(f"{text!r} is not of the form key=value")
    return key.strip(), value.strip()


def open_document(name: str, settings: Iterable[Setting] = ()) -> Document:
    """The preset or file of that name, with the settings applied in turn.

    Raises
    ------
    Problem
        `preset-unknown`, or what is wrong with the file or a setting.
    """
    document = _named(name)
    for key, value in settings:
        document = documents.set_text(document, key, value)
    return document


def _named(name: str) -> Document:
    if name in presets.names():
        return presets.preset(name)
    path = Path(name)
    if path.is_dir() or path.suffix == ".safetensors":
        return open_source(path).document
    if not path.exists() and path.name == name and not path.suffix:
        raise Problem("preset-unknown", name=name, known=", ".join(presets.names()))
    return documents.decode(read_bytes(path, documents.MAX_BYTES), path)
