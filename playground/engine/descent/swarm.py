"""Many starts that go down together as the columns of one parameter, each exactly as if it were alone."""

import torch
from torch import Tensor, nn

from playground.engine.descent.functions import Function
from playground.engine.descent.optimizers import build
from playground.engine.problems import Problem
from playground.engine.training.spec import OptimizerSpec


class Swarm:
    """One optimiser on a batch of starts, and since which step each of them has been near its target.

    Parameters
    ----------
    function : callable
        From points [2, N] to values [N], each column by itself.
    optimizer : OptimizerSpec
        One that is element-wise.
    starts : Tensor [2, N]
    targets : Tensor [2, N]
        The point that each start is expected to reach.
    near : float
        How far in x and in y a point may be from its target to count as near.

    Raises
    ------
    Problem
        Those of `optimizers.build`.
    """

    def __init__(
        self, function: Function, optimizer: OptimizerSpec, starts: Tensor, targets: Tensor, near: float
    ) -> None:
        self.steps = 0
        self._function = function
        self._point = nn.Parameter(starts.clone())
        self._optimizer = build(optimizer, self._point)
        self._targets, self._near = targets, near
        self._offset = torch.empty_like(starts)
        self._rows_near = torch.zeros_like(starts[0])  # as floats, which torch compares and multiplies fastest
        self._watch()

    @property
    def point(self) -> Tensor:
        """Where the starts are now, [2, N]."""
        return self._point.detach()

    @property
    def near_since(self) -> Tensor:
        """After how many steps each start came near its target to stay, [N]; `steps` + 1 where it is not near."""
        return (self.steps + 1 - self._rows_near).int()

    def step(self) -> None:
        """One step of all starts; the sum of all values gives each column the gradient of its own.

        Raises
        ------
        Problem
            `descent-diverged` where the optimiser itself cannot go on, whatever the start.
        """
        self._optimizer.zero_grad()
        self._function(self._point).sum().backward()  # type: ignore[no-untyped-call]
        try:
            self._optimizer.step()
        except (ArithmeticError, RuntimeError) as error:
            name = type(self._optimizer).__name__
            raise Problem("descent-diverged", details=str(error), name=name, step=self.steps + 1) from error
        self.steps += 1
        self._watch()

    def _watch(self) -> None:
        torch.sub(self.point, self._targets, out=self._offset).abs_()
        is_near = torch.maximum(self._offset[0], self._offset[1], out=self._offset[0]).le_(self._near)  # NaN never is
        self._rows_near.add_(1).mul_(is_near)
