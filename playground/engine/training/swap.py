"""Another network under a run: every layer that still matches keeps its weights and its optimiser's state."""

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from torch import nn
from torch.optim import LBFGS, Optimizer

from playground.engine import document as documents
from playground.engine.network.analysis import check_network
from playground.engine.network.builder import build, names
from playground.engine.network.spec import Custom, Layer, NetworkSpec, walk
from playground.engine.training.optimizers import build_optimizer

if TYPE_CHECKING:
    from playground.engine.training.run import TrainingRun


@dataclass(frozen=True, slots=True)
class Kept:
    """Ids of the layers with weights: those that kept all of them, and those that start anew."""

    kept: tuple[str, ...]
    fresh: tuple[str, ...]


def swap_network(run: "TrainingRun", network: NetworkSpec) -> Kept:
    """Go on with `network`; to be called between two steps.

    A layer matches by its id, its `init` and the shape of each tensor, so it may have moved, and its other arguments
    may have changed: who asks for other initial weights wants them drawn. New weights come from the run's own
    generator. Where the network is refused the run stays as it is.

    Raises
    ------
    Problem
        What keeps the network from being trained with this data and optimiser, or `loss-not-finite` where the run
        broke before the edit.
    """
    check_network(network, run.facts)
    run.check_finite()  # a fault of the old network cannot be found in the new one
    if run.epoch_due:
        run.finish_epoch()
    with run.context.active():
        net = build(network).to(run.device)
    anew = build_optimizer(run.document.training.optimizer, net)  # refuses a net that it cannot train
    kept = _carry_over(run.document.network, run.net, network, net)
    follow(run.optimizer, net, anew)
    net.train(run.net.training)
    run.net = net
    run.document = documents.replace(run.document, "network", network)
    run.keep_snapshot()
    return kept


def follow(optimizer: Optimizer, net: nn.Module, anew: Optimizer) -> None:
    """Have the optimiser train the net, and no other; what it remembers of parameters that are gone goes with them.

    Parameters
    ----------
    anew : Optimizer
        One of the same kind over the same net, for what some remember of a parameter before the first step.
    """
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimizer.param_groups[0]["params"] = trained
    staying = {id(parameter) for parameter in trained}
    for parameter in [parameter for parameter in optimizer.state if id(parameter) not in staying]:
        del optimizer.state[parameter]
    for parameter, state in anew.state.items():  # some optimisers begin to remember before the first step
        if id(parameter) in staying:
            optimizer.state.setdefault(parameter, state)
    if isinstance(optimizer, LBFGS):  # it remembers all parameters as one vector, which is another one now
        optimizer.state.clear()
        optimizer.__dict__.update(_params=trained, _numel_cache=None)


def _carry_over(old_spec: NetworkSpec, old: nn.Module, new_spec: NetworkSpec, new: nn.Module) -> Kept:
    """Put the old parameters and buffers themselves into the layers of the new net that match."""
    old_names, new_names = names(old_spec), names(new_spec)
    inits = {node.id: node.init for node in walk(old_spec.layers) if isinstance(node, Layer)}
    kept, fresh = [], []
    for node in walk(new_spec.layers):
        layers = [new.get_submodule(name) for name in new_names.get(node.id, ())]
        if not isinstance(node, Layer | Custom) or not any(_shapes(layer) for layer in layers):
            continue
        before = [old.get_submodule(name) for name in old_names.get(node.id, ())]
        is_drawn = isinstance(node, Layer) and node.init != inits.get(node.id)
        if is_drawn or list(map(_form, before)) != list(map(_form, layers)):
            fresh.append(node.id)
            continue
        kept.append(node.id)
        for source, target in zip(before, layers, strict=True):
            _take(source, target)
    return Kept(tuple(kept), tuple(fresh))


def _form(layer: nn.Module) -> tuple[type[nn.Module], dict[str, tuple[int, ...]]]:
    return type(layer), _shapes(layer)


def _shapes(layer: nn.Module) -> dict[str, tuple[int, ...]]:
    tensors = chain(layer.named_parameters(), layer.named_buffers())
    return {name: tuple(tensor.shape) for name, tensor in tensors}


def _take(source: nn.Module, target: nn.Module) -> None:
    """Make the source's tensors the target's, which says whether they learn."""
    for (path, giving), (_, taking) in zip(source.named_modules(), target.named_modules(), strict=True):
        for name, parameter in giving.named_parameters(recurse=False):
            learns = taking.get_parameter(name).requires_grad
            taking.register_parameter(name, parameter.requires_grad_(learns))
        for name, buffer in giving.named_buffers(recurse=False):
            taking.register_buffer(name, buffer, persistent=f"{path}.{name}".lstrip(".") in source.state_dict())
