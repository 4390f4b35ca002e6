"""Small experiments for the tests of training, and what a loop in plain PyTorch needs to repeat them."""

import torch
from torch import nn

from playground.engine.data.sets import load
from playground.engine.data.spec import Points, RandomData
from playground.engine.document import Document
from playground.engine.network.sequence import layer, sequence
from playground.engine.spec import Args
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import LossSpec, OptimizerSpec, TrainingSpec

SEED, TRAIN, VALIDATION, TEST, BATCH = 3, 40, 10, 20, 16
STEPS_PER_EPOCH = 3  # of 16, 16 and 8 samples

BLOBS = Points(name="blobs", classes=3, samples=TRAIN + VALIDATION, validation=VALIDATION, test=TEST)
VALUES = RandomData(shape=(2,), outputs=3, samples=TRAIN + VALIDATION, validation=VALIDATION, test=TEST)

SMALL = (
    layer("Linear", in_features=2, out_features=8),
    layer("Tanh"),
    layer("Linear", in_features=8, out_features=3),
)
MATRICES = (
    layer("Linear", in_features=2, out_features=8, bias=False),
    layer("Tanh"),
    layer("Linear", in_features=8, out_features=3, bias=False),
)
WITH_DROPOUT = (
    layer("Linear", in_features=2, out_features=8),
    layer("BatchNorm1d", num_features=8),
    layer("Dropout", p=0.5),
    layer("Linear", in_features=8, out_features=3),
)


def experiment(*, data=BLOBS, layers=SMALL, optimizer="SGD", args=None, loss="cross_entropy", reduction="mean", **more):
    """Three blobs in the plane and a small net, where nothing else is said."""
    usual = {"batch_size": BATCH, "epochs": 2, "seed": SEED, "device": "cpu"}
    chosen = OptimizerSpec(name=optimizer, args=Args({"lr": 0.1} if args is None else args))
    training = TrainingSpec(loss=LossSpec(name=loss, reduction=reduction), optimizer=chosen, **(usual | more))
    return Document(data=data, network=sequence(*layers), training=training)


def prepared(document):
    """The document's data, loaded to the end."""
    events = load(document.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


def begun(document):
    """A run that has not taken a step."""
    return TrainingRun(document, prepared(document))


def steps(run, count):
    """Take steps and give their losses."""
    first = run.step_count
    for _ in range(count):
        run.step()
    run.read_back()
    return run.history.step_series("loss")[first - run.history.first_step :].tolist()


def finish(events):
    """All events of a generator, and what it returned."""
    seen = []
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return seen, end.value


def plain_net(*, bias=True):
    """The small net as the seed law has it."""
    torch.manual_seed(SEED)
    return nn.Sequential(nn.Linear(2, 8, bias=bias), nn.Tanh(), nn.Linear(8, 3, bias=bias))


def plain_rows(count, *, samples=TRAIN, batch=BATCH, seed=SEED):
    """The rows of the first batches as the seed law has them."""
    rows, epoch = [], 0
    while len(rows) < count:
        generator = torch.Generator().manual_seed(seed * 2**20 + epoch)
        rows += torch.randperm(samples, generator=generator).split(batch)
        epoch += 1
    return rows[:count]


def same_bits(one, other):
    """Whether two nets hold the same numbers."""
    left, right = one.state_dict(), other.state_dict()
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)
