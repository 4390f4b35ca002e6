"""Losses, accuracy and scores are those of plain PyTorch."""

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import nn
from training_samples import (
    BATCH,
    BLOBS,
    TEST,
    TRAIN,
    VALUES,
    begun,
    experiment,
    plain_net,
    plain_rows,
    prepared,
    steps,
)

from playground.engine.data.facts import describe
from playground.engine.data.spec import Points
from playground.engine.network.sequence import layer
from playground.engine.problems import Problem
from playground.engine.training.evaluation import correct, evaluate
from playground.engine.training.losses import loss_function, prepare_targets
from playground.engine.training.spec import LossSpec


def one_hot(labels):
    return F.one_hot(labels, 3).float()


PLAIN = {
    "cross_entropy": lambda out, y, how: F.cross_entropy(out, y, reduction=how),
    "nll": lambda out, y, how: F.nll_loss(out, y, reduction=how),
    "mse": lambda out, y, how: F.mse_loss(out, one_hot(y), reduction=how),
    "l1": lambda out, y, how: F.l1_loss(out, one_hot(y), reduction=how),
    "kl_div": lambda out, y, how: F.kl_div(out, one_hot(y), reduction=how),
    "bce_with_logits": lambda out, y, how: F.binary_cross_entropy_with_logits(out, one_hot(y), reduction=how),
}
EVERY = [(name, how) for name in PLAIN for how in ("mean", "sum")] + [("kl_div", "batchmean")]


@pytest.mark.parametrize(("name", "how"), EVERY)
def test_a_loss_on_class_labels_is_torch_s(name, how):
    document = experiment(loss=name, reduction=how)
    run, data, net = begun(document), prepared(document), plain_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    expected = []
    for rows in plain_rows(6):
        optimizer.zero_grad()
        loss = PLAIN[name](net(data.train.inputs[rows]), data.train.targets[rows], how)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    assert steps(run, 6) == expected


@pytest.mark.parametrize("name", ["mse", "l1", "bce_with_logits"])
@pytest.mark.parametrize("how", ["mean", "sum"])
def test_a_loss_on_values_is_torch_s(name, how):
    document = experiment(data=VALUES, loss=name, reduction=how)
    run, data, net = begun(document), prepared(document), plain_net()
    (rows,) = plain_rows(1)
    plain = {"mse": F.mse_loss, "l1": F.l1_loss, "bce_with_logits": F.binary_cross_entropy_with_logits}[name]
    assert steps(run, 1) == [plain(net(data.train.inputs[rows]), data.train.targets[rows], reduction=how).item()]


@pytest.mark.parametrize("name", ["cross_entropy", "nll"])
def test_a_loss_for_classes_refuses_values_and_names_those_that_fit(name):
    with pytest.raises(Problem, match="needs class labels; choose mse or l1") as caught:
        begun(experiment(data=VALUES, loss=name))
    assert caught.value.code == "loss-misfit"


@pytest.mark.parametrize("name", [name for name in PLAIN if name != "kl_div"])
def test_only_kl_div_knows_batchmean(name):
    with pytest.raises(Problem, match="only kl_div knows the reduction batchmean") as caught:
        loss_function(LossSpec(name=name, reduction="batchmean"), describe(BLOBS))
    assert caught.value.code == "loss-misfit"


def test_outputs_that_would_be_broadcast_against_the_targets_are_refused():
    one = (layer("Linear", in_features=2, out_features=1),)
    with pytest.raises(Problem, match="needs \\(3,\\)") as caught:
        begun(experiment(data=VALUES, layers=one, loss="mse"))
    assert caught.value.code == "network-output"


def test_accuracy_counts_the_largest_output_and_is_no_number_for_values():
    outputs = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0]])
    assert correct(outputs, torch.tensor([0, 1, 1])).item() == 2
    assert math.isnan(correct(outputs, torch.rand(3, 2)).item())


@pytest.mark.parametrize(("name", "how"), EVERY)
def test_a_score_is_the_mean_over_the_split_and_for_sums_that_of_a_whole_batch(name, how):
    run = begun(experiment(loss=name, reduction=how))
    test = run.dataset.test
    with torch.no_grad():
        outputs = run.net(test.inputs)
        expected = PLAIN[name](outputs, test.targets, how).item()
    score = run.evaluate("test")
    assert score.loss == pytest.approx(expected * (BATCH / TEST if how == "sum" else 1), rel=1e-6)  # another order
    assert score.accuracy == (outputs.argmax(1) == test.targets).sum().item() / TEST


def test_a_score_taken_in_chunks_is_that_of_the_whole(monkeypatch):
    run = begun(experiment())
    whole = run.evaluate("test")
    monkeypatch.setattr("playground.engine.training.evaluation.CHUNK_VALUES", 2 * 7)  # 7, 7 and 6 samples
    parts = run.evaluate("test")
    assert parts.loss == pytest.approx(whole.loss, rel=1e-6)  # float32 sums in another order
    assert parts.accuracy == whole.accuracy


def test_evaluating_uses_eval_mode_and_leaves_everything_as_it_was():
    layers = (layer("Linear", in_features=2, out_features=3), layer("BatchNorm1d", num_features=3), layer("Dropout"))
    run = begun(experiment(layers=layers))
    before = {name: value.clone() for name, value in run.net.state_dict().items()}
    assert run.evaluate("test") == run.evaluate("test")
    assert run.net.training
    assert all(torch.equal(before[name], value) for name, value in run.net.state_dict().items())


def test_the_net_s_mode_is_put_back_when_evaluating_fails():
    net = nn.Sequential(nn.Linear(5, 3))
    document = experiment()
    split, facts = prepared(document).test, describe(document.data)
    with pytest.raises(RuntimeError):
        evaluate(net, split, split.targets, loss_function(LossSpec(), facts))
    assert net.training


def test_a_split_that_there_is_not_has_no_score():
    data = Points(name="blobs", classes=3, samples=TRAIN, test=0)
    run = begun(experiment(data=data))
    assert run.evaluate("validation") is None
    assert run.evaluate("test") is None
    run.step()
    run.step()
    run.step()
    run.finish_epoch()
    assert (run.history.epochs[0].validation, run.history.epochs[0].test) == (None, None)


@pytest.mark.parametrize("how", ["mean", "sum"])
def test_an_epoch_s_training_loss_weighs_every_sample_alike(how):
    run = begun(experiment(args={"lr": 0.0}, reduction=how))  # at rate 0 every batch meets the same net
    steps(run, 3)
    run.finish_epoch()
    train = run.evaluate("train")
    assert run.history.epochs[0].train.loss == pytest.approx(train.loss, rel=1e-6)  # float32 sums in another order
    assert run.history.epochs[0].train.accuracy == pytest.approx(train.accuracy)


def test_a_batch_larger_than_the_set_is_the_whole_set():
    run = begun(experiment(batch_size=1_000, reduction="sum", epochs=3, args={"lr": 0.0}))
    assert run.steps_per_epoch == 1
    steps(run, 3)
    run.finish_epoch()
    assert run.done
    assert [epoch.step for epoch in run.history.epochs] == [1, 2, 3]
    assert run.history.epochs[2].train.loss == pytest.approx(run.evaluate("train").loss, rel=1e-6)


def test_values_have_no_accuracy_anywhere():
    run = begun(experiment(data=VALUES, loss="mse"))
    steps(run, 3)
    run.finish_epoch()
    done = run.history.epochs[0]
    assert all(math.isnan(score.accuracy) for score in (done.train, done.validation, done.test))
    assert all(map(math.isnan, run.history.step_series("accuracy")))


def test_labels_stay_labels_where_the_loss_takes_them_and_become_one_hot_where_not():
    labels = torch.tensor([0, 2])
    facts = describe(BLOBS)
    assert prepare_targets(LossSpec(name="nll"), facts, labels) is labels
    assert prepare_targets(LossSpec(name="mse"), facts, labels).tolist() == [[1, 0, 0], [0, 0, 1]]
