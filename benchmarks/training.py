"""B1, B2, B3: the engine against a course's DataLoader loop, and against a bare loop over prepared tensors."""

import gzip
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from benchmarks.measure import Pairs, Row, Target, measure_pairs
from playground.assets import resource
from playground.engine import presets
from playground.engine.data.sets import DataSet, load
from playground.engine.document import Document
from playground.engine.network.builder import build
from playground.engine.rng import epoch_order
from playground.engine.training.control import Control
from playground.engine.training.events import Preparing, Steps
from playground.engine.training.optimizers import build_optimizer, build_scheduler
from playground.engine.training.run import TrainingRun

Rate = Callable[[], float]  # samples a second

MLP_BATCHES = 40  # of the tutorial loop, 512 samples each
LENET_BATCHES = 80  # 128 samples each
LENET_STEPS = 235  # of the engine: half an epoch
BARE_ROUNDS = 4  # times as many pairs where a hundredth counts


def engine_against_tutorial_mlp(rounds: int) -> Iterator[Row]:
    """B1."""
    pairs = _against_tutorial("mnist-mlp", None, MLP_BATCHES, rounds)
    what = "MLP 784-256-64-10, batch 512: engine / tutorial DataLoader loop"
    yield Row("B1", what, Target(16, at_least=True), pairs.ratios, pairs.behind("samples/s"))


def engine_against_bare_loop(rounds: int) -> Iterator[Row]:
    """B2."""
    document = presets.preset("mnist-mlp")
    dataset = prepared(document)
    ours, bare = (lambda: engine_rate(document, dataset)), (lambda: bare_rate(document, dataset))
    pairs = measure_pairs(ours, bare, BARE_ROUNDS * rounds)
    what = "the same: engine with live metrics and events / bare loop over prepared tensors"
    yield Row("B2", what, Target(0.98, at_least=True), pairs.ratios, pairs.behind("samples/s"))


def engine_against_tutorial_lenet(rounds: int) -> Iterator[Row]:
    """B3."""
    pairs = _against_tutorial("lenet5", LENET_STEPS, LENET_BATCHES, rounds)
    what = "LeNet-5 on MNIST, batch 128: engine / tutorial DataLoader loop"
    yield Row("B3", what, Target(2, at_least=True), pairs.ratios, pairs.behind("samples/s"))


def prepared(document: Document) -> DataSet:
    """The document's data set, loaded to the end."""
    events = load(document.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            dataset: DataSet = end.value
            return dataset


def engine_rate(document: Document, dataset: DataSet, steps: int | None = None) -> float:
    """Samples a second of a run's events, from its first step to the end of the epoch or until `steps` are done."""
    run = TrainingRun(document, dataset)
    events = run.events(Control())
    while next(events) != Preparing("train"):
        pass
    samples, began = 0, time.perf_counter()
    for event in events:
        samples += event.samples if isinstance(event, Steps) else 0
        if run.epoch_due or (steps is not None and run.step_count >= steps):
            break
    seconds = time.perf_counter() - began
    events.close()
    return samples / seconds


def bare_rate(document: Document, dataset: DataSet, steps: int | None = None) -> float:
    """Samples a second of the same steps with nothing around them: no metrics, no events, nothing kept."""
    net, optimizer, scheduler = _parts(document, len(dataset.train))
    loss, targets = _loss(document), _targets(document, dataset.train.targets)
    inputs, size = dataset.train.inputs, document.training.batch_size
    began = time.perf_counter()
    order = epoch_order(len(inputs), document.training.seed, 0)[: steps and steps * size]
    for rows in order.split(size):
        optimizer.zero_grad()
        loss(net(inputs.index_select(0, rows)), targets.index_select(0, rows)).backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return len(order) / (time.perf_counter() - began)


def tutorial_rate(document: Document, folder: Path, batches: int) -> float:
    """Samples a second of the loop as a course writes it, over part of an epoch."""
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    dataset = datasets.MNIST(str(folder), train=True, transform=transform)
    loader = DataLoader(dataset, batch_size=document.training.batch_size, shuffle=True)
    net, optimizer, scheduler = _parts(document, len(dataset))
    loss_function = _loss(document)
    samples, running_loss, began = 0, 0.0, time.perf_counter()
    for images, labels in islice(loader, batches):
        optimizer.zero_grad()
        loss = loss_function(net(images), _targets(document, labels))
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        running_loss += loss.item()
        samples += len(images)
    return samples / (time.perf_counter() - began)


@contextmanager
def unpacked_mnist() -> Iterator[Path]:
    """A folder in which torchvision finds MNIST."""
    with tempfile.TemporaryDirectory(prefix="playground-mnist-") as name:
        raw = Path(name) / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for packed in resource("mnist").glob("*.gz"):
            with gzip.open(packed) as source, (raw / packed.stem).open("wb") as target:
                shutil.copyfileobj(source, target)
        yield Path(name)


def _against_tutorial(preset: str, steps: int | None, batches: int, rounds: int) -> Pairs:
    document = presets.preset(preset)
    dataset = prepared(document)
    with unpacked_mnist() as folder:
        return measure_pairs(
            lambda: engine_rate(document, dataset, steps), lambda: tutorial_rate(document, folder, batches), rounds
        )


def _parts(document: Document, samples: int) -> tuple[nn.Module, Optimizer, LRScheduler | None]:
    """Net, optimiser and schedule of the document, the same on every side."""
    training = document.training
    torch.manual_seed(training.seed)
    net = build(document.network)
    optimizer = build_optimizer(training.optimizer, net)
    per_epoch = -(-samples // training.batch_size)
    return net, optimizer, build_scheduler(training.schedule, optimizer, training.epochs, per_epoch, validates=False)


def _loss(document: Document) -> Callable[[Tensor, Tensor], Tensor]:
    return F.mse_loss if document.training.loss.name == "mse" else F.cross_entropy


def _targets(document: Document, labels: Tensor) -> Tensor:
    return F.one_hot(labels, 10).float() if document.training.loss.name == "mse" else labels
