"""Which digit a drawing shows, according to a trained network."""

import copy
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from playground.engine.data.facts import describe
from playground.engine.digits.events import Prediction
from playground.engine.digits.preprocess import SIDE, Image
from playground.engine.export.model_file import load_model
from playground.engine.network.outputs import probabilities
from playground.engine.problems import Problem

DIGITS = tuple("0123456789")


class Predictor:
    """A network that reads single digits, with the normalisation it was trained with.

    Parameters
    ----------
    net : nn.Module
        Takes [B, 1, 28, 28] or [B, 784] and gives [B, 10]: logits, log-probabilities (when it ends in LogSoftmax) or
        probabilities (Softmax). A copy on the CPU in eval mode is kept, so a net in training is left alone.
    mean, std : float
        What was subtracted from the pixels (in [0, 1]), and what they were divided by then.
    classes : sequence of str
        The names of the outputs.
    name : str
        What a problem calls the model.

    Raises
    ------
    Problem
        `model-not-digits`.
    """

    def __init__(
        self,
        net: nn.Module,
        mean: float,
        std: float,
        classes: Sequence[str] = DIGITS,
        name: str | Path = "The model",
    ) -> None:
        self.net = copy.deepcopy(net).cpu().eval()
        self.mean = mean
        self.std = std
        self.classes = tuple(classes)
        self._shape = _input_shape(self.net, name)

    @classmethod
    def from_file(cls, path: str | Path) -> "Predictor":
        """Read a model file of the playground.

        Raises
        ------
        Problem
            `file-missing`, `model-unreadable`, `checkpoint-mismatch`, `model-not-digits`, or what is wrong with the
            document in the file.
        """
        document, net = load_model(path)
        facts = describe(document.data)
        if facts.shape != (1, SIDE, SIDE) or len(facts.mean) != 1:
            output = f"{facts.outputs} outputs"
            raise Problem("model-not-digits", path=path, shape=_times(facts.shape), output=output)
        return cls(net, facts.mean[0], facts.std[0], facts.classes, path)

    def predict(self, digit: Image) -> Prediction:
        """Read one digit.

        Parameters
        ----------
        digit : NDArray float32 [28, 28]
            In [0, 1], ink bright, framed as `to_digit` does it.
        """
        start = time.perf_counter()
        with torch.inference_mode():
            pixels = torch.tensor(digit, dtype=torch.float32)
            outputs = self.net(pixels.sub_(self.mean).div_(self.std).view(self._shape))
            answer = probabilities(self.net, outputs.double())[0].numpy()
        seconds = time.perf_counter() - start
        return Prediction(answer, int(answer.argmax()), seconds)


def _input_shape(net: nn.Module, name: str | Path) -> tuple[int, ...]:
    """The shape of one image as the net takes it, batch first."""
    output = "an error"
    for shape in ((1, 1, SIDE, SIDE), (1, SIDE * SIDE)):
        try:
            with torch.inference_mode():
                found = tuple(net(torch.zeros(shape)).shape)
        except (RuntimeError, ValueError, IndexError, TypeError):
            continue
        if found == (1, len(DIGITS)):
            return shape
        output = f"{_times(found[1:])} outputs"
    raise Problem("model-not-digits", path=name, shape="other inputs", output=output)


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "single"
