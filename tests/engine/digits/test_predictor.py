"""Predictions equal plain PyTorch's, and only nets that read digits are taken."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from playground.engine.data.spec import Images, Points, RandomData
from playground.engine.digits.predictor import Predictor
from playground.engine.document import Document
from playground.engine.export.model_file import save_model
from playground.engine.export.preprocessing import Preprocessing
from playground.engine.network.builder import build
from playground.engine.network.outputs import meaning
from playground.engine.network.spec import Layer, NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args


def predictor(net, mean=0.0, std=1.0, output="logits"):
    """The net's predictor, with this normalisation and this meaning of its outputs."""
    described = Preprocessing(
        input_shape=(1, 28, 28), mean=(mean,), std=(std,), classes=tuple("0123456789"), output=output
    )
    return Predictor.of_net(net, described)


def logits(*, ending=None, inputs=784, outputs=10, flatten=True):
    torch.manual_seed(0)
    layers = [nn.Flatten()] if flatten else []
    layers += [nn.Linear(inputs, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, outputs)]
    return nn.Sequential(*layers, *([ending] if ending else []))


def document(*layers, data=None):
    return Document(data=data or Images(), network=NetworkSpec(layers=layers))


@pytest.mark.parametrize("ending", [None, nn.Softmax(dim=1), nn.LogSoftmax(dim=1)])
@pytest.mark.parametrize("flatten", [True, False])
def test_probabilities_are_the_softmax_of_the_logits_however_the_net_ends(digits, ending, flatten):
    net = logits(ending=ending, flatten=flatten)
    prediction = predictor(net, 0.1307, 0.3081, meaning(net)).predict(digits[0])
    plain = logits().eval()
    with torch.no_grad():
        wanted = plain(((torch.from_numpy(digits[0]) - 0.1307) / 0.3081).view(1, 1, 28, 28)).double().softmax(1)[0]
    assert prediction.probabilities.dtype == np.float64
    assert np.allclose(prediction.probabilities, wanted, atol=1e-6)  # Softmax inside the net is float32
    assert prediction.digit == int(wanted.argmax())
    assert prediction.seconds > 0


def test_the_net_given_is_left_as_it_was_and_later_training_does_not_show(digits):
    net = logits()
    digit = digits[0].copy()
    own = predictor(net)
    before = own.predict(digit).probabilities
    assert net.training
    assert np.array_equal(digit, digits[0])
    with torch.no_grad():
        net[-1].weight.zero_()
    assert np.array_equal(own.predict(digit).probabilities, before)


def test_a_prediction_takes_less_than_a_millisecond(digits):
    own = predictor(logits())
    assert min(own.predict(digits[0]).seconds for _ in range(50)) < 0.001


@pytest.mark.parametrize("net", [logits(inputs=100), logits(outputs=9), nn.Conv2d(1, 10, 3), nn.Identity()])
def test_a_net_that_does_not_read_digits_is_refused(net):
    with pytest.raises(Problem) as caught:
        predictor(net)
    assert caught.value.code == "model-not-digits"


def test_a_saved_model_answers_as_the_net_did(tmp_path, digits):
    described = document(
        Layer(id="flat", kind="Flatten"),
        Layer(id="out", kind="Linear", args=Args(in_features=784, out_features=10)),
        data=Images(normalisation="symmetric"),
    )
    net = build(described.network)
    path = tmp_path / "Modell ü.safetensors"
    save_model(path, net, described)
    read = Predictor.from_file(path)
    assert (read.mean, read.std) == (0.5, 0.5)
    assert read.classes == tuple("0123456789")
    wanted = predictor(net, 0.5, 0.5).predict(digits[3]).probabilities
    assert np.array_equal(read.predict(digits[3]).probabilities, wanted)
    assert math.isclose(wanted.sum(), 1)


@pytest.mark.parametrize("data", [Points(), Images(name="cifar10"), RandomData(shape=(1, 28, 28))])
def test_a_model_of_other_data_is_refused(tmp_path, data):
    described = document(Layer(id="out", kind="Linear", args=Args(in_features=2, out_features=2)), data=data)
    path = tmp_path / "points.safetensors"
    save_model(path, build(described.network), described)
    with pytest.raises(Problem) as caught:
        Predictor.from_file(path)
    assert caught.value.code == "model-not-digits"
