"""Looking into one layer of a net while it trains: its filters, weights, gradients, activations and arithmetic."""

import copy
import time
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace

from torch import Tensor, nn

from playground.engine.data.facts import describe
from playground.engine.inbox import Inbox
from playground.engine.network import builder, custom
from playground.engine.network.convolution import explain
from playground.engine.network.private_draws import PrivateDraws
from playground.engine.network.probe_activations import Passage, activations
from playground.engine.network.probe_events import Activations, Cell, Filters, Probe, ProbeRequest, Weights
from playground.engine.network.probe_samples import batch
from playground.engine.network.probe_weights import filters, weights
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.engine.training.control import RunEnded

BATCH = 32  # samples that pass together where a layer's answer depends on more than one


@dataclass(frozen=True)
class _Copied:
    """What a look took from a net: the whole of it or the layer alone, and the gradients of that layer."""

    module: nn.Module
    kind: str
    gradients: dict[str, Tensor]
    learns_first: bool
    step: int | None
    seconds: float


def probing_job(inbox: Inbox) -> Generator[Probe, None, None]:
    """Answer the newest `ProbeRequest` put into the inbox, until it is closed.

    A request whose run ended meanwhile, or follows another document by now, is not answered: whoever asked will ask
    again.
    """
    fresh = FreshNet()
    for _, request in inbox:
        try:
            answer = probe(request, fresh)
        except (RunEnded, CancelledError):
            continue
        yield answer


class FreshNet:
    """The net that a seed draws, kept until another is asked for; no random number of the process is touched."""

    def __init__(self) -> None:
        self._made: tuple[NetworkSpec, int, nn.Module] | None = None

    def of(self, network: NetworkSpec, seed: int) -> nn.Module:
        """The net as a run of `seed` starts with it.

        Raises
        ------
        Problem
            Where the network cannot be built.
        """
        if self._made is None or self._made[:2] != (network, seed):
            self._made = None  # before the next one takes its memory
            with PrivateDraws(seed):
                self._made = (network, seed, builder.build(network, trusted=custom.classes(network)))
        return self._made[2]


def probe(request: ProbeRequest, fresh: FreshNet) -> Probe:
    """Look once: through the view that was asked for, or the first of the others that has something to show.

    Raises
    ------
    RunEnded
        Where the run that was to be asked is over.
    """
    answer = _look(request, fresh)
    for view in request.otherwise:
        if answer.found is not None or answer.problem is not None:
            break
        answer = _look(replace(request, view=view), fresh)
    return replace(answer, request=request)


def _look(request: ProbeRequest, fresh: FreshNet) -> Probe:
    began = time.perf_counter()
    names = builder.names(request.network).get(request.layer, ())
    name = names[min(request.copy, len(names) - 1)] if names else ""
    waited, taken, found, problem = 0.0, None, None, None
    try:
        if not names:
            raise _refusal(request, name, "there is no such layer, or the block around it is switched off")
        asked = time.perf_counter()
        taken = _take(request, name, fresh)
        waited = time.perf_counter() - asked - taken.seconds
        found = _find(request, name, taken)
    except Problem as refused:
        problem = refused
    return Probe(
        request=request,
        view=request.view,
        kind=taken.kind if taken else "",
        name=name,
        copies=len(names),
        step=taken.step if taken else None,
        is_fresh=request.peek is None,
        found=found,
        problem=problem,
        seconds=time.perf_counter() - began - waited,
    )


def _take(request: ProbeRequest, name: str, fresh: FreshNet) -> _Copied:
    """Copy what the view needs, where the net stands still."""
    whole = request.view in ("activations", "cell")

    def look(net: nn.Module, step: int | None) -> _Copied:
        return _copied(net, name, step, whole=whole)

    if request.peek is None:
        return _copied(fresh.of(request.network, request.seed), name, 0, whole=whole, own=True)
    try:
        taken: _Copied = request.peek(look)
    except AttributeError as error:  # the net is another one by now
        raise RunEnded from error
    return taken


def _copied(net: nn.Module, name: str, step: int | None, *, whole: bool, own: bool = False) -> _Copied:
    """Take copies of the net or of the layer, to the CPU; a net of one's own needs no copy."""
    began = time.perf_counter()
    layer = net.get_submodule(name)
    wanted = net if whole else layer
    gradients = {
        key: value.grad.clone() for key, value in layer.named_parameters() if value.grad is not None and not whole
    }
    first = next((module for module in net.modules() if any(True for _ in module.parameters(recurse=False))), None)
    return _Copied(
        module=wanted if own else copy.deepcopy(wanted).cpu(),
        kind=type(layer).__name__,
        gradients=gradients,
        learns_first=first is layer,
        step=step,
        seconds=time.perf_counter() - began,
    )


def _find(request: ProbeRequest, name: str, taken: _Copied) -> Filters | Weights | Activations | Cell | None:
    views: dict[str, Callable[[], Filters | Weights | Activations | Cell | None]] = {
        "filters": lambda: _filters(request, taken),
        "weights": lambda: _weights(request, taken),
        "activations": lambda: activations(_passage(request, name, taken.module)),
        "cell": lambda: _cell(request, name, taken.module),
    }
    return views[request.view]()


def _filters(request: ProbeRequest, taken: _Copied) -> Filters | None:
    return filters(taken.module, request.channel, describe(request.data).shape if taken.learns_first else ())


def _weights(request: ProbeRequest, taken: _Copied) -> Weights | None:
    names = tuple(key for key, _ in taken.module.named_parameters())
    if not names:
        return None
    name = request.parameter if request.parameter in names else names[0]
    return weights(taken.module, names, name, taken.gradients.get(name))


def _cell(request: ProbeRequest, name: str, net: nn.Module) -> Cell | None:
    layer = net.get_submodule(name)
    if not isinstance(layer, nn.Conv2d):
        return None
    passage = _passage(request, name, net)
    return explain(layer, passage.taken[0], passage.given[0], request.cell)


def _passage(request: ProbeRequest, name: str, net: nn.Module) -> Passage:
    together = request.training or isinstance(net.get_submodule(name), nn.ReLU)
    inputs = batch(request.data, request.sample, BATCH if together else 1)
    try:
        return Passage(net, name, inputs, training=request.training, seed=request.seed)
    except (RuntimeError, ValueError, IndexError, TypeError, NotImplementedError) as error:
        detail = f"a sample of shape {tuple(inputs.shape[1:])} does not get through it: {str(error).splitlines()[0]}"
        raise _refusal(request, name, detail) from error


def _refusal(request: ProbeRequest, name: str, detail: str) -> Problem:
    return Problem("layer-argument", node=request.layer, where=name or request.layer, kind="layer", detail=detail)
