"""The export job: from a source to proved files, as one generator of events. Imports no torch: the children do."""

import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from playground.engine.export import ledger
from playground.engine.export.events import Exported, ExportEvent, Exporting, NotExported, Proof
from playground.engine.export.proof.converter import Compared, Converter
from playground.engine.export.proof.placing import FAILED, check_room, extended, put, workplace
from playground.engine.export.proof.proving import Measured, Prover, proof_of
from playground.engine.export.source import ExportSource, file_name
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.files import make_folder, reason
from playground.engine.problems import Problem

_CONVERTING, _PROVING = 0.2, 0.7  # of an export is then over, about


class Workshop:
    """The two children of exports; a context. Kept by the caller, they import torch once for many jobs."""

    def __init__(self) -> None:
        self.converter = Converter()
        self.prover = Prover()

    def warm(self) -> None:
        """Start both, so that their imports run side by side."""
        self.converter.warm()
        self.prover.warm()

    def close(self) -> None:
        """End both, also in the middle of an export."""
        self.converter.close()
        self.prover.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def export_job(
    source: ExportSource,
    specs: Sequence[ExportSpec],
    out: Path,
    stop: threading.Event | None = None,
    workshop: Workshop | None = None,
) -> Generator[ExportEvent, None, tuple[Proof, ...]]:
    """Export a model, load each file again in a clean process, and compare it with the net; returns the proofs.

    Every file appears whole, with its proof as JSON beside it (`NAME.proof.json`). One whose proof failed is called
    `NAME.failed`, and leaves alone what has its name.

    Parameters
    ----------
    source : ExportSource
        What is exported.
    specs : sequence of ExportSpec
        In which formats.
    out : Path
        For one spec the file (for the format "folder" the folder); for several the folder of all, made if need be.
    stop : threading.Event, optional
        Ends the job within a fraction of a second, and the children with it; nothing partial stays.
    workshop : Workshop, optional
        Children to use; else the job has some of its own.

    Raises
    ------
    Problem
        What keeps all exports from being made, or the only one. Of several, one that cannot be made is a `NotExported`.
    Stopped
        When `stop` is set.
    """
    with contextlib.ExitStack() as stack:
        if len(specs) > 1:
            stack.enter_context(_folder_of_all(out))
        targets = _targets(source, specs, out)
        place = stack.enter_context(workplace(out) if len(specs) > 1 else workplace(out.parent, out))
        workshop = workshop or stack.enter_context(Workshop())
        workshop.warm()
        exports = [_One(source, spec, path, place, workshop, stop) for spec, path in zip(specs, targets, strict=True)]
        return (yield from _one_by_one(exports))


def _one_by_one(exports: "Sequence[_One]") -> Generator[ExportEvent, None, tuple[Proof, ...]]:
    """Make them in turn; of several, one that its format cannot hold is told, and the others go on."""
    proofs: list[Proof] = []
    for index, one in enumerate(exports):
        try:
            proof = yield from one.events(index, len(exports))
        except Problem as problem:
            if problem.code == "file-unwritable":  # said of a file in the hidden folder
                raise Problem("file-unwritable", path=one.path, detail=problem.fields["detail"]) from problem
            if len(exports) == 1 or not problem.code.startswith("export-"):
                raise
            yield NotExported(one.spec.format, problem)
        else:
            proofs.append(proof)
            yield Exported(proof)
    return tuple(proofs)


class _One:
    """One of the exports of a job."""

    def __init__(
        self,
        source: ExportSource,
        spec: ExportSpec,
        path: Path,
        place: Path,
        workshop: Workshop,
        stop: threading.Event | None,
    ) -> None:
        self._source = source
        self.spec = spec
        self.path = path
        self._made = place / f"model{FORMATS[spec.format].suffix}"
        # Formats with the same inside are compared with the same outputs, which are computed once.
        self._reference = place / f"reference-{spec.normalise}-{spec.softmax}"
        self._workshop = workshop
        self._stop = stop

    def events(self, index: int, count: int) -> Generator[ExportEvent, None, Proof]:
        """Make the export of this index of `count`, and prove it."""
        asked = self._source, self.spec
        converter, prover = self._workshop.converter, self._workshop.prover
        yield Exporting(self.spec.format, "reading", index / count)
        compared = converter.reference(*asked, self._reference, self._stop)
        yield Exporting(self.spec.format, "converting", (index + _CONVERTING) / count)
        converter.convert(*asked, self._made, self._stop)
        yield Exporting(self.spec.format, "proving", (index + _PROVING) / count)
        measured = prover.prove(*asked, self._made, self._reference, self._stop)
        return self._settled(compared, measured)

    def _settled(self, compared: Compared, measured: Measured) -> Proof:
        """Put the export where it was wanted, or beside that where it failed, and its proof beside it."""
        path = extended(self.path, FAILED) if measured.failures else self.path
        try:
            proof = proof_of(self._source, self.spec, self._made, path, compared, measured)
        except OSError as error:
            raise Problem("file-unreadable", path=self._made, detail=reason(error)) from error
        proof = _noted(proof, self._source.name)
        put(self._made, path, proof)
        return proof


@contextlib.contextmanager
def _folder_of_all(folder: Path) -> Iterator[None]:
    """Make the folder; one that was not there before and is still empty goes again."""
    was_there = folder.exists()
    make_folder(folder)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it holds exports
            if not was_there:
                folder.rmdir()


def _targets(source: ExportSource, specs: Sequence[ExportSpec], out: Path) -> list[Path]:
    """Where the exports are going to lie; places that are taken are refused before any work."""
    targets = [out] if len(specs) == 1 else [out / file_name(source.name, spec) for spec in specs]
    for path in targets:
        check_room(path)
    return targets


def _noted(proof: Proof, source_name: str) -> Proof:
    """The proof, noted in the user's history; where that cannot be written the export is whole all the same."""
    try:
        ledger.note(proof, source_name)
    except Problem as problem:
        why = f"not noted in the history, so that predict may refuse it: {problem.fields['detail']}"
        return msgspec.structs.replace(proof, notes=(*proof.notes, why))
    return proof
