"""Which grad_fn belongs to which module: calls are recorded by the numbers that autograd gives to what they make.

Every grad_fn of a thread carries a number that only grows, so those made during a module's call are those between the
numbers at its beginning and at its end. Nothing of the graph is kept for this, and no module is.
"""

import threading
import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import nn
from torch.autograd import _get_sequence_nr  # type: ignore[attr-defined]
from torch.nn.modules import module as torch_modules

_CALLS = 20_000
"""So many calls are remembered, the latest."""


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One call of the module at `path`: it made the grad_fns numbered from `begin` up to `end`.

    `number` counts the calls of that module among those asked about.
    """

    path: str
    kind: str
    depth: int
    begin: int
    end: int
    number: int


Calls: TypeAlias = tuple[ModuleCall, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    module: "weakref.ref[nn.Module]"
    depth: int
    begin: int
    end: int


class ModuleRecord:
    """The calls of modules in one thread, while it is `open`.

    The hooks are torch's global ones: none is ever on a net, where a copy or a saved file of it would hold them too.
    Modules called in other threads meanwhile are passed over.
    """

    def __init__(self) -> None:
        self._calls: deque[_Call] = deque(maxlen=_CALLS)
        self._begun: list[tuple[int, int]] = []
        self._thread: int | None = None

    @contextmanager
    def open(self) -> Iterator["ModuleRecord"]:
        """Record every call that this thread makes inside; what was recorded stays."""
        if self._thread is not None:
            yield self
            return
        self._thread = threading.get_ident()
        self._begun.clear()
        before = torch_modules.register_module_forward_pre_hook(self._begin)
        after = torch_modules.register_module_forward_hook(self._end, always_call=True)
        try:
            yield self
        finally:
            after.remove()
            before.remove()
            self._thread = None

    def calls(self, numbers: Iterable[int], paths: Mapping[int, str]) -> Iterator[Calls]:
        """For each autograd number, in the order given, the calls around it, the outermost first.

        Parameters
        ----------
        numbers : iterable of int
            Those of the grad_fns asked about.
        paths : mapping of int to str
            What the modules are called, by their id(); others are passed over.
        """
        asked = list(numbers)
        waiting = deque(sorted(_named(self._calls, paths), key=lambda call: (call.begin, call.depth)))
        found: dict[int, Calls] = {}
        around: list[ModuleCall] = []
        for number in sorted(set(asked)):
            while waiting and waiting[0].begin <= number:
                around.append(waiting.popleft())
            around = [call for call in around if number < call.end]
            found[number] = tuple(around)
        counted = _counted(found.values())
        return (tuple(counted[call] for call in found[number]) for number in asked)

    def _begin(self, module: nn.Module, _inputs: Any) -> None:
        if not torch.compiler.is_compiling() and threading.get_ident() == self._thread:
            self._begun.append((id(module), _get_sequence_nr()))

    def _end(self, module: nn.Module, _inputs: Any, _output: Any) -> None:
        if torch.compiler.is_compiling() or threading.get_ident() != self._thread:
            return
        while self._begun:
            of, begin = self._begun.pop()
            if of == id(module):  # an interrupt leaves others without an end
                self._add(module, begin)
                return

    def _add(self, module: nn.Module, begin: int) -> None:
        end = _get_sequence_nr()
        if end > begin:
            self._calls.append(_Call(weakref.ref(module), len(self._begun), begin, end))


def record_modules() -> ModuleRecord:
    """A record of which module makes which part of a graph.

    `with record_modules().open() as record: loss = loss_fn(net(x), y)`, then `graph(loss, modules=net, record=record)`.
    """
    return ModuleRecord()


def module_paths(namespace: Mapping[str, object], net: nn.Module | None = None) -> dict[int, str]:
    """What modules are called, by their id(): in `net` by their own paths, in others with the variable before it.

    A net itself has no path; a variable that is a single layer or loss is called by its name.
    """
    paths = {id(module): path for path, module in net.named_modules() if path} if net is not None else {}
    for name, value in tuple(namespace.items()):
        if name.startswith("_") or not isinstance(value, nn.Module) or value is net:
            continue
        inside = list(value.named_modules())
        for path, module in inside[1:] or [("", value)]:
            paths.setdefault(id(module), f"{name}.{path}".rstrip("."))
    return paths


def _named(calls: Iterable[_Call], paths: Mapping[int, str]) -> Iterator[ModuleCall]:
    for call in tuple(calls):
        module = call.module()
        path = paths.get(id(module)) if module is not None else None
        if path is not None:
            yield ModuleCall(path, type(module).__name__, call.depth, call.begin, call.end, 0)


def _counted(found: Iterable[Calls]) -> dict[ModuleCall, ModuleCall]:
    """Each call with its number among those of the same module."""
    numbers: Counter[str] = Counter()
    counted = {}
    for call in sorted({call for calls in found for call in calls}, key=lambda call: call.begin):
        numbers[call.path] += 1
        counted[call] = ModuleCall(call.path, call.kind, call.depth, call.begin, call.end, numbers[call.path])
    return counted
