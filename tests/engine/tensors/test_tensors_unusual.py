"""Every kind of tensor that torch has, before every question: an answer or a Problem, never another error."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses import FakeTensorMode

from playground.engine.problems import Problem
from playground.engine.tensors.describe import facts
from playground.engine.tensors.edit import edit
from playground.engine.tensors.matrices import matrix_picture
from playground.engine.tensors.memory import memory_picture, view_answer
from playground.engine.tensors.pictures import histogram, image, line
from playground.engine.tensors.planes import heat, table
from playground.engine.tensors.statistics import exact_statistics, statistics
from playground.engine.tensors.variables import variables

QUESTIONS: dict[str, Callable[[Tensor], object]] = {
    "facts": lambda tensor: facts(tensor, "t"),
    "variables": lambda tensor: variables({"t": tensor, "again": tensor}),
    "statistics": statistics,
    "exact statistics": lambda tensor: list(exact_statistics(tensor, 2)),
    "heat": heat,
    "table": table,
    "histogram": histogram,
    "line": line,
    "image": image,
    "memory": lambda tensor: memory_picture(tensor, "t", {"t": tensor, "other": torch.eye(2), "sparse": _sparse()}),
    "view": lambda tensor: view_answer(tensor, (-1,)),
    "matrix": matrix_picture,
    "edit": lambda tensor: edit(tensor, (0, 0), "1"),
}


def _sparse() -> Tensor:
    return torch.eye(2).to_sparse()


def _fake() -> Tensor:
    with FakeTensorMode():
        return torch.ones(2, 2)


def _inference() -> Tensor:
    with torch.inference_mode():
        return torch.ones(2, 2)


DTYPES = sorted({value for value in vars(torch).values() if isinstance(value, torch.dtype)}, key=str)
MADE: dict[str, Callable[[], Tensor]] = {
    "sparse": _sparse,
    "csr": lambda: torch.eye(2).to_sparse_csr(),
    "csc": lambda: torch.eye(2).to_sparse_csc(),
    "bsr": lambda: torch.eye(4).to_sparse_bsr((2, 2)),
    "bsc": lambda: torch.eye(4).to_sparse_bsc((2, 2)),
    "mkldnn": lambda: torch.eye(2).to_mkldnn(),
    "meta": lambda: torch.empty(2, 2, device="meta"),
    "nested": lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]),
    "jagged": lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)], layout=torch.jagged),
    "lazy": lambda: nn.LazyLinear(2).weight,
    "fake": _fake,
    "inference": _inference,
    "conjugated": lambda: torch.zeros(2, 2, dtype=torch.complex64).conj(),
    "negated": lambda: torch.zeros(2, 2, dtype=torch.complex64).conj().imag,
    "overlapping": lambda: torch.arange(10.0).as_strided((3, 3), (1, 1)),
    "computed": lambda: torch.ones(2, 2, requires_grad=True) * 2,
    "huge sparse": lambda: torch.sparse_coo_tensor([[0], [1]], [1.0], (10**7, 10**7), check_invariants=True),
    "huge expanded": lambda: torch.zeros(1, 1).expand(10**5, 10**5),
    **{str(dtype): lambda dtype=dtype: torch.empty(2, 2, dtype=dtype) for dtype in DTYPES},  # type: ignore[misc]
}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.filterwarnings("ignore")
def test_every_question_gets_an_answer_or_a_problem(kind: str) -> None:
    tensor = MADE[kind]()
    answered = 0
    for name, question in QUESTIONS.items():
        if (kind, name) == ("huge expanded", "exact statistics"):
            continue  # ten thousand million elements, two at a time
        try:
            question(tensor)
        except Problem:
            continue
        answered += 1
    assert answered >= 4  # facts, variables and statistics (which carry their problem) always answer
