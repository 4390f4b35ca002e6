"""A run goes on with what a console cell left: its net, its optimiser, its loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer

from playground.engine.document import Document
from playground.engine.network import custom
from playground.engine.network.analysis import check_network
from playground.engine.network.builder import build
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.engine.tensors.both_ways.changes import changes, is_rebuilt
from playground.engine.tensors.both_ways.containers import in_form
from playground.engine.tensors.both_ways.events import Change, applied
from playground.engine.tensors.both_ways.live import Snapshot, put_back, snapshot
from playground.engine.training.losses import loss_function
from playground.engine.training.optimizers import build_optimizer
from playground.engine.training.swap import follow

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun


def begin(run: "TrainingRun", objects: Mapping[str, object]) -> Snapshot:
    """Before a cell that may touch the run's objects: what is due for them as they are, and what they are.

    Raises
    ------
    Problem
        `loss-not-finite` where the run broke before the cell.
    """
    run.check_finite()  # a fault of the old net cannot be found in the new one
    if run.epoch_due:
        run.finish_epoch()
    return snapshot(objects)


def adopt(run: "TrainingRun", objects: Mapping[str, object], before: Snapshot) -> tuple[Change, ...]:
    """Go on with `net`, `optimizer` and `loss_fn` of the namespace; to be called after the cell, between two steps.

    The run's net is the namespace's own object where it is an `nn.Sequential` as the builder makes one; otherwise an
    `nn.Sequential` of the very modules in it. The optimiser trains what the net now holds, and remembers of each
    parameter that stayed what it did before. A new optimiser has the schedule moved on to the run's place. Where
    anything is refused, the run's own objects are as they were before the cell, apart from numbers in them.

    Parameters
    ----------
    before : Snapshot
        What `begin` gave before the cell.

    Returns
    -------
    tuple of Change
        What the cell changed. Those with a path are in `run.document` already.

    Raises
    ------
    Problem
        What keeps the objects from being trained or written down: `console-net`, `console-module`,
        `console-optimizer`, `console-loss`, and those of the network, optimiser, schedule and loss.
    """
    try:
        found = changes(before, objects, run.document)
        plan = _planned(run, objects, before, applied(run.document, found))
    except RecursionError as error:
        put_back(before)
        raise Problem("console-net", detail="it is inside itself; take it out there") from error
    except Exception:
        put_back(before)
        raise
    if found:
        _carry_out(run, plan)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What the run is to go on with; None for what stays."""

    document: Document
    net: nn.Module | None
    optimizer: Optimizer | None


def _planned(run: "TrainingRun", objects: Mapping[str, object], before: Snapshot, document: Document) -> _Plan:
    """Everything that can be refused, before anything is touched."""
    net, optimizer = objects.get("net"), objects.get("optimizer")
    if not isinstance(net, nn.Module):
        raise Problem("console-net", detail=f"it is {_kind(net)}, not an nn.Module; the run goes on with its own")
    if not isinstance(optimizer, Optimizer):
        raise Problem("console-optimizer", detail=f"it is {_kind(optimizer)}, not a torch.optim.Optimizer")
    _refuse_other_numbers(net)
    loss_function(document.training.loss, run.facts)
    other = net if is_rebuilt(before, net) or document.network != run.document.network else None
    if other is not None:
        other = _checked_net(run, net, document.network)
    new = optimizer if optimizer is not before.optimizer else None
    _refuse_part(optimizer, other or run.net, before)
    if other is not None or document.training.optimizer != run.document.training.optimizer:
        build_optimizer(document.training.optimizer, other or run.net)
    return _Plan(document, other, new)


def _checked_net(run: "TrainingRun", net: nn.Module, network: NetworkSpec) -> nn.Sequential:
    """The net in the builder's form.

    What a checkpoint holds must fit what the document builds; so must every tensor's name, shape and dtype.
    """
    _trust_typed(network, run.document.network)
    check_network(network, run.facts)
    formed = in_form(net)
    built = {name: (tensor.shape, tensor.dtype) for name, tensor in build(network, "meta").state_dict().items()}
    if built != {name: (tensor.shape, tensor.dtype) for name, tensor in formed.state_dict().items()}:
        raise Problem("console-net", detail="its weights are not those that its layers have; build it of plain layers")
    return formed


def _refuse_other_numbers(net: nn.Module) -> None:
    for name, tensor in net.named_parameters():
        if is_lazy(tensor):
            continue
        if tensor.dtype != torch.float32:
            dtype = str(tensor.dtype).removeprefix("torch.")
            raise Problem("console-net", detail=f"net.{name} is {dtype}, the data float32; call net.float()")
        if tensor.device.type == "meta":
            raise Problem("console-net", detail=f"net.{name} is on the meta device, without numbers; build it anew")


def _trust_typed(network: NetworkSpec, known: NetworkSpec) -> None:
    """A class that was typed in the console has run already."""
    for source in network.sources:
        if source not in known.sources and not custom.is_trusted(source):
            custom.trust(source)


def _refuse_part(optimizer: Optimizer, net: nn.Module, before: Snapshot) -> None:
    """A new optimiser that leaves out weights which were there would train less than the document says."""
    if optimizer is before.optimizer:
        return
    trained = {id(each) for group in optimizer.param_groups for each in group["params"]}
    was = {id(each.tensor()) for each in before.tensors.values()}
    wanted = [each for each in net.parameters() if each.requires_grad]
    missing = [each for each in wanted if id(each) not in trained and id(each) in was]
    if missing and len(missing) < len(wanted):
        detail = (
            f"it trains {len(wanted) - len(missing)} of the net's {len(wanted)} tensors; give it net.parameters(), "
            "and freeze the others with requires_grad_(False)"
        )
        raise Problem("console-optimizer", detail=detail)


def _carry_out(run: "TrainingRun", plan: _Plan) -> None:
    loss = plan.document.training.loss
    is_other_loss = loss != run.document.training.loss
    run.document = plan.document
    if plan.net is not None:
        run.net = plan.net
        run.net.train()
    run.net.to(run.device)
    if plan.optimizer is not None:
        run.take_optimizer(plan.optimizer)
    if plan.net is not None or plan.optimizer is not None:
        follow(run.optimizer, run.net, build_optimizer(run.document.training.optimizer, run.net))
    if is_other_loss:
        run.take_loss(loss)
    if plan.net is not None or plan.optimizer is not None:
        run.keep_snapshot()  # one of before fits neither
    run.touched()


def _kind(value: object) -> str:
    return "missing" if value is None else f"a {type(value).__name__}"
