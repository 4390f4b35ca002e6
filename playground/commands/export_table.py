"""`export --all --table`: every preset and every template of the editor in every format, as a Markdown table."""

import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from playground.commands.export_reports import difference, milliseconds, size
from playground.commands.output import say
from playground.engine import presets
from playground.engine.data.facts import PUBLISHED
from playground.engine.data.spec import DataSpec, Images, RandomData
from playground.engine.document import Document
from playground.engine.export.events import Exported, NotExported, Proof
from playground.engine.export.job import Workshop, export_job
from playground.engine.export.proof.placing import remove
from playground.engine.export.source import untrained
from playground.engine.export.spec import FORMATS, ExportSpec, FormatName
from playground.engine.files import write_atomic
from playground.engine.network import templates
from playground.engine.network.templates import Template
from playground.engine.versions import versions

USUAL = 1e-5

_HEAD = """# Exports with proof

Written by `torch-playground export --all --table {name}` with {versions}.

Every preset and every template of the editor, with the weights that its seed draws, in every format. Each file was
loaded again in a process that cannot import the playground, and compared with the net at batch 1, 2 and N. *Difference*
is the largest absolute difference between their outputs; up to 1e-5 it passes as rounding, where the net's outputs
exceed 1 up to 1e-5 times the largest of them. Latencies are medians on one core, in milliseconds; the machine with its
{cores} cores had a load of {load:.1f} meanwhile. Nets whose data set is not on the machine, and templates for no data
set, are compared on random inputs.

| Net | Format | Proof | Difference | Size | Batch of 1 | Batch of 64 | Remarks |
|---|---|---|---:|---:|---:|---:|---|
"""


def write_table(path: Path, stop: threading.Event) -> int:
    """Make every export in a temporary folder, prove it, remove it, and write the table; 1 where a proof failed.

    Raises
    ------
    Stopped
        When `stop` is set; the table is then as it was.
    """
    rows: list[str] = []
    loads: list[float] = []
    failed = 0
    with tempfile.TemporaryDirectory(prefix="playground-exports-") as folder, Workshop() as workshop:
        for name, document in _nets():
            loads.append(os.getloadavg()[0])
            for row, passed in _rows(name, document, Path(folder), workshop, stop):
                say(row)
                rows.append(row)
                failed += not passed
    libraries = {name: metadata.version(name) for name in ("onnx", "onnxscript", "onnxruntime", "safetensors")}
    found = {**versions(), **libraries}
    used = ", ".join(f"{name} {version}" for name, version in found.items() if name != "system")
    head = _HEAD.format(name=path, versions=used, cores=os.cpu_count(), load=statistics.median(loads))
    write_atomic(path, (head + "\n".join(rows) + "\n").encode())
    say(f"wrote {path}")
    return 1 if failed else 0


def _nets() -> Iterator[tuple[str, Document]]:
    """Every preset, then the templates that are no preset's net."""
    for name in presets.names():
        yield name, presets.preset(name)
    for name in templates.names():
        if name not in presets.names():
            found = templates.template(name)
            yield name, Document(title=found.title, data=_data_for(found), network=found.network)


def _data_for(found: Template) -> DataSpec:
    """Images of that shape and as many classes; random numbers where there are none."""
    names = ("mnist", "cifar10")
    fitting = [name for name in names if (PUBLISHED[name].shape, len(PUBLISHED[name].classes)) == (found.input, 10)]
    if fitting and found.outputs == 10:
        return Images(name="mnist" if fitting[0] == "mnist" else "cifar10")
    return RandomData(shape=found.input, outputs=found.outputs)


def _rows(
    name: str, document: Document, folder: Path, workshop: Workshop, stop: threading.Event
) -> Iterator[tuple[str, bool]]:
    """A row a format, and whether all is well with it."""
    specs = [ExportSpec(each) for each in FORMATS]
    for event in export_job(untrained(document, name), specs, folder, stop, workshop):
        if isinstance(event, NotExported):
            yield _line(name, event.format, "not made", remarks=event.problem.sentence), True
        elif isinstance(event, Exported):
            remove(event.proof)
            yield _proved(name, event.proof), event.proof.passed


def _proved(name: str, proof: Proof) -> str:
    cells = difference(proof), size(proof.size), milliseconds(proof.latency_1), milliseconds(proof.latency_64)
    remarks = [f"{proof.data}, N = {proof.samples:,}"]
    if proof.passed and proof.largest_difference > USUAL:
        remarks.append(
            f"rounding: the outputs reach {proof.tolerance / USUAL:,.4g}, so {proof.tolerance:.1g} may differ"
        )
    if not proof.passed:
        remarks.append(proof.detail)
    return _line(name, proof.format, "passed" if proof.passed else "FAILED", *cells, remarks="; ".join(remarks))


def _line(name: str, format_: FormatName, verdict: str, *cells: str, remarks: str) -> str:
    filled = cells or ("",) * 4
    told = remarks.replace("|", "\\|").replace("\n", " ")
    return f"| {name} | {FORMATS[format_].title} | {verdict} | {' | '.join(filled)} | {told} |"
