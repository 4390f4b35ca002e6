"""Tables of a model card: the confusion matrix, accuracies by class, and exports with their proofs."""

import math
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from playground.engine.data.facts import Facts
from playground.engine.export.card.numbers import number, percent, size
from playground.engine.export.card.results import Classified
from playground.engine.export.events import Proof
from playground.engine.export.spec import FORMATS


@dataclass(frozen=True)
class Cell:
    """A number of the confusion matrix; `strength` (0 to 1) is how strongly its colour is laid on."""

    count: int
    strength: float
    right: bool


@dataclass(frozen=True)
class ClassRow:
    """A true class: the row of the confusion matrix, and how many of its samples were recognised."""

    name: str
    cells: tuple[Cell, ...]
    samples: int
    share: float
    accuracy: str


@dataclass(frozen=True)
class ExportRow:
    """An export and its proof, in texts."""

    format: str
    file: str
    size: str
    passed: bool
    difference: str
    accuracy: str
    latency: str
    runtime: str
    compared: str
    sha256: str
    remarks: tuple[str, ...]


def class_rows(found: Classified, facts: Facts) -> tuple[ClassRow, ...]:
    """One row a class; right ones are coloured by their share of the row, mistakes against the most frequent one."""
    mistakes = found.confusion - np.diag(np.diagonal(found.confusion))
    most = max(1, int(mistakes.max()))
    return tuple(_class_row(row, found, facts, most) for row in range(facts.outputs))


def export_rows(proofs: tuple[Proof, ...]) -> tuple[ExportRow, ...]:
    """One row an export; of its place only the name is told."""
    return tuple(_export(proof) for proof in proofs)


def _class_row(row: int, found: Classified, facts: Facts, most: int) -> ClassRow:
    counts = found.confusion[row].tolist()
    share = float(found.by_class[row])
    known = 0.0 if math.isnan(share) else round(share, 4)
    cells = [Cell(count, round(count / most, 3), right=False) for count in counts]
    cells[row] = Cell(counts[row], known, right=True)
    return ClassRow(facts.classes[row], tuple(cells), sum(counts), known, percent(share))


def _export(proof: Proof) -> ExportRow:
    batches = ", ".join(str(one.batch) for one in proof.batches)
    failure = () if proof.passed else (proof.detail,)
    return ExportRow(
        format=FORMATS[proof.format].title,
        file=PurePath(proof.path).name,
        size=size(proof.size),
        passed=proof.passed,
        difference=f"{number(proof.largest_difference)} (allowed: {number(proof.tolerance)})",
        accuracy=" and ".join(
            percent(share) for share in (proof.accuracy_net, proof.accuracy_export) if share is not None
        )
        or "-",
        latency=" and ".join(f"{number(ms)} ms" for ms in (proof.latency_1, proof.latency_64) if ms is not None) or "-",
        runtime=proof.runtime,
        compared=f"{proof.samples:,} samples of {proof.data}, at batch {batches}" if batches else proof.data,
        sha256=proof.sha256,
        remarks=(*failure, *proof.notes),
    )
