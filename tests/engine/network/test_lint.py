"""What runs but is probably not meant is found, and its repair takes it away."""

import pytest
import torch

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.document import Document
from playground.engine.network import edits
from playground.engine.network.builder import build
from playground.engine.network.lint import warnings
from playground.engine.network.sequence import layer, residual, sequence
from playground.engine.network.spec import NetworkSpec
from playground.engine.training.spec import LossSpec, TrainingSpec

LINEAR = layer("Linear", in_features=4, out_features=4)
RELU = layer("ReLU")
SOFTMAX, LOG_SOFTMAX = layer("Softmax", dim=1), layer("LogSoftmax", dim=1)
CONV = layer("Conv2d", in_channels=1, out_channels=4, kernel_size=3)
NORM = layer("BatchNorm2d", num_features=4)


def document(network: NetworkSpec, loss: str = "cross_entropy") -> Document:
    return Document(network=network, training=TrainingSpec(loss=LossSpec(name=loss)))


@pytest.mark.parametrize(
    ("loss", "nodes", "told"),
    [
        ("cross_entropy", (LINEAR, SOFTMAX), "applies log-softmax itself"),
        ("cross_entropy", (LINEAR, LOG_SOFTMAX), "applies log-softmax itself"),
        ("nll", (LINEAR,), "expects log-probabilities"),
        ("nll", (LINEAR, SOFTMAX), "expects log-probabilities"),
        ("kl_div", (LINEAR,), "expects log-probabilities"),
        ("bce_with_logits", (LINEAR, layer("Sigmoid")), "applies the sigmoid itself"),
        ("cross_entropy", (LINEAR, RELU), "cuts off the outputs below zero"),
        ("cross_entropy", (LINEAR, layer("Dropout")), "sets outputs themselves to zero"),
        ("cross_entropy", (CONV, NORM, layer("Flatten"), LINEAR), "is dead"),
        ("cross_entropy", (LINEAR, LINEAR), "one linear map"),
        ("cross_entropy", (LINEAR, RELU, RELU, LINEAR), "changes nothing"),
        ("nll", (LINEAR, RELU, LOG_SOFTMAX), "scores below zero"),
        ("cross_entropy", (layer("Linear", "zeros", in_features=4, out_features=4),), "stay the same"),
        ("cross_entropy", (residual(CONV, NORM),), "is dead"),
    ],
)
def test_a_mistake_is_told_once_and_its_repair_takes_it_away(loss, nodes, told):
    asked = document(sequence(*nodes), loss)
    found = [each for each in warnings(asked) if told in each.sentence]
    assert len(found) == 1
    repaired = documents.replace(asked, "network", found[0].repair)
    assert not [each for each in warnings(repaired) if told in each.sentence]


@pytest.mark.parametrize(
    ("loss", "nodes"),
    [
        ("cross_entropy", (LINEAR, RELU, LINEAR)),
        ("nll", (LINEAR, LOG_SOFTMAX)),
        ("mse", (LINEAR, RELU)),
        ("bce_with_logits", (LINEAR,)),
        ("cross_entropy", (layer("Conv2d", in_channels=1, out_channels=4, kernel_size=3, bias=False), NORM)),
    ],
)
def test_what_is_right_is_left_alone(loss, nodes):
    assert warnings(document(sequence(*nodes), loss)) == ()


def test_layers_that_are_switched_off_are_not_looked_at():
    nodes = sequence(LINEAR, SOFTMAX).layers
    off = edits.set_field(NetworkSpec(layers=nodes), "softmax1", "enabled", False)
    assert warnings(document(off)) == ()


def test_an_empty_network_has_nothing_to_tell():
    assert warnings(document(NetworkSpec())) == ()


def test_the_presets_are_as_they_should_be_but_for_the_one_that_teaches():
    told = {name for name in presets.names() if warnings(presets.preset(name))}
    assert told <= {"mnist-logistic-3", "mnist-logistic-3-kaiming"}


def about(network: NetworkSpec, **changes: object) -> list:
    """What is found with MNIST as data."""
    return list(warnings(Document(network=network, training=TrainingSpec(**changes))))


def test_a_linear_layer_on_pictures_is_told_and_flattened():
    found = about(sequence(layer("Linear", in_features=28, out_features=10)))
    assert [each.node for each in found] == ["linear1"]
    assert "sees only the last 28 of 1 x 28 x 28 values" in found[0].sentence
    assert [node.kind for node in found[0].repair.layers] == ["Flatten", "Linear"]
    assert about(found[0].repair) == []


def test_channels_flattened_into_rows_are_told():
    found = about(sequence(CONV, layer("Flatten", end_dim=2), layer("Tanh")))
    assert "layers[1] (Flatten) mixes the channels of 4 x 26 x 26 with its rows" in found[0].sentence
    assert about(found[0].repair) == []


@pytest.mark.parametrize(("size", "told"), [(1, "Each batch has one sample"), (59_999, "The last batch has one")])
def test_a_batch_of_one_before_batch_norm_is_told_as_torch_would_refuse_it(size, told):
    linear = layer("Linear", in_features=784, out_features=10, bias=False)
    network = sequence(layer("Flatten"), linear, layer("BatchNorm1d", num_features=10))
    assert told in about(network, batch_size=size)[0].sentence
    assert about(network, batch_size=60_000) == []
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        build(network)(torch.zeros(1, 1, 28, 28))


def test_batch_norm_of_pictures_takes_single_ones():
    bare = layer("Conv2d", in_channels=1, out_channels=4, kernel_size=3, bias=False)
    network = sequence(bare, NORM, layer("Flatten"), layer("Linear", in_features=4 * 26 * 26, out_features=10))
    assert about(network, batch_size=1) == []
