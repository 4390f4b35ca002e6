"""`export`: a model as a file for others, loaded again and compared before it counts as exported."""

import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from playground.commands.export_reports import choose_report
from playground.commands.signals import INTERRUPTED, stopped_by_signals
from playground.engine.export.events import Exported, NotExported, Proof
from playground.engine.export.job import export_job
from playground.engine.export.source import ExportSource, file_name, open_source
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.problems import Problem, Stopped

HELP = "Write a trained net in another format, load that again in a clean process, and compare the two."


def add_arguments(parser: ArgumentParser) -> None:
    """What `export` takes."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help="a run or its folder, a checkpoint, a model file; a document or a preset gives a net not trained yet",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--format", choices=tuple(FORMATS), help="pt2 is torch.export, folder a plain script with its weights"
    )
    which.add_argument("--all", action="store_true", help="every format")
    parser.add_argument("--normalise", action="store_true", help="normalise inside the file: pixels in [0, 1] enter")
    parser.add_argument("--softmax", action="store_true", help="softmax inside the file: probabilities leave")
    parser.add_argument("--out", metavar="PATH", type=Path, help="the file to write; with --all the folder for all")
    parser.add_argument(
        "--table", metavar="FILE.md", type=Path, help="with --all and no SOURCE: prove every preset and template"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: Namespace) -> int:
    """Export and prove; 1 where a proof failed."""
    _check(arguments)
    stop = threading.Event()
    with stopped_by_signals(stop.set) as received:
        try:
            if arguments.table is not None:
                from playground.commands.export_table import write_table

                return write_table(arguments.table, stop)
            return _export(arguments, stop)
        except Stopped:
            return INTERRUPTED + received[0]


def _check(arguments: Namespace) -> None:
    """Refuse what does not belong together."""
    if arguments.table is not None:
        if not arguments.all or arguments.source is not None or arguments.out is not None:
            arguments.parser.error("--table FILE.md needs --all, and neither SOURCE nor --out")
    elif arguments.source is None:
        arguments.parser.error("SOURCE is missing: a run, a checkpoint, a model file, a document or a preset")
    elif not arguments.all and arguments.format is None:
        arguments.parser.error(f"--format is missing: {', '.join(FORMATS)}; or --all")


def _export(arguments: Namespace, stop: threading.Event) -> int:
    source = open_source(arguments.source)
    names = tuple(FORMATS) if arguments.all else (arguments.format,)
    specs = tuple(ExportSpec(name, arguments.normalise, arguments.softmax) for name in names)
    failed: Proof | None = None
    with choose_report(source, specs, json=arguments.json) as report:
        report.started()
        refused: list[NotExported] = []
        for event in export_job(source, specs, _place(arguments.out, source, specs), stop):
            report.show(event)
            if isinstance(event, NotExported):
                refused.append(event)
            if isinstance(event, Exported) and not event.proof.passed:
                failed = failed or event.proof
        report.ended()
    if failed is not None:
        detail = failed.detail[:1].lower() + failed.detail[1:].rstrip(".")
        raise Problem("export-unproved", path=failed.path, detail=detail)
    if len(refused) == len(specs):
        raise refused[0].problem
    return 0


def _place(chosen: Path | None, source: ExportSource, specs: Sequence[ExportSpec]) -> Path:
    """The file or folder asked for, else one of the source's name here."""
    if chosen is not None:
        return chosen
    name = file_name(source.name, specs[0])
    return Path(name) if len(specs) == 1 else Path(f"{name.removesuffix(FORMATS[specs[0].format].suffix)}-exports")
