"""The prover as the parent sees it, and the proof that comes of its answer. Imports no torch."""

import threading
from pathlib import Path

import msgspec

from playground.engine.child import Child, ChildDied
from playground.engine.export import ledger
from playground.engine.export.events import BatchProof, Proof
from playground.engine.export.proof.converter import Compared
from playground.engine.export.source import ExportSource
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.problems import Problem
from playground.engine.scripts.net import network_script
from playground.engine.spec import Spec

CHILD = Path(__file__).with_name("prover_child.py")


class Measured(Spec, frozen=True):
    """What the prover found: `failures` are sentences on what differs, `latencies` milliseconds at batch 1 and 64."""

    failures: tuple[str, ...]
    runtime: str
    versions: dict[str, str]
    batches: tuple[tuple[int, float], ...] = ()
    tolerance: float = 0.0
    accuracy_net: float | None = None
    accuracy_export: float | None = None
    latencies: tuple[float | None, float | None] = (None, None)


class Prover(Child):
    """The clean process in which exports are loaded again; one for many."""

    def __init__(self) -> None:
        super().__init__("-I", str(CHILD), threads=1)

    def prove(
        self, source: ExportSource, spec: ExportSpec, path: Path, reference: Path, stop: threading.Event | None = None
    ) -> Measured:
        """Compare the export at `path` with the net's own outputs in `reference`.

        Raises
        ------
        Problem
            `export-child`.
        Stopped
            When `stop` is set.
        """
        held = FORMATS[spec.format]
        alone = not held.has_graph and held.suffix
        script = network_script(source.document.network, source.document.training.seed) if alone else ""
        question = {"format": spec.format, "path": str(path), "reference": str(reference), "script": script}
        try:
            return msgspec.convert(self.ask(question, stop), Measured)
        except ChildDied as death:
            raise Problem("export-child", format=held.title, detail=str(death)) from death


def proof_of(
    source: ExportSource, spec: ExportSpec, made: Path, path: Path, compared: Compared, measured: Measured
) -> Proof:
    """The proof of an export that lies at `made`, and is going to lie at `path`.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    files = [file for file in made.rglob("*") if file.is_file()] if made.is_dir() else [made]
    return Proof(
        format=spec.format,
        path=str(path.absolute()),
        sha256=ledger.digest(made),
        size=sum(file.stat().st_size for file in files),
        passed=not measured.failures,
        detail=_sentence("; ".join(measured.failures)) if measured.failures else _agreement(measured),
        notes=_notes(source, spec, compared),
        data=compared.data,
        samples=compared.samples,
        batches=tuple(BatchProof(batch, difference) for batch, difference in measured.batches),
        tolerance=measured.tolerance,
        accuracy_net=measured.accuracy_net,
        accuracy_export=measured.accuracy_export,
        latency_1=measured.latencies[0],
        latency_64=measured.latencies[1],
        runtime=measured.runtime,
        versions=measured.versions,
    )


def _agreement(measured: Measured) -> str:
    largest = max((difference for _, difference in measured.batches), default=0.0)
    sizes = [f"{batch:,}" for batch, _ in measured.batches]
    listed = f"{', '.join(sizes[:-1])} and {sizes[-1]}" if len(sizes) > 1 else "".join(sizes)
    if not largest:
        return f"The outputs are the same at batch {listed}."
    return f"The outputs differ by at most {largest:.2g} at batch {listed}."


def _notes(source: ExportSource, spec: ExportSpec, compared: Compared) -> tuple[str, ...]:
    untrained = ("the net is not trained yet",) if source.steps == 0 else ()
    legacy = ("TorchScript is legacy: torch itself no longer recommends it",) if FORMATS[spec.format].is_legacy else ()
    return (*untrained, *compared.notes, *legacy)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
