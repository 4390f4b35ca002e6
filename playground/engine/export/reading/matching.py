"""Which tensors of a file belong to which of a net, by name and shape, and what is left on either side."""

import copy
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Named:
    """A tensor's name and shape."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A name on both sides with two shapes: the net's and the file's."""

    name: str
    wanted: Shape
    found: Shape


@dataclass(frozen=True, slots=True)
class Renamed:
    """A tensor that the file calls otherwise than the net does."""

    found: str
    wanted: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Matching:
    """How a file's tensors fit a net's.

    `matched` agree in name and shape. `missing` are in the net alone, `unexpected` in the file alone. `renaming` is
    there where the names leave something over, but everything fits under other names in exactly one way; it then
    names every tensor whose name changes, and `renamed` counts on it for all of them.
    """

    matched: tuple[Named, ...]
    missing: tuple[Named, ...]
    unexpected: tuple[Named, ...]
    misshapen: tuple[Misshapen, ...]
    renaming: tuple[Renamed, ...]

    @property
    def is_whole(self) -> bool:
        """Every tensor of the net and of the file has its place, by name."""
        return bool(self.matched) and not (self.missing or self.unexpected or self.misshapen)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return f"{self.detail[0].upper()}{self.detail[1:]}."

    @property
    def detail(self) -> str:
        """The same as a part of a sentence."""
        wanted = len(self.matched) + len(self.missing) + len(self.misshapen)
        if self.is_whole:
            return f"all {wanted:,} tensors fit"
        if self.renaming:
            return f"all {wanted:,} tensors are there under other names; each fits in exactly one way"
        found = len(self.matched) + len(self.unexpected) + len(self.misshapen)
        if not self.matched:
            return f"no tensor of the file ({found:,}) fits one of the network ({wanted:,}) by name and shape"
        return f"{len(self.matched):,} of {wanted:,} tensors fit{''.join(f'; {each}' for each in self._leftovers())}"

    def _leftovers(self) -> Iterable[str]:
        if self.misshapen:
            yield f"{len(self.misshapen):,} {_have(self.misshapen)} another shape"
        if self.missing:
            yield f"{len(self.missing):,} {_are(self.missing)} not in the file"
        if self.unexpected:
            yield f"{len(self.unexpected):,} of the file {_have(self.unexpected)} no place in the network"


def shapes_of(net: nn.Module) -> dict[str, Shape]:
    """The shapes of all that `net.state_dict()` holds, in its order."""
    return {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}


def match(net: nn.Module | Shapes, tensors: Mapping[str, Tensor], *, in_order: bool = False) -> Matching:
    """Compare a net's tensors (or their shapes by name) with a file's.

    Parameters
    ----------
    in_order : bool
        Whether `tensors` come in the order in which their net defines them, as in a state_dict. Layers of the same
        shapes can then be told apart by their order; otherwise only by numbers in their names.
    """
    wanted = shapes_of(net) if isinstance(net, nn.Module) else net
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    both = [name for name in wanted if name in found]
    matching = Matching(
        matched=tuple(Named(name, wanted[name]) for name in both if wanted[name] == found[name]),
        missing=tuple(Named(name, shape) for name, shape in wanted.items() if name not in found),
        unexpected=tuple(Named(name, shape) for name, shape in found.items() if name not in wanted),
        misshapen=tuple(Misshapen(name, wanted[name], found[name]) for name in both if wanted[name] != found[name]),
        renaming=(),
    )
    return matching if matching.is_whole else _with_renaming(matching, _renaming(wanted, found, in_order=in_order))


def apply(net: nn.Module, tensors: Mapping[str, Tensor], matching: Matching) -> nn.Module:
    """A copy of `net` with every tensor that fits taken from the file, and the others as they were."""
    names = _sources(net, matching)
    own = copy.deepcopy(net)
    with torch.no_grad():
        for name, tensor in own.state_dict().items():
            if name in names:
                tensor.copy_(tensors[names[name]])
    return own


def conversions(net: nn.Module, tensors: Mapping[str, Tensor], matching: Matching) -> tuple[str, ...]:
    """What `apply` does to numbers of another type than the net's, in a sentence for each pair of types."""
    own, names = net.state_dict(), _sources(net, matching)
    pairs = Counter((tensors[found].dtype, own[name].dtype) for name, found in names.items())
    return tuple(_conversion(*types, count) for types, count in pairs.items() if types[0] != types[1])


def _sources(net: nn.Module, matching: Matching) -> dict[str, str]:
    """What the file calls each tensor that fits, by its name in the net."""
    if not matching.renaming:
        return {one.name: one.name for one in matching.matched}
    changed = {one.wanted: one.found for one in matching.renaming}
    return {name: changed.get(name, name) for name in shapes_of(net)}


def _conversion(found: torch.dtype, wanted: torch.dtype, count: int) -> str:
    kept = found.is_floating_point == wanted.is_floating_point and torch.promote_types(found, wanted) == wanted
    here, there = (str(dtype).removeprefix("torch.") for dtype in (wanted, found))
    how = "exactly" if kept else "with rounding"
    tensors = "1 tensor is" if count == 1 else f"{count:,} tensors are"
    return f"{tensors} {there} in the file and converted {how} to {here}, as the network has it."


def _with_renaming(matching: Matching, renaming: tuple[Renamed, ...]) -> Matching:
    return Matching(matching.matched, matching.missing, matching.unexpected, matching.misshapen, renaming)


def _renaming(wanted: Shapes, found: Shapes, *, in_order: bool) -> tuple[Renamed, ...]:
    """Other names for everything, where there is exactly one way; layers are moved as a whole."""
    net, file = _layers(wanted), _layers(found)
    in_order = in_order and list(net.values()) == list(file.values())
    pairs: dict[str, str] = {}
    for look in dict.fromkeys(net.values()):
        ours = [name for name, one in net.items() if one == look]
        theirs = _sorted([name for name, one in file.items() if one == look], in_order=in_order)
        if len(ours) != len(theirs):
            return ()
        pairs.update(zip(ours, theirs, strict=True))
    if len(pairs) != len(file):
        return ()
    names = {_join(ours, leaf): _join(pairs[ours], leaf) for ours, look in net.items() for leaf, _ in look}
    return tuple(Renamed(names[ours], ours, shape) for ours, shape in wanted.items() if ours != names[ours])


def _layers(shapes: Shapes) -> dict[str, tuple[tuple[str, Shape], ...]]:
    """Each layer's name with the last parts of its tensors' names and their shapes, in order."""
    layers: dict[str, list[tuple[str, Shape]]] = {}
    for name, shape in shapes.items():
        layer, _, leaf = name.rpartition(".")
        layers.setdefault(layer, []).append((leaf, shape))
    return {layer: tuple(sorted(leaves)) for layer, leaves in layers.items()}


def _sorted(names: Sequence[str], *, in_order: bool) -> list[str]:
    """Layers that look the same in the order of their net; nothing where that cannot be known."""
    if in_order or len(names) < 2:
        return list(names)
    if len({re.sub(r"\d+", "#", name) for name in names}) > 1:
        return []
    return sorted(names, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def _join(layer: str, leaf: str) -> str:
    return f"{layer}.{leaf}" if layer else leaf


def _have(some: Sequence[object]) -> str:
    return "has" if len(some) == 1 else "have"


def _are(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"
