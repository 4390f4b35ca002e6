"""A turn of a backward as plain values: gradients, what accumulates, the rule with its numbers, the chain."""

import math
from collections.abc import Iterator, Sequence

from torch import Tensor

from playground.engine.tensors.backward_call import added
from playground.engine.tensors.backward_events import Accumulation, BackwardStep, Chain, Outgoing, Rule
from playground.engine.tensors.backward_turn import Turn
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_events import Values
from playground.engine.tensors.graph_text import operation, short, values

_FACTORS = 12


def described(
    handle: GraphHandle,
    turn: Turn,
    place: tuple[int, int],
    start: str,
    index: int | None,
    element: tuple[int, ...] | None,
) -> BackwardStep:
    """A turn, number `place[0]` of `place[1]`; `index` and `element` choose the number that the rule explains."""
    given = [i for i, gradient in enumerate(turn.outgoing) if gradient is not None]
    chosen = index if index is not None else next(iter(given), None)
    rule = turn.rule(chosen, element) if chosen is not None and chosen in given else None
    return BackwardStep(
        *place,
        handle.ids[turn.grad_fn],
        handle.title(turn.grad_fn),
        operation(turn.grad_fn),
        tuple(_values(gradient) for gradient in turn.incoming),
        tuple(_outgoing(handle, turn)),
        tuple(_accumulation(handle, turn, *pair) for pair in turn.gathered),
        rule,
        _chain(handle, turn, rule, start),
        turn.hooks,
    )


def gradient_text(turn: Turn) -> str:
    """The gradient that came, in short; that of the first result that got one."""
    return next((short(gradient) for gradient in turn.incoming if gradient is not None), "")


def _values(gradient: Tensor | None) -> Values | None:
    return None if gradient is None else values(gradient)


def _outgoing(handle: GraphHandle, turn: Turn) -> Iterator[Outgoing]:
    for index, (raw, gradient) in enumerate(zip(turn.raw, turn.outgoing, strict=True)):
        if gradient is not None and raw is not None:
            summed = tuple(raw.shape) if raw.shape != gradient.shape else None
            node = handle.ids[turn.grad_fn.next_functions[index][0]]
            yield Outgoing(index, node, values(gradient), turn.largest[index], summed)


def _accumulation(handle: GraphHandle, turn: Turn, tensor: Tensor, gradient: Tensor) -> Accumulation:
    before = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    after = gradient if before is None else added(before, gradient)
    return Accumulation(
        handle.name(turn.grad_fn), _values(before), values(gradient), _values(after) or values(gradient)
    )


def _chain(handle: GraphHandle, turn: Turn, rule: Rule | None, start: str) -> Chain:
    """The factors back to the output, at every fork by the way that brought most."""
    factors = [(rule, handle.ids[turn.grad_fn])] if rule else []
    paths = turn.paths
    while turn.origins:
        turn, index = max(turn.origins, key=lambda origin: origin[0].largest[origin[1]])
        if turn.outgoing[index] is not None:
            factors.append((turn.rule(index), handle.ids[turn.grad_fn]))
    return _product(list(reversed(factors)), start, paths)


def _product(rules: Sequence[tuple[Rule, int]], start: str, paths: int) -> Chain:
    told = [(rule.factor, node) for rule, node in rules if rule.factor]
    numbers = [rule.factor_value for rule, _ in rules]
    known = [number for number in numbers if number is not None]
    value = math.prod(known) if start == "1" and len(known) == len(numbers) else None
    shown = told[-_FACTORS:]
    texts, nodes = tuple(text for text, _ in shown), tuple(node for _, node in shown)
    return Chain(start, texts, nodes, len(told) - len(shown), paths, value)
