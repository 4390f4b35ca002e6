"""B4: a race that records every step against the loop as a tutorial writes it, on Himmelblau with Adam."""

import io
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from benchmarks.measure import Row, Target, measure_pairs
from playground.engine.descent.events import PathSteps, Singles
from playground.engine.descent.job import race_job
from playground.engine.descent.spec import DescentSpec, Racer
from playground.engine.descent.trace import Trace
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

STEPS = 20_000
START = (0.0, 0.0)
RATE = 1e-3
PRINTED_EVERY = 2_000


def engine_against_tutorial(rounds: int) -> Iterator[Row]:
    """B4: the speed, then how much of the path is that of torch.optim."""
    pairs = measure_pairs(engine_rate, tutorial_rate, rounds)
    what = f"{STEPS:,} Adam steps on Himmelblau, every step recorded: engine / tutorial loop"
    yield Row("B4", what, Target(1, at_least=True), pairs.ratios, pairs.behind("steps/s"))
    same = float(np.mean((engine_trace().position == plain_path()).all(axis=1)))
    what = "share of these points that are torch.optim's bit for bit"
    yield Row("B4", what, Target(1, at_least=True), (same,))


def engine_rate(steps: int = STEPS) -> float:
    """Steps a second of a race with one racer, its rows taken into a trace."""
    began = time.perf_counter()
    engine_trace(steps)
    return steps / (time.perf_counter() - began)


def engine_trace(steps: int = STEPS) -> Trace:
    """All rows of the race."""
    adam = Racer(optimizer=OptimizerSpec(name="Adam", args=Args(lr=RATE)))
    trace = Trace(steps)
    for event in race_job(DescentSpec(start=START, racers=(adam,), steps=steps), _never):
        if isinstance(event, PathSteps):
            trace.append(event)
    return trace


def tutorial_rate(steps: int = STEPS) -> float:
    """Steps a second of the loop as a course writes it, which prints now and then and records nothing."""
    printed = io.StringIO()
    x = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.Adam([x], lr=RATE)
    began = time.perf_counter()
    for step in range(steps):
        value = himmelblau(x)
        optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % PRINTED_EVERY == 0:
            printed.write(f"step {step}: x = {x.tolist()}, f(x) = {value.item()}\n")
    return steps / (time.perf_counter() - began)


def plain_path(steps: int = STEPS) -> Singles:
    """Every point of the same loop, [steps + 1, 2]."""
    x = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.Adam([x], lr=RATE)
    path = np.empty((steps + 1, 2), np.float32)
    path[0] = START
    for step in range(steps):
        optimizer.zero_grad()
        himmelblau(x).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        path[step + 1] = x.detach().numpy()
    return path


def himmelblau(x: Tensor) -> Tensor:
    """As a course writes it."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def _never() -> bool:
    return False
