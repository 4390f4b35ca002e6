"""What an analysis found, as plain values; imports no torch."""

from dataclasses import dataclass

from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer: `output` is the shape of one sample behind it, None where a problem stands before or in it."""

    id: str
    path: str
    kind: str
    label: str
    output: tuple[int, ...] | None
    weights: int
    biases: int
    problem: str | None

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns."""
        return self.weights + self.biases


@dataclass(frozen=True, slots=True)
class Analysis:
    """A network's layers in order; `problem` is the first one, with the layer's id as field `node`."""

    input: tuple[int, ...]
    layers: tuple[LayerFacts, ...]
    parameters: int
    output: tuple[int, ...] | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Question:
    """Which network, for samples of which shape."""

    network: NetworkSpec
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The analysis of the network that was asked about."""

    question: Question
    analysis: Analysis
