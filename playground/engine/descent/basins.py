"""Which minimum a start reaches and when: the rule, applied to many starts at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from playground.engine.descent.events import DIVERGED, NOT_ARRIVED, Mark
from playground.engine.descent.facts import Domain
from playground.engine.descent.functions import Function
from playground.engine.descent.swarm import Swarm
from playground.engine.training.spec import OptimizerSpec

NEAR = 0.01
"""A point is near a minimum when both coordinates are within this share of the domain's shorter side."""

APART = 0.4
"""Where minima lie close together, near means at most this share of the smallest distance of two of them."""

FAR = 10.0
"""A point has diverged when it lies further from the domain's centre than so many of its sides."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What has become of N starts.

    `labels` int16 [N] are numbers of minima, `NOT_ARRIVED` or `DIVERGED`; `steps` int32 [N] is how many it took to come
    near, or how many were made.
    """

    labels: Tensor
    steps: Tensor


Known = Callable[[], Outcome]


@dataclass(frozen=True, eq=False)
class Descent:
    """What all starts have in common, and what becomes of them.

    A start reaches the minimum that it is near after the last step. Its number of steps is the first one after which
    it is near that minimum and stays so until the end. `minima` [2, M] are points on the device of the starts.
    """

    function: Function
    optimizer: OptimizerSpec
    steps: int
    domain: Domain
    minima: Tensor
    near: float

    def go(self, starts: Tensor, guess: Tensor, *, goes_back: bool = True) -> Iterator[Known]:
        """Let the starts [2, N] go down; after each step, what asks for the outcome so far. The last one is final.

        At every step it is watched only how near a start is to the minimum it is guessed to reach, `guess` [N]. Those
        that reach another one go the same way once more under the right guess, or with `goes_back` false are left with
        the steps made.

        Raises
        ------
        Problem
            Those of `optimizers.build`.
        """
        swarm = self.swarm(starts, guess)
        for _ in range(self.steps):
            swarm.step()
            yield partial(self._outcome, swarm, guess)
        found = self._outcome(swarm, guess)
        astray = (found.labels >= 0) & (found.labels != guess)
        if goes_back and bool(astray.any()):
            again = self.swarm(starts[:, astray], found.labels[astray].long())
            for _ in range(self.steps):
                again.step()
                yield lambda: found
            found.steps[astray] = again.near_since
        yield lambda: found

    def labels(self, point: Tensor) -> Tensor:
        """The number of the minimum that each point [2, N] is near, else `NOT_ARRIVED` or `DIVERGED`: int16 [N]."""
        left, right, bottom, top = self.domain
        centre = point.new_tensor([[(left + right) / 2], [(bottom + top) / 2]])
        reach = point.new_tensor([[FAR * (right - left)], [FAR * (top - bottom)]])
        is_sound = ((point - centre).abs() <= reach).all(dim=0)  # NaN is not
        labels = torch.where(is_sound, NOT_ARRIVED, DIVERGED).to(torch.int16)
        for number, minimum in enumerate(self.minima.unbind(1)):
            is_near = ((point - minimum.unsqueeze(1)).abs() <= self.near).all(dim=0)
            labels.masked_fill_(is_near, number)
        return labels

    def swarm(self, starts: Tensor, guess: Tensor) -> Swarm:
        targets = self.minima[:, guess] if self.minima.shape[1] else torch.zeros_like(starts)
        return Swarm(self.function, self.optimizer, starts, targets, self.near)

    def _outcome(self, swarm: Swarm, guess: Tensor) -> Outcome:
        labels = self.labels(swarm.point)
        return Outcome(labels, torch.where(labels == guess, swarm.near_since, swarm.steps))


def nearness(domain: Domain, minima: tuple[Mark, ...]) -> float:
    """How far from a minimum counts as near, in each coordinate."""
    near = NEAR * min(domain[1] - domain[0], domain[3] - domain[2])
    points = torch.tensor([[mark.x, mark.y] for mark in minima], dtype=torch.float64)
    if len(minima) < 2:
        return near
    apart = torch.cdist(points, points, p=torch.inf).fill_diagonal_(torch.inf).min()
    return min(near, APART * float(apart))


def starts(domain: Domain, side: int, rows: slice, device: torch.device) -> Tensor:
    """Centres of the cells that divide the domain into `side` x `side`, of these rows: float32 [2, rows * side].

    Row by row from the bottom, each from the left.
    """
    left, right, bottom, top = domain
    share = (torch.arange(side, dtype=torch.float64) + 0.5) / side
    x, y = left + (right - left) * share, (bottom + (top - bottom) * share)[rows]
    return torch.stack([x.repeat(len(y)), y.repeat_interleave(side)]).to(device, torch.float32)


def nearest(minima: Tensor, points: Tensor) -> Tensor:
    """The number of the minimum of [2, M] next to each of the points [2, N]: int64 [N], 0 where there is none."""
    if not minima.shape[1]:
        return torch.zeros(points.shape[1], dtype=torch.int64, device=points.device)
    return torch.cdist(points.T, minima.T).argmin(dim=1)
