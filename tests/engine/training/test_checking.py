"""What no run could begin with, or take a step of, is refused before its data are read."""

import pytest
import torch

from playground.engine import presets
from playground.engine.data.sets import load
from playground.engine.data.spec import Points
from playground.engine.document import Document, replace
from playground.engine.network.sequence import layer, sequence
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.checking import check_document
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec

NORMED = sequence(
    layer("Linear", in_features=2, out_features=4),
    layer("BatchNorm1d", num_features=4),
    layer("Sigmoid"),
    layer("Linear", in_features=4, out_features=2),
)
OVERWRITING = sequence(
    layer("Linear", in_features=2, out_features=4),
    layer("Sigmoid"),
    layer("ReLU", inplace=True),
    layer("Linear", in_features=4, out_features=2),
)


def document(network, samples=21, **training):
    asked = {"batch_size": 7, "epochs": 2, "device": "cpu"} | training
    return Document(data=Points(samples=samples, test=5), network=network, training=TrainingSpec(**asked))


def refused(wrong):
    with pytest.raises(Problem) as caught:
        check_document(wrong)
    return caught.value


def steps(asked):
    preparing = load(asked.data)
    try:
        while True:
            next(preparing)
    except StopIteration as done:
        run = TrainingRun(asked, done.value)
    while not run.done:
        run.step()


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_could_begin(name):
    check_document(presets.preset(name))


@pytest.mark.parametrize(("samples", "batch"), [(22, 7), (21, 1), (1, 7)])
def test_a_sample_alone_is_refused_where_a_layer_normalises_over_the_batch(samples, batch):
    wrong = document(NORMED, samples, batch_size=batch)
    assert refused(wrong).code == "batch-lone"
    with pytest.raises(Problem, match="choose another batch size"):
        steps(wrong)


def test_a_batch_norm_that_averages_over_all_batches_is_tried_too():
    averaging = layer("BatchNorm1d", num_features=4, momentum=None)
    network = sequence(NORMED.layers[0], averaging, NORMED.layers[3])
    assert refused(document(network, 22)).code == "batch-lone"
    check_document(document(network, 21))


def test_a_split_of_one_sample_is_refused_where_a_layer_normalises_over_the_batch_even_then():
    follows = layer("BatchNorm1d", num_features=4, track_running_stats=False)
    network = sequence(NORMED.layers[0], follows, NORMED.layers[3])
    for split in ("test", "validation"):
        wrong = replace(document(network, 22 if split == "validation" else 21), f"data.{split}", 1)
        assert refused(wrong).code == "split-lone"
        check_document(replace(wrong, "network", NORMED))


def test_a_sample_alone_is_welcome_elsewhere():
    for network, samples in ((NORMED, 21), (sequence(layer("Linear", in_features=2, out_features=2)), 22)):
        check_document(document(network, samples))
        steps(document(network, samples))


def test_a_layer_that_overwrites_what_another_needs_is_refused():
    assert refused(document(OVERWRITING)).code == "network-inplace"
    harmless = sequence(*NORMED.layers[:2], layer("ReLU", inplace=True), layer("Linear", in_features=4, out_features=2))
    check_document(document(harmless))
    steps(document(harmless))


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("training.optimizer", OptimizerSpec(args=Args(lr=1e300)), "optimizer-argument"),
        ("training.optimizer", OptimizerSpec(args=Args(nesterov=True)), "optimizer-argument"),
        ("training.optimizer", OptimizerSpec(name="Muon"), "optimizer-refused"),
        ("training.schedule", ScheduleSpec(name="ReduceLROnPlateau"), "schedule-needs-validation"),
        ("training.schedule", ScheduleSpec(name="LinearLR", args=Args(start_factor=7.0)), "schedule-argument"),
        ("training.loss", LossSpec(reduction="batchmean"), "loss-misfit"),
        ("network", sequence(layer("Linear", in_features=3, out_features=2)), "layer-misfit"),
    ],
)
def test_what_does_not_fit_together_is_refused(path, value, code):
    assert refused(replace(document(NORMED), path, value)).code == code


def test_asking_draws_nothing_from_torch_s_generator():
    generator = torch.get_rng_state()
    check_document(document(sequence(*NORMED.layers, layer("Dropout", p=0.5)), 23))
    with pytest.raises(Problem):
        check_document(document(NORMED, 22))
    assert torch.equal(torch.get_rng_state(), generator)


@pytest.mark.parametrize("name", ["CosineAnnealingLR", "OneCycleLR"])
def test_a_length_that_is_none_is_one_left_out(name):
    none = {"CosineAnnealingLR": {"T_max": None}, "OneCycleLR": {"total_steps": None, "epochs": None, "max_lr": 0.1}}
    asked = document(NORMED, schedule=ScheduleSpec(name=name, args=Args(none[name])))
    check_document(asked)
    steps(asked)
