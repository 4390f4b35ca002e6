"""What a model card is made of: a run in memory, or a source of exports. Imports torch only when one is read."""

import contextlib
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from playground.engine.document import Document
from playground.engine.export.events import Proof
from playground.engine.export.proof.placing import PROOF
from playground.engine.export.source import ExportSource
from playground.engine.files import read_bytes
from playground.engine.problems import Problem
from playground.engine.training.events import Started
from playground.engine.training.history import History
from playground.engine.versions import versions

if TYPE_CHECKING:
    from torch import nn

    from playground.engine.training.run import TrainingRun

LARGEST_PROOF = 2**20


@dataclass(frozen=True)
class CardSource:
    """A net with all that is known of how it came about.

    Attributes
    ----------
    net : nn.Module
        A copy on the CPU, in eval mode, that nobody else uses.
    steps : int or None
        How many steps it was trained; None where nobody noted it.
    history : History
        What was measured on the way, a copy too; empty where nobody noted it.
    started : Started or None
        Where and how it ran, where that is known.
    versions : mapping of str to str
        The libraries that trained it; empty where nobody noted them.
    """

    document: Document
    net: "nn.Module"
    title: str
    steps: int | None
    history: History = field(default_factory=History)
    started: Started | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()


def of_run(run: "TrainingRun") -> CardSource:
    """A run as it is now: a request for `Control.between_steps`.

    Metrics that are not read back yet stay away; reading them may find a loss that is not finite, which is the
    run's own business.
    """
    from playground.engine.training import ends

    return CardSource(
        document=run.document,
        net=copy.deepcopy(run.net).cpu().eval(),
        title=run.document.title,
        steps=run.step_count,
        history=run.history.copy(),
        started=ends.started(run),
        versions=versions(),
    )


def opened(source: ExportSource, proofs: Sequence[Proof] = ()) -> CardSource:
    """A source of exports, read; the proofs in a run's own folder come after those given.

    Raises
    ------
    Problem
        `model-unreadable`, `checkpoint-mismatch`, `custom-untrusted` or what else keeps the net from being built.
    """
    from playground.engine.export.model_file import load_model

    title = source.document.title or source.name
    if source.weights is None:
        return CardSource(source.document, _untrained(source.document), title, steps=0, proofs=tuple(proofs))
    net = load_model(source.weights)[1]
    if source.steps is None:
        return CardSource(source.document, net, title, steps=None, proofs=tuple(proofs))
    return _of_folder(source.weights.parent, net, title, proofs)


def read_proof(path: Path) -> Proof:
    """A proof as it lies beside an export.

    Raises
    ------
    Problem
        `file-missing`, `file-too-large`, `file-unreadable`, also for what is no proof.
    """
    try:
        return msgspec.json.decode(read_bytes(path, LARGEST_PROOF), type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("file-unreadable", path=path, detail=f"it is no proof of an export ({error})") from error


def proofs_in(folder: Path) -> tuple[Proof, ...]:
    """The proofs that lie in a folder or in one of its folders, by name; what is none is passed over."""
    found = []
    for path in sorted([*folder.glob(f"*{PROOF}"), *folder.glob(f"*/*{PROOF}")]):
        with contextlib.suppress(Problem):
            found.append(read_proof(path))
    return tuple(found)


def _of_folder(folder: Path, net: "nn.Module", title: str, proofs: Sequence[Proof]) -> CardSource:
    from playground.engine.training import checkpoint

    record = checkpoint.read(folder)
    return CardSource(
        document=record.document,
        net=net,
        title=title,
        steps=record.step,
        history=record.history,
        started=record.started,
        versions=record.versions,
        proofs=(*proofs, *proofs_in(folder)),
    )


def _untrained(document: Document) -> "nn.Module":
    """The net with the weights that a run of the document would begin with."""
    import torch

    from playground.engine.network.builder import build
    from playground.engine.rng import RunContext

    with RunContext(torch.device("cpu"), document.training.seed, deterministic=False).active():
        return build(document.network).eval()
