"""Whether an optimiser treats every column of one parameter as a run of its own: found out by trying it."""

from functools import lru_cache

import torch
from torch import Tensor, nn

from playground.engine.descent.optimizers import build
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

COLUMNS, STEPS = 12, 30
_REFUSALS = frozenset({"descent-refused", "optimizer-refused"})


def elementwise_refusal(optimizer: OptimizerSpec) -> str | None:
    """Why this optimiser cannot move many starts at once; None where every column goes exactly its own way.

    The optimiser is run on `COLUMNS` starts as one parameter [2, N] and on each of them alone, [2], for `STEPS` steps,
    and the paths are compared bit for bit. The answer is remembered: what the learning rate is does not matter to it.

    Raises
    ------
    Problem
        `optimizer-unknown` or `optimizer-argument`.
    """
    return _tried(optimizer.name, optimizer.args.without("lr"))


@lru_cache(maxsize=256)
def _tried(name: str, args: Args) -> str | None:
    spec = OptimizerSpec(name=name, args=args)
    starts = torch.rand(2, COLUMNS, generator=torch.Generator().manual_seed(0)) * 4 - 2
    try:
        together = _path(spec, starts)
        alone = torch.stack([_path(spec, start) for start in starts.unbind(1)], dim=2)  # [steps, 2, N]
    except Problem as problem:
        if problem.code not in _REFUSALS:
            raise
        return str(problem.fields["detail"])
    except (RuntimeError, ValueError, TypeError) as error:
        return str(error).splitlines()[0].rstrip(".")
    if torch.equal(together.view(torch.int32), alone.view(torch.int32)):
        return None
    return (
        "the step of one start depends on all the others; choose one that treats every number by itself, as Adam does"
    )


def _path(spec: OptimizerSpec, start: Tensor) -> Tensor:
    """The point after every step down (x² - 1)² + (y² - 1)², whose gradient is written out: [steps, *start.shape]."""
    point = nn.Parameter(start.clone())
    optimizer = build(spec, point)

    def closure() -> Tensor:
        well = point.detach() * point.detach() - 1
        point.grad = 4 * well * point.detach()
        return (well * well).sum()

    path = []
    for _ in range(STEPS):
        optimizer.step(closure)  # type: ignore[arg-type]
        path.append(point.detach().clone())
    return torch.stack(path)
