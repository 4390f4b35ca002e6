"""What an analysis found, as plain values; imports no torch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.engine.document import Document
from playground.engine.problems import Problem

if TYPE_CHECKING:
    from playground.engine.network.doctor import Repair
    from playground.engine.network.lint import Warning

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One node of the network: a layer, or a block with its own nodes as `children`.

    Attributes
    ----------
    path : str
        Where it stands, such as `layers[2].body[0]`; `part` is the part of its block: "body", "shortcut", "branch 2".
    output : tuple of int or None
        The shape of one sample behind it; None where a problem stands before or in it. Inside a `Repeat` that of the
        first pass.
    weights, biases : int
        How many numbers it learns; 0 when it is switched off. Inside a `Repeat` those of one pass; the `Repeat`
        itself counts all.
    flops : int or None
        Of one sample: 2 x multiply-adds of matrix products and convolutions; None for "not counted".
    activations : int or None
        Values of one sample at its output.
    receptive_field : int or None
        How many input pixels wide what one output sees is, padding included; None where there is no such square.
    formula : str
        How its size comes about, with its numbers; "" where there is none.
    names : tuple of str
        The prefixes of its tensors in the state_dict; several inside a `Repeat`.
    """

    id: str
    path: str
    kind: str
    label: str
    output: Shape | None
    weights: int = 0
    biases: int = 0
    flops: int | None = None
    activations: int | None = None
    receptive_field: int | None = None
    formula: str = ""
    names: tuple[str, ...] = ()
    enabled: bool = True
    frozen: bool = False
    problem: str | None = None
    children: "tuple[LayerFacts, ...]" = ()
    part: str = ""

    @property
    def parameters(self) -> int:
        """How many numbers it learns, or would learn if it were not frozen."""
        return self.weights + self.biases


@dataclass(frozen=True, slots=True)
class Analysis:
    """A network's top nodes in order, and totals.

    `flops` and `activations` are those of one sample; `activations` counts what each layer and block writes anew:
    not the views of `Flatten`, `Unflatten` and `Identity`, nor what is done in place. `problem` is the first of
    `problems`, each with the node's id as field `node`.
    """

    input: Shape
    layers: tuple[LayerFacts, ...]
    parameters: int
    trainable: int
    flops: int
    activations: int
    output: Shape | None
    problem: Problem | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Which document's network, for samples of which shape, and how many values it has to end in."""

    document: Document
    shape: Shape
    outputs: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The analysis of the network that was asked about."""

    question: Question
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Advice:
    """What would mend the network, and what runs but is probably not meant."""

    question: Question
    repairs: "tuple[Repair, ...]"
    warnings: "tuple[Warning, ...]"
