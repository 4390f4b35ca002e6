"""Which digit a drawing shows, according to a trained network."""

import copy
import time
from pathlib import Path

import torch
from torch import nn

from playground.engine.digits.events import Prediction
from playground.engine.digits.preprocess import SIDE, Image
from playground.engine.document import Document
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.export.reading.runnable import Answer, Runnable, of_net, open_runnable
from playground.engine.network.outputs import as_probabilities
from playground.engine.problems import Problem

KINDS = 10


class Predictor:
    """A model that reads single digits, with what its inputs need.

    Parameters
    ----------
    model : Runnable
        Takes [B, 1, 28, 28] or [B, 784] and gives [B, 10]. It is closed with the predictor.
    name : str
        What a problem calls the model.

    Raises
    ------
    Problem
        `model-not-digits`; the model is then closed.
    """

    def __init__(self, model: Runnable, name: str | Path = "The model") -> None:
        self.answer = model.answer
        self._model = model
        described = model.preprocessing
        try:
            self._shape = _input_shape(self.answer, described, name)
        except Problem:
            model.close()
            raise
        self.classes = described.classes
        self._output = described.output
        self.mean, self.std = (0.0, 1.0) if described.normalise_inside else (described.mean[0], described.std[0])

    @classmethod
    def of_net(cls, net: nn.Module, described: Preprocessing, name: str | Path = "The model") -> "Predictor":
        """Read with a copy of a net, on the CPU in eval mode; one in training is left alone.

        Raises
        ------
        Problem
            `model-not-digits`.
        """
        return cls(of_net(copy.deepcopy(net).cpu().eval(), described), name)

    @classmethod
    def from_file(cls, path: str | Path, document: Document | None = None) -> "Predictor":
        """Read with a model file of any kind; `document` names the network of weights alone.

        Raises
        ------
        Problem
            `model-not-digits`, or what `open_runnable` refuses.
        """
        return cls(open_runnable(path, document), path)

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
            outputs = self.answer(pixels.sub_(self.mean).div_(self.std).view(self._shape))
            answer = as_probabilities(outputs.double(), self._output)[0].numpy()
        seconds = time.perf_counter() - start
        return Prediction(answer, int(answer.argmax()), seconds)

    def close(self) -> None:
        """End what the model runs in, where that is a process of its own."""
        self._model.close()


def _input_shape(answer: Answer, described: Preprocessing, name: str | Path) -> tuple[int, ...]:
    """The shape of one image as the model takes it, batch first."""
    shown, output = _times(described.input_shape), f"{len(described.classes)} classes"
    grey = described.normalise_inside or len(described.mean) == len(described.std) == 1
    digits = described.input_shape in ((1, SIDE, SIDE), (SIDE * SIDE,)) and len(described.classes) == KINDS
    if not (grey and digits) or described.output == "values":
        raise Problem("model-not-digits", path=name, shape=shown, output=output)
    for shape in ((1, 1, SIDE, SIDE), (1, SIDE * SIDE)):
        try:
            found = tuple(answer(torch.zeros(shape)).shape)
        except (RuntimeError, ValueError, IndexError, TypeError):
            output = "an error"
            continue
        if found == (1, KINDS):
            return shape
        output = f"{_times(found[1:])} outputs"
    raise Problem("model-not-digits", path=name, shape="other inputs", output=output)


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "single"
