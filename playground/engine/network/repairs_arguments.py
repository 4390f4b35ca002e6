"""Repairs of layers whose own arguments do not fit together, or whose name nothing has."""

import difflib
import math
from collections.abc import Iterator
from typing import Any

from playground.engine.network import edits
from playground.engine.network.arguments import complaint
from playground.engine.network.builder import layer_problem
from playground.engine.network.catalogue import Argument, Entry, layers
from playground.engine.network.repairs import ADAPT, REPLACE, Candidate, changed, sizes_taken, unflattened
from playground.engine.network.repairs_windows import widest
from playground.engine.network.spec import Layer
from playground.engine.network.trouble import Trouble

_TYPICAL = {"kernel_size": 3, "dim": 1, "output_size": 1, "out_channels": 16, "out_features": 128, "num_groups": 1}


def argument_repairs(trouble: Trouble) -> Iterator[Candidate]:
    """Arguments, a class or an init with which the layer can be built."""
    node = trouble.node
    if not isinstance(node, Layer):
        return
    if trouble.code == "layer-unknown":
        for kind in difflib.get_close_matches(node.kind, layers(), n=2, cutoff=0.0):
            spec = edits.set_field(trouble.spec, node.id, "kind", kind)
            yield Candidate(f"Make {trouble.named(node)} a {kind}", spec, REPLACE, "kind")
    elif trouble.code == "layer-argument":
        yield from _for_built(trouble, node)


def _for_built(trouble: Trouble, node: Layer) -> Iterator[Candidate]:
    if node.init != "default" and layer_problem(Layer(id="", kind=node.kind, args=node.args), "") is None:
        spec = edits.set_field(trouble.spec, node.id, "init", "default")
        yield Candidate(f"Leave the initial weights of {trouble.named(node)} to PyTorch", spec, ADAPT, "init")
        return
    found = [changes for changes in _single(trouble, node) if _mended(node, changes)]
    together = _together(trouble, node)
    if not found and together and _mended(node, together):
        found.append(together)
    for changes in found:
        if all(value is not _GONE for value in changes.values()):
            yield changed(trouble, node, changes, ADAPT, "argument")
        else:
            yield _without(trouble, node, changes)


_GONE = object()  # the argument is left to its default


def _without(trouble: Trouble, node: Layer, changes: dict[str, Any]) -> Candidate:
    gone = [name for name, value in changes.items() if value is _GONE]
    args = {name: value for name, value in {**node.args, **changes}.items() if value is not _GONE}
    told = " and ".join(f"{name} of {trouble.named(node)}" for name in gone)
    given = [f"{name} to {value}" for name, value in changes.items() if value is not _GONE]
    text = f"Take away {told}" + (f", set {' and '.join(given)}" if given else "")
    return Candidate(text, edits.set_args(trouble.spec, node.id, args), ADAPT, "argument")


def _mended(node: Layer, changes: dict[str, Any]) -> bool:
    args = {name: value for name, value in {**node.args, **changes}.items() if value is not _GONE}
    return layer_problem(Layer(id="", kind=node.kind, args=type(node.args)(args)), "") is None


def _single(trouble: Trouble, node: Layer) -> Iterator[dict[str, Any]]:
    """One argument, or two that belong together, with another value."""
    entry = layers()[node.kind]
    arriving = sizes_taken(node, trouble.shape) if trouble.shape else {}
    if arriving:
        yield dict(arriving)
    for name in node.args:
        if entry.argument(name) is None:
            near = difflib.get_close_matches(name, [one.name for one in entry.arguments], n=1, cutoff=0.6)
            if near and near[0] not in node.args:
                yield {name: _GONE, near[0]: node.args[name]}
            yield {name: _GONE}
    for argument in entry.arguments:
        for value in _values(trouble, node, argument):
            if argument.name not in node.args or node.args[argument.name] != value:
                yield {argument.name: value}


def _values(trouble: Trouble, node: Layer, argument: Argument) -> Iterator[Any]:
    name, given = argument.name, node.args.get(argument.name)
    numbers = [
        node.args.get(other) for other in ("in_channels", "out_channels", "num_channels", "groups", "num_groups")
    ]
    if name in ("groups", "num_groups"):
        whole = [one for one in numbers if isinstance(one, int) and one > 0]
        yield math.gcd(*whole) if whole else 1
    if name == "padding" and given is not None:
        yield (widest(node.args.get("kernel_size")) or 1) // 2
    if argument.choices and isinstance(given, str):
        yield from difflib.get_close_matches(given, argument.choices, n=1)
    if isinstance(given, int) and given < 0:
        yield -given
    if name == "unflattened_size" and trouble.shape:
        yield from unflattened(trouble.shape[0], trouble.analysis.input)
    if name == "out_features" and trouble.outputs and trouble.node is trouble.spec.layers[-1]:
        yield trouble.outputs
    if not argument.required and name in node.args:
        yield _GONE
    if name in _TYPICAL:
        yield 2 if name == "kernel_size" and "Pool" in node.kind else _TYPICAL[name]


def _together(trouble: Trouble, node: Layer) -> dict[str, Any]:
    """Every argument that is wrong by itself with another value."""
    entry = layers()[node.kind]
    arriving = sizes_taken(node, trouble.shape) if trouble.shape else {}
    changes: dict[str, Any] = {name: _GONE for name in node.args if entry.argument(name) is None}
    for argument in entry.arguments:
        if _is_wrong(entry, node, argument):
            values = [arriving[argument.name]] if argument.name in arriving else list(_values(trouble, node, argument))
            changes |= {argument.name: values[-1]} if values else {}
    return changes


def _is_wrong(entry: Entry, node: Layer, argument: Argument) -> bool:
    if argument.name not in node.args:
        return argument.required
    only = Entry(kind=entry.kind, group=entry.group, arguments=(argument,), doc=entry.doc)
    return complaint(only, {argument.name: node.args[argument.name]}) is not None
