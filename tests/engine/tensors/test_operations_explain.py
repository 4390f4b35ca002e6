"""A picture lights exactly the cells on which a result depends, and says why an operation is refused."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from playground.engine.tensors.operations.explain import LARGEST, explain
from playground.engine.tensors.operations.operation_events import OperationPicture


def names() -> dict[str, Any]:
    g = torch.Generator().manual_seed(7)

    def some(*shape: int) -> Tensor:
        return 1 + torch.rand(*shape, generator=g, dtype=torch.float64)

    return {
        "torch": torch,
        "F": functional,
        "a": some(3, 4),
        "b": some(4),
        "c": some(3, 1),
        "d": some(4, 2),
        "x": some(2, 3, 4),
        "y": some(2, 1, 4, 3),
        "m": torch.tensor([[True, False, True, False], [False] * 4, [True, True, False, False]]),
        "i": torch.tensor([2, 0, 2]),
        "k": torch.tensor([[0, 3], [1, 1], [2, 0]]),
    }


EXPRESSIONS = """
a[1] | a[-1, 2] | a[:, 1:3] | a[::2, ::3] | x[..., 0] | a[:, None] | a[m] | a[[0, 2]] | a[i] | x[1, m] | x[:, i, 0]
torch.index_select(a, 0, i) | a.masked_select(m) | torch.take(a, k) | a.gather(1, k) | torch.where(m, a, 0)
torch.where(m, a, c) | a.where(m, c) | a.view(2, 6) | a.t().reshape(2, 6) | a.flatten() | c.squeeze() | b.unsqueeze(0)
c.expand(3, 4) | b.expand_as(a) | b.repeat(2, 2) | a.t() | a.T | x.mT | x.transpose(0, 2) | x.permute(2, 0, 1)
b.flip(0) | torch.cat([a, c], dim=1) | torch.cat((b, c[:, 0]))
torch.stack([b, a[0]], 1) | a.split(2) | a.chunk(2, dim=1)
x.unbind(1) | torch.tril(a) | F.pad(b, (1, 2)) | a.roll(1) | b.diag() | a.repeat_interleave(2, 0) | x.movedim(0, -1)
a + b | a - c | a * 2 | 1 / a | a // c | a ** b | a > b + 0.5 | a.clamp(1.2, 1.7) | torch.maximum(a, b)
F.relu(a - 1.5) | a @ b | b @ d | a @ d | x @ d
x.unsqueeze(1) @ y | torch.mm(a, d) | torch.bmm(x, y[:, 0]) | b.dot(b + 1) | b @ x.mT
F.linear(x, a, i.double()) | torch.outer(b, c[:, 0]) | torch.mv(a, b)
a.sum() | a.sum(1) | a.mean(0, keepdim=True) | x.sum((0, 2)) | x.mean(dim=-1) | a.norm() | a.norm(2, 1) | a.std(1)
a.std() | a.prod(0) | torch.norm(a, dim=0) | a.var(dim=1, keepdim=True) | torch.sum(x, [1, 2], keepdim=True)
a.max() | a.max(1) | torch.max(a, b) | a.amin(0) | a.topk(2) | a.sort(0) | a.kthvalue(2, dim=0)
a.softmax(1) | F.log_softmax(x, dim=1) | a.cumsum(0) | x.cumsum(-1) | a.median() | a.min(0, keepdim=True)
a.add_(b) | a.mul_(2) | a += c | a[0] = b | a[:, 1] = 5 | a[m] = -1 | torch.mul(a, b, out=torch.empty(3, 4).double())
a.t_() | a.zero_() | a.copy_(b) | a.float() | a.masked_fill(m, 0.5) | z = a - b | -a | a.detach()
"""
CASES = [case.strip() for line in EXPRESSIONS.strip().splitlines() for case in line.split("|")]


def lit(picture: OperationPicture, result: int, operand: int) -> set[tuple[int, int]]:
    """All pairs (cell of the result, cell of the operand) that the picture lights."""
    parts = [part for part in picture.parts if (part.result, part.operand) == (result, operand)]
    return {(cell, place) for part in parts for cell in range(len(part.cells)) for place in part.of(cell)}


def outcome(text: str, space: dict[str, Any]) -> Any:
    """What the line gives in plain torch; of a statement the tensor that it makes or writes."""
    if isinstance(ast.parse(text).body[0], ast.Expr):
        return eval(text, space)
    exec(text, space)
    return space[text[0]]


def changed(text: str, space: Mapping[str, Any], name: str, place: int) -> list[set[int]]:
    """Which cells of each result change with one cell of a tensor of the namespace."""
    values = []
    for step in (0.0, 1e-4):
        moved = {key: value.clone() if isinstance(value, Tensor) else value for key, value in space.items()}
        moved[name].view(-1)[place] += step
        values.append([grid.values.reshape(-1) for grid in explain(text, moved).results])
    return [set(np.flatnonzero(before != after).tolist()) for before, after in zip(*values, strict=True)]


# Their values do not tell on what they depend: rounded, compared, filled, or written over.
SILENT = (
    ".t().reshape",
    "//",
    ">",
    "clamp",
    "relu",
    "zero_",
    "copy_",
    "float",
    "maximum",
    "max(a",
    "log_softmax(x",
    "masked_fill",
    "out=",
)


@pytest.mark.parametrize("text", [case for case in CASES if not any(word in case for word in SILENT)])
def test_lit_are_exactly_the_cells_on_which_a_result_depends(text: str) -> None:
    space = names()
    picture = explain(text, space)
    assert picture.problem is None
    assert picture.results
    seen = 0
    for number, operand in enumerate(picture.operands):
        if operand.name not in space or not operand.dtype.startswith("float"):
            continue
        if [grid.name for grid in picture.operands].count(operand.name) > 1:
            continue
        dependence = [changed(text, space, operand.name, place) for place in range(operand.values.size)]
        for result, grid in enumerate(picture.results):
            if grid.dtype.startswith("float"):
                wanted = {(cell, place) for place, cells in enumerate(dependence) for cell in cells[result]}
                assert lit(picture, result, number) == wanted
                seen += 1
    assert seen


@pytest.mark.parametrize("text", CASES)
def test_every_case_shows_the_values_torch_gives_and_leaves_the_namespace_alone(text: str) -> None:
    space, untouched = names(), names()
    picture = explain(text, space)
    assert picture.problem is None
    assert picture.sentence
    assert picture.parts
    for name, value in untouched.items():
        if isinstance(value, Tensor):
            assert torch.equal(space[name], value), f"{name} was changed"
    found = outcome(text, space)
    wanted = list(found) if isinstance(found, tuple | list) else [found]
    assert len(picture.results) == len(wanted)
    for grid, tensor in zip(picture.results, wanted, strict=True):
        assert grid.shape == tuple(tensor.shape)
        assert np.array_equal(grid.values, tensor.numpy())


@pytest.mark.parametrize(
    ("text", "operand", "cells"),
    [
        ("a.gather(1, k)", "k", [0, 1, 2, 3, 4, 5]),
        ("torch.take(a, k)", "k", [0, 1, 2, 3, 4, 5]),
        ("torch.index_select(a, 0, i)", "i", [0] * 4 + [1] * 4 + [2] * 4),
        ("a[:, i]", "i", [0, 1, 2] * 3),
        ("x[..., i]", "i", [0, 1, 2] * 6),
        ("x[:, i, i]", "i", [0, 1, 2] * 2),
        ("a[m]", "m", [0, 2, 8, 9]),
        ("x[1, m]", "m", [0, 2, 8, 9]),
        ("a[a > 2, None]", "a > 2", []),
        ("a.masked_select(m)", "m", [0, 2, 8, 9]),
        ("torch.where(m, a, 0)", "m", list(range(12))),
        ("F.embedding(i, d)", "i", [0, 0, 1, 1, 2, 2]),
        ("F.one_hot(i, 3)", "i", [0, 0, 0, 1, 1, 1, 2, 2, 2]),
    ],
)
def test_the_cells_of_an_index_or_mask_that_picked_are_lit(text: str, operand: str, cells: list[int]) -> None:
    picture = explain(text, names())
    number = [grid.name for grid in picture.operands].index(operand)
    assert sorted(lit(picture, 0, number)) == list(enumerate(cells))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("a.max(1)", "indices"), ("a.topk(2)", "indices"), ("a.kthvalue(2, dim=1)", "indices"), ("a.argmax(1)", "result")],
)
def test_a_selection_lights_the_cell_that_torch_chose_for_values_and_indices(text: str, chosen: str) -> None:
    picture = explain(text, names())
    places = next(grid.values for grid in picture.results if grid.name == chosen).reshape(3, -1)
    wanted = [row * 4 + int(place) for row in range(3) for place in places[row]]
    for result in range(len(picture.results)):
        assert sorted(lit(picture, result, 0)) == list(enumerate(wanted))


def test_a_matrix_product_lights_a_row_and_a_column() -> None:
    picture = explain("a @ d", names())
    row, column = picture.parts
    assert row.of(3) == (4, 5, 6, 7)
    assert column.of(3) == (1, 3, 5, 7)
    assert "3 x 4 times 4 x 2 gives 3 x 2: each cell is the sum of 4 products" in picture.sentence


@pytest.mark.parametrize(
    ("text", "stretched"),
    [
        ("a + b", [(), (0,)]),
        ("a + c", [(), (1,)]),
        ("c + b", [(1,), (0,)]),
        ("x + b", [(), (0, 1)]),
        ("a + a", [(), ()]),
    ],
)
def test_stretched_dimensions_are_told(text: str, stretched: list[tuple[int, ...]]) -> None:
    picture = explain(text, names())
    assert [grid.stretched for grid in picture.operands] == stretched
    assert ("is stretched along" in picture.sentence) == any(stretched)


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize(
    ("text", "clash", "words"),
    [
        ("a + d", [(1,), (1,)], "the last dimension has 4 in a and 2 in d"),
        ("a + x[0].t()", [(1,), (1,)], "x[0].t().t() has shape 3 x 4, which fits"),
        ("a - i", [(1,), (0,)], "i.unsqueeze(-1) has shape 3 x 1, which fits"),
        ("x * d.t()[:, :3]", [(2,), (1,)], "4 in x and 3 in d.t()[:, :3]"),
        ("a @ a", [(1,), (0,)], "a @ a.t() fits: 3 x 3"),
        ("d @ a", [(1,), (0,)], "there are 2 and 3"),
        ("a @ b[:3]", [(1,), (0,)], "there are 4 and 3"),
        ("x @ torch.ones(5, 4, 2)", [(0,), (0,)], "The dimensions before the last two are broadcast"),
        ("b @ b.sum()", [(), ()], "b.sum() is a single number"),
        ("torch.cat([a, a.t()])", [(1,), (1,)], "only dimension 0"),
        ("torch.cat([a, c])", [(1,), (1,)], "dim=1 fits"),
        ("torch.cat([a, b])", [(), ()], "stack() joins along a new one"),
        ("torch.stack([a, b])", [(), ()], "stack needs equal shapes"),
        ("a.view(5, 2)", [()], "a (3 x 4) has 12 elements, but 5 x 2 needs 10"),
        ("a.reshape(-1, 5)", [()], "needs a multiple of 5"),
        ("a.t().view(12)", [()], "a.t().reshape(12) copies them"),
        ("F.mse_loss(a, d)", [(1,), (1,)], "do not broadcast"),
        ("a.gather(7, k)", [(), ()], "Dimension out of range"),
    ],
)
def test_a_refused_operation_marks_what_clashes_and_says_why(
    text: str, clash: list[tuple[int, ...]], words: str
) -> None:
    picture = explain(text, names())
    assert picture.problem
    assert picture.results == ()
    assert [grid.clash for grid in picture.operands] == clash
    assert words in picture.problem.sentence


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a +", "operation-failed", "SyntaxError"),
        ("", "operation-none", "such as a[:, 1:3]"),
        ("a", "operation-none", "a is no operation"),
        ("3 + 4", "operation-none", "3 + 4 is no operation"),
        ("a + 1; b + 1", "operation-none", "no operation"),
        ("nothing + a", "operation-failed", "name 'nothing' is not defined"),
        ("a.to('meta')", "tensor-no-values", "meta"),
    ],
)
def test_what_is_no_operation_is_answered_in_one_sentence(text: str, code: str, words: str) -> None:
    problem = explain(text, names()).problem
    assert problem
    assert problem.code == code
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("a.t()", "view"),
        ("a.view(12)", "view"),
        ("a.t().reshape(12)", "new"),
        ("a[0]", "view"),
        ("a[[0]]", "new"),
        ("a + 1", "new"),
        ("a.add_(1)", "same"),
        ("a += 1", "same"),
        ("c.expand(3, 4)", "view"),
        ("b.repeat(2)", "new"),
        ("a.contiguous()", "same"),
    ],
)
def test_same_memory_is_told_from_new(text: str, memory: str) -> None:
    assert explain(text, names()).results[0].memory == memory


def test_the_operands_of_an_in_place_operation_are_shown_as_they_were() -> None:
    space = names()
    picture = explain("a.mul_(2)", space)
    assert np.array_equal(picture.operands[0].values * 2, picture.results[0].values)
    assert "a itself is changed" in picture.sentence
    assert space["a"]._version == 0


def test_an_expanded_tensor_is_refused_in_place_as_torch_refuses_it() -> None:
    problem = explain("e.add_(1)", names() | {"e": torch.ones(1).expand(3)}).problem
    assert problem
    assert "single memory location" in problem.sentence


def test_a_large_operand_is_shown_from_where_the_result_reads() -> None:
    picture = explain("big[500:510, 700:703]", {"big": torch.arange(1_000_000).view(1000, 1000)})
    (operand,), (part,) = picture.operands, picture.parts
    assert operand.origin == (500, 700)
    assert not operand.is_whole
    assert operand.values[0, 0] == 500_700
    assert [part.of(cell) for cell in (0, 1, 3)] == [(0,), (1,), (16,)]


def test_cells_outside_the_window_are_counted() -> None:
    (part,) = explain("big.sum(1)", {"big": torch.ones(20, 1000)}).parts
    assert len(part.of(0)) == 16
    assert part.hidden[0] == 984


def test_too_large_a_tensor_says_that_its_cells_are_not_followed() -> None:
    picture = explain("big + 1", {"big": torch.zeros(LARGEST + 1)})
    assert picture.parts == ()
    assert "4,194,304 elements" in picture.sentence


def test_an_operation_without_a_rule_says_so() -> None:
    picture = explain("torch.einsum('ij,j->i', a, b)", names())
    assert picture.parts == ()
    assert "not known here" in picture.sentence


def test_the_entry_of_the_catalogue_is_named() -> None:
    wanted = {"a[0]": "index", "a.T": "t", "a >= b": "ge", "a.add_(1)": "add", "a @ b": "matmul", "a[0] = 1": "assign"}
    assert {text: explain(text, names()).entry for text in wanted} == wanted


def test_what_is_no_tensor_is_given_as_text() -> None:
    assert explain("b.numel()", names()).value == "4"


@pytest.mark.parametrize("layer", ["nn.Linear(4, 2)", "nn.Linear(4, 2, bias=False)"])
def test_a_linear_layer_shows_its_weights_as_operands(layer: str) -> None:
    space = names() | {"lin": eval(layer, {"nn": torch.nn}).double()}
    picture = explain("lin(a)", space)
    assert [grid.name for grid in picture.operands][:2] == ["a", "lin.weight"]
    assert np.array_equal(picture.results[0].values, space["lin"](space["a"]).detach().numpy())
    row, weights = picture.parts[:2]
    assert (row.of(3), weights.of(3)) == ((4, 5, 6, 7), (4, 5, 6, 7))


@pytest.mark.parametrize("text", ["e + 1", "e.sum()", "e.sum(0)", "e.t()", "torch.cat([e, c.t()])", "s.sum()", "s + 1"])
def test_empty_tensors_and_single_numbers_are_pictured_too(text: str) -> None:
    picture = explain(text, names() | {"e": torch.empty(0, 3), "s": torch.tensor(2.0)})
    assert picture.problem is None
    assert picture.parts


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ("torch.ones(2, device='meta')", "tensor-no-values"),
        ("torch.nested.as_nested_tensor([torch.ones(2), torch.ones(3)])", "tensor-no-values"),
    ],
)
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_a_tensor_without_plain_values_is_refused_in_one_sentence(made: str, code: str) -> None:
    problem = explain("t + 1", {"t": eval(made)}).problem
    assert problem
    assert problem.code == code


def test_a_sparse_tensor_is_shown_filled_in() -> None:
    picture = explain("t @ a", names() | {"t": torch.eye(3, dtype=torch.float64).to_sparse()})
    assert np.array_equal(picture.operands[0].values, np.eye(3))
    assert picture.parts
