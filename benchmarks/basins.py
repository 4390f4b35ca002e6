"""B5: many starts as one parameter against the tutorial's loop over one start, on Himmelblau with Adam."""

import time
from collections.abc import Iterator
from statistics import median

import torch
from torch import Tensor

from benchmarks.measure import Row, Target, measure_pairs, number
from playground.engine.descent import functions
from playground.engine.descent.basins import Descent, nearest, nearness, starts
from playground.engine.descent.basins_job import basins_job, reachable
from playground.engine.descent.facts import domain
from playground.engine.descent.spec import BasinsSpec, Known
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

RATE = 0.1
ADAM = OptimizerSpec(name="Adam", args=Args(lr=RATE))
STARTS_SIDE, STEPS = 128, 500  # 16,384 starts
TUTORIAL_STEPS = 2000
PICTURE_SIDE, PICTURE_STEPS = 512, 1000
MOST_OF_BARE = 1.3


def starts_against_tutorial(rounds: int) -> Iterator[Row]:
    """B5: point-steps a second, then whole basins of 512 x 512 starts and 1,000 steps."""
    pairs = measure_pairs(engine_rate, lambda: 1 / tutorial_step_seconds(), rounds)
    what = "16,384 starts at once, watched, point-steps/s: engine / tutorial loop"
    yield Row("B5", what, Target(8000, at_least=True), pairs.ratios, pairs.behind("point-steps/s"))
    seconds = measure_pairs(basins_seconds, bare_seconds, max(1, rounds // 2))
    shape = f"basins of {PICTURE_SIDE} x {PICTURE_SIDE} starts, {PICTURE_STEPS:,} Adam steps"
    step = tutorial_step_seconds()
    alone = step * PICTURE_SIDE**2 * PICTURE_STEPS / median(seconds.ours)
    behind = f"{seconds.behind('s')}; one start after the other takes {number(alone)} times as long"
    what = f"{shape}, all pictures: engine / bare batched loop"
    yield Row("B5", what, Target(MOST_OF_BARE, at_least=False), seconds.ratios, behind)


def engine_rate() -> float:
    """Point-steps a second of a `Descent`, its watch over every start included."""
    function = Known()
    minima = reachable(function)
    points = torch.tensor([(mark.x, mark.y) for mark in minima]).T
    box = domain(function)
    begin = starts(box, STARTS_SIDE, slice(None), torch.device("cpu"))
    descent = Descent(functions.build(function), ADAM, STEPS, box, points, nearness(box, minima))
    guess = nearest(points, begin)
    began = time.perf_counter()
    *_, known = descent.go(begin, guess, goes_back=False)
    known()
    return begin.shape[1] * STEPS / (time.perf_counter() - began)


def tutorial_step_seconds() -> float:
    """Seconds a step of one start takes as the tutorial writes it."""
    x = torch.tensor([0.0, 0.0], requires_grad=True)
    optimizer = torch.optim.Adam([x], lr=RATE)
    began = time.perf_counter()
    for _ in range(TUTORIAL_STEPS):
        f = himmelblau(x)
        optimizer.zero_grad()
        f.backward()
        optimizer.step()
    return (time.perf_counter() - began) / TUTORIAL_STEPS


def basins_seconds() -> float:
    """Seconds of a whole job with all its pictures."""
    began = time.perf_counter()
    for _ in basins_job(Known(), BasinsSpec(optimizer=ADAM, side=PICTURE_SIDE, steps=PICTURE_STEPS), lambda: False):
        pass
    return time.perf_counter() - began


def bare_seconds() -> float:
    """Seconds of the same steps with nothing around them: no watch, no pictures, nothing coarser before."""
    points = starts(domain(Known()), PICTURE_SIDE, slice(None), torch.device("cpu")).requires_grad_()
    optimizer = torch.optim.Adam([points], lr=RATE)
    began = time.perf_counter()
    for _ in range(PICTURE_STEPS):
        optimizer.zero_grad()
        himmelblau(points).sum().backward()
        optimizer.step()
    return time.perf_counter() - began


def himmelblau(x: Tensor) -> Tensor:
    """As the course writes it, for one point [2] or many [2, N]."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
