"""Writes resources/catalogue.json from the installed torch.

Run it with `python -m playground.engine.network.generate_catalogue` after torch changed.
"""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn
from torch.optim import lr_scheduler

from playground.assets import resource
from playground.engine.network.docstrings import argument_sentences, first_sentence
from playground.engine.network.signature_gaps import (
    CHOICES,
    DOCS,
    GROUPS,
    HIDDEN,
    NOT_PLAIN,
    NOTES,
    OPTIONAL,
    RANGES,
    REFUSED,
    REQUIRED,
)

_SCALARS = {"int": "int", "float": "float", "bool": "bool", "str": "text", "None": "none", "NoneType": "none"}
_TUPLES = {1: "int", 2: "pair", 3: "triple"}


def generate() -> str:
    """The catalogue of the installed torch as JSON text, ending in a newline."""
    catalogue = {
        "layers": {kind: _entry(getattr(nn, kind), group) for group, kinds in GROUPS.items() for kind in kinds},
        "optimizers": {kind.__name__: _entry(kind, "optimiser") for kind in _subclasses(torch.optim)},
        "schedulers": {kind.__name__: _entry(kind, "schedule") for kind in _subclasses(lr_scheduler)},
    }
    return json.dumps(catalogue, indent=1, ensure_ascii=False) + "\n"


def _subclasses(module: Any) -> Iterator[type]:
    """The classes of torch.optim or its lr_scheduler that one names, in alphabetical order."""
    base = torch.optim.Optimizer if module is torch.optim else lr_scheduler.LRScheduler
    for name, member in sorted(vars(module).items()):
        usable = isinstance(member, type) and issubclass(member, base) and member is not base
        if usable and name not in NOT_PLAIN and not name.startswith("_"):
            yield member


def _entry(kind: type, group: str) -> dict[str, Any]:
    sentences = argument_sentences(inspect.getdoc(kind) or "")
    parameters = inspect.signature(kind.__init__).parameters.values()  # type: ignore[misc]
    entry: dict[str, Any] = {"group": group, "doc": first_sentence(inspect.getdoc(kind) or "")}
    for field, table in (("refused", REFUSED), ("note", NOTES)):
        if kind.__name__ in table:
            entry[field] = table[kind.__name__]
    entry["arguments"] = [_argument(kind, p, sentences) for p in parameters if p.name not in HIDDEN]
    return entry


def _argument(kind: type, parameter: inspect.Parameter, sentences: dict[str, str]) -> dict[str, Any]:
    key = (kind.__name__, parameter.name)
    types, literals = _types(kind, parameter)
    argument: dict[str, Any] = {"name": parameter.name, "types": types}
    if key in OPTIONAL:
        argument |= {"types": [*types, "none"], "default": None}
    elif parameter.default is not inspect.Parameter.empty and key not in REQUIRED:
        argument["default"] = parameter.default
    if key in CHOICES or literals:
        argument["choices"] = list(CHOICES.get(key, literals))
    low, high = RANGES.get(parameter.name, (None, None))
    argument |= {name: limit for name, limit in (("minimum", low), ("maximum", high)) if limit is not None}
    return argument | {"doc": DOCS.get(key) or DOCS.get(("", key[1])) or sentences.get(key[1], "")}


def _types(kind: type, parameter: inspect.Parameter) -> tuple[list[str], list[str]]:
    """Names of the types an argument takes, and the texts it is limited to."""
    annotation = parameter.annotation
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    found, literals = [], []
    for member in _members(ast.parse(text, mode="eval").body):
        name = ast.unparse(member)
        if isinstance(member, ast.Subscript) and name.startswith(("Literal", "typing.Literal")):
            literals = list(ast.literal_eval(member.slice)) if isinstance(member.slice, ast.Tuple) else []
            found.append("text")
        else:
            found.append(_SCALARS.get(name) or _sequence(name, kind, parameter))
    # A list of rates is for groups of parameters, of which there is one here.
    single = {"int", "float"} & set(found)
    kept = [name for name in dict.fromkeys(found) if name and not (name == "floats" and single)]
    if parameter.default is None and "none" not in kept:
        kept.append("none")
    required = (kind.__name__, parameter.name) in REQUIRED
    return [name for name in kept if not (required and name == "none")], literals


def _members(node: ast.expr) -> Iterator[ast.expr]:
    """The alternatives of a union, however it is written."""
    if isinstance(node, ast.BinOp):
        yield from _members(node.left)
        yield from _members(node.right)
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Union", "typing.Union"):
        members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for member in members:
            yield from _members(member)
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Optional", "typing.Optional"):
        yield from _members(node.slice)
        yield ast.Constant(None)
    else:
        yield node


def _sequence(name: str, kind: type, parameter: inspect.Parameter) -> str:
    """What a tuple or list annotation stands for; empty for tensors and functions."""
    if not name.startswith(("tuple", "list", "Iterable", "torch.Size", "Sequence")):
        return ""
    if "float" in name:
        return "floats"
    rank = re.search(r"([123])d$", kind.__name__)
    if name.startswith("tuple") and rank and parameter.name != "unflattened_size":
        return _TUPLES[int(rank[1])]
    return "ints"


if __name__ == "__main__":
    resource("catalogue.json").write_text(generate(), encoding="utf-8")
