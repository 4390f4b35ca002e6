"""Which grad_fn belongs to which module: calls are recorded by the numbers that autograd gives to what they make.

Every grad_fn of a thread carries a number that only grows, so those made during a module's call are those between the
numbers at its beginning and at its end. Nothing of the graph is kept for this.
"""

import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from torch import nn
from torch.autograd import _get_sequence_nr  # type: ignore[attr-defined]
from torch.utils.hooks import RemovableHandle

_CALLS = 20_000
"""So many calls are remembered, the latest."""


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One call of a module: it made the grad_fns numbered from `begin` up to `end`; `number` counts its calls."""

    path: str
    kind: str
    depth: int
    begin: int
    end: int
    number: int


class ModuleRecord:
    """The calls of a net's modules while it is open; a context.

    It holds the net weakly, and knows only calls in the thread whose graph is asked about.
    """

    def __init__(self, net: nn.Module) -> None:
        self._net = weakref.ref(net)
        self._calls: deque[ModuleCall] = deque(maxlen=_CALLS)
        self._begun: list[int] = []
        self._numbers: Counter[str] = Counter()
        self._hooks: list[RemovableHandle] = []

    @property
    def net(self) -> nn.Module | None:
        """The net, as long as somebody else keeps it."""
        return self._net()

    def open(self) -> Self:
        """Begin to record every call."""
        net = self._net()
        for path, module in net.named_modules() if net and not self._hooks else ():
            if path:
                self._hooks.append(module.register_forward_pre_hook(self._begin))
                self._hooks.append(module.register_forward_hook(_Ending(self, path), always_call=True))
        return self

    def close(self) -> None:
        """Record no more; what was recorded stays."""
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()

    def calls(self, numbers: Iterable[int]) -> Iterator[tuple[ModuleCall, ...]]:
        """For each autograd number, in the order given, the calls around it, the outermost first."""
        asked = list(numbers)
        calls = deque(sorted(self._calls, key=lambda call: (call.begin, call.depth)))
        found: dict[int, tuple[ModuleCall, ...]] = {}
        around: list[ModuleCall] = []
        for number in sorted(set(asked)):
            while calls and calls[0].begin <= number:
                around.append(calls.popleft())
            around = [call for call in around if number < call.end]
            found[number] = tuple(around)
        return (found[number] for number in asked)

    def ended(self, path: str, module: nn.Module) -> None:
        """A call of the module at `path` returned or raised."""
        begin, end = self._begun.pop(), _get_sequence_nr()
        self._numbers[path] += 1
        if end > begin:
            depth = len(self._begun)
            self._calls.append(ModuleCall(path, type(module).__name__, depth, begin, end, self._numbers[path]))

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, _module: nn.Module, _inputs: Any) -> None:
        self._begun.append(_get_sequence_nr())


def record_modules(net: nn.Module) -> ModuleRecord:
    """Record which module makes which part of a graph.

    Parameters
    ----------
    net : nn.Module
        Its submodules are called by their paths in it.

    Returns
    -------
    ModuleRecord
        A context: `with record_modules(net) as record: loss = loss_fn(net(x), y)`, then `graph(loss, record=record)`.
    """
    return ModuleRecord(net)


class _Ending:
    """The hook at the end of one module's calls."""

    def __init__(self, record: ModuleRecord, path: str) -> None:
        self._record = record
        self._path = path

    def __call__(self, module: nn.Module, _inputs: Any, _output: Any) -> None:
        self._record.ended(self._path, module)
