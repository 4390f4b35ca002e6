"""The experiment as a value: one field per engine folder that has a spec, read and written as strict JSON."""

import difflib
import functools
import json
import operator
from pathlib import Path
from typing import Any, Literal

import msgspec

from playground.engine.data.spec import DataSpec, Images
from playground.engine.descent.spec import DescentSpec
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import MAX_NESTING, Spec, decode_hook, encode_hook
from playground.engine.training.spec import TrainingSpec

FORMAT: Literal[1] = 1
MAX_BYTES = 16 * 2**20
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "null": "nothing",
    "array": "a list",
    "object": "an object",
    "int | null": "a whole number or nothing",
    "object | null": "an object or nothing",
}


class Document(Spec, frozen=True):
    """Everything that decides what a run computes. Compared, hashed and replaced by value."""

    format: Literal[1] = FORMAT
    title: str = ""
    data: DataSpec = msgspec.field(default_factory=Images)
    network: NetworkSpec = msgspec.field(default_factory=NetworkSpec)
    training: TrainingSpec = msgspec.field(default_factory=TrainingSpec)
    descent: DescentSpec = msgspec.field(default_factory=DescentSpec)


def encode(document: Document) -> bytes:
    """The document as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(document, enc_hook=encode_hook), indent=2) + b"\n"


def decode(text: bytes, path: str | Path = "the document") -> Document:
    """Read a document strictly.

    Raises
    ------
    Problem
        `document-syntax`, `document-newer`, or `document-field` with the path of the wrong field.
    """
    if len(text) > MAX_BYTES:
        raise Problem("file-too-large", path=path, size=len(text), limit=MAX_BYTES)
    try:
        plain = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("document-syntax", path=path, detail=_lower_first(str(error))) from error
    if not isinstance(plain, dict) or "format" not in plain:
        raise Problem("document-syntax", path=path, detail="it has no format number")
    found = plain["format"]
    if isinstance(found, int) and found > FORMAT:
        raise Problem("document-newer", path=path, found=found, known=FORMAT)
    return _convert(plain, path)


def get(document: Document, path: str) -> Any:
    """The value at a dotted path such as `training.optimizer.args.lr`."""
    value: Any = document
    for name in path.split("."):
        value = value[name] if isinstance(value, msgspec.Struct) is False else getattr(value, name)
    return value


def replace(document: Document, path: str, value: object) -> Document:
    """A copy of the document with the field at a dotted path replaced (names of structs only)."""
    replaced: Document = _replaced(document, path.split("."), value)
    return replaced


def set_text(document: Document, key: str, text: str) -> Document:
    """A copy with one setting changed from text, as `--set key=value` does.

    `key` is a dotted path, or its last part where only one setting ends so (`lr`, `epochs`).

    Raises
    ------
    Problem
        `setting-unknown`, `setting-ambiguous` or `setting-wrong`.
    """
    plain = to_plain(document)
    path = _resolve(plain, key)
    *parents, last = path.split(".")
    old = functools.reduce(operator.getitem, parents, plain).get(last)
    try:
        return set_plain(document, path, _plain_value(text, old))
    except Problem as problem:
        raise Problem("setting-wrong", key=key, value=text, detail=problem.fields["detail"]) from problem


def to_plain(spec: object) -> Any:
    """A document or any part of it as dicts, lists and plain values, as JSON would hold it."""
    return msgspec.to_builtins(spec, enc_hook=encode_hook)


def set_plain(document: Document, path: str, value: object) -> Document:
    """A copy with the field at a dotted path set from a plain value, checked as strictly as a file.

    Raises
    ------
    Problem
        `setting-wrong`.
    """
    plain = to_plain(document)
    *parents, last = path.split(".")
    parent = plain
    for name in parents:
        parent = parent[name]
    parent[last] = value
    try:
        return _convert(plain, "the setting")
    except Problem as problem:
        raise Problem("setting-wrong", key=path, value=value, detail=problem.fields["detail"]) from problem


def _convert(plain: object, path: str | Path) -> Document:
    if _depth(plain) > MAX_NESTING:
        raise Problem("document-field", path=path, field="$", detail=f"nested deeper than {MAX_NESTING} levels")
    try:
        return msgspec.convert(plain, Document, strict=True, dec_hook=decode_hook)
    except (msgspec.ValidationError, RecursionError) as error:
        detail, _, field = str(error).partition(" - at `")
        field = field.rstrip("`").removeprefix("$.") or "$"
        raise Problem("document-field", path=path, field=field, detail=_in_words(detail)) from error


def _replaced(struct: Any, names: list[str], value: object) -> Any:
    first, *rest = names
    new = _replaced(getattr(struct, first), rest, value) if rest else value
    return msgspec.structs.replace(struct, **{first: new})


def _resolve(plain: dict[str, Any], key: str) -> str:
    known = dict(_settings(plain, ()))
    if key in known or _is_open(plain, key):
        return key
    ending = [name for name in known if name.endswith(f".{key}")]
    if len(ending) > 1:
        raise Problem("setting-ambiguous", key=key, candidates=", ".join(ending))
    if not ending:
        last = {name.rpartition(".")[2]: name for name in known}
        near = difflib.get_close_matches(key, [*known, *last], n=1, cutoff=0.0)[0]
        raise Problem("setting-unknown", key=key, near=last.get(near, near))
    return ending[0]


def _settings(plain: dict[str, Any], path: tuple[str, ...]) -> list[tuple[str, Any]]:
    found = []
    for name, value in plain.items():
        here = (*path, name)
        if here[0] in ("format", "network", "descent"):
            continue
        found.append((".".join(here), value))
        if isinstance(value, dict):
            found += _settings(value, here)
    return found


def _is_open(plain: dict[str, Any], key: str) -> bool:
    """Whether the key names a new entry of an `args` object, which may hold any name."""
    parent, _, name = key.rpartition(".")
    known = dict(_settings(plain, ()))
    return parent.endswith(".args") and isinstance(known.get(parent), dict) and name.isidentifier()


def _plain_value(text: str, old: object) -> Any:
    if isinstance(old, str):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return {"True": True, "False": False, "None": None}.get(text, text)
    return float(value) if isinstance(old, float) and type(value) is int else value


def _depth(plain: object) -> int:
    depth, level = 0, [plain]
    while level:
        depth += 1
        level = [child for value in level for child in _children(value)]
    return depth


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []


def _in_words(detail: str) -> str:
    """msgspec's complaint with the names of types as people say them."""
    for name, words in _TYPES.items():
        detail = detail.replace(f"`{name}`", words)
    return _lower_first(detail)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
