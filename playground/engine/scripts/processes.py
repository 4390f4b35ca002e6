"""The part of a program that shares the work among the processes of `torchrun`; alone it changes nothing."""

from collections.abc import Callable, Iterable

from playground.engine.data.spec import Images
from playground.engine.document import Document
from playground.engine.network.spec import Custom, Layer, Node, working

_PROCESSES = '''\
RANK = int(os.environ.get("RANK", 0))  # set by torchrun, as the next two are
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
WORLD = int(os.environ.get("WORLD_SIZE", 1))
if WORLD > 1:
{threads}    DEVICE = f"cuda:{{LOCAL_RANK}}" if DEVICE.startswith("cuda") else "cpu"
    if DEVICE != "cpu":
        torch.cuda.set_device(DEVICE)
    dist.init_process_group("gloo" if DEVICE == "cpu" else "nccl")
{warning}

def share(rows):
    """This process's rows of a batch, and the weight of their loss in that of the whole batch."""
    if len(rows) < 2 * WORLD:  # too few to share out: every process takes them all
        return rows, 1 / WORLD
    mine = rows[RANK::WORLD]
    return mine, {weight}


def add_up(*numbers):
    """Every number summed over the processes."""
    if WORLD == 1:
        return numbers
    sums = torch.tensor(numbers, dtype=torch.float64, device=DEVICE)
    dist.all_reduce(sums)
    return sums.tolist()


def add_up_gradients(loss, weight):
    """Make the loss and its gradients those of the whole batch, on every process."""
    if WORLD == 1:
        return
    parts = [loss.detach(), *(p.grad for p in net.parameters() if p.grad is not None)]
    flat = weight * torch.cat([part.flatten() for part in parts])
    dist.all_reduce(flat)
    for part, whole in zip(parts, flat.split([part.numel() for part in parts])):
        part.copy_(whole.view_as(part))
'''

_THREADS = """\
    torch.set_num_threads(max(1, os.cpu_count() // int(os.environ["LOCAL_WORLD_SIZE"])))  # torchrun has set 1
"""

_WARNING = """\
    if RANK == 0:
        print(
            "With several processes the losses are not those of one, for",
{reasons}
        )
"""

_OWN_DRAWS = """\
    if RANK > 0:  # each process draws its own numbers; the first those of a run alone
        torch.manual_seed(2**53 * RANK + SEED * 2**20 + epoch)
"""

_SAME_BUFFERS = """\
    if WORLD > 1:  # each process followed its own share; all take what the first one saw
        for buffer in net.buffers():
            dist.broadcast(buffer, 0)
"""


def processes_code(document: Document, threads: int | None) -> str:
    """Who this process is among how many, and the functions that share out and add up.

    Parameters
    ----------
    document : Document
        The experiment.
    threads : int, optional
        The number of CPU threads the program sets anyway; left out, several processes share out the cores.
    """
    reasons = differences(document)
    ends = [","] * (len(reasons) - 1) + ["."]
    told = [f"{' ' * 12}{reason + end!r}," for reason, end in zip(reasons, ends, strict=False)]
    return _PROCESSES.format(
        threads=_THREADS if threads is None else "",
        warning=_WARNING.format(reasons="\n".join(told)) if reasons else "",
        weight="1" if document.training.loss.reduction == "sum" else "len(mine) / len(rows)",
    )


def differences(document: Document) -> tuple[str, ...]:
    """Why several processes compute other numbers than one, apart from rounding; empty where they do not."""
    nodes = _nodes(document)
    found = [
        f"{', '.join(kinds)} {what}"
        for kinds, what in (
            (_kinds(nodes, _looks_across), "sees only its process's share of a batch"),
            (_kinds(nodes, _draws), "draws other numbers in each process"),
        )
        if kinds
    ]
    if _has_own(nodes):
        found.append("layers of one's own may look across the batch or draw numbers")
    if isinstance(document.data, Images) and document.data.augment:
        found.append("each process draws its own changes to the images")
    return tuple(found)


def own_draws_code(document: Document) -> str:
    """What begins an epoch where numbers are drawn in training; empty elsewhere."""
    nodes = _nodes(document)
    augments = isinstance(document.data, Images) and document.data.augment
    return _OWN_DRAWS if augments or _has_own(nodes) or _kinds(nodes, _draws) else ""


def same_buffers_code(document: Document) -> str:
    """What ends an epoch's training where layers keep figures of what they saw; empty elsewhere."""
    nodes = _nodes(document)
    return _SAME_BUFFERS if _has_own(nodes) or _kinds(nodes, _is_batch_norm) else ""


def _nodes(document: Document) -> list[Node]:
    return [node for node, _, _ in working(document.network.layers)]


def _kinds(nodes: Iterable[Node], belongs: Callable[[Layer], bool]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.kind for node in nodes if isinstance(node, Layer) and belongs(node)))


def _has_own(nodes: Iterable[Node]) -> bool:
    return any(isinstance(node, Custom) for node in nodes)


def _is_batch_norm(layer: Layer) -> bool:
    return layer.kind.startswith("BatchNorm")


def _looks_across(layer: Layer) -> bool:
    """Whether a sample's output depends on the others of its batch."""
    return _is_batch_norm(layer) or layer.args.get("dim") == 0


def _draws(layer: Layer) -> bool:
    return layer.kind.startswith("Dropout")
