"""What might mend a trouble: each candidate is a whole network with one idea changed, still to be tried."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.engine.network import edits
from playground.engine.network.catalogue import layers
from playground.engine.network.sequence import layer
from playground.engine.network.spec import Layer, NetworkSpec, Node
from playground.engine.network.tree import Place, place_of
from playground.engine.network.trouble import Shape, Trouble

# How much a change takes from what the user meant; the cheapest repairs are offered first.
ADAPT, INSERT, WINDOW, EARLIER, REPLACE, OFF = 1.0, 1.3, 1.7, 2.0, 1.5, 5.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that may fit.

    `nature` groups repairs of one kind, of which the best is offered first. `follow` allows the layers behind to take
    the sizes that then arrive.
    """

    text: str
    spec: NetworkSpec
    cost: float
    nature: str
    follow: bool = True


def adapted(trouble: Trouble) -> Candidate | None:
    """The layer takes the sizes that arrive; None where that cannot mend it."""
    node, shape = trouble.node, trouble.shape
    if not isinstance(node, Layer) or not shape or trouble.code != "layer-misfit" or trouble.in_later_pass:
        return None
    changes = sizes_taken(node, shape)
    full = _complete(node)
    changes = {name: value for name, value in changes.items() if full.get(name) != value}
    return changed(trouble, node, changes, ADAPT, "sizes") if changes else None


def sizes_taken(node: Layer, shape: Shape) -> dict[str, object]:
    """The arguments with which a layer takes samples of that shape; none where no argument says it."""
    kind, args = node.kind, _complete(node)
    if kind == "Linear" and len(shape) == 1:
        return {"in_features": shape[-1]}
    if kind.startswith("Conv") and len(shape) == rank_of(kind) + 1:
        return _channels_taken(args, shape[0])
    if (kind == "BatchNorm1d" and len(shape) <= 2) or (kind == "BatchNorm2d" and len(shape) == 3):
        return {"num_features": shape[0]}
    if kind == "GroupNorm":
        return {"num_channels": shape[0], "num_groups": math.gcd(shape[0], _number(args.get("num_groups"), 1))}
    if kind == "LayerNorm":
        wanted = args.get("normalized_shape")
        count = len(wanted) if isinstance(wanted, tuple) else 1
        return {"normalized_shape": shape[-min(count, len(shape)) :] if count > 1 else shape[-1]}
    return {}


def changed(
    trouble: Trouble, node: Layer, changes: dict[str, Any], cost: float, nature: str, *, follow: bool = True
) -> Candidate:
    """Other arguments for a layer."""
    full = _complete(node)
    told = [f"{name} to {_shown(value)}" for name, value in changes.items() if repr(full.get(name)) != repr(value)]
    spec = edits.change_args(trouble.spec, node.id, **changes)
    return Candidate(f"In {trouble.named(node)} set {' and '.join(told)}", spec, cost, nature, follow)


def inserted(trouble: Trouble, place: Place, new: list[Layer], cost: float, nature: str, where: str) -> Candidate:
    """New layers at a place."""
    names = [_called(one) for one in new]
    told = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return Candidate(f"Insert {told} {where}", edits.insert(trouble.spec, place, new), cost, nature)


def off(trouble: Trouble, node: Node, cost: float = OFF) -> Candidate:
    """The network without a node, which stays in the list."""
    spec = edits.set_field(trouble.spec, node.id, "enabled", False)
    return Candidate(f"Switch {trouble.named(node)} off", spec, cost, "off")


def reshapes(trouble: Trouble) -> Iterator[Candidate]:
    """Layers before the node that bring its input into a shape it takes, or the layer's like for this shape."""
    node, shape = trouble.node, trouble.shape
    if not isinstance(node, Layer) or not shape:
        return
    if node.kind == "Linear":
        yield from _before_linear(trouble, node, shape)
    elif node.kind in layers() and node.kind[-1] == "d":
        yield from _other_rank(trouble, node, shape)
    if node.kind in ("Softmax", "LogSoftmax"):
        yield changed(trouble, node, {"dim": 1}, ADAPT, "sizes")
    if node.kind == "Flatten":
        spec = edits.set_args(trouble.spec, node.id, {})
        yield Candidate(f"Let {trouble.named(node)} flatten everything but the batch", spec, ADAPT, "sizes")
    if node.kind == "Unflatten":
        for sizes in unflattened(shape[0], trouble.analysis.input):
            yield changed(trouble, node, {"dim": 1, "unflattened_size": sizes}, ADAPT, "sizes")


def earlier_outputs(trouble: Trouble) -> Iterator[Candidate]:
    """The nearest layer before it gives the sizes that the node expects."""
    node, shape = trouble.node, trouble.shape
    wanted = wanted_channels(node) if isinstance(node, Layer) else None
    giver = next((one for one in trouble.layers_before() if output_argument(one)), None)
    if not wanted or giver is None or not shape:
        return
    given = _number(giver.args.get(output_argument(giver)), 1)
    size = shape[0] // given if shape[0] % given == 0 else 1  # a Flatten makes many features of a channel
    if wanted % size == 0:
        changes = {output_argument(giver): wanted // size}
        yield changed(trouble, giver, changes, EARLIER, "earlier", follow=False)


def wanted_channels(node: Layer) -> int | None:
    """How many channels or features a layer expects; None where it takes any number."""
    for name in ("in_features", "in_channels", "num_features", "num_channels"):
        value = node.args.get(name)
        if isinstance(value, int) and value > 0:
            return value
    return None


def output_argument(node: Layer) -> str:
    """The argument that says how many channels or features a layer gives; "" where none does."""
    return next((name for name in ("out_features", "out_channels") if name in node.args), "")


def unflattened(size: int, original: Shape) -> Iterator[Shape]:
    """Pictures, first those with the channels of the data, that as many numbers make."""
    for channels in dict.fromkeys((*original[:1], 1, 3)):
        side = math.isqrt(size // channels)
        if len(original) != 1 and channels * side * side == size:
            yield (channels, side, side)
    side = math.isqrt(size)
    yield (1, side, side) if side * side == size else (size, 1, 1)


def rank_of(kind: str) -> int:
    """The spatial dimensions in a name such as Conv2d."""
    return int(kind[-2])


def _channels_taken(args: dict[str, Any], channels: int) -> dict[str, object]:
    groups = _number(args.get("groups"), 1)
    if channels % groups == 0:
        return {"in_channels": channels}
    if groups == args.get("in_channels") == args.get("out_channels"):  # every channel for itself
        return dict.fromkeys(("in_channels", "out_channels", "groups"), channels)
    return {"in_channels": channels, "groups": math.gcd(channels, groups)}


def _before_linear(trouble: Trouble, node: Layer, shape: Shape) -> Iterator[Candidate]:
    here, named = place_of(trouble.spec, node.id), trouble.named(node)
    wanted = _number(node.args.get("in_features"), 0)
    if len(shape) > 1:
        yield inserted(trouble, here, [layer("Flatten")], INSERT, "flatten", f"before {named}")
        yield changed(trouble, node, {"in_features": shape[-1]}, EARLIER, "last size")
    picture, pool_place = _picture_before(trouble, shape, here)
    if pool_place is None or len(picture) != 3:
        return
    next_one = named if pool_place == here else trouble.named(trouble.spec.layers[pool_place.index])
    side = math.isqrt(wanted // picture[0]) if wanted % picture[0] == 0 else 0
    if side and side * side * picture[0] == wanted:
        new = [layer("AdaptiveAvgPool2d", output_size=side), *([layer("Flatten")] if len(shape) > 1 else [])]
        yield inserted(trouble, pool_place, new, INSERT + 0.1, "pool", f"before {next_one}")
    if side != 1:
        new = [layer("AdaptiveAvgPool2d", output_size=1), *([layer("Flatten")] if len(shape) > 1 else [])]
        yield inserted(trouble, pool_place, new, REPLACE + 0.2, "pool", f"before {next_one}")


def _picture_before(trouble: Trouble, shape: Shape, here: Place) -> tuple[Shape, Place | None]:
    """The picture that a Flatten in front made into a row, and the place before that Flatten."""
    if len(shape) > 1:
        return shape, here
    facts = {one.id: one for one in trouble.analysis.layers}
    row = list(trouble.spec.layers)
    flat = next((one for one in trouble.layers_before() if one.kind == "Flatten"), None)
    if flat is None or flat not in row:
        return shape, None
    index = row.index(flat)
    before = facts[row[index - 1].id].output if index else trouble.analysis.input
    return before or (), Place("", "layers", index)


def _other_rank(trouble: Trouble, node: Layer, shape: Shape) -> Iterator[Candidate]:
    """A layer for pictures that gets rows, one for rows that gets pictures."""
    rank, named = rank_of(node.kind), trouble.named(node)
    here = place_of(trouble.spec, node.id)
    other = "Dropout" if node.kind.startswith("Dropout") else f"{node.kind[:-2]}{len(shape) - 1 or 1}d"
    if (
        other != node.kind
        and len(shape) != rank + 1
        and other in layers()
        and (len(shape) > 1 or "Norm" in other or other == "Dropout")
    ):
        spec = edits.set_field(trouble.spec, node.id, "kind", other)
        yield Candidate(f"Make {named} a {other}", spec, REPLACE, "kind")
    flat = next((one for one in trouble.layers_before() if one.kind == "Flatten"), None)
    if len(shape) == 1 and rank > 1 and flat is not None:
        spec = edits.move(trouble.spec, [flat.id], Place(here.parent, here.slot, here.index + 1))
        yield Candidate(f"Move {trouble.named(flat)} behind {named}", spec, REPLACE, "move")
        yield off(trouble, flat, EARLIER)
    if len(shape) == 1 and rank == 2:
        for sizes in unflattened(shape[0], trouble.analysis.input):
            new = [layer("Unflatten", dim=1, unflattened_size=sizes)]
            yield inserted(trouble, here, new, EARLIER, "unflatten", f"before {named}")
    if len(shape) == rank:
        new = [layer("Unflatten", dim=1, unflattened_size=(1, shape[0]))]
        yield inserted(trouble, here, new, INSERT, "unflatten", f"before {named}")


def _complete(node: Layer) -> dict[str, Any]:
    entry = layers().get(node.kind)
    return entry.complete(node.args) if entry else dict(node.args)


def _number(value: object, other: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else other


def _called(node: Layer) -> str:
    values = ", ".join(_shown(value) for name, value in node.args.items() if name != "dim")
    return f"{node.kind}({values})" if values else node.kind


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " x ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
