"""Cells beside a training run: its numbers stay its own, and live objects are touched between two steps only."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass

import pytest
import torch

from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.gate import Gate, draws
from playground.engine.network.sequence import layer, sequence
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.console.mentions import is_timed, mentioned, touches
from playground.engine.training.control import Control
from playground.engine.training.job import training_job
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import OptimizerSpec, TrainingSpec

PATIENCE_S = 60
BATCHES = 200
DOCUMENT = Document(
    data=Points(samples=200, test=0),
    network=sequence(
        layer("Linear", in_features=2, out_features=600),
        layer("Dropout", p=0.3),
        layer("ReLU"),
        layer("Linear", in_features=600, out_features=600),  # large enough for many cells beside the 200 batches
        layer("ReLU"),
        layer("Linear", in_features=600, out_features=2),
    ),
    training=TrainingSpec(optimizer=OptimizerSpec(name="Adam"), batch_size=20, epochs=BATCHES // 10, device="cpu"),
)
NEVER_ENDS = Document(
    data=DOCUMENT.data, network=DOCUMENT.network, training=TrainingSpec(batch_size=1, epochs=100_000, device="cpu")
)


@dataclass
class Beside:
    """A console and a run beside each other, each on a thread."""

    console: Console
    control: Control
    losses: list[float]
    failures: list[BaseException]
    training: threading.Thread

    def ended(self) -> list[float]:
        """The losses of the run when it has ended."""
        self.training.join(PATIENCE_S)
        assert not self.training.is_alive()
        assert self.failures == []
        return self.losses


def train(document: Document, control: Control, losses: list[float], failures: list[BaseException]) -> None:
    """A run from beginning to end."""
    try:
        for event in training_job(document, control):
            losses.extend(getattr(event, "loss", ()))
    except BaseException as error:
        failures.append(error)


def step_of(run: TrainingRun) -> int:
    """How many steps it has taken."""
    return run.step_count


@pytest.fixture
def beside(request: pytest.FixtureRequest) -> Iterator[Beside]:
    """A console attached to a run that is paused before its first step."""
    console, control = Console(lambda: DOCUMENT), Control(paused=True)
    serving = threading.Thread(target=console.serve)
    serving.start()
    document = getattr(request, "param", DOCUMENT)
    losses: list[float] = []
    failures: list[BaseException] = []
    training = threading.Thread(target=train, args=(document, control, losses, failures))
    bound = threading.Event()
    console.watchers.after_bind.append(lambda _: bound.set())
    attached = console.attach(control)
    training.start()
    try:
        attached.result(PATIENCE_S)
        assert bound.wait(PATIENCE_S)
        yield Beside(console, control, losses, failures, training)
    finally:
        console.close()
        serving.join(PATIENCE_S)
        control.stop()
        training.join(PATIENCE_S)


@pytest.fixture(scope="module")
def alone() -> list[float]:
    """The losses of the same run with no console near it."""
    losses: list[float] = []
    failures: list[BaseException] = []
    train(DOCUMENT, Control(), losses, failures)
    assert failures == []
    assert len(losses) == BATCHES
    return losses


def test_cells_that_draw_and_read_all_the_time_leave_the_losses_of_a_run_with_dropout_as_they_are(
    beside: Beside, alone: list[float]
) -> None:
    cells = (
        "torch.rand(100); F.dropout(torch.ones(50)); nn.Linear(3, 3)",
        "net[0].weight.sum(), optimizer.param_groups[0]['lr'], len(history)",
        "torch.manual_seed(5); torch.randn(3)",
        "for _ in range(50): torch.randint(9, (4,))",
        "torch.set_rng_state(torch.get_rng_state()); torch.seed()",
        "net(x)",
        "next(iter(train_loader))[0].shape",
    )
    beside.control.resume()
    ran = 0
    while beside.training.is_alive():
        result = beside.console.run_cell(cells[ran % len(cells)])
        assert result.error == "", result
        ran += 1
    assert beside.ended() == alone
    assert ran > 7


def test_seeded_draws_of_a_cell_are_its_own_too(beside: Beside) -> None:
    beside.control.resume()
    beside.console.run_cell("torch.manual_seed(0)\na = [torch.rand(3) for _ in range(300)]")
    beside.ended()
    torch.manual_seed(0)
    assert all(torch.equal(mine, torch.rand(3)) for mine in beside.console.namespace["a"])


def test_edits_in_place_never_make_a_step_raise(beside: Beside) -> None:
    beside.control.resume()
    edits = 0
    while beside.training.is_alive():
        for code in (
            "with torch.no_grad(): net[0].weight.mul_(1.01)",
            "w = net[5].weight",
            "w.data.add_(0.001)",  # an alias of a live tensor
            "def change():\n    with torch.no_grad(): net[5].bias.zero_()",
            "change()",
            "optimizer.param_groups[0]['lr'] = 2e-3",
        ):
            assert beside.console.run_cell(code).error == ""
            edits += 1
    assert len(beside.ended()) == BATCHES
    assert edits >= 6


def test_live_objects_are_the_very_ones_of_the_run(beside: Beside) -> None:
    run = beside.control.between_steps(lambda run: run).result(PATIENCE_S)
    namespace = beside.console.namespace
    assert namespace["net"] is run.net
    assert namespace["optimizer"] is run.optimizer
    assert namespace["history"] is run.history
    assert namespace["doc"] is run.document
    assert torch.equal(namespace["x"], run.batches[0].inputs)


def test_x_follows_the_batches_until_the_user_has_an_x_of_his_own(beside: Beside) -> None:
    run = beside.control.between_steps(lambda run: run).result(PATIENCE_S)
    beside.control.step_batch()
    beside.control.step_batch()
    while beside.control.between_steps(step_of).result(PATIENCE_S) < 2:
        assert beside.training.is_alive()
    beside.console.run_cell("x")
    assert torch.equal(beside.console.namespace["x"], run.batches[1].inputs)
    beside.console.run_cell("x = torch.zeros(1)")
    assert beside.console.run_cell("x").text == "tensor([0.])\n"
    beside.control.resume()
    beside.ended()


def test_a_cell_goes_before_a_question_that_waits_for_the_step_under_way(beside: Beside) -> None:
    step_ends = threading.Event()
    beside.control.between_steps(lambda _: step_ends.wait())
    asked = [beside.console.call(lambda number=number: number) for number in range(3)]  # they may look at live objects
    assert beside.console.run_cell("1 + 1").text == "2\n"
    assert not any(each.done() for each in asked)
    step_ends.set()
    assert [each.result(PATIENCE_S) for each in asked] == [0, 1, 2]


@pytest.mark.parametrize("beside", [NEVER_ENDS], indirect=True)
def test_training_waits_while_a_cell_holds_its_net_and_goes_on_after_an_interrupt(beside: Beside) -> None:
    run = beside.control.between_steps(lambda run: run).result(PATIENCE_S)
    told: list[str] = []
    holding, seen = threading.Event(), threading.Event()

    def listen(kind: str, content: dict[str, str]) -> None:
        if kind == "turn":
            told.append(content["status"])
            seen.set()

    beside.console.listen(listen)
    beside.control.resume()
    beside.console.namespace["holding"] = holding
    ran = threading.Thread(target=beside.console.run_cell, args=("net\nholding.set()\nwhile True: pass",))
    ran.start()
    assert holding.wait(PATIENCE_S)
    before = run.step_count
    assert beside.console.interrupt()
    ran.join(PATIENCE_S)
    assert told == ["waiting", "holding", "idle"]
    while beside.control.between_steps(step_of).result(PATIENCE_S) == before:
        assert beside.training.is_alive()
    told.clear()
    beside.console.run_cell("1 + 1")
    assert told == ["busy", "idle"]


@pytest.mark.parametrize("beside", [NEVER_ENDS], indirect=True)
def test_a_watcher_has_the_waiting_run_at_hand(beside: Beside) -> None:
    runs: list[object] = []
    beside.console.watchers.after_cell.append(lambda done: runs.append(done.run))
    beside.control.resume()
    for code in ("net[1]", "1 + 1", "net = nn.Linear(2, 2)", "y = 3"):
        beside.console.run_cell(code)
    run = beside.control.between_steps(lambda run: run).result(PATIENCE_S)
    assert runs == [run, None, run, run]


@pytest.mark.parametrize("beside", [NEVER_ENDS], indirect=True)
def test_measured_cells_say_that_training_waits(beside: Beside) -> None:
    beside.control.resume()
    result = beside.console.run_cell("%timeit -n 5 -r 1 torch.rand(2)")
    assert "training waits" in result.text
    assert "loop" in result.text


@pytest.mark.parametrize("beside", [NEVER_ENDS], indirect=True)
def test_questions_wait_for_training_only_where_they_look_at_its_objects(beside: Beside) -> None:
    beside.control.resume()
    run = beside.control.between_steps(lambda run: run).result(PATIENCE_S)

    def steps_meanwhile() -> int:
        before, begun = run.step_count, time.monotonic()
        while run.step_count < before + 3 and time.monotonic() < begun + 0.3:
            pass
        return run.step_count - before

    assert [beside.console.call(steps_meanwhile, naming).result(PATIENCE_S) for naming in ("net", "")] == [0, 0]
    begun = time.monotonic()
    while not beside.console.call(steps_meanwhile, "torch.ones(2)").result(PATIENCE_S):
        assert time.monotonic() < begun + PATIENCE_S


@pytest.mark.parametrize("beside", [NEVER_ENDS], indirect=True)
def test_a_question_is_interrupted(beside: Beside) -> None:
    begun = threading.Event()

    def endless() -> None:
        begun.set()
        while True:
            pass

    asked = beside.console.call(endless)
    assert begun.wait(PATIENCE_S)
    assert beside.console.interrupt()
    with pytest.raises(CancelledError):
        asked.result(PATIENCE_S)


def test_gradients_that_training_accumulates_are_not_looked_at_meanwhile(beside: Beside) -> None:
    beside.console.run_cell("w, alike = net[3].weight, nn.Sequential(net[0])")
    names: list[tuple[str, ...]] = []
    beside.console.watchers.after_cell.append(lambda done: names.append(done.names))
    beside.control.resume()
    while beside.training.is_alive():
        beside.console.run_cell("5")
    assert set(names) == {()}


def test_after_the_end_of_the_run_its_objects_stay_and_no_cell_waits(beside: Beside) -> None:
    beside.control.resume()
    beside.ended()
    assert beside.console.run_cell("len(history)").text == f"{BATCHES}\n"


FUNCTIONS = """
def function(): return net[0]
def harmless(): return other.sum()
def closed(kept): return lambda: kept
closure = closed(alias)
"""
NET = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())


@pytest.mark.parametrize(
    ("code", "is_live"),
    [
        ("net(x)", True),
        ("net = nn.Linear(1, 1)", True),
        ("alias.weight", True),
        ("view.zero_()", True),
        ("parts[0].add_(1)", True),
        ("function()", True),
        ("closure()", True),
        ("method(x)", True),
        ("exec('net[0]')", True),
        ("%time net(x)", True),
        ("%run file.py", True),
        ("torch.set_default_dtype(torch.float64)", True),
        ("net(\uff08", True),
        ("a = 1 + other.sum()", False),
        ("harmless()", False),
        ("'net'", False),
        ("%time other.sum()", False),
        ("model.eval()", False),
    ],
)
def test_a_cell_that_can_reach_a_live_object_is_found(code: str, *, is_live: bool) -> None:
    namespace: dict[str, object] = {
        "net": NET,
        "alias": NET[0],
        "view": NET[0].weight.detach()[0],
        "parts": [NET[0].weight],
        "other": torch.ones(3),
        "method": NET.forward,
        "model": torch.nn.Linear(1, 1),
    }
    exec(FUNCTIONS, namespace)
    assert touches(mentioned(code), namespace, {"net": NET}) is is_live


def test_cells_that_measure_are_found() -> None:
    assert is_timed("%timeit x") is is_timed("a = 1\n%%time\nx") is True
    assert is_timed("timeit = '%timeit'") is is_timed("5 %time") is False


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_worker_process_is_not_kept_out_by_a_thread_that_does_not_live_in_it() -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with draws:
            held.set()
            done.wait(PATIENCE_S)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(PATIENCE_S)
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        with draws:
            os._exit(7)
    done.set()
    holder.join(PATIENCE_S)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_the_gate_goes_to_whoever_asked_first() -> None:
    gate, order, asking = Gate(), [], []

    def ask(name: int) -> None:
        with gate, gate:
            order.append(name)

    with gate:
        for name in range(5):
            asking.append(threading.Thread(target=ask, args=(name,)))
            asking[-1].start()
            while len(gate._waiting) <= name:
                assert asking[-1].is_alive()
        assert order == []
    for thread in asking:
        thread.join(PATIENCE_S)
    assert order == [0, 1, 2, 3, 4]


def test_a_loop_that_takes_the_gate_again_and_again_does_not_starve_another() -> None:
    gate, stop, taken = Gate(), threading.Event(), []

    def loop() -> None:
        while not stop.is_set():
            with gate:
                taken.append(1)

    greedy = threading.Thread(target=loop)
    greedy.start()
    for _ in range(100):
        with gate:
            before = len(taken)
        assert len(taken) - before < 10_000_000
    stop.set()
    greedy.join(PATIENCE_S)
    assert not greedy.is_alive()
    with draws:
        assert gate is not draws
