"""Controls, workflow and the whole training panel."""

import typing
from types import MappingProxyType

import pytest
from PySide6.QtCore import Qt

from playground.engine.data.spec import Images, Points, RandomData
from playground.engine.training.events import Phase
from playground.engine.training.spec import LossSpec
from playground.widgets.training.controls import Progress, TrainingControls, duration
from playground.widgets.training.data_choices import DataChoices
from playground.widgets.training.form import TrainingForm
from playground.widgets.training.panel import TrainingPanel
from playground.widgets.training.workflow import PHASES, Workflow

OFFERED = MappingProxyType(
    {
        "idle": {"primary", "step_batch", "step_epoch"},
        "starting": {"stop"},
        "running": {"primary", "stop"},
        "paused": {"primary", "step_batch", "step_epoch", "stop"},
        "stopping": set(),
        "finished": {"primary", "step_batch", "step_epoch"},
    }
)


@pytest.fixture
def controls(qtbot):
    controls = TrainingControls()
    qtbot.addWidget(controls)
    return controls


@pytest.mark.parametrize("state", OFFERED)
def test_a_state_offers_what_makes_sense_in_it(controls, state):
    controls.set_state(state)
    enabled = {name for name in ("primary", "step_batch", "step_epoch", "stop") if getattr(controls, name).isEnabled()}
    assert enabled == OFFERED[state]


@pytest.mark.parametrize("state", OFFERED)
def test_a_net_is_exported_where_the_run_is_over_or_waits(qtbot, controls, state):
    controls.set_state(state)
    assert controls.export.isHidden() == (state not in ("paused", "finished"))
    with qtbot.waitSignal(controls.export_requested):
        controls.export.click()


@pytest.mark.parametrize(
    ("state", "signal"), [("idle", "train"), ("running", "pause"), ("paused", "resume"), ("finished", "train")]
)
def test_the_primary_button_asks_for_what_it_says(qtbot, controls, state, signal):
    controls.set_state(state)
    assert controls.primary.text().lower() == signal
    with qtbot.waitSignal(getattr(controls, f"{signal}_requested")):
        qtbot.mouseClick(controls.primary, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("name", ["step_batch", "step_epoch", "stop"])
def test_the_other_buttons_ask_too(qtbot, controls, name):
    controls.set_state("paused")
    with qtbot.waitSignal(getattr(controls, f"{name}_requested")):
        qtbot.mouseClick(getattr(controls, name), Qt.MouseButton.LeftButton)


def test_progress_is_a_bar_and_a_line(controls):
    controls.set_state("running")
    controls.set_progress(Progress(4, 5, 118, 235, 7.2, 41_234.0))
    assert controls.line.text() == "epoch 4 of 5 · batch 118 of 235 · 7 s left · 41,200 samples/s"
    assert controls.bar.value() == round(1000 * (3 * 235 + 118) / (5 * 235))


def test_progress_leaves_out_what_is_not_known(controls):
    controls.set_progress(Progress(1, 1, 0, 10))
    assert controls.line.text() == "epoch 1 of 1 · batch 0 of 10"


def test_starting_shows_that_something_goes_on(controls):
    controls.set_state("starting")
    assert controls.bar.maximum() == 0
    controls.set_fraction(0.25)
    assert controls.bar.value() == 250


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (12_000, "3 h 20 min")]
)
def test_durations_read_as_people_say_them(seconds, text):
    assert duration(seconds) == text


def test_the_workflow_knows_the_engines_phases():
    assert typing.get_args(Phase) == PHASES


def test_the_phase_under_way_and_the_step_times_are_said(qtbot):
    workflow = Workflow()
    qtbot.addWidget(workflow)
    workflow.resize(360, 90)
    workflow.show()
    workflow.set_phase("train")
    workflow.set_step_times((0.4213, 12.34, 123.4, 0.2))
    assert "train" in workflow.strip.accessibleName()
    assert [label.text() for label in workflow._numbers] == ["0.42 ms", "12.3 ms", "123 ms", "0.20 ms"]
    before = workflow.strip.grab().toImage()
    workflow.set_phase("model")
    assert workflow.strip.grab().toImage() != before
    workflow.set_step_times(None)
    assert {label.text() for label in workflow._numbers} == {"—"}


def test_the_form_offers_the_documents_data_sets_with_the_documents_defaults():
    kinds = {"images": Images, "points": Points, "random": RandomData}
    offered = {kind: [] for kind in kinds}
    for choice in DataChoices().all():
        offered[choice.kind].append(choice.name)
        plain = kinds[choice.kind]()
        assert {argument.name: argument.default for argument in choice.arguments} == {
            argument.name: getattr(plain, argument.name) for argument in choice.arguments
        }
    assert set(offered["images"]) == set(typing.get_args(typing.get_type_hints(Images)["name"]))
    assert set(offered["points"]) == set(typing.get_args(typing.get_type_hints(Points)["name"]))


def test_the_form_offers_the_documents_losses(qtbot):
    form = TrainingForm()
    qtbot.addWidget(form)
    names = [form.loss.name.itemData(index) for index in range(form.loss.name.count())]
    assert tuple(names) == typing.get_args(typing.get_type_hints(LossSpec)["name"])


def test_a_small_panel_keeps_its_buttons_in_sight(qtbot):
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.resize(400, 320)
    panel.show()
    qtbot.waitExposed(panel)
    bottom = panel.controls.mapTo(panel, panel.controls.rect().bottomRight())
    assert panel.rect().contains(bottom)
    assert panel.width() == 400
    assert not panel.workflow._times.isVisible()
    panel.resize(400, 600)
    assert panel.workflow._times.isVisible()


def test_a_run_locks_the_form_until_it_ends(qtbot):
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.set_state("running")
    assert not panel.form.data.isEnabled()
    panel.set_state("finished")
    assert panel.form.data.isEnabled()
