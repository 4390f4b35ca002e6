"""Which optimisers treat every column as a run of its own is found out by trying, for all of torch.optim."""

import pytest
import torch
from torch import Tensor
from torch.optim import Optimizer

from playground.engine.descent import elementwise
from playground.engine.descent.elementwise import elementwise_refusal
from playground.engine.descent.optimizers import build, entries
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

COUPLED = {"LBFGS", "Adafactor", "Muon", "SparseAdam"}
OF_TORCH = sorted(name for name, kind in vars(torch.optim).items() if isinstance(kind, type))
EVERY = [name for name in OF_TORCH if issubclass(getattr(torch.optim, name), Optimizer) and name != "Optimizer"]


def spec(name: str, **args: object) -> OptimizerSpec:
    return OptimizerSpec(name=name, args=Args(args))


def himmelblau(point: Tensor) -> Tensor:
    x, y = point[0], point[1]
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def walked(optimizer: OptimizerSpec, start: Tensor, steps: int) -> Tensor:
    """Where the start is after so many steps, as one would write it without the playground."""
    point = start.clone().requires_grad_()
    stepper = build(optimizer, point)
    for _ in range(steps):
        stepper.zero_grad()
        himmelblau(point).sum().backward()
        stepper.step()
    return point.detach()


def test_the_catalogue_lists_every_optimiser_torch_has() -> None:
    assert set(EVERY) <= set(entries())


@pytest.mark.parametrize("name", sorted(set(EVERY) | set(entries())))
def test_those_that_pass_give_100_random_columns_their_own_single_runs(name: str) -> None:
    refused = elementwise_refusal(spec(name))
    assert (refused is not None) == (name in COUPLED)
    if refused is None:
        starts = torch.rand(2, 100, generator=torch.Generator().manual_seed(7)) * 12 - 6
        together = walked(spec(name), starts, 10)
        alone = torch.stack([walked(spec(name), start, 10) for start in starts.unbind(1)], dim=1)
        assert torch.equal(together, alone)
        assert not torch.equal(together, starts)


@pytest.mark.parametrize(
    "optimizer",
    [
        spec("SGD", lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1),
        spec("SGD", lr=0.01, momentum=0.9, dampening=0.5, maximize=True),
        spec("Adam", lr=0.1, amsgrad=True, betas=[0.5, 0.9], weight_decay=0.1),
        spec("RMSprop", lr=0.01, centered=True, momentum=0.5),
        spec("Rprop", lr=0.01, etas=[0.4, 1.3]),
    ],
    ids=repr,
)
def test_arguments_do_not_couple_columns(optimizer: OptimizerSpec) -> None:
    assert elementwise_refusal(optimizer) is None


@pytest.mark.parametrize(("name", "why"), [("LBFGS", "others"), ("Adafactor", "others"), ("Muon", "matrices")])
def test_the_others_say_why(name: str, why: str) -> None:
    refused = elementwise_refusal(spec(name))
    assert refused is not None
    assert why in refused
    assert Problem("basins-coupled", name=name, detail=refused).sentence.count(".") == 1


def test_another_rate_needs_no_other_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    assert elementwise_refusal(spec("Adam", lr=0.1, eps=1e-7)) is None
    monkeypatch.setattr(elementwise, "_path", None)
    assert elementwise_refusal(spec("Adam", lr=0.0, eps=1e-7)) is None


def test_wrong_arguments_are_named_as_everywhere() -> None:
    with pytest.raises(Problem) as raised:
        elementwise_refusal(spec("Adam", betas=[2.0, 0.9]))
    assert raised.value.code == "optimizer-argument"
    with pytest.raises(Problem) as raised:
        elementwise_refusal(spec("Adan"))
    assert raised.value.code == "optimizer-unknown"
