"""A live layer of torch.nn as a layer of the document: its arguments, read from its attributes."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import Argument, Entry, layers
from playground.engine.network.sizes import TORCH_ERRORS, construct
from playground.engine.network.spec import Layer
from playground.engine.spec import Args, Value
from playground.engine.tensors.both_ways.likeness import Likeness, likeness

_MISSING = object()


def read_layer(module: nn.Module) -> Layer | None:
    """The layer, without an id; None for what is not in the catalogue, or set up as no form of it can say.

    What is read is built again on the meta device and compared, so that no argument can be lost unseen.
    """
    entry = layers().get(type(module).__name__)
    if entry is None or type(module) is not getattr(nn, entry.kind, None):
        return None
    wanted = likeness(module)
    for args in _readings(entry, module):
        if _built(entry.kind, args) == wanted:
            return Layer(id="", kind=entry.kind, args=args, frozen=is_frozen(module))
    return None


def is_frozen(module: nn.Module) -> bool:
    """Whether it has parameters, none of which learns."""
    learning = [parameter.requires_grad for parameter in module.parameters()]
    return bool(learning) and not any(learning)


def attribute(module: nn.Module, name: str) -> Any:
    """The value that the argument of that name had; `MISSING` where the module keeps none.

    A module that has a tensor of that name was asked for it by true, as for `bias`.
    """
    value = getattr(module, name, _MISSING)
    if name == "bias" and (value is None or isinstance(value, nn.Parameter)):
        return value is not None
    return tuple(value) if isinstance(value, list | tuple) else value


def is_missing(value: object) -> bool:
    """Whether `attribute` found none."""
    return value is _MISSING


def _readings(entry: Entry, module: nn.Module) -> list[Args]:
    """The arguments, with what all dimensions have in common as one number first, then as they are kept."""
    given = {argument.name: attribute(module, argument.name) for argument in entry.arguments}
    if "stride" in given and given["stride"] == given.get("kernel_size") and entry.group == "pooling":
        given["stride"] = None
    short = {name: _shortest(entry.argument(name), value) for name, value in given.items()}
    return [_without_defaults(entry, each) for each in (short, given)]


def _shortest(argument: Argument | None, value: Any) -> Any:
    """A number for a tuple that says the same in every dimension, where the argument takes one."""
    if argument is None or not isinstance(value, tuple) or "int" not in argument.types or len(set(value)) != 1:
        return value
    each_dimension = "pair" in argument.types or "triple" in argument.types
    return value[0] if each_dimension or len(value) == 1 else value


def _without_defaults(entry: Entry, given: Mapping[str, Any]) -> Args:
    """Unlearned scales have no bias to ask for, so that it is left to its default there."""
    known = {name: value for name, value in given.items() if not is_missing(value)}
    if not (known.get("affine", True) and known.get("elementwise_affine", True)):
        known.pop("bias", None)
    defaults = entry.complete({})
    kept = {name: value for name, value in known.items() if name not in defaults or defaults[name] != value}
    try:
        args = Args(kept)
    except ValueError:  # a module may hold what a document cannot; `read_layer` then finds no likeness
        return Args()
    return args


def _built(kind: str, args: Mapping[str, Value]) -> Likeness | None:
    if complaint(layers()[kind], args):
        return None
    try:
        return likeness(construct(kind, Args(args), "meta"))
    except TORCH_ERRORS:
        return None
