"""What a console cell changed, as plain values."""

from dataclasses import dataclass

import msgspec

from playground.engine import document as documents
from playground.engine.document import Document
from playground.engine.spec import Args


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a cell changed, with one English phrase for it.

    `path` is the document's field that now has `value` (a part of a document, to be put there by `document.replace`);
    it is empty for what is no setting of the document, such as weights that were changed in place.
    """

    phrase: str
    path: str = ""
    value: msgspec.Struct | Args | None = None


def applied(document: Document, changes: tuple[Change, ...]) -> Document:
    """The document after these changes."""
    for change in changes:
        if change.path:
            document = documents.replace(document, change.path, change.value)
    return document
