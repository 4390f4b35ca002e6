"""Shapes, parameter counts and misfits of every layer, found on the meta device: nothing is allocated."""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch

from playground.engine.data.facts import Facts
from playground.engine.network.builder import layer_problem
from playground.engine.network.catalogue import layers
from playground.engine.network.events import Analysis, LayerFacts
from playground.engine.network.labels import label_of
from playground.engine.network.misfits import misfit
from playground.engine.network.sizes import TORCH_ERRORS, Sizes, construct, first_line, sizes_of
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args

_KEEP_WHOLE = ("Flatten", "Unflatten", "Identity")


def check_network(spec: NetworkSpec, facts: Facts) -> None:
    """Refuse a network that cannot take this data's samples or does not end in its outputs.

    Raises
    ------
    Problem
        The analysis' own, or `network-output`, or `layer-misfit` for an embedding of numbers that are not whole.
    """
    analysis = analyse(spec, facts.shape)
    if analysis.problem is not None:
        raise analysis.problem
    if _starts_with_embedding(spec):
        first = spec.layers[0]
        detail = f"it looks up whole numbers, and {facts.title} gives fractions"
        raise Problem(
            "layer-misfit", where="layers[0]", kind=first.kind, shape=facts.shape, detail=detail, node=first.id
        )
    if analysis.output != (facts.outputs,):
        raise Problem("network-output", found=analysis.output, data=facts.title, wanted=(facts.outputs,))


@dataclass(frozen=True, slots=True)
class _Signal:
    """What goes from one layer to the next: the shape of one sample, and whether it holds whole numbers."""

    shape: tuple[int, ...]
    whole: bool


def analyse(spec: NetworkSpec, input_shape: tuple[int, ...], batch: int = 2) -> Analysis:
    """Follow one batch through the network without computing it.

    Parameters
    ----------
    spec : NetworkSpec
        The network, whole or with mistakes.
    input_shape : tuple of int
        One sample's shape, without the batch.
    batch : int
        The batch size that is tried; no shape of the answer depends on it.

    Returns
    -------
    Analysis
        With facts for every layer, also behind a problem (`output` is None there). Never raises a Problem.
    """
    signal: _Signal | None = _Signal(tuple(input_shape), _starts_with_embedding(spec))
    facts: list[LayerFacts] = []
    problems = [] if spec.layers else [Problem("network-empty")]
    for index, layer in enumerate(spec.layers):
        path = f"layers[{index}]"
        problem = layer_problem(layer, path)
        signal, misfitting = (None, None) if problem or signal is None else _through(layer, path, signal, batch)
        found = problem or misfitting
        problems += [found] if found else []
        facts.append(_facts(layer, path, signal, found))
    total = sum(layer.parameters for layer in facts)
    output = signal.shape if signal and facts else None
    return Analysis(tuple(input_shape), tuple(facts), total, output, problems[0] if problems else None)


def _through(layer: Layer, path: str, signal: _Signal, batch: int) -> tuple[_Signal | None, Problem | None]:
    answer = _passed(layer.kind, layer.args, signal, batch)
    if isinstance(answer, _Signal):
        return answer, None
    kind, shape = layer.kind, signal.shape
    return None, Problem("layer-misfit", node=layer.id, where=path, kind=kind, shape=shape, detail=answer)


@lru_cache(maxsize=4096)
def _passed(kind: str, args: Args, signal: _Signal, batch: int) -> _Signal | str:
    """What leaves the layer, or why nothing does."""
    wrong = misfit(kind, layers()[kind].complete(args), signal.shape, signal.whole)
    if wrong:
        return wrong
    dtype = torch.int64 if signal.whole else torch.float32
    try:
        with torch.no_grad():
            output = construct(kind, args, "meta")(torch.empty(batch, *signal.shape, dtype=dtype, device="meta"))
    except TORCH_ERRORS as error:
        return first_line(error)
    shape = tuple(output.shape)
    if shape[:1] != (batch,) or not math.prod(shape):
        return f"it would leave the shape {shape[1:]}, with nothing in it" if shape[1:] else "it mixes the samples"
    return _Signal(shape[1:], signal.whole and kind in _KEEP_WHOLE)


def _facts(layer: Layer, path: str, signal: _Signal | None, problem: Problem | None) -> LayerFacts:
    sizes = sizes_of(layer.kind, layer.args) if layer.kind in layers() else Sizes()
    return LayerFacts(
        id=layer.id,
        path=path,
        kind=layer.kind,
        label=label_of(layer),
        output=signal.shape if signal else None,
        weights=sizes.weights,
        biases=sizes.biases,
        problem=problem.sentence if problem else None,
    )


def _starts_with_embedding(spec: NetworkSpec) -> bool:
    return next((layer.kind for layer in spec.layers if layer.kind not in _KEEP_WHOLE), "") == "Embedding"
