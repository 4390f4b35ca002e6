"""All operations that can be looked up; imports no torch."""

import difflib

from playground.engine.tensors.operations import (
    catalogue_course,
    catalogue_creation,
    catalogue_math,
    catalogue_reductions,
    catalogue_shapes,
)
from playground.engine.tensors.operations.operation_events import Entry

CATALOGUE: tuple[Entry, ...] = (
    *catalogue_creation.ENTRIES,
    *catalogue_shapes.ENTRIES,
    *catalogue_math.ENTRIES,
    *catalogue_reductions.ENTRIES,
    *catalogue_course.ENTRIES,
)
"""In the order of a course; entries of one group stand together."""

_NEAR = 0.7  # how alike two words must be for a slip of the pen
_PREFIXES = ("torch.", "tensor.", "nn.", "functional.", "f.")


def search(text: str) -> tuple[Entry, ...]:
    """Entries in which every word of the text is found, the best first; all of them for an empty text.

    A word may be the start or a part of a name or keyword, or come close to one ("sigmod").
    """
    words = [_bare(word) for word in text.lower().split()]
    scored = [(min((_score(entry, word) for word in words), default=1.0), entry) for entry in CATALOGUE]
    return tuple(entry for score, entry in sorted(scored, key=lambda pair: -pair[0]) if score > 0)


def find(operation: str) -> Entry | None:
    """The entry of an operation by its exact name, or else the first that has it among its keywords."""
    named = [entry for entry in CATALOGUE if operation in (entry.name, f"{entry.name}_")]
    listed = [entry for entry in CATALOGUE if operation.rstrip("_") in entry.keywords.split()]
    return next(iter(named + listed), None)


def _bare(word: str) -> str:
    """A word as names are listed: without module, brackets and call."""
    for prefix in _PREFIXES:
        word = word.removeprefix(prefix)
    return word.split("(")[0] or word


def _score(entry: Entry, word: str) -> float:
    """How well a word fits: 6 for the name itself, 0 for not at all."""
    name, known = entry.name.lower(), _words(entry)
    if word == name:
        return 6
    if word in name.split():
        return 5
    if word in known:
        return 4
    if any(other.startswith(word) for other in (name, *known)):
        return 3
    if any(word in other for other in (name, *known, entry.summary.lower())):
        return 2
    return 1.5 * _is_near(word, (name,)) or float(_is_near(word, known))


def _is_near(word: str, others: tuple[str, ...]) -> bool:
    return bool(difflib.get_close_matches(word, others, n=1, cutoff=_NEAR))


def _words(entry: Entry) -> tuple[str, ...]:
    return tuple(f"{entry.keywords} {entry.group}".lower().split())
