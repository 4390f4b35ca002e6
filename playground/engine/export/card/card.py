"""A model card: one HTML file that tells everything about a run and needs nothing but itself, no network, no script."""

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from playground.assets import resource
from playground.engine.data.download import check_stop
from playground.engine.data.facts import Facts, describe
from playground.engine.data.sets import Split, load_present
from playground.engine.data.spec import Images
from playground.engine.export.card import charts as card_charts
from playground.engine.export.card import network as card_network
from playground.engine.export.card.curves import charts
from playground.engine.export.card.pictures import CLASS_COLOURS, TILES, has_pictures, scatters, tiles
from playground.engine.export.card.results import Classified, Results, results
from playground.engine.export.card.settings import settings
from playground.engine.export.card.source import CardSource
from playground.engine.export.card.tables import class_rows, export_rows
from playground.engine.export.card.words import figures, state_of, summary
from playground.engine.files import write_atomic
from playground.engine.network.analysis import analyse, check_network
from playground.engine.problems import Problem
from playground.engine.scripts.program import script

CardStage = Literal["reading", "predicting", "drawing"]


@dataclass(frozen=True, slots=True)
class Carding:
    """A stage of a card began or went on; `fraction` (0 to 1) counts the whole card."""

    stage: CardStage
    fraction: float


@dataclass(frozen=True)
class _Examined:
    """The test split with what the net says of it; `missing` is the sentence why there is none, "" without a need."""

    split: Split | None
    found: Results | None
    missing: str


def card_job(
    source: Callable[[], CardSource], out: Path, written: datetime, stop: threading.Event | None = None
) -> Generator[Carding, None, Path]:
    """Write the card of a run to `out`, as a whole or not at all, and give `out` back.

    Parameters
    ----------
    source : callable
        Gives what the card is made of; called here, so that it may wait for a run.
    written : datetime
        The moment that the card names.

    Raises
    ------
    Problem
        What the source raises, or `file-unwritable`. A data set that is not here is no problem: the card says so.
    Stopped
        When `stop` is set.
    """
    yield Carding("reading", 0.0)
    text = yield from card(source(), written, stop)
    write_atomic(out, text.encode(errors="replace"))  # a folder may have a name that is no text
    return out


def card(source: CardSource, written: datetime, stop: threading.Event | None = None) -> Generator[Carding, None, str]:
    """The text of the card; the same source at the same moment on the same machine gives the same text.

    Raises
    ------
    Problem
        Where the network does not fit the data, or the data set is here but cannot be read.
    Stopped
        When `stop` is set.
    """
    check_stop(stop)
    facts = describe(source.document.data)
    check_network(source.document.network, facts)
    examined = yield from _examine(source, facts, stop)
    check_stop(stop)
    yield Carding("drawing", 0.9)
    return _environment().get_template("card.html").render(_contents(source, facts, examined, written))


def _examine(source: CardSource, facts: Facts, stop: threading.Event | None) -> Generator[Carding, None, _Examined]:
    yield Carding("reading", 0.1)
    try:
        dataset = load_present(source.document.data)
    except Problem as problem:
        if problem.code != "data-missing":
            raise
        return _Examined(None, None, problem.sentence)
    if dataset.test is None:
        return _Examined(None, None, f"{facts.title} has no test samples here, so that nothing was predicted.")
    fractions = results(source.net, dataset.test, facts, stop)
    while True:
        try:
            yield Carding("predicting", 0.2 + 0.7 * next(fractions))
        except StopIteration as end:
            return _Examined(dataset.test, end.value, "")


def _contents(source: CardSource, facts: Facts, examined: _Examined, written: datetime) -> dict[str, Any]:
    analysis = analyse(source.document.network, facts.shape)
    return {
        "title": source.title or "A network without a title",
        "written": written,
        "state": state_of(source),
        "summary": summary(source, facts, analysis, examined.found),
        "figures": figures(source, facts, analysis, examined.found),
        "analysis": analysis,
        "picture": card_network.picture(analysis),
        "layers": card_network.table(analysis),
        "curves": charts(source.history),
        "missing": examined.missing,
        **_results(source, facts, examined),
        "settings": settings(source, facts),
        "versions": source.versions,
        "exports": export_rows(source.proofs),
        "code": _code(source),
        "frame": card_charts,
        "class_colours": CLASS_COLOURS,
    }


def _results(source: CardSource, facts: Facts, examined: _Examined) -> dict[str, Any]:
    """What the test split gives: nothing of it where there is none."""
    found, split = examined.found, examined.split
    contents: dict[str, Any] = {
        "found": found,
        "classes": (),
        "scatters": (),
        "samples": (),
        "mistakes": (),
        "wrong": 0,
    }
    if found is None or split is None:
        return contents
    contents["scatters"] = scatters(source.net, split, facts, found)
    if isinstance(found, Classified):
        contents["classes"] = class_rows(found, facts)
        contents["wrong"] = len(found.labels) - found.right
        if has_pictures(facts):
            first = np.arange(min(TILES, len(split)))
            contents["samples"] = tiles(found, split, facts, first)
            contents["mistakes"] = tiles(found, split, facts, found.worst_mistakes(TILES))
    return contents


def _code(source: CardSource) -> str:
    """The program of the run; the folder of its data is this machine's own business."""
    document = source.document
    if isinstance(document.data, Images):
        document = msgspec.structs.replace(document, data=msgspec.structs.replace(document.data, folder=""))
    return script(document, threads=source.started.threads if source.started else None)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("card")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
