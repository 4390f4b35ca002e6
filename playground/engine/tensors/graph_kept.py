"""A graph over tensors that go on changing: what it saved of their numbers is copied, and stays that moment's."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from torch import Tensor

from playground.engine.tensors.graph_names import memory
from playground.engine.tensors.graph_nodes import GradFn

_RAW = "_raw_saved_"


def keep_numbers(order: Sequence[GradFn], changing: Iterable[Tensor]) -> None:
    """Copy what these grad_fns saved of the memory of tensors that are changed in place, as training does its weights.

    Backward then goes through with the numbers of forward; torch would refuse it once they have changed. Call it while
    they have not.
    """
    places = {memory(tensor) for tensor in changing}
    for grad_fn in order if places else ():
        for saved, raw in _saved(grad_fn):
            if memory(saved) in places:
                _copy(raw)


def _copy(raw: Any) -> None:
    try:
        raw.register_hooks(_clone, _same)
    except RuntimeError:  # it has hooks already: it was kept before, or is the user's to unpack
        return


def _saved(grad_fn: GradFn) -> Iterator[tuple[Tensor, Any]]:
    """Each saved tensor, and torch's handle on it."""
    for name in dir(grad_fn):
        if not name.startswith(_RAW):
            continue
        try:
            raw, value = getattr(grad_fn, name), getattr(grad_fn, name.replace(_RAW, "_saved_"), None)
        except RuntimeError:  # freed, or changed already
            continue
        pairs = zip(value, raw, strict=False) if isinstance(value, tuple) else [(value, raw)]
        yield from ((tensor, each) for tensor, each in pairs if isinstance(tensor, Tensor))


def _clone(tensor: Tensor) -> Tensor:
    return tensor.clone()


def _same(tensor: Tensor) -> Tensor:
    return tensor
