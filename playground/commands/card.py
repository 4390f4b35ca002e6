"""`card`: a run as one HTML file that tells everything about it."""

import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playground.commands.output import say
from playground.commands.signals import INTERRUPTED, stopped_by_signals
from playground.engine.export.source import file_name, open_source
from playground.engine.export.spec import ExportSpec
from playground.engine.problems import Stopped

if TYPE_CHECKING:
    from playground.engine.export.card.card import Carding

HELP = "Write a run as one HTML file: network, settings, curves, results, samples, exports with their proofs."


def add_arguments(parser: ArgumentParser) -> None:
    """What `card` takes."""
    parser.add_argument(
        "source",
        metavar="RUN",
        help="a run's folder or its name, a checkpoint, or a model file; a document or preset gives an untrained net",
    )
    parser.add_argument("--out", metavar="FILE.html", type=Path, help="write it there instead of into this folder")
    parser.add_argument(
        "--proof",
        dest="proofs",
        metavar="FILE.proof.json",
        type=Path,
        action="append",
        default=[],
        help="tell of this export too, besides those in the run's folder; may be repeated",
    )


def run(arguments: Namespace) -> int:
    """Write the card and say where."""
    from playground.engine.export.card.card import card_job
    from playground.engine.export.card.source import opened, read_proof

    source = open_source(arguments.source)
    proofs = [read_proof(path) for path in arguments.proofs]
    out = arguments.out or Path(f"{file_name(source.name, ExportSpec(format='folder'))}.html")
    stop = threading.Event()
    with stopped_by_signals(stop.set) as received:
        try:
            _show(card_job(partial(opened, source, proofs), out, datetime.now(), stop))
        except Stopped:
            return INTERRUPTED + received[0]
    say(f"wrote {out}")
    return 0


def _show(events: "Iterable[Carding]") -> None:
    """Go through the events, with a bar where somebody looks."""
    from rich.progress import Progress

    with Progress(transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("card", total=1.0)
        for event in events:
            bar.update(task, completed=event.fraction, description=event.stage)
