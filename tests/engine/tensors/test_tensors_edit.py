"""One value set in place and set back: bit for bit what `tensor[index] = value` does, or one sentence why not."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.problems import Problem
from playground.engine.tensors.edit import edit, number, undo


@given(st.floats(width=32, allow_nan=False), st.integers(-3, 2), st.integers(-4, 3))
def test_an_edit_is_a_plain_assignment_and_can_be_undone(value: float, row: int, column: int) -> None:
    x = torch.arange(12.0).view(3, 4)
    before, wanted = x.clone(), x.clone()
    wanted[row, column] = value
    done = edit(x, (row, column), repr(value))
    assert torch.equal(x, wanted)
    assert (done.before, done.after) == (before[row, column].item(), value)
    assert (done.version_before, done.version_after) == (0, 1)
    undone = undo(x, done)
    assert torch.equal(x, before)
    assert (undone.before, undone.after, undone.version_after) == (done.after, done.before, 2)
    undo(x, undone)
    assert torch.equal(x, wanted)


def test_an_edit_through_a_view_is_seen_by_its_base() -> None:
    base = torch.zeros(6)
    edit(base.view(2, 3).t(), (2, 1), "7")
    assert base.tolist() == [0, 0, 0, 0, 0, 7]


def test_a_leaf_that_requires_gradients_stays_one() -> None:
    w = torch.ones(2, requires_grad=True)
    edit(w, (0,), "5")
    assert (w.tolist(), w.is_leaf, w.grad_fn, w._version) == ([5, 1], True, None, 1)


def test_backward_notices_an_edit_of_what_it_needs() -> None:
    w = torch.ones(2, requires_grad=True)
    middle = w.exp()
    loss = middle.sum()
    edit(middle, (0,), "5")
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@pytest.mark.parametrize(
    ("text", "dtype", "value"),
    [
        (" 3 ", torch.int64, 3),
        ("1e3", torch.int32, 1000),
        ("-128", torch.int8, -128),
        ("9223372036854775807", torch.int64, 2**63 - 1),
        ("true", torch.bool, True),
        ("0", torch.bool, False),
        ("-inf", torch.float32, -math.inf),
        ("65504", torch.float16, 65504.0),
        ("1+2j", torch.complex64, 1 + 2j),
    ],
)
def test_a_text_becomes_a_value_of_the_type(text: str, dtype: torch.dtype, value: complex) -> None:
    assert number(text, dtype) == value
    x = torch.zeros(1, dtype=dtype)
    assert edit(x, (0,), text).after == value
    assert x[0].item() == value


def test_nan_can_be_set_and_undone() -> None:
    x = torch.zeros(2)
    done = edit(x, (1,), "nan")
    assert x.isnan().tolist() == [False, True]
    undo(x, done)
    assert x.tolist() == [0, 0]


def test_the_stored_value_is_told_rounded() -> None:
    assert edit(torch.zeros(1), (0,), "0.1").after == torch.tensor(0.1).item()


@pytest.mark.parametrize(
    ("text", "dtype", "why"),
    [
        ("abc", torch.float32, "write a number"),
        ("", torch.float32, "write a number"),
        ("1.5", torch.int64, "write a whole number"),
        ("inf", torch.int64, "write a whole number"),
        ("300", torch.uint8, "from 0 to 255"),
        ("-1", torch.uint16, "from 0 to 65535"),
        ("1e39", torch.float32, "largest number is 3.40282e+38"),
        ("70000", torch.float16, "largest number is 65504"),
        ("1e39j", torch.complex64, "largest number"),
        ("2", torch.bool, "write true or false"),
        ("1+", torch.complex64, "such as 1+2j"),
        ("__import__('os')", torch.float32, "write a number"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_and_nothing_changes(text: str, dtype: torch.dtype, why: str) -> None:
    x = torch.zeros(1, dtype=dtype)
    with pytest.raises(Problem, match=why.replace("+", r"\+")) as refused:
        edit(x, (0,), text)
    assert refused.value.code == "tensor-text"
    assert (x[0].item(), x._version) == (0, 0)


def test_a_cell_shared_by_indices_is_refused() -> None:
    row = torch.zeros(3)
    with pytest.raises(Problem, match="4 indices share this cell") as refused:
        edit(row.expand(4, 3), (0, 0), "1")
    assert refused.value.code == "tensor-expanded"
    assert row.tolist() == [0, 0, 0]
    edit(row.expand(1, 3), (0, 0), "1")
    assert row.tolist() == [1, 0, 0]


def test_an_inference_tensor_is_refused() -> None:
    with torch.inference_mode():
        x = torch.zeros(2)
    with pytest.raises(Problem) as refused:
        edit(x, (0,), "1")
    assert refused.value.code == "tensor-inference"


@pytest.mark.parametrize(
    ("tensor", "index", "code"),
    [
        (torch.zeros(2, 3), (2, 0), "tensor-index"),
        (torch.zeros(2, 3), (0, -4), "tensor-index"),
        (torch.zeros(2, 3), (0,), "tensor-index-length"),
        (torch.eye(2).to_sparse(), (0, 0), "tensor-fixed"),
        (torch.empty(2, device="meta"), (0,), "tensor-fixed"),
        (torch.nested.nested_tensor([torch.zeros(2)], layout=torch.jagged), (0, 0), "tensor-fixed"),
        (torch.zeros(0), (0,), "tensor-index"),
    ],
)
def test_what_cannot_be_edited_says_why(tensor: torch.Tensor, index: tuple[int, ...], code: str) -> None:
    with pytest.raises(Problem) as refused:
        edit(tensor, index, "1")
    assert refused.value.code == code


def test_a_scalar_has_the_empty_index() -> None:
    x = torch.tensor(1.0)
    undo(x, edit(x, (), "2"))
    assert x.item() == 1


def test_undo_does_not_overwrite_a_later_change() -> None:
    x = torch.zeros(2)
    done = edit(x, (0,), "1")
    x[0] = 9
    with pytest.raises(Problem) as refused:
        undo(x, done)
    assert refused.value.code == "tensor-changed"
    assert x[0] == 9
