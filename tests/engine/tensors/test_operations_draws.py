"""Operations that draw are explained with real draws, and move no generator on: neither the console's nor a run's."""

import threading
from functools import partial

import pytest
import torch

from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network.sequence import layer, sequence
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.operations.explain import explain
from playground.engine.training.control import Control
from playground.engine.training.job import training_job
from playground.engine.training.spec import TrainingSpec

PATIENCE_S = 60
NAMES = {"torch": torch, "F": torch.nn.functional}
DRAWS = (
    "torch.rand(2, 3)",
    "torch.randn(4)",
    "F.dropout(torch.ones(3, 4))",
    "torch.randperm(6)",
    "torch.ones(3).normal_()",
)
DOCUMENT = Document(
    data=Points(samples=200, test=0),
    network=sequence(
        layer("Linear", in_features=2, out_features=400),
        layer("Dropout", p=0.3),
        layer("Linear", in_features=400, out_features=2),
    ),
    training=TrainingSpec(batch_size=20, epochs=5, device="cpu"),
)


def losses(control: Control) -> list[float]:
    return [loss for event in training_job(DOCUMENT, control) for loss in getattr(event, "loss", ())]


@pytest.mark.parametrize("text", DRAWS)
def test_what_is_shown_is_what_the_next_cell_would_draw(text: str) -> None:
    torch.manual_seed(3)
    shown = explain(text, NAMES).results[0].values
    assert torch.equal(torch.from_numpy(shown), eval(text, dict(NAMES)))


def test_a_run_of_50_batches_with_dropout_beside_explaining_has_the_same_losses() -> None:
    alone = losses(Control())
    console, control = Console(), Control(paused=True)
    serving = threading.Thread(target=console.serve)
    beside: list[float] = []
    training = threading.Thread(target=lambda: beside.extend(losses(control)))
    attached = console.attach(control)
    serving.start()
    training.start()
    try:
        attached.result(PATIENCE_S)
        for batch in range(50):
            control.step_batch()
            text = DRAWS[batch % len(DRAWS)]
            asked = [console.call(partial(explain, text, NAMES), text) for _ in range(3)]
            assert all(each.result(PATIENCE_S).problem is None for each in asked)
        control.resume()
        training.join(PATIENCE_S)
    finally:
        control.stop()
        training.join(PATIENCE_S)
        console.close()
        serving.join(PATIENCE_S)
    assert len(alone) == 50
    assert beside == alone


@pytest.mark.parametrize(
    "changed",
    [
        "torch.set_default_dtype(torch.float64)",
        "torch.set_float32_matmul_precision('medium')",
        "torch.use_deterministic_algorithms(True)",
        "torch.set_grad_enabled(False)",
    ],
)
def test_a_setting_changed_in_what_is_explained_is_as_before_afterwards(changed):
    def settings():
        return (
            torch.get_default_dtype(),
            torch.get_float32_matmul_precision(),
            torch.are_deterministic_algorithms_enabled(),
            torch.is_grad_enabled(),
        )

    before = settings()
    explain(f"({changed}, torch.ones(2))[1] + 1", NAMES)
    assert settings() == before


def test_a_near_miss_names_what_was_meant_in_a_sentence():
    problem = explain("torch.sigmod(torch.ones(2))", NAMES).problem
    assert str(problem).endswith("torch has no sigmod; the nearest is sigmoid.")
