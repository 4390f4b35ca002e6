"""How a run went, as charts: loss, accuracy and learning rate against the steps."""

from collections.abc import Mapping

import numpy as np

from playground.engine.export.card.charts import (
    MOST_POINTS,
    Axis,
    Chart,
    Floats,
    Line,
    line_path,
    marks_path,
    thinned,
    x_axis,
    y_axis,
)
from playground.engine.export.card.numbers import number, plural
from playground.engine.training.history import History, SplitName

MANY = 60  # steps from which on single ones hide the way they go
MARKED = 100  # epochs up to which each has its mark
WINDOWS = 40  # so many windows of the mean fit into a run
LOG_RATIO = 30  # values that differ more than this are seen on a logarithmic axis only

_SCORED: Mapping[SplitName, tuple[str, str]] = {"validation": ("Validation", "square"), "test": ("Test", "diamond")}


def charts(history: History) -> tuple[Chart, ...]:
    """Loss, accuracy where there is one, and the learning rate where it changed; none without a step."""
    if not len(history):
        return ()
    found = [_loss(history)]
    if np.isfinite(history.step_series("accuracy")).any():
        found.append(_accuracy(history))
    rates = history.step_series("learning_rate")
    return (*found, _rate(history)) if rates.min() != rates.max() else tuple(found)


def smoothed(values: Floats, window: int) -> Floats:
    """At each of the values [N] the mean over the last `window`, or over as many as there are."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - window)
    means: Floats = (sums[ends] - sums[starts]) / (ends - starts)
    return means


def _loss(history: History) -> Chart:
    values = history.step_series("loss")
    scores = {split: history.epoch_series(split, "loss") for split in _SCORED}
    every = [values, *(score for _, score in scores.values())]
    log = _spreads(every)
    title = "Loss, logarithmic" if log else "Loss"
    return _chart(history, "Loss", title, values, scores, y_axis(every, log=log))


def _accuracy(history: History) -> Chart:
    values = 100 * history.step_series("accuracy")
    scores = {split: (at, 100 * score) for split in _SCORED for at, score in [history.epoch_series(split, "accuracy")]}
    every = [values, *(score for _, score in scores.values())]
    return _chart(history, "Accuracy", "Accuracy", values, scores, y_axis(every, unit=" %", most=100.0))


def _rate(history: History) -> Chart:
    values = history.step_series("learning_rate")
    across, up = _steps_axis(history), y_axis([values])
    kept = thinned(values)
    first, last, lowest, highest = (number(float(v)) for v in (values[0], values[-1], values.min(), values.max()))
    return Chart(
        title="Learning rate",
        x_title="Step",
        y_title="Learning rate",
        described=f"The learning rate goes from {first} to {last}, between {lowest} and {highest}.",
        x_axis=across,
        y_axis=up,
        lines=(Line("rate", "", line_path(across.place(_steps(history)[kept]), up.place(values[kept]))),),
    )


def _chart(
    history: History,
    title: str,
    y_title: str,
    values: Floats,
    scores: Mapping[SplitName, tuple[Floats, Floats]],
    up: Axis,
) -> Chart:
    across = _steps_axis(history)
    window = max(2, len(values) // WINDOWS) if len(values) > MANY else 0
    lines = _trained(_steps(history), values, window, across, up)
    for split, (label, shape) in _SCORED.items():
        at, score = scores[split]
        if len(at):
            kept = thinned(score)
            x, y = across.place(at[kept]), up.place(score[kept])
            marks = marks_path(x, y, shape) if len(x) <= MARKED else ""
            lines.append(Line(split, label, line_path(x, y), marks, shape if marks else ""))
    return Chart(
        title=title,
        x_title="Step",
        y_title=y_title,
        described=_described(title, values, scores, up.unit, history),
        x_axis=across,
        y_axis=up,
        lines=tuple(lines),
        note=_note(len(values), window),
    )


def _trained(steps: Floats, values: Floats, window: int, across: Axis, up: Axis) -> list[Line]:
    kept = thinned(values)
    x, y = across.place(steps[kept]), up.place(values[kept])
    if not window:
        return [Line("train", "Training batches", line_path(x, y), marks_path(x, y, "circle", 0.6), "circle")]
    mean = smoothed(values, window)
    kept = thinned(mean)
    trend = line_path(across.place(steps[kept]), up.place(mean[kept]))
    return [Line("train faint", "", line_path(x, y)), Line("train", "Training batches", trend)]


def _described(
    title: str, values: Floats, scores: Mapping[SplitName, tuple[Floats, Floats]], unit: str, history: History
) -> str:
    """What the picture shows, for those who cannot see it."""
    first, last = (f"{number(value)}{unit}" for value in (values[0], values[-1]))
    course = f"{title} of the training batches, from {first} to {last} over {plural(len(history), 'step')}."
    ends = [
        f"{_SCORED[split][0]} at the end: {number(score[-1])}{unit}."
        for split, (_, score) in scores.items()
        if len(score)
    ]
    return " ".join([course, *ends])


def _note(count: int, window: int) -> str:
    """What the two lines of many steps show."""
    if not window:
        return ""
    faint = "each step" if count <= MOST_POINTS else f"the smallest and largest of every {2 * count // MOST_POINTS:,}"
    return f"The strong line is the mean over the last {window:,} steps, the faint one {faint}."


def _steps_axis(history: History) -> Axis:
    return x_axis(float(history.first_step), float(history.next_step))


def _steps(history: History) -> Floats:
    """How many steps were taken when each value was measured, as epochs count them."""
    return np.arange(history.first_step + 1, history.next_step + 1, dtype=np.float64)


def _spreads(every: list[Floats]) -> bool:
    """Whether all values are above 0 and too different for a linear axis."""
    values = np.concatenate(every)
    values = values[np.isfinite(values)]
    return bool(len(values)) and float(values.min()) > 0 and float(values.max() / values.min()) > LOG_RATIO
