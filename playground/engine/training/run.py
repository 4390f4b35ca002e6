"""One training run: a net, its optimiser and schedule, the place in the data, its generators and its history."""

import copy
import math
import time
from collections.abc import Generator
from typing import Any

from torch import Tensor, nn
from torch.optim import LBFGS, Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from playground.engine import devices
from playground.engine import document as documents
from playground.engine.data.sets import DataSet
from playground.engine.data.spec import Images
from playground.engine.document import Document
from playground.engine.network.analysis import check_network
from playground.engine.network.builder import build
from playground.engine.problems import Problem
from playground.engine.rng import GeneratorStates, RunContext
from playground.engine.training import diagnosis, ends
from playground.engine.training.batches import Batch, Batches
from playground.engine.training.checking import check_steps
from playground.engine.training.control import Control
from playground.engine.training.evaluation import correct
from playground.engine.training.events import (
    EpochDone,
    Event,
    Paused,
    Preparing,
    Result,
    Resumed,
    Score,
    Steps,
)
from playground.engine.training.history import History
from playground.engine.training.losses import loss_function
from playground.engine.training.metrics import Pending, cut, first_not_finite
from playground.engine.training.optimizers import build_optimizer, build_scheduler, catch_up, move_on, set_learning_rate
from playground.engine.training.scoring import Scoring
from playground.engine.training.spec import LossSpec

BLOCK_SECONDS = 1 / 30
SNAPSHOT_SECONDS = 1.0
SNAPSHOT_SHARE = 200  # a snapshot may take at most one part in so many of the training time

State = dict[str, Any]  # tensors and plain values only: what torch.load(weights_only=True) accepts


class TrainingRun:
    """A run of `document` over `dataset`, one `step()` at a time.

    Attributes
    ----------
    net, optimizer, scheduler, loss
        The live objects, on `device`.
    step_count, epochs_done : int
        Steps taken, also the number of the next step; epochs trained and scored.
    batch : Batch or None
        What the last step was trained on.
    history : History
        What was read back so far; `take_events()` reads back the rest.

    Raises
    ------
    Problem
        Where the document does not fit together: layers, loss, optimiser, schedule or device.
    """

    def __init__(self, document: Document, dataset: DataSet) -> None:
        training = document.training
        self.document = document
        self.device = devices.choose(training.device)
        self.facts = dataset.facts
        self.dataset = dataset.to(self.device)
        self.context = RunContext(self.device, training.seed, deterministic=training.deterministic)
        with self.context.active():
            self.net: nn.Module = build(document.network).to(self.device)
        check_network(document.network, self.facts)
        check_steps(document.network, self.facts, training.batch_size)
        self.loss = loss_function(training.loss, self.facts)
        self._scoring = Scoring(training, self.dataset)
        self.batches = self._make_batches()
        self.steps_per_epoch = self.batches.per_epoch
        self.total_steps = self.steps_per_epoch * training.epochs
        self.optimizer = build_optimizer(training.optimizer, self.net)
        self.scheduler = build_scheduler(
            training.schedule,
            self.optimizer,
            training.epochs,
            self.steps_per_epoch,
            validates=dataset.validation is not None,
        )
        self.history = History()
        self.step_count = 0
        self.batch: Batch | None = None
        self.epochs_done = 0
        self._pending = Pending(0)
        self._events: list[Event] = []
        self._next_block = 0.0
        self.keep_snapshot()

    @property
    def done(self) -> bool:
        """Whether every epoch was trained and scored."""
        return self.epochs_done >= self.document.training.epochs

    @property
    def epoch_due(self) -> bool:
        """Whether the last batch of an epoch was trained and the epoch is not scored yet."""
        return self.step_count == (self.epochs_done + 1) * self.steps_per_epoch

    @property
    def next_epoch_step(self) -> int:
        """The step the next epoch begins with."""
        return (self.step_count // self.steps_per_epoch + 1) * self.steps_per_epoch

    def step(self) -> None:
        """Forward, loss, backward and update on the next batch, and the end of the epoch before it if still due.

        Raises
        ------
        Problem
            `loss-not-finite`, with the state before the step that caused it restored; `schedule-argument`.
        """
        if self.epoch_due:
            self.finish_epoch()
        if time.perf_counter() >= self._next_snapshot:
            self.check_finite()
            self.keep_snapshot()
        loss = self.train_batch()
        if self.device.type == "cpu" and not math.isfinite(loss.item()):
            self.read_back()

    def train_batch(self) -> Tensor:
        """Train on the next batch and nothing else; the loss [] may be infinite or NaN."""
        with self.context.active():
            began = time.perf_counter()
            batch = self.batch = self.batches[self.step_count]
            rate = float(self.optimizer.param_groups[0]["lr"])
            loss, right, times = self._update(batch, began)
            self._pending.add(loss, right, len(batch.inputs), rate, times)
            self.step_count += 1
            if self.scheduler is not None and self._scheduled_every("step"):
                move_on(self.scheduler)
        return loss

    def finish_epoch(self) -> None:
        """Score the epoch on every split and move a schedule that goes by epochs."""
        self.check_finite()
        with self.context.active():
            validation, test = (self.evaluate(name) for name in ("validation", "test"))
        self.epochs_done += 1
        trained = self._scoring.as_trained(self.history, self.batches.sizes().numpy())
        seconds = self.history.seconds - sum(epoch.seconds for epoch in self.history.epochs)
        self._record(EpochDone(self.epochs_done, self.step_count, trained, validation, test, seconds))
        if self.scheduler is not None and self._scheduled_every("epoch"):
            reads_loss = isinstance(self.scheduler, ReduceLROnPlateau)
            move_on(self.scheduler, *(score.loss for score in [validation] if score and reads_loss))
        self.keep_snapshot()  # so that no replay crosses the end of an epoch

    def evaluate(self, split: str) -> Score | None:
        """Loss and accuracy over "train", "validation" or "test"; None where there is no such split."""
        return self._scoring.evaluate(self.net, split, self.loss)

    def set_learning_rate(self, rate: float) -> None:
        """Train with `rate` from the next step on.

        Raises
        ------
        Problem
            `optimizer-argument` for what is no rate.
        """
        set_learning_rate(self.optimizer, self.scheduler, rate)
        self.touched()

    def take_loss(self, spec: LossSpec) -> None:
        """Train and score with this loss from the next step on.

        Raises
        ------
        Problem
            `loss-misfit` where it cannot compare with this data's targets.
        """
        self.loss = loss_function(spec, self.facts)
        self.document = documents.replace(self.document, "training.loss", spec)
        self._scoring = Scoring(self.document.training, self.dataset)
        self.batches = self._make_batches()
        self.touched()

    def take_optimizer(self, optimizer: Optimizer) -> None:
        """Train with another optimiser from the next step on, with the schedule moved on to the present place.

        Raises
        ------
        Problem
            `schedule-argument` where the schedule does not fit this optimiser.
        """
        training = self.document.training
        scheduler = build_scheduler(
            training.schedule,
            optimizer,
            training.epochs,
            self.steps_per_epoch,
            validates=self.dataset.validation is not None,
        )
        if scheduler is not None and self.scheduler is not None:
            catch_up(scheduler, self.scheduler)
        self.optimizer, self.scheduler = optimizer, scheduler
        self.touched()

    def check_finite(self) -> None:
        """Weights can stop being finite one step before the loss shows it, or after the last one; raises as `step`."""
        self.read_back()
        if not diagnosis.has_finite_weights(self.net):
            raise diagnosis.explain(self, self._snapshot, self.step_count - 1, float("nan"))

    def keep_snapshot(self) -> None:
        """Keep the state as the one that a loss that is not finite leads back to."""
        began = time.perf_counter()
        self._snapshot = self.state()
        now = time.perf_counter()
        self._next_snapshot = now + max(SNAPSHOT_SECONDS, SNAPSHOT_SHARE * (now - began))

    def touched(self) -> None:
        """Say that something besides the steps changed the run, so that no replay begins before that."""
        self._next_snapshot = 0.0

    def take_events(self) -> list[Event]:
        """Read back what was measured since the last call."""
        self.read_back()
        return self._measured()

    def state(self) -> State:
        """Copies of everything that decides how the run goes on; see `restore`."""
        if self.epoch_due:
            self.finish_epoch()
        return {
            "step": self.step_count,
            "epochs": self.epochs_done,
            "model": {name: value.detach().clone() for name, value in self.net.state_dict().items()},
            "optimizer": copy.deepcopy(self.optimizer.state_dict()),
            "scheduler": copy.deepcopy(self.scheduler.state_dict()) if self.scheduler else None,
            "cpu_generator": self.context.states.cpu.clone(),
            "device_generator": self.context.states.accelerator,
        }

    def restore(self, state: State, *, keep_history: bool = False) -> None:
        """Go on from `state`, which is the run's from here; the history forgets what came later, unless it is to stay.

        Raises
        ------
        RuntimeError, ValueError, KeyError
            Where the state belongs to another net or optimiser.
        """
        if not keep_history:
            self.read_back()
        self.net.load_state_dict(state["model"])
        self.optimizer.load_state_dict(copy.deepcopy(state["optimizer"]))
        if self.scheduler is not None:
            self.scheduler.load_state_dict(copy.deepcopy(state["scheduler"]))
        self.context.states = GeneratorStates(state["cpu_generator"].clone(), state["device_generator"])
        self.step_count = state["step"]
        self.epochs_done = state["epochs"]
        self._pending = Pending(self.step_count)
        if not keep_history:
            self.history.truncate(self.step_count)
        self._snapshot = state
        self.net.train()

    def events(self, control: Control) -> Generator[Event, None, Result]:
        """Run to the end under `control`, a loop over `step()`; blocks of steps about 30 times a second.

        Whoever drives the run calls `control.end()` once it is over and kept: until then requests wait.
        """
        yield ends.started(self)
        yield Preparing("train")
        try:
            while not self.done:
                control.serve(self)
                if control.stopped:
                    break
                if not control.may_step(self.step_count, self.next_epoch_step):
                    yield from self._pause(control)
                    continue
                yield from self._advance()
            self.check_finite()
            yield from self.take_events()
        except Problem:
            yield from self._measured()
            raise
        return ends.result(self)

    def _advance(self) -> Generator[Event]:
        """One step, and whatever falls due after it."""
        self.step()
        if time.perf_counter() >= self._next_block or self.epoch_due:
            yield from self.take_events()
            self._next_block = time.perf_counter() + BLOCK_SECONDS
        if self.epoch_due:
            yield Preparing("validate")
            self.finish_epoch()
            yield from self.take_events()
            if not self.done:
                yield Preparing("train")

    def _pause(self, control: Control) -> Generator[Event]:
        yield from self.take_events()
        yield Paused(self.step_count)
        control.wait(self)
        if not control.stopped:
            yield Resumed(self.step_count)

    def _update(self, batch: Batch, began: float) -> tuple[Tensor, Tensor, tuple[float, ...]]:
        """One optimiser step: the loss [], the count of right answers [], and the moments between the phases."""
        if isinstance(self.optimizer, LBFGS):
            return self._update_with_closure(batch, began)
        self.optimizer.zero_grad()
        outputs = self.net(batch.inputs)
        forward = time.perf_counter()
        loss = self.loss(outputs, batch.targets)
        compared = time.perf_counter()
        loss.backward()  # type: ignore[no-untyped-call]
        backward = time.perf_counter()
        self.optimizer.step()
        right = correct(outputs.detach(), batch.labels)
        return loss.detach(), right, (began, forward, compared, backward, time.perf_counter())

    def _update_with_closure(self, batch: Batch, began: float) -> tuple[Tensor, Tensor, tuple[float, ...]]:
        """LBFGS evaluates several times a step; the first evaluation is the one that is shown."""
        seen: list[Tensor] = []

        def closure() -> Tensor:
            self.optimizer.zero_grad()
            outputs = self.net(batch.inputs)
            seen.append(outputs.detach())
            loss = self.loss(outputs, batch.targets)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        first: Any = self.optimizer.step(closure)  # type: ignore[arg-type]
        now = time.perf_counter()
        return first.detach(), correct(seen[0], batch.labels), (began, began, began, began, now)

    def read_back(self) -> None:
        """Turn what is pending into a block for the history.

        Raises
        ------
        Problem
            `loss-not-finite`, as `step` does.
        """
        if not len(self._pending):
            return
        block = self._pending.take()
        bad = first_not_finite(block)
        if bad is None:
            self._record(block)
            return
        good = cut(block, bad)
        if good is not None:
            self._record(good)
        value = float(block.loss[bad - block.first])
        raise diagnosis.explain(self, self._snapshot, bad, value)

    def _measured(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _record(self, event: Steps | EpochDone) -> None:
        self.history.record(event)
        self._events.append(event)

    def _scheduled_every(self, unit: str) -> bool:
        schedule = self.document.training.schedule
        return schedule is not None and schedule.every == unit

    def _make_batches(self) -> Batches:
        data, training = self.document.data, self.document.training
        change = data.augment if isinstance(data, Images) else None
        background = -self.facts.mean[0] / self.facts.std[0] if self.facts.mean else 0.0
        return Batches(
            self.dataset.train, self._scoring.targets["train"], training.batch_size, training.seed, change, background
        )
