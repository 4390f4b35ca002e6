"""A run's random numbers and settings are its own: nothing outside moves them, and they move nothing outside."""

import contextlib

import pytest
import torch

from playground.engine.data.sets import load
from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network.sequence import layer, sequence
from playground.engine.rng import RunContext, epoch_order
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import TrainingSpec

CPU = torch.device("cpu")
DOCUMENT = Document(
    data=Points(name="blobs", samples=50, validation=10, test=20),
    network=sequence(
        layer("Linear", in_features=2, out_features=8),
        layer("BatchNorm1d", num_features=8),
        layer("Dropout", p=0.5),
        layer("Linear", in_features=8, out_features=2),
    ),
    training=TrainingSpec(batch_size=16, epochs=3, device="cpu"),
)


def begun():
    events = load(DOCUMENT.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return TrainingRun(DOCUMENT, end.value)


def losses(between=lambda: None):
    run = begun()
    for _ in range(7):
        between()
        run.step()
    between()
    run.read_back()
    run.evaluate("test")
    return run.history.step_series("loss").tolist()


def test_an_epoch_s_order_is_that_of_the_seed_law():
    generator = torch.Generator().manual_seed(5 * 2**20 + 2)
    assert torch.equal(epoch_order(100, 5, 2), torch.randperm(100, generator=generator))


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_every_seed_a_document_may_hold_gives_an_order(seed):
    assert sorted(epoch_order(10, seed, 100_000).tolist()) == list(range(10))


def test_a_run_begins_with_the_numbers_of_manual_seed():
    context = RunContext(CPU, 7, deterministic=False)
    with context.active():
        ours = torch.rand(4)
    torch.manual_seed(7)
    assert torch.equal(ours, torch.rand(4))


def test_numbers_drawn_between_two_steps_change_nothing_in_the_run():
    assert losses(lambda: torch.rand(5)) == losses(lambda: torch.manual_seed(11)) == losses()


def test_a_run_changes_nothing_in_the_numbers_drawn_outside():
    torch.manual_seed(1)
    expected = [torch.rand(3) for _ in range(8)]
    torch.manual_seed(1)
    drawn = []
    losses(lambda: drawn.append(torch.rand(3)))
    assert all(map(torch.equal, drawn, expected))


def test_building_a_context_leaves_the_numbers_outside_alone():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    RunContext(CPU, 9, deterministic=True)
    assert torch.equal(torch.rand(3), expected)


def change_settings():
    torch.set_default_dtype(torch.float64)
    torch.set_deterministic_debug_mode("warn")
    torch.set_float32_matmul_precision("medium")
    torch.set_grad_enabled(False)


@pytest.fixture
def settings_back():
    yield
    torch.set_default_dtype(torch.float32)
    torch.set_deterministic_debug_mode("default")
    torch.set_float32_matmul_precision("highest")
    torch.set_grad_enabled(True)


@pytest.mark.usefixtures("settings_back")
def test_settings_changed_outside_change_nothing_in_the_run_and_stay_as_they_are_outside():
    expected = losses()
    change_settings()
    assert losses() == expected
    assert torch.get_default_dtype() is torch.float64
    assert torch.get_deterministic_debug_mode() == 1
    assert torch.get_float32_matmul_precision() == "medium"
    assert not torch.is_grad_enabled()


def test_a_deterministic_run_asks_for_it_only_inside():
    context = RunContext(CPU, 0, deterministic=True)
    with context.active():
        assert torch.are_deterministic_algorithms_enabled()
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.usefixtures("settings_back")
def test_what_fails_inside_puts_everything_back():
    context = RunContext(CPU, 0, deterministic=True)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    torch.set_default_dtype(torch.float64)
    with contextlib.suppress(ValueError), context.active():
        torch.rand(3)
        raise ValueError
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_default_dtype() is torch.float64
    with context.active():
        after = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(after, torch.rand(4, dtype=torch.float32)[3:])
