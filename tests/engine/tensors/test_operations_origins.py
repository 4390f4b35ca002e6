"""What a variable came of: found in the cells, shown once more, and never run where that could change anything."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.engine.problems import Problem
from playground.engine.tensors.operations.origins import Origins, again


def names() -> dict[str, Any]:
    torch.manual_seed(1)
    a = torch.arange(12.0).view(3, 4)
    return {"torch": torch, "nn": nn, "F": functional, "np": np, "a": a, "b": a.t(), "layer": nn.Linear(4, 2)}


def test_the_last_statement_that_set_a_name_counts() -> None:
    origins = Origins()
    origins.take("a = torch.ones(2)\nb = a + 1\nb = a * 2; values, places = a.max(0)", ("a", "b", "values", "places"))
    assert origins.of("b") == "b = a * 2"
    assert origins.of("places") == "values, places = a.max(0)"
    assert origins.of("a[0] + 1") == "a[0] + 1"
    origins.take("for b in range(3): pass", ("b",))
    assert origins.of("b") == ""
    origins.take("%time a = 3", ("a",))
    assert origins.of("a") == ""


def test_the_operation_is_shown_with_operands_result_and_cells() -> None:
    space = names()
    picture = again("b = a.t()", "b", space["b"], space)
    assert (picture.text, picture.operation) == ("b = a.t()", "t")
    assert [grid.name for grid in picture.operands] == ["a"]
    assert torch.equal(torch.from_numpy(picture.results[0].values), space["b"])
    assert picture.parts[0].of(1) == (4,)
    assert "no longer" not in picture.sentence


def test_operands_that_have_changed_since_are_said() -> None:
    space = names()
    space["a"] = space["a"] + 1
    assert again("b = a.t()", "b", space["b"], space).sentence.startswith("As its operands are now, it no longer gives")


@pytest.mark.parametrize(
    "text", ["c = layer(a)", "c = F.relu(a[0] @ b)", "c = torch.cat([a, a * 2], dim=0)", "a.sum(0)", "a[0] = 3"]
)
def test_harmless_operations_are_shown(text: str) -> None:
    assert again(text, "c", torch.zeros(1), names()).results


@pytest.mark.parametrize(
    "text",
    [
        "", "c = a.add_(1)", "c = a.t().zero_()", "c = net(a)", "c = next(it)", "c = F.relu(a, inplace=True) + 1",
        "c = torch.add(a, torch.mul(a, 2, out=a))", "c = open('x', 'w')", "c = [a.mul_(2)]", "c = (d := a) + 1",
        "c = torch.save(a, 'f')", "c = mine + 1", "c = torch.ones(**{'out': a})", "c = d = (",
    ],
)  # fmt: skip
def test_what_could_change_something_is_not_run_again(text: str) -> None:
    class Mine:
        def __add__(self, _: object) -> object:
            raise AssertionError("it was run")

    Mine.__module__ = "__main__"
    space = {**names(), "mine": Mine(), "net": nn.Sequential(nn.BatchNorm1d(4)), "it": iter([1])}
    before = space["a"].clone()
    with pytest.raises(Problem, match="without harm"):
        again(text, "c", torch.zeros(1), space)
    assert torch.equal(space["a"], before)
    assert next(space["it"]) == 1
