"""Pictures inside a model card: PNG in data URIs, tiles of test images, points with what the net makes of them."""

import base64
import io
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from playground.engine.data.facts import Facts
from playground.engine.data.gallery import curve, ground, pictures
from playground.engine.data.sets import Split
from playground.engine.export.card.charts import (
    MOST_POINTS,
    SHAPES,
    SQUARE,
    Axis,
    Chart,
    Floats,
    Line,
    line_path,
    marks_path,
    x_axis,
    y_axis,
)
from playground.engine.export.card.numbers import number, percent
from playground.engine.export.card.results import Classified, Ints, Results, Valued

TILES = 16
MARGIN = 0.2  # of the plane around the points
GROUND_ALPHA = 64
CLASS_COLOURS = (
    *("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"),  # Okabe and Ito, 2008
    *("#999999", "#7f5539", "#6a4c93"),
)


@dataclass(frozen=True)
class Tile:
    """One test image: `label` and `predicted` are names of classes."""

    picture: str
    index: int
    label: str
    predicted: str
    certainty: str
    right: bool


def png(pixels: NDArray[np.uint8]) -> str:
    """Pixels [H, W], [H, W, 3] or [H, W, 4] as a data URI."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def has_pictures(facts: Facts) -> bool:
    """Whether a sample is an image with classes to tell apart."""
    return bool(facts.mean) and facts.task == "classification"


def tiles(found: Classified, split: Split, facts: Facts, indices: Ints) -> tuple[Tile, ...]:
    """These samples as they look, with what they are and what the net takes them for."""
    if not len(indices):
        return ()
    looks = pictures(split.inputs[torch.from_numpy(indices)], facts)
    pixels = np.rint(255 * looks).astype(np.uint8)
    return tuple(
        Tile(
            picture=png(image),
            index=index,
            label=facts.classes[found.labels[index]],
            predicted=facts.classes[found.predicted[index]],
            certainty=percent(float(found.certainty[index]), 1),
            right=bool(found.labels[index] == found.predicted[index]),
        )
        for image, index in zip(pixels, indices.tolist(), strict=True)
    )


def scatters(net: nn.Module, split: Split, facts: Facts, found: Results) -> tuple[Chart, ...]:
    """What can be drawn of single test samples: points with the net's decision, a fitted line, values against truth."""
    if isinstance(found, Valued):
        line = (_fit(net, split, found),) if facts.shape == (1,) and facts.outputs == 1 else ()
        return (*line, _against_truth(found))
    return (_decision(net, split, facts, found),) if facts.shape == (2,) else ()


def _decision(net: nn.Module, split: Split, facts: Facts, found: Classified) -> Chart:
    points = split.inputs[:MOST_POINTS].double().numpy()  # [N, 2]
    low, high = split.inputs.min(dim=0).values - MARGIN, split.inputs.max(dim=0).values + MARGIN
    across = x_axis(float(low[0]), float(high[0]))
    up = Axis(float(low[1]), float(high[1]), y_axis([], height=SQUARE).start, y_axis([], height=SQUARE).end)
    x, y = across.place(points[:, 0]), up.place(points[:, 1])
    labels, predicted = found.labels[:MOST_POINTS], found.predicted[:MOST_POINTS]
    lines = [
        Line(
            f"class-{index}",
            f"Class {name}",
            marks=marks_path(x[labels == index], y[labels == index], shape),
            key=shape,
        )
        for index, (name, shape) in enumerate(zip(facts.classes, SHAPES, strict=False))
    ]
    wrong = labels != predicted
    if wrong.any():
        lines.append(Line("ring", "Mistakes", marks=marks_path(x[wrong], y[wrong], "circle", 1.75), key="circle"))
    return Chart(
        title="Test points and decision",
        x_title="First coordinate",
        y_title="Second coordinate",
        described=f"{len(labels):,} test points in the plane over the class that the net gives to each place; "
        f"{int(wrong.sum()):,} points lie on the ground of another class.",
        x_axis=across,
        y_axis=up,
        lines=tuple(lines),
        note="The ground has the colour of the class that the net gives there." + _sampled(len(found.labels)),
        height=SQUARE,
        ground=_ground(ground(net, low, high, classifies=True).astype(np.int64)),
    )


def _ground(classes: Ints) -> str:
    """Classes [G, G], rows from below, as a translucent picture."""
    colours = [[*bytes.fromhex(colour[1:]), GROUND_ALPHA] for colour in CLASS_COLOURS]
    return png(np.array(colours, dtype=np.uint8)[classes[::-1]])


def _fit(net: nn.Module, split: Split, found: Valued) -> Chart:
    inputs = split.inputs[:MOST_POINTS, 0].double().numpy()
    targets = found.targets[:MOST_POINTS, 0]
    low, high = split.inputs.min(dim=0).values, split.inputs.max(dim=0).values
    answer = curve(net, low, high).astype(np.float64)  # [G, 2]
    across, up = x_axis(float(low[0]), float(high[0])), y_axis([targets, answer[:, 1]])
    points = marks_path(across.place(inputs), up.place(targets), "circle", 0.6)
    path = line_path(across.place(answer[:, 0]), up.place(answer[:, 1]))
    return Chart(
        title="The net's values",
        x_title="Input",
        y_title="Value",
        described=f"{len(targets):,} test samples, and the net's answer as a line through them, "
        f"from {number(answer[0, 1])} to {number(answer[-1, 1])}.",
        x_axis=across,
        y_axis=up,
        lines=(Line("test", "Test samples", marks=points, key="circle"), Line("train", "Net", path)),
        note=_sampled(len(found.targets)).strip(),
    )


def _against_truth(found: Valued) -> Chart:
    """Predicted against true values, all outputs alike."""
    true, predicted = found.targets.ravel()[:MOST_POINTS], found.predicted.ravel()[:MOST_POINTS]
    up = y_axis([true, predicted], height=SQUARE)
    across = x_axis(up.low, up.high)
    ends: Floats = np.array([up.low, up.high])
    marks = marks_path(across.place(true), up.place(predicted), "circle", 0.6)
    return Chart(
        title="Predicted against true",
        x_title="True value",
        y_title="Predicted value",
        described=f"{len(true):,} predicted values over the true ones; the closer to the diagonal, the better.",
        x_axis=across,
        y_axis=up,
        lines=(
            Line("diagonal", "Exactly right", line_path(across.place(ends), up.place(ends))),
            Line("test", "Test samples", marks=marks, key="circle"),
        ),
        note=_sampled(found.targets.size).strip(),
        height=SQUARE,
    )


def _sampled(count: int) -> str:
    return f" The first {MOST_POINTS:,} of {count:,} are shown." if count > MOST_POINTS else ""
