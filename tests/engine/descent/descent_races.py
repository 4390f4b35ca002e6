"""Races as the engine runs them, and the same loops in plain PyTorch."""

import msgspec
import numpy as np
import torch

from playground.engine.descent.events import PathSteps, RaceDone, RacerEnded, RaceStarted
from playground.engine.descent.job import race_job
from playground.engine.descent.spec import DescentSpec, Racer
from playground.engine.descent.trace import Trace
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec, ScheduleSpec

START = (-0.6, 0.4)

ARGS = {
    "SGD": [{"lr": 0.002, "momentum": 0.9, "dampening": 0.1}, {"lr": 0.002, "momentum": 0.9, "nesterov": True}],
    "Adam": [{"lr": 0.05, "amsgrad": True, "weight_decay": 0.01}, {"lr": 0.05, "decoupled_weight_decay": True}],
    "RMSprop": [{"lr": 0.01, "momentum": 0.5, "centered": True}],
    "Adagrad": [{"lr": 0.5, "lr_decay": 0.01, "initial_accumulator_value": 0.5}],
    "LBFGS": [{"lr": 0.5, "max_iter": 3}, {"lr": 1.0, "max_iter": 4, "line_search_fn": "strong_wolfe"}],
    "ASGD": [{"lr": 0.002, "t0": 5.0, "lambd": 0.01}],
    "NAdam": [{"lr": 0.05, "weight_decay": 0.01, "decoupled_weight_decay": True}],
    "Adafactor": [{"lr": 0.05, "weight_decay": 0.1}],
}
SMALL_RATE = {"SGD": {"lr": 0.005}, "ASGD": {"lr": 0.005}}


def himmelblau(x):
    """As a course writes it."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def racer(name, *, start=None, schedule=None, **args):
    return Racer(optimizer=OptimizerSpec(name=name, args=Args(args)), start=start, schedule=schedule)


def schedule(name, **args):
    return ScheduleSpec(name=name, args=Args(args))


def race(*racers, **changes):
    return msgspec.structs.replace(DescentSpec(racers=racers, start=START, steps=30), **changes)


def run(spec):
    """The traces of all racers and the end of each; the order of events is checked on the way."""
    events = list(race_job(spec, lambda: False))
    assert isinstance(events[0], RaceStarted)
    assert isinstance(events[-1], RaceDone)
    traces = [Trace(spec.steps) for _ in spec.racers]
    ends = {}
    for event in events[1:-1]:
        if isinstance(event, PathSteps):
            assert event.racer not in ends
            traces[event.racer].append(event)
        else:
            assert isinstance(event, RacerEnded)
            ends[event.racer] = event
    return traces, [ends[index] for index in range(len(spec.racers))]


def trace_of(name, steps=30, start=START, schedule=None, **args):
    """The trace of a single racer on Himmelblau."""
    traces, _ = run(race(racer(name, schedule=schedule, **args), start=start, steps=steps))
    return traces[0]


def plain_rows(optimizer_of, steps, start=START, scheduler_of=None, function=himmelblau):
    """Position, value, gradient, rate and a copy of the state at every row, in plain PyTorch."""
    x = torch.tensor(start, requires_grad=True)
    optimizer = optimizer_of([x])
    scheduler = scheduler_of(optimizer) if scheduler_of else None
    rows = []
    for step in range(steps + 1):
        optimizer.zero_grad()
        value = function(x)
        value.backward()
        state = {name: plain(kept) for name, kept in optimizer.state[x].items()}
        rows.append((x.tolist(), value.item(), x.grad.tolist(), optimizer.param_groups[0]["lr"], state))
        if step < steps:
            plain_step(optimizer, x, function)
            if scheduler is not None:
                watches = isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)
                scheduler.step(*[value.detach()] if watches else [])
    return rows


def plain_step(optimizer, x, function):
    def closure():
        optimizer.zero_grad()
        value = function(x)
        value.backward()
        return value.detach()

    optimizer.step(*[closure] if isinstance(optimizer, torch.optim.LBFGS) else [])


def plain(kept):
    """Numbers and tensors as lists of at most two floats; None for the rest."""
    if isinstance(kept, torch.Tensor):
        return kept.tolist() if kept.numel() <= 2 else None
    return float(kept) if isinstance(kept, int | float) else None


def assert_same_rows(trace, rows):
    """Every number of the trace is that of the plain loop, to the last bit."""
    assert trace.count == len(rows)
    positions, values, gradients, rates, states = zip(*rows, strict=True)
    assert np.array_equal(trace.position, np.array(positions, np.float32))
    assert np.array_equal(trace.value, np.array(values, np.float32))
    assert np.array_equal(trace.gradient, np.array(gradients, np.float32))
    assert trace.rate.tolist() == list(rates)
    names = {name for state in states for name, kept in state.items() if kept is not None}
    assert set(trace.state) == names
    for name in names:
        for row, state in enumerate(states):
            expected = np.array(state.get(name, np.nan), np.float32)
            assert np.array_equal(trace.state[name][row], np.broadcast_to(expected, trace.state[name][row].shape), True)
