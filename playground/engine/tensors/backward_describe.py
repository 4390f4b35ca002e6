"""A turn of a backward as plain values: gradients, what accumulates, the rule with its numbers, the chain."""

from collections.abc import Iterator
from dataclasses import replace

from torch import Tensor

from playground.engine.tensors.backward_call import added
from playground.engine.tensors.backward_events import Accumulation, BackwardStep, Chain, Outgoing, Rule
from playground.engine.tensors.backward_turn import Turn
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_events import Values
from playground.engine.tensors.graph_text import operation, short, values

HOOK = "a hook"
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
        turn.is_replaced,
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
    before = replace(_arrived(handle, turn, start), paths=turn.paths)
    return before if rule is None else _longer(before, rule, handle.ids[turn.grad_fn])


def _arrived(handle: GraphHandle, turn: Turn, start: str) -> Chain:
    """The chain up to a turn; kept there, so that each is put together once."""
    way = []
    while turn.origins and not turn.arrived:
        origin, index = max(turn.origins, key=lambda each: each[0].largest[each[1]])
        way.append((turn, origin, index))
        turn = origin
    if not turn.arrived:
        turn.arrived.append(_hooked(Chain(start, (), (), 0, 1, 1.0 if start == "1" else None), turn, handle))
    chain = turn.arrived[0]
    for reached, origin, index in reversed(way):
        if origin.outgoing[index] is not None:
            chain = _longer(chain, origin.rule(index), handle.ids[origin.grad_fn])
        chain = _hooked(chain, reached, handle)
        reached.arrived.append(chain)
    return chain


def _hooked(chain: Chain, turn: Turn, handle: GraphHandle) -> Chain:
    """What hooks did to the gradient that came is a factor too, of which nobody knows the number."""
    return _with_factor(chain, HOOK, None, handle.ids[turn.grad_fn]) if turn.is_replaced else chain


def _longer(chain: Chain, rule: Rule, node: int) -> Chain:
    """One rule more."""
    return _with_factor(chain, rule.factor, rule.factor_value, node)


def _with_factor(chain: Chain, factor: str, number: float | None, node: int) -> Chain:
    value = None if chain.value is None or number is None else chain.value * number
    if not factor:
        return replace(chain, value=value)
    factors, nodes = (*chain.factors, factor), (*chain.nodes, node)
    left_out = chain.left_out + max(0, len(factors) - _FACTORS)
    return replace(chain, factors=factors[-_FACTORS:], nodes=nodes[-_FACTORS:], left_out=left_out, value=value)
