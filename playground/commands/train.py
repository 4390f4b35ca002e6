"""`train`: the engine without the window."""

import secrets
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.commands.documents import Setting, add_document, open_document
from playground.commands.reports import Report, choose_report
from playground.commands.signals import INTERRUPTED, stopped_by_signals
from playground.engine.document import Document

if TYPE_CHECKING:
    from playground.engine.training.control import Control
    from playground.engine.training.events import Result

HELP = "Train a network and say how well it does."


def add_arguments(parser: ArgumentParser) -> None:
    """What `train` takes."""
    add_document(parser)
    parser.add_argument("--device", metavar="D", help="auto, cpu, cuda, cuda:1 or mps")
    parser.add_argument("--epochs", metavar="N", help="how often to go through the data")
    parser.add_argument("--seed", metavar="N", help="what all random numbers follow from")
    parser.add_argument("--out", metavar="DIR", type=Path, help="keep a checkpoint there after every epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, as it was set up")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Train to the end or until Ctrl+C, which keeps what was learned."""
    document = open_document(arguments.document, [*arguments.settings, *_shorthands(arguments)])
    if arguments.resume and arguments.out is None:
        arguments.parser.error("--resume needs --out DIR, the run to go on with")
    from playground.engine.training.control import Control

    control = Control()
    report = choose_report(_new_id(), document.title, json=arguments.json)
    with stopped_by_signals(control.stop) as received, report:
        result = _train(document, control, arguments, report)
        if result is not None:
            report.done(result)
        if received:
            report.interrupted(arguments.out if result is not None else None)
    return INTERRUPTED + received[0] if received else 0


def _train(document: Document, control: "Control", arguments: Namespace, report: Report) -> "Result | None":
    """What the run ended with; None where it was stopped before its first step."""
    report.preparing("PyTorch")
    from playground.engine.problems import Stopped
    from playground.engine.training.job import training_job

    events = training_job(document, control, out=arguments.out, resume=arguments.resume)
    try:
        while True:
            report.show(next(events))
    except StopIteration as end:
        result: Result = end.value
        return result
    except Stopped:
        return None


def _shorthands(arguments: Namespace) -> list[Setting]:
    names = ("device", "epochs", "seed")
    return [(f"training.{name}", value) for name in names if (value := getattr(arguments, name)) is not None]


def _new_id() -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
