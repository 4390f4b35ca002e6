"""Layers written by the user: Python text in the document, run only after the hash of that text was trusted.

Needs no torch before a text is compiled.
"""

import ast
import hashlib
import json
import keyword
import linecache
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from playground.engine.files import make_folder, write_atomic
from playground.engine.folders import data_folder
from playground.engine.network.spec import NetworkSpec, Source
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from torch import nn

# What generated programs call otherwise.
_TAKEN = frozenset(
    (
        *("Residual", "Branches", "Net", "F", "TITLE", "SEED", "BATCH_SIZE", "DEVICE", "RANK", "LOCAL_RANK", "WORLD"),
        *("DATA", "EPOCHS", "STEPS", "OUT", "RESUME", "MEAN", "STD", "CHECKPOINT", "GENERATORS"),
    )
)


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_trusted(source: Source) -> bool:
    """Whether this user trusted exactly this text."""
    return digest(source.text) in _trusted()


def trust(source: Source) -> None:
    """Let this text run from now on, on this machine and for this user.

    Raises
    ------
    Problem
        `file-unwritable`.
    """
    make_folder(data_folder())
    hashes = sorted(_trusted() | {digest(source.text)})
    write_atomic(_store(), json.dumps({"sha256": hashes}, indent=1).encode("utf-8"))


def classes(spec: NetworkSpec) -> "dict[str, type[nn.Module]]":
    """The classes of the sources that are trusted and without mistakes, by name; only those texts are run."""
    found = {}
    for source in spec.sources:
        if is_trusted(source):
            try:
                found[source.name] = compile_source(source)
            except Problem:
                continue  # the layer that uses it tells why
    return found


def why_missing(name: str, sources: tuple[Source, ...], node: str, where: str) -> Problem:
    """The problem of a layer whose class is not among `classes`."""
    source = next((source for source in sources if source.name == name), None)
    if source is None:
        return Problem("custom-unknown", node=node, where=where, name=name)
    if not is_trusted(source):
        return Problem("custom-untrusted", node=node, where=where, name=name)
    try:
        compile_source(source)
    except Problem as problem:
        return Problem("custom-broken", node=node, where=where, name=name, detail=problem.fields["detail"])
    return Problem("custom-unknown", node=node, where=where, name=name)


def check_source(source: Source) -> None:
    """Refuse a text that is not imports and one class of the source's name; runs nothing.

    Raises
    ------
    Problem
        `custom-broken`, with the line in its detail.
    """
    wrong = _wrong_name(source.name) or _wrong_text(source)
    if wrong:
        raise Problem("custom-broken", name=source.name, detail=wrong)


def compile_source(source: Source) -> "type[nn.Module]":
    """Run the text and give its class; the same text gives the same class. Ask `is_trusted` before.

    Raises
    ------
    Problem
        `custom-broken`.
    """
    check_source(source)
    return _compiled(source)


@lru_cache(maxsize=64)
def _compiled(source: Source) -> "type[nn.Module]":
    import torch
    import torch.nn.functional as F  # noqa: N812  the name everyone gives it
    from torch import nn

    file = f"<layer {source.name} {digest(source.text)[:8]}>"
    linecache.cache[file] = (len(source.text), None, source.text.splitlines(keepends=True), file)
    names: dict[str, object] = {"__name__": f"layer_{source.name}", "torch": torch, "nn": nn, "F": F}
    try:
        exec(compile(source.text, file, "exec"), names)
    except Exception as error:  # whatever the user's code raises
        raise Problem("custom-broken", name=source.name, detail=f"{type(error).__name__}: {error}") from error
    made = names[source.name]
    if not (isinstance(made, type) and issubclass(made, nn.Module)):
        raise Problem("custom-broken", name=source.name, detail="its class must be derived from nn.Module")
    return made


def _wrong_name(name: str) -> str | None:
    if not name.isidentifier() or keyword.iskeyword(name) or not name[0].isupper():
        return "the name of a layer is a word that begins with a capital letter"
    return f"the name {name} is taken; choose another" if name in _TAKEN else None


def _wrong_text(source: Source) -> str | None:
    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        return f"{getattr(error, 'msg', None) or error}" + (f" in line {line}" if line else "")
    future = [one for one in body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    if future:  # Python takes it at the top of a file only, and the class goes into programs below other lines
        return f"line {future[0].lineno} imports from __future__, which works at the top of a file only; leave it out"
    defined = [statement for statement in body if isinstance(statement, ast.ClassDef)]
    others = [statement for statement in body if not isinstance(statement, ast.ClassDef | ast.Import | ast.ImportFrom)]
    # A docstring may stand first.
    others = [one for one in others if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    if others:
        return f"line {others[0].lineno} is neither an import nor the class; move it into the class"
    if [one.name for one in defined] != [source.name]:
        return f"it must define the class {source.name}, and only that"
    return None


def _store() -> Path:
    return data_folder() / "trusted-layers.json"


def _trusted() -> frozenset[str]:
    """A store that is missing or damaged trusts nothing."""
    try:
        stored = json.loads(_store().read_bytes())
    except (OSError, ValueError, RecursionError):
        return frozenset()
    hashes = stored.get("sha256") if isinstance(stored, Mapping) else None
    return frozenset(one for one in hashes if isinstance(one, str)) if isinstance(hashes, list) else frozenset()
