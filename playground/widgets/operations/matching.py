"""Which entries of the catalogue fit what is sought."""

import difflib
from collections.abc import Sequence

from playground.widgets.operations.values import CatalogueEntry

_NEAR = 0.7  # how alike two words must be for a slip of the pen
_PREFIXES = ("torch.", "tensor.", "nn.", "f.")


def matching(entries: Sequence[CatalogueEntry], text: str) -> tuple[CatalogueEntry, ...]:
    """Those in which every word is found, in their order; where there are none, those whose words come near."""
    words = [_bare(word) for word in text.lower().split()]
    found = tuple(entry for entry in entries if all(word in _told(entry) for word in words))
    return found or tuple(entry for entry in entries if all(_is_near(word, entry) for word in words))


def best(entries: Sequence[CatalogueEntry], text: str) -> CatalogueEntry | None:
    """The one whose name is what is sought, or begins with it, or else lists it as a word; else the first."""
    sought = _bare(text.strip().lower())
    ranked = sorted(entries, key=lambda entry: _rank(entry, sought))
    return ranked[0] if ranked else None


def _rank(entry: CatalogueEntry, sought: str) -> int:
    name, words = entry.name.lower(), f"{entry.name} {entry.keywords}".lower().split()
    fits = (name == sought, name.startswith(sought), sought in words, True)
    return fits.index(True)


def _bare(word: str) -> str:
    """A word without module, brackets and call."""
    for prefix in _PREFIXES:
        word = word.removeprefix(prefix)
    return word.split("(")[0] or word


def _told(entry: CatalogueEntry) -> str:
    return f"{entry.name} {entry.signature} {entry.keywords} {entry.group} {entry.summary}".lower()


def _is_near(word: str, entry: CatalogueEntry) -> bool:
    return bool(difflib.get_close_matches(word, f"{entry.name} {entry.keywords}".lower().split(), 1, _NEAR))
