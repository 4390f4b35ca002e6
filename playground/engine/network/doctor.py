"""The shape doctor: repairs of a network that does not fit, each tried on the whole network before it is offered."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from playground.engine.network.analysis import analyse
from playground.engine.network.events import Analysis
from playground.engine.network.repairs import Candidate, adapted, earlier_outputs, off, reshapes
from playground.engine.network.repairs_arguments import argument_repairs
from playground.engine.network.repairs_blocks import block_repairs
from playground.engine.network.repairs_ending import ending_repairs
from playground.engine.network.repairs_windows import earlier_windows, own_window
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.network.trouble import Shape, Trouble, trouble_of

OFFERED = 3
MAX_TRIES = 160
_MAX_FOLLOWED = 60
_MAX_STEPS = 4
_FOLLOW_COST = 0.05
_HOPELESS = ("custom-unknown", "custom-untrusted", "custom-broken")


@dataclass(frozen=True, slots=True)
class Repair:
    """A network that fits, and what it takes to get there.

    Attributes
    ----------
    node : str
        The id of the node in trouble; "" where that is the network as a whole.
    sentence : str
        What the repair changes.
    spec : NetworkSpec
        The mended network.
    parameters, flops : int
        What it then has, FLOPs of one sample.
    parameters_change : int
        How many parameters more (or fewer) than now.
    flops_change : int or None
        How many FLOPs more (or fewer) than now; None where the network as it is cannot run to its end.
    """

    node: str
    sentence: str
    spec: NetworkSpec
    parameters: int
    parameters_change: int
    flops: int
    flops_change: int | None


@dataclass(frozen=True, order=True, slots=True)
class _State:
    """A network on its way to fit: cheaper ones are looked at first."""

    cost: float
    number: int
    trouble: Trouble = field(compare=False)
    texts: tuple[str, ...] = field(compare=False, default=())
    nature: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class _Found:
    cost: float
    texts: tuple[str, ...]
    nature: str
    spec: NetworkSpec


def examine(spec: NetworkSpec, input_shape: Shape, outputs: int | None = None) -> tuple[Repair, ...]:
    """Repairs for a network that does not fit its data, the smallest changes first.

    Parameters
    ----------
    spec : NetworkSpec
        The network as it is.
    input_shape : tuple of int
        One sample's shape, without the batch.
    outputs : int, optional
        How many values the network has to end in; left out, it may end in any shape.

    Returns
    -------
    tuple of Repair
        At most three; with each of them the whole network passes the analysis. None for a network that fits.
    """
    trouble = trouble_of(spec, input_shape, outputs)
    if trouble is None:
        return ()
    found = _search(trouble, input_shape, outputs)
    before = analyse(spec, input_shape)
    node = trouble.node.id if trouble.node else ""
    return tuple(_repair(node, one, before, input_shape) for one in _chosen(found))


def candidates(trouble: Trouble) -> Iterator[Candidate]:
    """Everything that may mend the first trouble of a network."""
    if trouble.code in _HOPELESS:
        return iter(())
    if trouble.code in ("network-output", "network-empty"):
        return ending_repairs(trouble)
    fitting = adapted(trouble)
    last = [off(trouble, trouble.node)] if trouble.node is not None else []
    # Other windows change how wide a picture is; where only its channels do not fit they are of no use.
    sized = fitting is None or (isinstance(trouble.node, Layer) and trouble.node.kind == "Linear")
    return chain(
        [fitting] if fitting else [],
        block_repairs(trouble),
        argument_repairs(trouble),
        reshapes(trouble),
        earlier_outputs(trouble),
        own_window(trouble) if sized else (),
        last,
        earlier_windows(trouble) if sized else (),
    )


def _search(trouble: Trouble, shape: Shape, outputs: int | None) -> list[_Found]:
    """Best first: a candidate that fits is found, one that gets the data further is looked at again."""
    found: dict[NetworkSpec, _Found] = {}
    seen, tries = {trouble.spec}, 0
    waiting = [_State(0.0, 0, trouble)]
    while waiting and tries < MAX_TRIES:
        state = heapq.heappop(waiting)
        for candidate in candidates(state.trouble):
            cost, texts = state.cost + candidate.cost, (*state.texts, candidate.text)
            if candidate.spec in seen or tries >= MAX_TRIES or _enough(found.values(), cost):
                continue
            seen.add(candidate.spec)
            tries += 1
            left, more, spec = _tried(candidate, state.trouble, shape, outputs)
            cost, texts = cost + _FOLLOW_COST * len(more), (*texts, *more)
            nature = state.nature or candidate.nature
            if left is None and not any(set(one.texts) <= set(texts) for one in found.values()):  # no idle extras
                found.setdefault(spec, _Found(cost, texts, nature, spec))
            elif (
                left is not None
                and len(state.texts) < _MAX_STEPS
                and _is_further(left, state.trouble, candidate.follow)
            ):
                heapq.heappush(waiting, _State(cost, tries, left, texts, nature))
    return list(found.values())


def _tried(
    candidate: Candidate, before: Trouble, shape: Shape, outputs: int | None
) -> tuple[Trouble | None, tuple[str, ...], NetworkSpec]:
    """What is still wrong after a candidate and after the layers behind it took the sizes that arrive."""
    spec, texts = candidate.spec, []
    left = trouble_of(spec, shape, outputs, before.origin)
    for _ in range(_MAX_FOLLOWED):
        held = not candidate.follow and left is not None and left.place() == before.place()
        follower = None if left is None or held else adapted(left)
        if follower is None:
            break
        spec = follower.spec
        texts.append(follower.text)
        left = trouble_of(spec, shape, outputs, before.origin)
    return left, tuple(texts), spec


def _is_further(left: Trouble, before: Trouble, otherwise: bool = True) -> bool:
    """Whether the data now gets further, or (`otherwise`) the same node has another trouble."""
    if left.place() != before.place() or left.code == before.code == "network-output":
        return left.place() > before.place()
    return otherwise and left.problem.fields.get("detail") != before.problem.fields.get("detail")


def _enough(found: Iterable[_Found], cost: float) -> bool:
    """Whether nothing of that cost can be among the best of three natures."""
    return len({one.nature for one in found if one.cost <= cost}) >= OFFERED


def _chosen(found: list[_Found]) -> list[_Found]:
    """The best of each nature first, then whatever is cheap."""
    best: dict[str, _Found] = {}
    ordered = sorted(found, key=lambda one: one.cost)
    for one in ordered:
        best.setdefault(one.nature, one)
    others = [one for one in ordered if one is not best[one.nature] and one.nature != "window"]
    usual = [one for one in (*best.values(), *others) if one.nature != "off"]
    return [*usual, *(one for one in best.values() if one.nature == "off")][:OFFERED]


def _repair(node: str, found: _Found, before: Analysis, shape: Shape) -> Repair:
    after = analyse(found.spec, shape)
    return Repair(
        node=node,
        sentence=_sentence(found.texts),
        spec=found.spec,
        parameters=after.parameters,
        parameters_change=after.parameters - before.parameters,
        flops=after.flops,
        flops_change=after.flops - before.flops if before.problem is None else None,
    )


def _sentence(texts: tuple[str, ...]) -> str:
    """One sentence: the first changes in full, of many only how many follow."""
    first, *more = texts
    if not more:
        return f"{first}."
    lower = [f"{text[:1].lower()}{text[1:]}" for text in more]
    if len(more) <= 2:
        return f"{first}; {'; '.join(lower)}."
    return f"{first}; {lower[0]}; and {len(more) - 1} more changes that follow from it."
