"""Where the values behind a name lie in memory, and which names read the same. Addresses only, nothing is copied."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader

SHOWN = 12
"""So many of the names that share a storage are told."""


class Extent(NamedTuple):
    """The bytes from `start` up to `end` of a device's memory."""

    space: str
    start: int
    end: int


class Holder(NamedTuple):
    """A name, how strong its claim to what it reads is (0 is the strongest), and what it reads."""

    name: str
    rank: int
    extents: Sequence[Extent]


class Share(NamedTuple):
    """What a name owns in bytes, or the owner of what it reads; the names that read the same, and how many more."""

    bytes: int = 0
    owner: str = ""
    names: tuple[str, ...] = ()
    more: int = 0


class _Claim(NamedTuple):
    """What one name reads in one piece; in order of strength."""

    rank: int
    minus_size: int
    place: int
    extent: Extent


_Places = NDArray[np.int64]
_Settled = tuple[int, int, int, _Places]  # a name's place, bytes it owns, who owns the first byte, all who read them


def extents(value: object) -> list[Extent]:
    """The storages behind a tensor, array, module, optimiser or data set."""
    if isinstance(value, Tensor):
        return list(_of_tensor(value))
    if isinstance(value, np.ndarray):
        return list(_of_array(value))
    return [extent for part in _parts(value) for extent in extents(part)]


def shares(holders: Sequence[Holder]) -> dict[str, Share]:
    """Who owns each byte, and who reads it besides.

    Of several names for one byte the owner is the one of lowest rank, then the one that reads most in one piece, then
    the first; so the bytes of all names add up to the memory that is held.
    """
    owned = [0] * len(holders)
    owners: list[int | None] = [None] * len(holders)
    companies: list[list[_Places]] = [[] for _ in holders]
    for cluster in _clusters(holders):
        settle = _settle_one if len({claim.extent for claim in cluster}) == 1 else _settle_many
        for place, free, owner, company in settle(cluster):
            owned[place] += free
            owners[place] = owner if owners[place] is None else owners[place]
            companies[place].append(company)
    return {
        holder.name: _share(holders, place, owned[place], owners[place], companies[place])
        for place, holder in enumerate(holders)
    }


def meets(one: Iterable[Extent], other: Iterable[Extent]) -> bool:
    """Whether two sets of extents have a byte in common."""
    others = list(other)
    return any(_meet(a, b) for a in one for b in others)


def tensor_parts(tensor: Tensor) -> Iterator[Tensor]:
    """The strided tensors that a sparse one is made of; a strided one itself."""
    if tensor.is_nested or nn.parameter.is_lazy(tensor):
        return
    if tensor.layout == torch.sparse_coo:
        yield from (tensor._indices(), tensor._values())
    elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        yield from (tensor.crow_indices(), tensor.col_indices(), tensor.values())
    elif tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        yield from (tensor.ccol_indices(), tensor.row_indices(), tensor.values())
    elif tensor.layout == torch.strided:
        yield tensor


def _of_tensor(tensor: Tensor) -> Iterator[Extent]:
    for part in tensor_parts(tensor):
        try:
            storage = part.untyped_storage()
            start, size = storage.data_ptr(), storage.nbytes()
        except (RuntimeError, NotImplementedError):  # wrappers and fake tensors have no memory of their own
            continue
        if start and size:
            yield Extent(str(part.device), start, start + size)


def _of_array(array: NDArray[np.generic]) -> Iterator[Extent]:
    """The memory of the array that this one is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    start = end = array.__array_interface__["data"][0]
    if not array.size:
        return
    for size, step in zip(array.shape, array.strides, strict=True):
        reach = (size - 1) * step
        start, end = start + min(reach, 0), end + max(reach, 0)
    yield Extent("cpu", start, end + array.itemsize)


def _parts(value: object) -> list[Tensor | NDArray[np.generic]]:
    """The tensors and arrays that an object holds."""
    if isinstance(value, nn.Module):
        return [*value.parameters(), *value.buffers()]
    if isinstance(value, Optimizer):
        states = [item for state in value.state.values() for item in state.values() if isinstance(item, Tensor)]
        return [*(item for group in value.param_groups for item in group["params"]), *states]
    if isinstance(value, DataLoader):
        return _parts(value.dataset)
    held = list(getattr(value, "__dict__", {}).values())
    held += [item for some in held if type(some) in (list, tuple) for item in some[:SHOWN]]
    return [item for item in held if isinstance(item, Tensor | np.ndarray)]


def _clusters(holders: Sequence[Holder]) -> Iterator[list[_Claim]]:
    """Claims on memory that overlaps, directly or through others; the strongest first."""
    claims = [
        _Claim(holder.rank, extent.start - extent.end, place, extent)
        for place, holder in enumerate(holders)
        for extent in dict.fromkeys(holder.extents)
    ]
    cluster: list[_Claim] = []
    space, end = "", 0
    for claim in sorted(claims, key=_address):
        if cluster and (claim.extent.space != space or claim.extent.start >= end):
            yield sorted(cluster)
            cluster = []
        end = max(end, claim.extent.end) if cluster else claim.extent.end
        space = claim.extent.space
        cluster.append(claim)
    if cluster:
        yield sorted(cluster)


def _address(claim: _Claim) -> Extent:
    return claim.extent


def _settle_one(claims: list[_Claim]) -> Iterator[_Settled]:
    """All claim the same bytes, so the first has them."""
    company = np.array(sorted(claim.place for claim in claims))
    first = claims[0].place
    for claim in claims:
        yield claim.place, -claim.minus_size if claim.place == first else 0, first, company


def _settle_many(claims: list[_Claim]) -> Iterator[_Settled]:
    """Cut the memory where any extent begins or ends, and give each part to the strongest claim on it."""
    by_place = sorted(claims, key=_place)
    places = np.array([claim.place for claim in by_place])
    is_once = np.unique(places).size == places.size
    starts, ends = (np.array([claim.extent[end] for claim in by_place]) for end in (1, 2))
    cuts = np.unique(np.concatenate([starts, ends]))
    sizes, taken = np.diff(cuts), np.full(cuts.size - 1, -1)
    bounds = np.searchsorted(cuts, np.array([claim.extent[1:] for claim in claims])).tolist()
    for claim, (low, high) in zip(claims, bounds, strict=True):
        part, owned = taken[low:high], 0
        free = part < 0
        if free.any():
            owned = int(sizes[low:high][free].sum())
            part[free] = claim.place
        meeting = places[(starts < claim.extent.end) & (ends > claim.extent.start)]
        yield claim.place, owned, int(part[0]), meeting if is_once else np.unique(meeting)


def _place(claim: _Claim) -> int:
    return claim.place


def _meet(one: Extent, other: Extent) -> bool:
    return one.space == other.space and one.start < other.end and other.start < one.end


def _share(holders: Sequence[Holder], place: int, owned: int, owner: int | None, companies: list[_Places]) -> Share:
    if not companies:
        return Share()
    together = companies[0] if len(companies) == 1 else np.unique(np.concatenate(companies))
    others = [who for who in together[: SHOWN + 1].tolist() if who != place][:SHOWN]
    more = together.size - 1 - len(others)
    of = "" if owned or owner is None else holders[owner].name
    return Share(owned, of, tuple(holders[who].name for who in others), more)
