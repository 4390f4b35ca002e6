"""Every optimiser and schedule of torch trains as it does in plain PyTorch."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch.optim import lr_scheduler
from training_samples import (
    MATRICES,
    STEPS_PER_EPOCH,
    VALUES,
    begun,
    experiment,
    plain_net,
    plain_rows,
    prepared,
    same_bits,
    steps,
)

from playground.engine.data.spec import Points, RandomData
from playground.engine.network import catalogue
from playground.engine.network.sequence import layer
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import ScheduleSpec

STEPS = 10
ARGS = {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    "Adam": {"lr": 0.05, "amsgrad": True},
    "RMSprop": {"lr": 0.01, "momentum": 0.5, "centered": True},
    "LBFGS": {"lr": 0.5, "max_iter": 4, "line_search_fn": "strong_wolfe"},
}
OPTIMIZERS = sorted(set(catalogue.optimizers()) - {"SparseAdam"})


def optimizer_document(name, **more):
    layers = MATRICES if name == "Muon" else None
    return experiment(
        optimizer=name, args=ARGS.get(name, {"lr": 0.01}), **({"layers": layers} if layers else {}), **more
    )


def plain_step(optimizer, loss_of):
    def closure():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    if isinstance(optimizer, torch.optim.LBFGS):
        return optimizer.step(closure).item()
    loss = closure()
    optimizer.step()
    return loss.item()


def plain_run(document, count):
    data = prepared(document).train
    name, args = document.training.optimizer.name, dict(document.training.optimizer.args)
    net = plain_net(bias=name != "Muon")
    optimizer = getattr(torch.optim, name)(net.parameters(), **args)
    losses = [
        plain_step(optimizer, lambda rows=rows: F.cross_entropy(net(data.inputs[rows]), data.targets[rows]))
        for rows in plain_rows(count)
    ]
    return net, losses


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimiser_takes_the_steps_of_plain_pytorch(name):
    document = optimizer_document(name, epochs=4)
    run = begun(document)
    net, losses = plain_run(document, STEPS)
    assert steps(run, STEPS) == losses
    assert same_bits(run.net, net)


def test_muon_refuses_a_net_with_biases_and_names_the_first():
    with pytest.raises(Problem, match=r"only matrices, and 0\.bias has 1 dimensions") as caught:
        begun(experiment(optimizer="Muon", args={"lr": 0.01}))
    assert caught.value.code == "optimizer-refused"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"optimizer": "SparseAdam"}, "optimizer-refused", "choose Adam"),
        ({"optimizer": "Adan"}, "optimizer-unknown", "did you mean Adam"),
        ({"optimizer": "Optimizer"}, "optimizer-unknown", "did you mean"),
        ({"optimizer": "__doc__"}, "optimizer-unknown", "did you mean"),
        ({"args": {"lr": -1.0}}, "optimizer-argument", "lr must be at least 0"),
        ({"args": {"lr": "fast"}}, "optimizer-argument", "lr must be a number"),
        ({"args": {"lr": 0.1, "momentun": 0.9}}, "optimizer-argument", "did you mean momentum"),
        ({"args": {"lr": 0.1, "nesterov": True}}, "optimizer-argument", "momentum"),
        ({"optimizer": "Adam", "args": {"betas": ()}}, "optimizer-argument", "betas"),
        ({"optimizer": "Adam", "args": {"capturable": True}}, "optimizer-argument", "capturable"),
        ({"optimizer": "SGD", "args": {"lr": 0.1, "differentiable": True}}, "optimizer-argument", "leaf"),
        ({"optimizer": "SGD", "args": {"lr": 0.1, "foreach": True, "fused": True}}, "optimizer-argument", "fused"),
    ],
)
def test_what_an_optimiser_cannot_do_is_one_sentence_before_the_first_step(changes, code, words):
    with pytest.raises(Problem, match=words) as caught:
        begun(experiment(**changes))
    assert caught.value.code == code
    assert "\n" not in caught.value.sentence


def test_a_net_without_parameters_cannot_be_trained():
    data = RandomData(shape=(1, 4, 4), outputs=1, samples=40, test=0)
    layers = (layer("MaxPool2d", kernel_size=4), layer("Flatten"))
    with pytest.raises(Problem, match="no parameters to learn") as caught:
        begun(experiment(data=data, layers=layers, loss="mse"))
    assert caught.value.code == "optimizer-refused"


SCHEDULES = {
    "ConstantLR": {"factor": 0.5, "total_iters": 2},
    "CosineAnnealingLR": {},
    "CosineAnnealingWarmRestarts": {"T_0": 2},
    "CyclicLR": {"base_lr": 0.01, "max_lr": 0.2, "step_size_up": 2},
    "ExponentialLR": {"gamma": 0.7},
    "LinearLR": {"total_iters": 3},
    "MultiStepLR": {"milestones": (1, 3)},
    "OneCycleLR": {"max_lr": 0.3},
    "PolynomialLR": {"total_iters": 4, "power": 2.0},
    "ReduceLROnPlateau": {"patience": 0, "factor": 0.5, "threshold": 0.9},
    "StepLR": {"step_size": 2},
}
LENGTHS = {"CosineAnnealingLR": "T_max", "OneCycleLR": "total_steps"}
EPOCHS = 5


def scheduled(name, every, **more):
    schedule = ScheduleSpec(name=name, args=Args(SCHEDULES[name]), every=every)
    return experiment(args={"lr": 0.1, "momentum": 0.9}, schedule=schedule, epochs=EPOCHS, **more)


def mean_over(net, split):
    net.eval()
    with torch.no_grad():
        loss = F.cross_entropy(net(split.inputs), split.targets).item()
    net.train()
    return loss


def plain_schedule(document):
    """The rates and losses of every step in plain PyTorch."""
    schedule, data, net = document.training.schedule, prepared(document), plain_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    args = dict(schedule.args)
    if schedule.name in LENGTHS:
        args[LENGTHS[schedule.name]] = EPOCHS * (STEPS_PER_EPOCH if schedule.every == "step" else 1)
    scheduler = getattr(lr_scheduler, schedule.name)(optimizer, **args)
    rates, losses = [], []
    for step, rows in enumerate(plain_rows(EPOCHS * STEPS_PER_EPOCH), 1):
        rates.append(optimizer.param_groups[0]["lr"])
        inputs, targets = data.train.inputs[rows], data.train.targets[rows]
        losses.append(plain_step(optimizer, lambda x=inputs, y=targets: F.cross_entropy(net(x), y)))
        if schedule.name == "ReduceLROnPlateau":
            if step % STEPS_PER_EPOCH == 0:
                scheduler.step(mean_over(net, data.validation))
        elif schedule.every == "step" or step % STEPS_PER_EPOCH == 0:
            scheduler.step()
    return rates, losses


def test_every_schedule_of_the_catalogue_is_tried():
    assert set(SCHEDULES) == set(catalogue.schedulers())


@pytest.mark.parametrize(
    ("name", "every"),
    [
        (name, every)
        for name in SCHEDULES
        for every in ("epoch", "step")
        if (name, every) != ("ReduceLROnPlateau", "step")
    ],
)
def test_a_schedule_gives_the_rates_of_plain_pytorch(name, every):
    document = scheduled(name, every)
    run = begun(document)
    losses = steps(run, EPOCHS * STEPS_PER_EPOCH)
    run.finish_epoch()
    assert run.done
    assert (run.history.step_series("learning_rate").tolist(), losses) == plain_schedule(document)
    assert len(set(run.history.step_series("learning_rate"))) > 1


@pytest.mark.parametrize(("validation", "every"), [(0, "epoch"), (10, "step")])
def test_plateau_needs_a_validation_loss(validation, every):
    data = Points(name="blobs", classes=3, samples=50, validation=validation)
    with pytest.raises(Problem) as caught:
        begun(scheduled("ReduceLROnPlateau", every, data=data))
    assert caught.value.code == "schedule-needs-validation"


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("StepLR", {}, "step_size is missing"),
        ("StepLR", {"step_size": 0}, "step_size|modulo|division"),
        ("StepLR", {"step_size": 2, "gama": 0.1}, "did you mean gamma"),
        ("MultiStepLR", {"milestones": 3}, "milestones"),
        ("OneCycleLR", {"max_lr": 0.1, "total_steps": 4}, "over after 4 of 6"),
        ("OneCycleLR", {"max_lr": 0.1, "epochs": 1, "steps_per_epoch": 3}, "over after 3 of 6"),
        ("OneCycleLR", {"max_lr": 0.1, "epochs": 1}, "steps_per_epoch"),
        ("LambdaLR", {}, "lr_lambda"),
        ("LRScheduler", {}, "did you mean"),
        ("StepLr", {"step_size": 1}, "did you mean StepLR"),
    ],
)
def test_what_a_schedule_cannot_do_is_one_sentence_before_the_first_step(name, args, words):
    schedule = ScheduleSpec(name=name, args=Args(args), every="step")
    with pytest.raises(Problem, match=words) as caught:
        begun(experiment(schedule=schedule))
    assert caught.value.code in ("schedule-argument", "schedule-unknown")
    assert "\n" not in caught.value.sentence


def test_a_schedule_that_fails_on_its_way_is_a_sentence_and_the_steps_before_are_kept():
    schedule = ScheduleSpec(name="PolynomialLR", args=Args(total_iters=2, power=-1.0), every="step")
    document = experiment(schedule=schedule)
    run = begun(document)
    with pytest.raises(Problem) as caught:
        steps(run, 6)
    assert caught.value.code == "schedule-argument"
    run.read_back()
    assert len(run.history) == run.step_count > 0


def test_a_changed_rate_is_the_rate_of_the_next_step():
    document = experiment(args={"lr": 0.1, "momentum": 0.9})
    run, data, net = begun(document), prepared(document).train, plain_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    expected = []
    for step, rows in enumerate(plain_rows(6)):
        if step == 2:
            run.set_learning_rate(0.01)
            optimizer.param_groups[0]["lr"] = 0.01
        run.step()
        x, y = data.inputs[rows], data.targets[rows]
        expected.append(plain_step(optimizer, lambda x=x, y=y: F.cross_entropy(net(x), y)))
    run.read_back()
    assert run.history.step_series("loss").tolist() == expected
    assert run.history.step_series("learning_rate").tolist() == [0.1, 0.1, 0.01, 0.01, 0.01, 0.01]


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "ReduceLROnPlateau"])
def test_a_schedule_keeps_its_shape_when_the_rate_is_changed_on_its_way(name):
    count, at = EPOCHS * STEPS_PER_EPOCH, 4
    straight, changed = (begun(scheduled(name, "step")) for _ in range(2))
    steps(straight, count)
    steps(changed, at)
    changed.set_learning_rate(2 * changed.optimizer.param_groups[0]["lr"])
    steps(changed, count - at)
    usual, doubled = (run.history.step_series("learning_rate") for run in (straight, changed))
    assert doubled[:at].tolist() == usual[:at].tolist()
    # Rounding, and eta_min, which stays where it is: 0 here.
    assert doubled[at:].tolist() == pytest.approx((2 * usual[at:]).tolist(), rel=1e-9, abs=1e-12)


def test_a_rate_changed_from_zero_is_the_rate():
    run = begun(experiment(args={"lr": 0.0}))
    run.step()
    run.set_learning_rate(0.5)
    run.step()
    run.read_back()
    assert run.history.step_series("learning_rate").tolist() == [0.0, 0.5]


def test_regression_trains_as_in_plain_pytorch():
    document = experiment(data=VALUES, loss="mse")
    run, data, net = begun(document), prepared(document).train, plain_net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    expected = [
        plain_step(optimizer, lambda rows=rows: F.mse_loss(net(data.inputs[rows]), data.targets[rows]))
        for rows in plain_rows(6)
    ]
    assert steps(run, 6) == expected
