"""What a console cell changed: edits of the document, and notes for what is no setting of it."""

from collections.abc import Iterator, Mapping

from msgspec import structs
from torch import Tensor, nn
from torch.optim import Optimizer

from playground.engine.document import Document
from playground.engine.network.labels import kind_of
from playground.engine.network.spec import NetworkSpec, Node, walk
from playground.engine.tensors.both_ways.events import Change
from playground.engine.tensors.both_ways.live import Mark, Snapshot, form_of, mark, tensors_of
from playground.engine.tensors.both_ways.read_back import network_of
from playground.engine.tensors.both_ways.read_loss import read_loss
from playground.engine.tensors.both_ways.read_optimizer import read_optimizer, with_settings
from playground.engine.training.spec import OptimizerSpec, TrainingSpec

_SHOWN = 3


def changes(before: Snapshot, objects: Mapping[str, object], document: Document) -> tuple[Change, ...]:
    """What differs from the snapshot now: the network, the optimiser, the loss, then weights, mode and batch.

    Parameters
    ----------
    before : Snapshot
        Taken before the cell.
    objects : mapping
        The namespace after it.
    document : Document
        What `net`, `optimizer` and `loss_fn` were before the cell.

    Raises
    ------
    Problem
        `console-net`, `console-module`, `console-optimizer` or `console-loss` for what a document cannot hold.
    """
    return (
        *_network(before, objects.get("net"), document.network),
        *_optimizer(before, objects.get("optimizer"), document.training),
        *_loss(before, objects.get("loss_fn"), document.training),
        *_weights(before, objects.get("net"), document.network),
        *_batch(before, objects),
    )


def is_rebuilt(before: Snapshot, net: nn.Module) -> bool:
    """Whether the net consists of other modules than before."""
    now = dict(net.named_modules(remove_duplicate=False))
    same = now.keys() == before.modules.keys() and all(now[name] is module for name, module in before.modules.items())
    return not same or any(list(now[name]._modules) != list(was["_modules"]) for name, was in before.attributes.items())


def _network(before: Snapshot, net: object, known: NetworkSpec) -> Iterator[Change]:
    if not isinstance(net, nn.Module) or before.net is None:
        return
    now = network_of(net, known, before.owners(known)) if _may_differ(before, net) else known
    if now != known:
        yield Change(_network_phrase(known, now), "network", now)
    elif net is not before.net:
        yield Change("net is another object with the same layers")
    elif is_rebuilt(before, net):
        yield Change("layers were replaced by others like them")


def _may_differ(before: Snapshot, net: nn.Module) -> bool:
    """Modules that are the same may have got other arguments, or been frozen."""
    if is_rebuilt(before, net) or form_of(net) != before.form:
        return True
    learning = {name: tensor.requires_grad for name, tensor in net.named_parameters(remove_duplicate=False)}
    return any(before.tensors[name].learns != learns for name, learns in learning.items() if name in before.tensors)


def _network_phrase(before: NetworkSpec, after: NetworkSpec) -> str:
    old, new = ({node.id: node for node in walk(each.layers)} for each in (before, after))
    gone = [kind_of(node) for name, node in old.items() if name not in new]
    come = [kind_of(node) for name, node in new.items() if name not in old]
    other = [_changed(node, new[name]) for name, node in old.items() if name in new and _differ(node, new[name])]
    if len(gone) == len(come) == 1 and not other:
        return f"{gone[0]} -> {come[0]}"
    if len(gone) + len(come) + len(other) > _SHOWN:
        return f"network of {len(old)} layers -> {len(new)} layers"
    parts = [*(f"{each} added" for each in come), *(f"{each} removed" for each in gone), *other]
    return ", ".join(parts) or "layers in another order"


def _differ(old: Node, new: Node) -> bool:
    """Whether the nodes themselves differ, whatever is inside them."""
    names = [name for name in ("kind", "name", "args", "frozen", "enabled", "times", "init") if hasattr(old, name)]
    return any(getattr(old, name) != getattr(new, name, None) for name in names)


def _changed(old: Node, new: Node) -> str:
    frozen = getattr(new, "frozen", False)
    if frozen != getattr(old, "frozen", False):
        return f"{new.id} {'frozen' if frozen else 'unfrozen'}"
    return f"{new.id} changed"


def _optimizer(before: Snapshot, optimizer: object, training: TrainingSpec) -> Iterator[Change]:
    if optimizer is None or before.optimizer is None:
        return
    known = training.optimizer
    if optimizer is not before.optimizer:
        spec = read_optimizer(optimizer, known)
        if spec == known:
            yield Change(f"a new {spec.name}, which remembers no step")
        else:
            yield Change(f"optimiser {_told(known)} -> {_told(spec)}", "training.optimizer", spec)
    elif isinstance(optimizer, Optimizer):
        yield from _settings(before, optimizer, training)


def _settings(before: Snapshot, optimizer: Optimizer, training: TrainingSpec) -> Iterator[Change]:
    """Edits of the groups; a schedule writes the rate itself, so that there it is no setting."""
    read_optimizer(optimizer, training.optimizer)  # refuses more than one group
    was, now = before.groups[0][1], optimizer.param_groups[0]
    for name, value in now.items():
        if name == "params" or (name in was and _same(was[name], value)) or name not in optimizer.defaults:
            continue
        spec = with_settings(training.optimizer, {name: value})
        phrase = f"{'learning rate' if name == 'lr' else name} {_number(was.get(name))} -> {_number(value)}"
        if name == "lr" and training.schedule is not None:
            yield Change(f"{phrase}; {training.schedule.name} sets the next one")
            continue
        training = structs.replace(training, optimizer=spec)
        yield Change(phrase, "training.optimizer", spec)


def _loss(before: Snapshot, loss: object, training: TrainingSpec) -> Iterator[Change]:
    if loss is None or loss is before.loss or before.loss is None:
        return
    spec = read_loss(loss)
    if spec != training.loss:
        names = " -> ".join(f"{each.name} ({each.reduction})" for each in (training.loss, spec))
        yield Change(f"loss {names}", "training.loss", spec)


def _weights(before: Snapshot, net: object, known: NetworkSpec) -> Iterator[Change]:
    """Tensors of modules that stayed, whose numbers are others now."""
    if not isinstance(net, nn.Module):
        return
    now = tensors_of(net)
    parameters = {name for name, _ in net.named_parameters(remove_duplicate=False)}
    stayed = [name for name in before.tensors if name in now and _module_stayed(before, net, name)]
    changed = [name for name in stayed if not _is_same(before.tensors[name], now[name])]
    nodes = before.owners(known)
    for kind, which in (("weights", True), ("statistics", False)):
        owners = [name.rpartition(".")[0] for name in changed if (name in parameters) is which]
        found = list(dict.fromkeys(_title(before, nodes, owner) for owner in owners))
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            yield Change(f"{kind} of {', '.join(found[:_SHOWN])}{more} were changed")
    if net is before.net and net.training != before.training:
        yield Change(f"net is in {'training' if net.training else 'evaluation'} mode")


def _title(before: Snapshot, nodes: Mapping[int, Node], name: str) -> str:
    """The id of the node whose module it is, else the name in the net, of which an own layer has several."""
    node = nodes.get(id(before.modules[name]))
    return node.id if node is not None else f"net.{name}" if name else "net"


def _module_stayed(before: Snapshot, net: nn.Module, tensor: str) -> bool:
    owner = tensor.rpartition(".")[0]
    return owner in before.modules and net.get_submodule(owner) is before.modules[owner]


def _is_same(was: Mark, tensor: Tensor) -> bool:
    return was.tensor() is tensor and was.numbers == mark(tensor).numbers


def _batch(before: Snapshot, objects: Mapping[str, object]) -> Iterator[Change]:
    for name, was in before.batch.items():
        value = objects.get(name)
        if isinstance(value, Tensor) and value is not was.tensor():
            yield Change(f"{name} is another tensor of shape {list(value.shape)}")
        elif isinstance(value, Tensor) and value._version != was.numbers[0]:
            yield Change(f"the values of {name} were changed")


def _same(one: object, other: object) -> bool:
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        return one is other
    return type(one) is type(other) and one == other


def _told(spec: OptimizerSpec) -> str:
    return f"{spec.name}({', '.join(f'{name}={_number(value)}' for name, value in spec.args.items())})"


def _number(value: object) -> str:
    if isinstance(value, Tensor):
        value = value.item()
    return f"{value:g}" if isinstance(value, float) else str(value)
