"""Repairs where paths meet: a missing projection, bodies and branches of different sizes, bodies that do not repeat."""

from collections.abc import Iterator

import msgspec

from playground.engine.network import edits
from playground.engine.network.labels import kind_of
from playground.engine.network.repairs import (
    ADAPT,
    EARLIER,
    INSERT,
    REPLACE,
    WINDOW,
    Candidate,
    changed,
    output_argument,
)
from playground.engine.network.repairs_windows import keeping_sizes
from playground.engine.network.sequence import layer
from playground.engine.network.spec import Branches, Layer, Node, Residual, slots, walk
from playground.engine.network.tree import Place, replaced, with_new_ids
from playground.engine.network.trouble import Shape, Trouble, ends_of, repeat_around


def block_repairs(trouble: Trouble) -> Iterator[Candidate]:
    """Repairs of the block in which the trouble is."""
    if trouble.in_later_pass:
        yield from _repeats(trouble)
    elif isinstance(trouble.node, Residual):
        yield from _sums(trouble, trouble.node)
    elif isinstance(trouble.node, Branches):
        yield from _concatenations(trouble, trouble.node)


def _sums(trouble: Trouble, block: Residual) -> Iterator[Candidate]:
    body, shortcut = (*ends_of(trouble, block), None, None)[:2]
    start = trouble.shape
    if not (body and shortcut and start):
        return
    named = trouble.named(block)
    for projection in _projections(block, start, body):
        nodes = with_new_ids(projection, {node.id for node in walk(trouble.spec.layers)})
        told = " and ".join(kind_of(node) for node in nodes)
        text = f"{'Replace' if block.shortcut else 'Add'} the projection of {named}: {told} in its shortcut"
        spec = replaced(trouble.spec, msgspec.structs.replace(block, shortcut=nodes))
        yield Candidate(text, spec, INSERT, "projection")
    last = _last_giver(block.body)
    if last is not None and body[0] != shortcut[0]:
        yield changed(trouble, last, {output_argument(last): shortcut[0]}, EARLIER, "body")
    if len(body) > 1 and body[1:] != shortcut[1:]:
        yield _with_sizes_kept(trouble, block.body, f"in the body of {named}", last, shortcut[0])


def _with_sizes_kept(
    trouble: Trouble, nodes: tuple[Node, ...], where: str, last: Layer | None, channels: int
) -> Candidate:
    spec = keeping_sizes(trouble.spec, nodes)
    if last is not None and last.args.get(output_argument(last)) != channels:
        spec = edits.change_args(spec, last.id, **{output_argument(last): channels})
    return Candidate(f"Pad the windows {where} so that sizes stay the same", spec, WINDOW, "window")


def _projections(block: Residual, start: Shape, end: Shape) -> Iterator[list[Layer]]:
    """Layers that bring the block's input into the shape of its body's output."""
    normed = any(isinstance(node, Layer) and node.kind.startswith("BatchNorm") for node in walk(block.body))
    if len(start) == len(end) == 1:
        yield [layer("Linear", in_features=start[0], out_features=end[0])]
    elif len(start) == len(end) in (2, 3):
        rank = len(end) - 1
        strides = [_stride(before, after) for before, after in zip(start[1:], end[1:], strict=True)]
        before: list[Layer] = []
        if None in strides and rank == 2:
            before, strides = [layer("AdaptiveAvgPool2d", output_size=end[1:])], [1, 1]
        if None in strides:
            return
        stride = strides[0] if len(set(strides)) == 1 else tuple(strides)
        extra = {} if stride == 1 else {"stride": stride}
        convolution = layer(
            f"Conv{rank}d", in_channels=start[0], out_channels=end[0], kernel_size=1, bias=not normed, **extra
        )
        if not normed:
            convolution = msgspec.structs.replace(convolution, args=convolution.args.without("bias"))
        yield [*before, convolution, *([layer(f"BatchNorm{rank}d", num_features=end[0])] if normed else [])]
    elif len(end) == 1 and len(start) > 1:
        size = 1
        for one in start:
            size *= one
        yield [layer("Flatten"), layer("Linear", in_features=size, out_features=end[0])]


def _stride(before: int, after: int) -> int | None:
    return next((stride for stride in range(1, before + 1) if (before - 1) // stride + 1 == after), None)


def _concatenations(trouble: Trouble, block: Branches) -> Iterator[Candidate]:
    named, ends = trouble.named(block), ends_of(trouble, block)
    if not block.branches:
        spec = edits.insert(trouble.spec, Place(block.id, "branches[0]", 0), [layer("Identity")])
        yield Candidate(f"Give {named} a branch", spec, ADAPT, "branch")
        return
    if not ends or any(end is None for end in ends):
        return
    kept = trouble.spec
    for branch in block.branches:
        kept = keeping_sizes(kept, branch)
    yield Candidate(f"Pad the windows of all branches of {named} so that sizes stay the same", kept, WINDOW, "window")
    if any(end and len(end) == 1 for end in ends):
        yield _all_flat(trouble, block, ends)
        return
    for target in dict.fromkeys(end[1:] for end in ends if end and len(end) == 3):
        yield _pooled(trouble, block, ends, target)


def _all_flat(trouble: Trouble, block: Branches, ends: list[Shape | None]) -> Candidate:
    spec = trouble.spec
    for index, end in enumerate(ends):
        if end and len(end) > 1:
            spec = edits.insert(spec, Place(block.id, f"branches[{index}]", 10**6), [layer("Flatten")])
    return Candidate(f"Flatten the end of every branch of {trouble.named(block)}", spec, INSERT, "flatten")


def _pooled(trouble: Trouble, block: Branches, ends: list[Shape | None], target: Shape) -> Candidate:
    spec, numbers = trouble.spec, []
    for index, end in enumerate(ends):
        if end and end[1:] != target:
            pool = layer("AdaptiveAvgPool2d", output_size=target)
            spec = edits.insert(spec, Place(block.id, f"branches[{index}]", 10**6), [pool])
            numbers.append(str(index + 1))
    size = " x ".join(map(str, target))
    text = f"End branch {', '.join(numbers)} of {trouble.named(block)} with AdaptiveAvgPool2d({size})"
    return Candidate(text, spec, INSERT + 0.5, "pool")


def _repeats(trouble: Trouble) -> Iterator[Candidate]:
    """The body of a repetition has to give what it takes."""
    block = repeat_around(trouble.spec, trouble.node)
    if block is None:
        return
    taker = next((node for node in walk(block.body) if isinstance(node, Layer) and _taken(node)), None)
    last = _last_giver(block.body)
    if taker is not None and last is not None:
        channels = _taken(taker)
        yield changed(trouble, last, {output_argument(last): channels}, REPLACE, "body")
        yield _with_sizes_kept(trouble, block.body, f"in {trouble.named(block)}", last, channels)
    else:
        spec = keeping_sizes(trouble.spec, block.body)
        text = f"Pad the windows in {trouble.named(block)} so that sizes stay the same"
        yield Candidate(text, spec, WINDOW, "window")
    once = edits.set_field(trouble.spec, block.id, "times", 1)
    yield Candidate(f"Let {trouble.named(block)} run once", once, EARLIER + 1, "once")


def _taken(node: Layer) -> int:
    value = node.args.get("in_features", node.args.get("in_channels"))
    return value if isinstance(value, int) and value > 0 else 0


def _last_giver(nodes: tuple[Node, ...]) -> Layer | None:
    """The layer that decides how many channels a row gives."""
    for node in reversed(nodes):
        if not node.enabled:
            continue
        if isinstance(node, Layer) and output_argument(node):
            return node
        rows = [nodes for _, nodes in slots(node)][:1]
        found = _last_giver(rows[0]) if rows else None
        if found is not None:
            return found
    return None
