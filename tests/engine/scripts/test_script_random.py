"""Random experiments: a program that is offered runs unchanged and gives the engine's losses, bit for bit."""

import runpy
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from playground.engine.data.spec import RandomData
from playground.engine.document import Document
from playground.engine.network.analysis import analyse
from playground.engine.network.sequence import layer, sequence
from playground.engine.problems import Problem
from playground.engine.scripts.program import script
from playground.engine.spec import Args
from playground.engine.training.checking import check_document
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec
from tests.engine.network.random_stacks import stacks
from tests.engine.scripts.test_script import engine_run

# Every example is two runs of three epochs; hundreds are tried by hand where programs or torch have changed.
EXAMPLES = 25

OPTIMIZERS = {
    "SGD": Args(lr=0.01, momentum=0.5),
    "Adam": Args(lr=0.01, amsgrad=True),
    "AdamW": Args(),
    "RMSprop": Args(lr=0.003, centered=True),
    "Adagrad": Args(lr=0.05),
    "Adafactor": Args(),
    "NAdam": Args(),
    "Rprop": Args(),
    "ASGD": Args(),
}
SCHEDULES = (
    None,
    ScheduleSpec(name="StepLR", args=Args(step_size=2)),
    ScheduleSpec(name="CosineAnnealingLR", args=Args(T_max=None), every="step"),
    ScheduleSpec(name="OneCycleLR", args=Args(max_lr=0.05, cycle_momentum=False), every="step"),
    ScheduleSpec(name="ExponentialLR", args=Args(gamma=0.9)),
    ScheduleSpec(name="ReduceLROnPlateau", args=Args(patience=0)),
)
LOSSES = ("mse", "l1", "bce_with_logits")
TITLE = 'Ra\'ndom "{x}" %s \\ 出'


@st.composite
def experiments(draw):
    network, shape = draw(stacks())
    flat = layer("Flatten")
    (size,) = analyse(sequence(*network.layers, flat), shape).output or (1,)
    last = layer("Linear", in_features=size, out_features=3)
    samples, name = draw(st.integers(2, 40)), draw(st.sampled_from(sorted(OPTIMIZERS)))
    parts = {
        "samples": samples,
        "test": draw(st.sampled_from([0, 1, 7])),
        "validation": draw(st.integers(0, samples // 2)),
    }
    training = TrainingSpec(
        loss=LossSpec(name=draw(st.sampled_from(LOSSES)), reduction=draw(st.sampled_from(["mean", "sum"]))),
        optimizer=OptimizerSpec(name=name, args=OPTIMIZERS[name]),
        schedule=draw(st.sampled_from(SCHEDULES)),
        batch_size=draw(st.sampled_from([1, 2, 7, 16, 1_000])),
        epochs=draw(st.integers(1, 3)),
        seed=draw(st.sampled_from([0, 5, 2**32 - 1])),
        device="cpu",
    )
    data = RandomData(shape=shape, outputs=3, seed=draw(st.integers(0, 9)), **parts)
    return Document(title=TITLE, data=data, network=sequence(*network.layers, flat, last), training=training)


@given(experiments())
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_a_program_that_is_offered_gives_the_numbers_of_the_engine(document):
    try:
        check_document(document)
        run = engine_run(document)
    except Problem:
        assume(False)
    assert losses(document) == run.history.step_series("loss").tolist()


def losses(document):
    """What the program, run as it is, has in its list."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "program.py"
        path.write_text(script(document), encoding="utf-8")
        patch.setattr(sys, "argv", [str(path), "--out", str(Path(folder) / "weights.pt")])
        return runpy.run_path(str(path), run_name="__main__")["losses"]
