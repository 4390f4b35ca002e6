"""What runs but is probably not meant: findings about a network with its loss, each with a repair where one is sure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from playground.engine.document import Document
from playground.engine.network import edits
from playground.engine.network.edits import Place
from playground.engine.network.lint_shapes import about_shapes
from playground.engine.network.spec import Layer, NetworkSpec, walk
from playground.engine.network.tree import place_text, rows
from playground.engine.spec import Args

CLASSIFIES = ("cross_entropy", "nll", "kl_div", "bce_with_logits")
SOFTMAXES = ("Softmax", "LogSoftmax")
RECTIFIERS = ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Softplus")
DROPOUTS = ("Dropout", "Dropout2d")
NORMS = ("BatchNorm1d", "BatchNorm2d")
AFFINE = ("Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d")


@dataclass(frozen=True, slots=True)
class Warning:
    """A finding at the node of that id; `repair` is the network without it."""

    node: str
    sentence: str
    repair: NetworkSpec | None = None


def warnings(document: Document) -> tuple[Warning, ...]:
    """Everything found in the document's network, the end of the network first."""
    network, loss = document.network, document.training.loss.name
    found = (*_about_the_end(network, loss), *_about_neighbours(network), *_about_zeros(network))
    return (*found, *(Warning(*each) for each in about_shapes(document)))


def _about_the_end(network: NetworkSpec, loss: str) -> Iterator[Warning]:
    last = next((node for node in reversed(network.layers) if node.enabled), None)
    if last is None:
        return
    kind = last.kind if isinstance(last, Layer) else ""
    without = edits.remove(network, [last.id])
    if loss == "cross_entropy" and kind in SOFTMAXES:
        sentence = f"Cross entropy applies log-softmax itself; {kind} before it blunts the gradients."
        yield Warning(last.id, sentence, without)
    elif loss == "bce_with_logits" and kind in ("Sigmoid", *SOFTMAXES):
        sentence = f"BCE with logits applies the sigmoid itself; {kind} before it blunts the gradients."
        yield Warning(last.id, sentence, without)
    elif loss in ("nll", "kl_div") and kind != "LogSoftmax":
        name = "NLL" if loss == "nll" else "KL divergence"
        base = without if kind == "Softmax" else network
        end = Place("", "layers", len(base.layers))
        repair = edits.insert(base, end, [Layer(id="", kind="LogSoftmax", args=Args(dim=1))])
        yield Warning(last.id, f"{name} expects log-probabilities; end the network with LogSoftmax(dim=1).", repair)
    elif loss in CLASSIFIES and kind in RECTIFIERS:
        yield Warning(
            last.id, f"{kind} at the end of a classifier cuts off the outputs below zero; remove it.", without
        )
    if kind in DROPOUTS:
        yield Warning(last.id, f"{kind} at the end sets outputs themselves to zero while training; remove it.", without)


def _about_neighbours(network: NetworkSpec) -> Iterator[Warning]:
    for _, _, _, row in rows(network):
        working = [node for node in row if node.enabled]
        for before, after in pairwise(working):
            if isinstance(before, Layer) and isinstance(after, Layer):
                yield from _about_pair(network, before, after)


def _about_pair(network: NetworkSpec, before: Layer, after: Layer) -> Iterator[Warning]:
    if before.kind in AFFINE and after.kind in NORMS and before.args.get("bias", True):
        repair = edits.change_args(network, before.id, bias=False)
        yield Warning(
            before.id,
            f"The bias of {place_text(network, before)} is dead: {after.kind} behind it subtracts the mean.",
            repair,
        )
    if before.kind == after.kind == "Linear":
        repair = edits.insert(network, _behind(network, before), [Layer(id="", kind="ReLU")])
        both = f"{place_text(network, before)} and {place_text(network, after)}"
        sentence = f"{both} are one linear map: put an activation between them."
        yield Warning(after.id, sentence, repair)
    if before.kind == after.kind and before.kind in ("ReLU", "Flatten", "Identity"):
        yield Warning(after.id, f"A second {after.kind} in a row changes nothing.", edits.remove(network, [after.id]))
    if before.kind in RECTIFIERS and after.kind in SOFTMAXES:
        sentence = f"{before.kind} before {after.kind} cuts off the scores below zero; remove it."
        yield Warning(before.id, sentence, edits.remove(network, [before.id]))


def _behind(network: NetworkSpec, node: Layer) -> Place:
    place = edits.place_of(network, node.id)
    return Place(place.parent, place.slot, place.index + 1)


def _about_zeros(network: NetworkSpec) -> Iterator[Warning]:
    for node in walk(network.layers):
        if isinstance(node, Layer) and node.enabled and node.init == "zeros" and node.kind in AFFINE:
            where = place_text(network, node)
            sentence = f"{where} begins with zeros: all its neurons get the same gradient and stay the same."
            yield Warning(node.id, sentence, edits.set_field(network, node.id, "init", "default"))
