"""The samples that are sent through a net to look into it."""

import torch
from torch import Tensor

from playground.engine.data.facts import Facts
from playground.engine.data.sets import load_present
from playground.engine.data.spec import DataSpec
from playground.engine.digits.preprocess import SIDE, to_digit
from playground.engine.network.probe_events import Sample
from playground.engine.problems import Problem


def batch(data: DataSpec, sample: Sample, count: int) -> Tensor:
    """The sample, and after it `count - 1` others of its split, as the net takes them: [B, *shape].

    A split with fewer samples gives fewer. Nothing is downloaded.

    Raises
    ------
    Problem
        `data-missing` and what else keeps the set from being read; `model-not-digits` for a drawing that does not
        fit the set.
    """
    dataset = load_present(data)
    split = getattr(dataset, sample.split) or dataset.train
    count = min(count, len(split))
    if sample.ink is None:
        rows = (torch.arange(count) + min(sample.index, len(split) - 1)) % len(split)
        return split.inputs.index_select(0, rows)  # [B, *shape]
    drawn = _drawn(sample, dataset.facts)
    return torch.cat([drawn, split.inputs[: count - 1]])


def _drawn(sample: Sample, facts: Facts) -> Tensor:
    """A drawing, framed and normalised as the digits of the set are: [1, 1, 28, 28]."""
    if facts.shape != (1, SIDE, SIDE) or sample.ink is None:
        shape = " x ".join(map(str, facts.shape))
        raise Problem("model-not-digits", path=facts.title, shape=shape, output=f"{facts.outputs} outputs")
    digit = torch.from_numpy(to_digit(sample.ink))
    return ((digit - facts.mean[0]) / facts.std[0]).reshape(1, *facts.shape)
