"""Pages of samples for looking at: pictures as they are stored, or points, with what a net says of them."""

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.data.events import ImagePage, NoPage, PageRequest, PointPage
from playground.engine.data.facts import Facts
from playground.engine.data.sets import Split, load_present
from playground.engine.data.spec import DataSpec
from playground.engine.inbox import Inbox
from playground.engine.network.outputs import probabilities
from playground.engine.problems import Problem

CHUNK = 1_000  # samples predicted at once
GROUND = 120  # points a side of the picture of a decision


Page = ImagePage | PointPage | NoPage
_Answers = tuple[Tensor, Tensor]  # of a whole split: probabilities (or values) [N, C], and the chosen class [N]


def gallery_job(inbox: Inbox) -> Generator[Page, None, None]:
    """Answer the newest `PageRequest` put into the inbox, until it is closed."""
    answers: dict[tuple[DataSpec, str, int], _Answers] = {}
    for _, request in inbox:
        try:
            page = _page(request, answers)
        except Problem as problem:
            page = NoPage(request, problem)
        yield page


def pictures(inputs: Tensor, facts: Facts) -> NDArray[np.float32]:
    """Inputs as they looked before the normalisation: [n, C, H, W] to [n, H, W] or [n, H, W, 3], in [0, 1]."""
    if facts.mean:
        mean, std = (torch.tensor(values).view(1, -1, 1, 1) for values in (facts.mean, facts.std))
        inputs = inputs * std + mean
    else:
        inputs = (inputs + 3) / 6  # N(0, 1) as grey, three deviations to either side
    looks = inputs.clamp(0, 1).permute(0, 2, 3, 1)  # [n, H, W, C]
    return looks.squeeze(-1).contiguous().numpy()


def ground(net: nn.Module, low: Tensor, high: Tensor, classifies: bool) -> NDArray[np.float32]:
    """The net's class, or its value, over the rectangle from `low` to `high` [2]: [GROUND, GROUND]."""
    x, y = (torch.linspace(float(low[axis]), float(high[axis]), GROUND) for axis in (0, 1))
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1).reshape(-1, 2)  # [G * G, 2]
    outputs = _outputs(net, grid)
    answer = outputs.argmax(dim=1) if classifies else outputs[:, 0]
    return answer.float().reshape(GROUND, GROUND).numpy()


def curve(net: nn.Module, low: Tensor, high: Tensor) -> NDArray[np.float32]:
    """The net's value between two numbers [1]: rows of input and value, [GROUND, 2]."""
    x = torch.linspace(float(low[0]), float(high[0]), GROUND).unsqueeze(1)  # [G, 1]
    return torch.cat([x, _outputs(net, x)[:, :1]], dim=1).numpy()


def _page(request: PageRequest, answers: dict[tuple[DataSpec, str, int], _Answers]) -> Page:
    dataset = load_present(request.data)
    split = getattr(dataset, request.split)
    if split is None or not len(split):
        return NoPage(request, None)
    found = _answer(request, dataset.facts, split, answers)
    if len(dataset.facts.shape) == 3:  # [C, H, W]
        return _images(request, dataset.facts, split, found)
    return _points(request, dataset.facts, split, found)


def _answer(
    request: PageRequest, facts: Facts, split: Split, answers: dict[tuple[DataSpec, str, int], _Answers]
) -> _Answers | None:
    """What the net says of the whole split; kept until its weights change."""
    if request.net is None:
        return None
    key = (request.data, request.split, request.version)
    if key not in answers:
        net = request.net()
        answers.clear()
        outputs = _outputs(net, split.inputs)
        chosen = outputs.argmax(dim=1)
        answers[key] = (probabilities(net, outputs) if facts.task == "classification" else outputs, chosen)
    return answers[key]


def _outputs(net: nn.Module, inputs: Tensor) -> Tensor:
    with torch.inference_mode():
        return torch.cat([net(part) for part in torch.split(inputs, CHUNK)])  # [N, outputs]


def _images(request: PageRequest, facts: Facts, split: Split, found: _Answers | None) -> ImagePage:
    classifies = facts.task == "classification"
    wrong = (found[1] != split.targets).nonzero().flatten() if found and classifies else None
    chosen = wrong if request.mistakes_only and wrong is not None else torch.arange(len(split))
    rows = chosen[request.first : request.first + request.count]
    inputs = split.inputs.index_select(0, rows)
    return ImagePage(
        request=request,
        total=len(chosen),
        mistakes=None if wrong is None else len(wrong),
        indices=rows.numpy(),
        images=pictures(inputs, facts),
        labels=_names(split.targets[rows], facts) if classifies else ("",) * len(rows),
        predictions=_names(found[1][rows], facts) if found and classifies else None,
        confidences=found[0][rows].numpy() if found and classifies else None,
        classes=facts.classes,
        seen=_extremes(facts),
    )


def _names(classes: Tensor, facts: Facts) -> tuple[str, ...]:
    return tuple(facts.classes[index] for index in classes.tolist())


def _extremes(facts: Facts) -> tuple[float, float]:
    """What black and white become, over all channels."""
    if not facts.mean:
        return (-3.0, 3.0)
    pairs = list(zip(facts.mean, facts.std, strict=True))
    return min(-mean / std for mean, std in pairs), max((1 - mean) / std for mean, std in pairs)


def _points(request: PageRequest, facts: Facts, split: Split, found: _Answers | None) -> PointPage:
    inputs = split.inputs.reshape(len(split), -1)[:, :2]
    low, high = inputs.min(dim=0).values - 0.2, inputs.max(dim=0).values + 0.2
    net = request.net() if request.net is not None else None
    classifies = facts.task == "classification"
    predicted = None
    if found:
        predicted = (found[1] if classifies else found[0].flatten()).float().numpy()
    return PointPage(
        request=request,
        points=inputs.numpy(),
        labels=split.targets.reshape(len(split), -1)[:, 0].float().numpy(),
        predictions=predicted,
        ground=ground(net, low, high, classifies) if net is not None and facts.shape == (2,) else None,
        curve=curve(net, low, high) if net is not None and facts.shape == (1,) else None,
        extent=(float(low[0]), float(low[-1]), float(high[0]), float(high[-1])),
    )
