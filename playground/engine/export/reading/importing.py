"""Weights for a network that is open: compared with it, filled in, and kept as a model file of its own."""

import contextlib
import hashlib
import re
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from playground.engine.document import Document
from playground.engine.export.model_file import model_bytes
from playground.engine.export.reading.matching import Matching, apply, conversions, match
from playground.engine.export.reading.weights import Weights, read_weights
from playground.engine.files import make_folder, write_atomic
from playground.engine.folders import data_folder
from playground.engine.network.builder import build
from playground.engine.network.private_draws import PrivateDraws
from playground.engine.problems import Problem

FOLDER = "imports"
KEPT = 20  # of the newest
_DAY = 86_400.0  # seconds; another window may still use what is younger


@dataclass(frozen=True, slots=True)
class Offer:
    """What of a file fits the network of `document`; the user decides. `notes` say what becomes of names and types."""

    path: Path
    weights: Weights
    document: Document
    matching: Matching
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A file's weights as a model file of ours, for the network of `document`; `told` says how it went."""

    path: Path
    document: Document
    model: Path
    told: str


def compare_job(path: Path, document: Document) -> Generator[None, None, Offer | Imported]:
    """Read the file and compare it with the document's network; what fits whole is imported at once.

    Raises
    ------
    Problem
        What `read_weights` or the builder refuses, `file-unwritable`, or `weights-foreign` where nothing fits and the
        file names no network of its own.
    """
    yield
    weights = read_weights(path)
    yield
    offer = _offer(path, weights, document)
    matching = offer.matching
    if matching.is_whole:
        return _filled(offer)
    if not (matching.matched or matching.renaming or weights.document):
        raise Problem("weights-foreign", path=path, detail=matching.detail)
    return offer


def use_job(offer: Offer) -> Generator[None, None, Imported]:
    """Fill in what fits; the rest has the values that the document's seed draws.

    Raises
    ------
    Problem
        `file-unwritable`.
    """
    yield
    return _filled(offer)


def open_job(offer: Offer) -> Generator[None, None, Imported]:
    """Take the file whole, with the network that it names.

    Raises
    ------
    Problem
        `weights-foreign` where its own network and its weights disagree, what the builder refuses, or
        `file-unwritable`.
    """
    yield
    assert offer.weights.document is not None
    own = _offer(offer.path, offer.weights, offer.weights.document)
    if not own.matching.is_whole:
        raise Problem("weights-foreign", path=own.path, detail=own.matching.detail)
    return _filled(own)


def _offer(path: Path, weights: Weights, document: Document) -> Offer:
    net = build(document.network, "meta")
    matching = match(net, weights.tensors, in_order=weights.in_order)
    notes = (*weights.notes, *conversions(net, weights.tensors, matching))
    return Offer(path, weights, document, matching, notes)


def _filled(offer: Offer) -> Imported:
    document = offer.document
    with PrivateDraws(document.training.seed):
        net = build(document.network)
    data = model_bytes(apply(net, offer.weights.tensors, offer.matching), document)
    model = data_folder() / FOLDER / _file_name(offer.path, data)
    make_folder(model.parent)
    write_atomic(model, data)
    _sweep(model.parent)
    told = " ".join((offer.matching.sentence, *offer.notes))
    return Imported(offer.path, document, model, told)


def _sweep(folder: Path) -> None:
    """Remove what was imported long ago; runs that learn further keep checkpoints of their own."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.safetensors"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            if time.time() - path.stat().st_mtime > _DAY:
                path.unlink()


def _file_name(path: Path, data: bytes) -> str:
    """A name from the file's own and its content, so that the same import twice is one file."""
    stem = re.sub(r"[^\w-]+", "-", path.stem)[:40] or "weights"
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.safetensors"
