"""Backward, one node at a time: what torch's engine does, with a stop after every grad_fn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from playground.engine.problems import Problem
from playground.engine.tensors.backward_call import Gradients, added, call, call_with_hooks, fitted, hooked
from playground.engine.tensors.backward_describe import described, gradient_text
from playground.engine.tensors.backward_events import BackwardRun, BackwardStep, StopReason
from playground.engine.tensors.backward_turn import Turn
from playground.engine.tensors.graph import GraphHandle
from playground.engine.tensors.graph_nodes import GradFn, Place, backward_order, is_leaf, place
from playground.engine.tensors.graph_text import operation

HOOKED = 1000
"""In so many nodes at most every hook is called; each turn takes longer, the more there are."""


class BackwardStepper:
    """Goes backward from a tensor one grad_fn at a time, and back again.

    It calls the graph's own grad_fns, on gradients of its own: nothing is freed, and no `.grad` changes before
    `apply`. What it ends with is what `output.backward(gradient, inputs=inputs)` gives, bit for bit. Hooks of tensors,
    of grad_fns and of modules are called once, when their node has its turn first; torch's engine calls them, which
    looks through the rest of the graph at each turn. In graphs of more than `HOOKED` nodes those alone are called that
    can be asked for: of tensors that are leaves, have a name or were saved.

    Parameters
    ----------
    output : Tensor or GraphHandle
        Where to start, or the graph of it.
    gradient : array-like, optional
        Of the output's shape; 1 for a single number. With it the result is a vector-Jacobian product.
    inputs : sequence of Tensor
        For which tensors gradients are wanted, leaves or not; all leaves where it is empty.
    names, modules : mapping, nn.Module
        As for `GraphHandle`, where `output` is a tensor.
    start : int
        A node of the graph to start from instead of the output.

    Raises
    ------
    Problem
        `graph-no-gradient`, `graph-gradient-missing`, `graph-gradient-shape`, `graph-gradient`, `graph-input`,
        `graph-node`, and `graph-freed` where backward has gone through before.
    """

    def __init__(
        self,
        output: Tensor | GraphHandle,
        gradient: Any = None,
        inputs: Sequence[Tensor] = (),
        *,
        names: Mapping[str, object] | None = None,
        modules: nn.Module | None = None,
        start: int = 0,
    ) -> None:
        self.handle = output if isinstance(output, GraphHandle) else GraphHandle(output, names, modules)
        root = _start(self.handle, start)
        self._wanted = {place(tensor): tensor for tensor in inputs}
        self._order = _needed(backward_order(root.grad_fn), self._wanted)
        _refuse_freed(self.handle, self._order)
        self._turns: list[Turn] = []
        self._gathered: dict[GradFn, dict[int, Tensor | None]] = {each: {} for each in self._order}
        self._origins: dict[GradFn, list[tuple[Turn, int]]] = {each: [] for each in self._order}
        self._start_text = "1" if gradient is None else "g"
        self._gathered[root.grad_fn][root.output] = _first_gradient(root, gradient)
        self.position = 0

    @property
    def calls_hooks(self) -> bool:
        """Whether all hooks are called."""
        return self.total <= HOOKED

    @property
    def total(self) -> int:
        """How many nodes have a turn."""
        return len(self._order)

    @property
    def next_node(self) -> int | None:
        """The id of the node whose turn is next; None at the end."""
        return self.handle.ids[self._order[self.position]] if self.position < self.total else None

    def step(self) -> BackwardStep | None:
        """Let the next node have its turn; None when all had theirs.

        Raises
        ------
        Problem
            `graph-freed`, `graph-modified` and `graph-failed`.
        """
        return self.describe() if self._advance() else None

    def step_back(self) -> BackwardStep | None:
        """Take the last turn back; gives the one before it, None at the beginning."""
        self.position = max(self.position - 1, 0)
        return self.describe() if self.position else None

    def run(self, bound: float | None = None, stop_at_not_finite: bool = True) -> BackwardRun:
        """Go on to the leaves.

        Parameters
        ----------
        bound : float, optional
            Stop after a node that gives a gradient of larger magnitude.
        stop_at_not_finite : bool
            Stop after a node that makes a NaN or an infinity of finite gradients.

        Raises
        ------
        Problem
            As `step`; the turns before stay done.
        """
        reason: StopReason = "leaves"
        while self._advance():
            found = self._turns[self.position - 1].stop_reason(bound, stop_at_not_finite)
            if found:
                reason = found
                break
        last = self.describe() if self.position else None
        return BackwardRun(reason, self.position, self.total, last, self.gradients(), self.calls_hooks)

    def describe(self, index: int | None = None, element: tuple[int, ...] | None = None) -> BackwardStep:
        """The last turn as plain values.

        Parameters
        ----------
        index, element
            Which outgoing gradient, and which number of it, the rule explains; the largest of the first by default.
        """
        turn = self._turns[self.position - 1]
        return described(self.handle, turn, (self.position, self.total), self._start_text, index, element)

    def gradients(self) -> dict[int, str]:
        """The gradient at every node that had its turn, in short, by the node's id."""
        return {self.handle.ids[turn.grad_fn]: gradient_text(turn) for turn in self._turns[: self.position]}

    def results(self) -> list[tuple[Tensor, Tensor]]:
        """The tensors that got a gradient so far, each with what it got: live tensors, for the kernel's thread."""
        return [pair for turn in self._turns[: self.position] for pair in turn.gathered]

    def apply(self) -> None:
        """Go on to the end, then do to every `.grad` what backward does; `retain_grad` is respected."""
        while self._advance():
            pass
        for turn in self._turns:
            turn.apply(self.handle)

    def _advance(self) -> bool:
        if self.position == self.total:
            return False
        if self.position == len(self._turns):
            self._turns.append(self._turn(self._order[self.position]))
        self.position += 1
        return True

    def _turn(self, grad_fn: GradFn) -> Turn:
        given = tuple(self._gathered[grad_fn].get(i) for i in range(len(grad_fn._input_metadata)))
        goes_on = any(each in self._gathered for each, _ in grad_fn.next_functions)
        incoming, made = self._ran(grad_fn, given, goes_on)
        outgoing = tuple(
            None if each is None else fitted(gradient, each, output)
            for (each, output), gradient in zip(grad_fn.next_functions if goes_on else (), made, strict=True)
        )
        gathered = tuple(self._gather(grad_fn, incoming))
        origins = tuple(self._origins[grad_fn])
        paths = sum(origin.paths for origin, _ in origins) or 1
        is_replaced = any(came is not one for came, one in zip(given, incoming, strict=True))
        turn = Turn(grad_fn, incoming, outgoing, gathered, self._hooks(grad_fn, given), is_replaced, origins, paths)
        self._hand_on(turn)
        return turn

    def _ran(self, grad_fn: GradFn, given: Gradients, goes_on: bool) -> tuple[Gradients, Gradients]:
        """What a grad_fn is given once hooks have had their say, and what it gives, if that goes on."""
        results = self._results(grad_fn)
        if goes_on and self.calls_hooks:
            return call_with_hooks(grad_fn, given, [tensor for tensor in results if tensor is not None])
        incoming = tuple(hooked(grad_fn, *pair) for pair in zip(results, given, strict=True))
        return incoming, call(grad_fn, incoming) if goes_on else ()

    def _hooks(self, grad_fn: GradFn, given: Gradients) -> int:
        """How many hooks are known of, of tensors that got a gradient."""
        results = zip(self._results(grad_fn), given, strict=True)
        came = (tensor for tensor, gradient in results if gradient is not None)
        return sum(len(tensor._backward_hooks or ()) for tensor in came if tensor is not None)

    def _results(self, grad_fn: GradFn) -> list[Tensor | None]:
        """Its results, where they are known; the leaf itself where it gathers a leaf's gradient."""
        return [self.handle.tensor(Place(grad_fn, i)) for i in range(len(grad_fn._input_metadata))]

    def _gather(self, grad_fn: GradFn, incoming: Gradients) -> Iterator[tuple[Tensor, Tensor]]:
        """The tensors whose gradient is asked for at this grad_fn: its leaf, or those among its results."""
        wanted = {Place(grad_fn, 0): grad_fn.variable} if is_leaf(grad_fn) and not self._wanted else self._wanted
        for output, gradient in enumerate(incoming):
            tensor = wanted.get(Place(grad_fn, output))
            if tensor is not None and gradient is not None:
                yield tensor, gradient

    def _hand_on(self, turn: Turn) -> None:
        edges = turn.grad_fn.next_functions
        for index, gradient in enumerate(turn.outgoing):
            each, output = edges[index]
            if each in self._gathered:
                gathered = self._gathered[each]
                gathered[output] = added(gathered.get(output), gradient)
                self._origins[each].append((turn, index))


def _start(handle: GraphHandle, node: int) -> Place:
    handle.check(node)
    return Place(handle.order[node], 0) if node else handle.root


def _first_gradient(root: Place, gradient: Any) -> Tensor:
    wanted = root.grad_fn._input_metadata[root.output]
    shape = tuple(wanted.shape)
    if gradient is None:
        if torch.Size(shape).numel() != 1:
            raise Problem("graph-gradient-missing", shape=shape)
        if wanted.dtype.is_complex:
            detail = "it starts from a real number, and this one is complex; take its abs(), or give a gradient"
            raise Problem("graph-failed", where=operation(root.grad_fn), detail=detail)
        return torch.ones(shape, dtype=wanted.dtype, device=wanted.device)
    try:
        first = torch.as_tensor(gradient, dtype=wanted.dtype, device=wanted.device).detach()
    except (TypeError, ValueError, RuntimeError) as error:
        raise Problem("graph-gradient", text=repr(gradient), detail=str(error)) from error
    if tuple(first.shape) != shape:
        raise Problem("graph-gradient-shape", found=tuple(first.shape), wanted=shape)
    return first


def _needed(order: list[GradFn], wanted: Mapping[Place, Tensor]) -> list[GradFn]:
    """Those on the way to a wanted tensor; all where none is named."""
    if not wanted:
        return order
    reached = set(order)
    for at, tensor in wanted.items():
        if at.grad_fn not in reached:
            raise Problem("graph-input", name=f"of shape {tuple(tensor.shape)}")
    ends = {at.grad_fn for at in wanted}
    needed = set(ends)
    for grad_fn in reversed(order):
        if any(each in needed for each, _ in grad_fn.next_functions):
            needed.add(grad_fn)
    return [grad_fn for grad_fn in order if grad_fn in needed]


def _refuse_freed(handle: GraphHandle, order: list[GradFn]) -> None:
    for grad_fn in order:
        if handle.is_freed(grad_fn):
            raise Problem("graph-freed", where=handle.title(grad_fn))
