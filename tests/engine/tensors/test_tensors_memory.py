"""The storage as cells: every index leads to the cell that torch reads, whatever chain of views made the tensor."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from playground.engine.problems import Problem
from playground.engine.tensors import memory
from playground.engine.tensors.indices import reached
from playground.engine.tensors.memory import address, memory_picture, view_answer


def indices(tensor: Tensor) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, tensor.shape))


def sliced(draw: Callable[..., int], tensor: Tensor, dim: int) -> Tensor:
    start = draw(st.integers(0, tensor.shape[dim] - 1))
    step = draw(st.integers(1, 3))
    return tensor[(slice(None),) * dim + (slice(start, None, step),)]


def overlapped(draw: Callable[..., int], tensor: Tensor, _dim: int) -> Tensor:
    size = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    stride = (draw(st.integers(0, 3)), draw(st.integers(0, 2)))
    return tensor.as_strided(size, stride, draw(st.integers(0, 1)))


def expanded(draw: Callable[..., int], tensor: Tensor, _dim: int) -> Tensor:
    return tensor.unsqueeze(0).expand(draw(st.integers(1, 3)), *tensor.shape)


STEPS: list[Callable[..., Tensor]] = [
    sliced,
    overlapped,
    expanded,
    lambda _draw, tensor, dim: tensor.transpose(0, dim),
    lambda draw, tensor, _dim: tensor.permute(*draw(st.permutations(range(tensor.ndim)))),
    lambda _draw, tensor, dim: tensor.unsqueeze(dim),
    lambda draw, tensor, dim: tensor.select(dim, draw(st.integers(0, tensor.shape[dim] - 1))),
    lambda draw, tensor, dim: tensor.narrow(dim, draw(st.integers(0, tensor.shape[dim] - 1)), 1),
    lambda _draw, tensor, dim: tensor.diagonal(0, 0, dim) if dim else tensor,
]


@st.composite
def views(draw: Callable[..., int]) -> tuple[Tensor, Tensor]:
    """A base of up to 60 different numbers, and a view of it."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    base = torch.arange(float(np.prod(shape)) + 12)
    tensor = base[12:].view(shape)
    for step in draw(st.lists(st.sampled_from(STEPS), max_size=5)):
        if 0 < tensor.ndim < 5:
            tensor = step(draw, tensor, draw(st.integers(0, tensor.ndim - 1)))
    return base, tensor


@given(views())
@settings(deadline=None, max_examples=200)
def test_the_element_at_an_index_is_the_storages_value_at_its_cell(made: tuple[Tensor, Tensor]) -> None:
    base, tensor = made
    picture = memory_picture(tensor, "b", {"a": base, "b": tensor})
    mine = picture.placements[0]
    assert np.array_equal(picture.values, base.numpy())
    assert np.array_equal(picture.values[mine.cells], tensor.numpy())
    for index in indices(tensor):
        told = address(mine, index)
        assert picture.values[told.cell] == tensor[index].item()
        assert told.cell == mine.cells[index]


@given(views())
@settings(deadline=None, max_examples=200)
def test_exactly_the_cells_that_no_index_reaches_are_unlit(made: tuple[Tensor, Tensor]) -> None:
    base, tensor = made
    picture = memory_picture(tensor)
    assert set(np.flatnonzero(picture.reached)) == {int(cell) for cell in picture.placements[0].cells.flat}
    assert picture.reached.size == base.numel()


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=4),
    st.integers(0, 5),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_reached_cells_of_any_window_are_those_found_one_by_one(
    dims: list[tuple[int, int]], offset: int, first: int, count: int
) -> None:
    shape, stride = [size for size, _ in dims], [step for _, step in dims]
    plainly = {
        offset + sum(i * step for i, step in zip(index, stride, strict=True))
        for index in itertools.product(*map(range, shape))
    }
    assert {first + int(place) for place in np.flatnonzero(reached(shape, stride, offset, first, count))} == {
        cell for cell in plainly if first <= cell < first + count
    }


@given(views(), st.lists(st.integers(-1, 6), min_size=0, max_size=4))
@settings(deadline=None, max_examples=300)
def test_a_view_is_possible_exactly_where_torch_gives_it(made: tuple[Tensor, Tensor], shape: list[int]) -> None:
    _, tensor = made
    answer = view_answer(tensor, tuple(shape))
    try:
        view = tensor.view(shape)
    except RuntimeError:
        assert answer.stride is None
        assert answer.problem is not None
        assert answer.problem.code in ("tensor-view", "tensor-view-size")
    else:
        assert answer.problem is None
        assert (answer.shape, answer.stride) == (tuple(view.shape), view.stride())


@given(views())
@settings(deadline=None)
def test_only_the_number_of_elements_is_to_blame_where_reshape_fails_too(made: tuple[Tensor, Tensor]) -> None:
    _, tensor = made
    for shape in ((tensor.numel(),), (-1,), (1, tensor.numel() + 1)):
        answer = view_answer(tensor, shape)
        if answer.problem is not None:
            fits = -1 in shape or np.prod(shape) == tensor.numel()
            assert answer.problem.code == ("tensor-view" if fits else "tensor-view-size")


def test_the_address_is_spelled_as_a_sum() -> None:
    b = torch.arange(12.0).view(3, 4).t()
    picture = memory_picture(b, "b")
    assert address(picture.placements[0], (2, 1)).text == "b[2, 1] -> offset 0 + 2 x 1 + 1 x 4 = 6"
    assert address(picture.placements[0], (-2, -2)).index == (2, 1)
    scalar = memory_picture(torch.arange(5.0)[3], "s").placements[0]
    assert address(scalar, ()).text == "s -> offset 3"


@pytest.mark.parametrize(("index", "code"), [((4, 0), "tensor-index"), ((0,), "tensor-index-length")])
def test_an_address_outside_is_refused(index: tuple[int, ...], code: str) -> None:
    placement = memory_picture(torch.zeros(3, 4).t(), "b").placements[0]
    with pytest.raises(Problem) as refused:
        address(placement, index)
    assert refused.value.code == code


def test_a_transpose_and_its_base_share_the_cells_of_their_elements() -> None:
    a = torch.rand(3, 4)
    b = a.t()
    for names, told in (({"a": a, "b": b, "c": torch.zeros(3)}, "a"), ({"b": b}, "")):
        picture = memory_picture(b, "b", names)
        mine, base = picture.placements
        assert [(each.name, each.is_base) for each in (mine, base)] == [("b", False), (told, True)]
        assert np.array_equal(mine.cells, base.cells.T)
        assert (picture.cell_bytes, picture.storage_bytes, picture.total) == (4, 48, 12)


def test_a_base_without_a_name_that_is_the_row_of_cells_is_not_told_again() -> None:
    a = torch.arange(12.0).view(3, 4)
    b = a.t()
    told = memory_picture(b, "b", {"a": a, "b": b}).placements
    assert [(placement.name, placement.is_base) for placement in told] == [("b", False), ("a", False)]
    part = memory_picture(torch.arange(12.0)[2:], "part").placements
    assert len(part) == 1
    assert len(memory_picture(torch.zeros(20)[:12].view(3, 4), "v").placements) == 1
    assert len(memory_picture(torch.zeros(4, 5)[1:], "v").placements) == 2


def test_a_named_base_is_told_once() -> None:
    base = torch.arange(6)
    placements = memory_picture(base.view(2, 3), "v", {"base": base, "again": base}).placements
    assert [(placement.name, placement.is_base) for placement in placements] == [("v", False), ("base", True)]


def test_expand_repeats_cells_along_a_dimension_of_stride_0() -> None:
    row = torch.tensor([1.0, 2.0])
    picture = memory_picture(row.expand(3, 2), "e")
    assert picture.placements[0].repeated == (0,)
    assert picture.placements[0].cells.tolist() == [[0, 1]] * 3
    assert picture.total == 2


def test_numpy_arrays_on_the_same_memory_are_placed_too() -> None:
    array = np.arange(10, dtype=np.float32)
    tensor = torch.from_numpy(array[4:])
    picture = memory_picture(tensor, "t", {"array": array, "back": array[::-1], "other": np.zeros(3)})
    assert [placement.name for placement in picture.placements] == ["t", "array", "back"]
    # The tensor's storage begins at the array's fifth number; those before it lie outside.
    assert picture.placements[1].cells.tolist() == [-1, -1, -1, -1, 0, 1, 2, 3, 4, 5]
    assert picture.placements[2].cells.tolist() == [5, 4, 3, 2, 1, 0, -1, -1, -1, -1]
    assert picture.placements[2].stride == (-1,)


def test_another_type_on_the_same_bytes_counts_in_the_pictured_ones_cells() -> None:
    z = torch.zeros(3, dtype=torch.complex64)
    real = torch.view_as_real(z)
    assert memory_picture(z, "z", {"real": real}).placements[1].cells.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert memory_picture(real, "real", {"z": z}).placements[1].cells.tolist() == [0, 2, 4]


def test_a_large_storage_shows_a_window_around_what_is_used() -> None:
    base = torch.arange(1_000_000)
    part = base[500_000:500_010:2]
    picture = memory_picture(part, "part")
    assert picture.values.size == memory.CELLS
    assert picture.values.tolist() == list(range(picture.first, picture.first + memory.CELLS))
    assert {picture.first + int(place) for place in np.flatnonzero(picture.reached)} == {
        500_000, 500_002, 500_004, 500_006, 500_008,
    }  # fmt: skip
    assert memory_picture(part, first=999_999).first == 1_000_000 - memory.CELLS
    whole = memory_picture(base.view(1000, 1000), first=700_000)
    assert whole.reached.all()
    assert whole.placements[0].cells.size <= memory.ELEMENTS
    assert not whole.placements[0].is_whole


def test_more_names_than_fit_are_counted() -> None:
    base = torch.zeros(20)
    picture = memory_picture(base, "base", {f"v{i}": base[i:] for i in range(10)})
    assert len(picture.placements) == memory.NAMES
    assert picture.left_out == 10 - (memory.NAMES - 1)


def test_the_reason_names_the_dimensions_that_do_not_lie_in_order() -> None:
    answer = view_answer(torch.arange(12).view(3, 4).t(), (12,))
    assert answer.problem is not None
    assert str(answer.problem) == (
        "view(12) is not possible: it would run through dimensions 0 and 1 in one go, but these do not lie one behind "
        "the other: stride 1 is not 3 x 4. reshape(12) copies the elements instead."
    )


def test_a_tensor_without_cells_says_so() -> None:
    for tensor, code in [
        (torch.eye(3).to_sparse(), "tensor-no-storage"),
        (torch.empty(3, device="meta"), "tensor-no-values"),
    ]:
        with pytest.raises(Problem) as refused:
            memory_picture(tensor)
        assert refused.value.code == code


def test_an_empty_tensor_has_no_cells() -> None:
    picture = memory_picture(torch.empty(0, 3))
    assert (picture.values.size, picture.reached.size, picture.total) == (0, 0, 0)
    assert picture.placements[0].cells.shape == (0, 3)


def test_bfloat16_cells_hold_the_same_numbers() -> None:
    tensor = torch.tensor([1.5, -2.0], dtype=torch.bfloat16)
    assert memory_picture(tensor).values.tolist() == [1.5, -2.0]
