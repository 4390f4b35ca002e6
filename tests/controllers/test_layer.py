"""Looking into a layer through the window: fresh, while it trains, and afterwards."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from driving import wait_until
from PySide6.QtTest import QTest

from playground.controllers.layer import LayerController
from playground.engine.data.sets import load
from playground.engine.document import replace
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.presets import preset
from playground.engine.training.spec import ScheduleSpec
from playground.jobs import Jobs
from playground.live_run import LiveRun
from playground.session import Session
from playground.widgets.digits.panel import DigitPanel
from playground.widgets.layer.panel import LayerPanel
from playground.widgets.samples.panel import SamplesPanel

NETWORK = sequence(
    layer("Conv2d", in_channels=1, out_channels=3, kernel_size=5, stride=2),
    layer("ReLU"),
    layer("Dropout", p=0.5),
    layer("Flatten"),
    layer("Linear", in_features=432, out_features=10),
)
DOCUMENT = replace(replace(preset("lenet5"), "network", NETWORK), "training.device", "cpu")
DOCUMENT = replace(DOCUMENT, "training.batch_size", 5_000)
CONV, RELU, DROPOUT, _, LINEAR = (node.id for node in NETWORK.layers)


@dataclass
class Bench:
    """The layer panel with all that is behind it."""

    session: Session
    jobs: Jobs
    run: LiveRun
    panel: LayerPanel
    samples: SamplesPanel
    digits: DigitPanel
    controller: LayerController

    def look(self, layer_id, view):
        """Select a layer and a view, and wait for the answer."""
        self.panel.set_caption("")
        self.controller.select_layer(layer_id)
        self.panel.choose_view(view)
        self.wait()

    def wait(self):
        wait_until(lambda: self.panel.caption.text() != "", "the layer to be shown")

    def again(self, change):
        """Change something, and wait for the answer to it."""
        self.panel.set_caption("")
        change()
        self.wait()


@pytest.fixture
def bench(qtbot):
    """A shown panel over a small convolutional net that nobody trained."""
    session, jobs = Session(DOCUMENT), Jobs()
    run, panel, samples, digits = LiveRun(jobs), LayerPanel(), SamplesPanel(), DigitPanel()
    controller = LayerController(session, run, jobs, panel, samples, digits)
    for widget in (panel, samples, digits):
        qtbot.addWidget(widget)
    panel.resize(400, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    controller.start()
    yield Bench(session, jobs, run, panel, samples, digits, controller)
    panel.hide()
    jobs.stop_all()
    session.close()
    for left in (controller, run, jobs, session):
        left.deleteLater()  # here and now: collected on the thread of a later test, their timers would crash it
    QTest.qWait(0)


def fresh():
    torch.manual_seed(DOCUMENT.training.seed)
    return build(NETWORK).eval()


def inputs():
    """The training split, as the net takes it."""
    events = load(DOCUMENT.data)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value.train.inputs


def train(bench, epochs=1):
    bench.run.start(replace(bench.session.document, "training.epochs", epochs))


def test_a_layer_that_nobody_trained_shows_the_weights_of_the_seed(bench):
    bench.look(CONV, "filters")
    shown = bench.panel.filters.tiles.sheet._images
    np.testing.assert_array_equal(shown, fresh()[0].weight.detach()[:, 0].numpy())
    assert "Not trained" in bench.panel.caption.text()
    assert "Conv2d 1 → 3" in bench.panel.layer.text()


def test_the_sample_selected_in_the_gallery_is_sent_through(bench):
    bench.look(CONV, "activations")
    bench.again(lambda: bench.samples.sample_selected.emit(17))
    with torch.no_grad():
        expected = fresh()[0](inputs()[17:18])[0]
    shown = bench.panel.activations.tiles.sheet._images
    np.testing.assert_array_equal(shown, expected.numpy())
    assert bench.panel.sample.currentText() == "sample 17 of train"


def test_the_drawn_digit_is_offered_when_there_is_one(bench):
    bench.look(CONV, "activations")
    assert bench.panel.sample.count() == 1
    ink = np.zeros((280, 280), np.float32)
    ink[40:240, 130:150] = 1
    bench.digits.ink_changed.emit(ink)
    before = bench.panel.activations.tiles.sheet._images
    bench.again(lambda: bench.panel.sample.setCurrentIndex(1))
    assert not np.array_equal(bench.panel.activations.tiles.sheet._images, before)
    bench.again(lambda: bench.digits.ink_changed.emit(np.zeros_like(ink)))
    np.testing.assert_array_equal(bench.panel.activations.tiles.sheet._images, before)


def test_train_mode_shows_dropouts_mask(bench):
    bench.look(DROPOUT, "activations")
    assert not bench.panel.activations.kept.isVisible()
    assert "choose eval" not in bench.panel.caption.text()
    bench.again(lambda: bench.panel.mode.setCurrentIndex(1))
    assert bench.panel.activations.kept.isVisible()
    assert "choose eval" in bench.panel.caption.text()


def test_a_click_on_an_output_shows_its_arithmetic(bench):
    bench.look(CONV, "activations")
    bench.again(lambda: bench.panel.activations.tiles.chosen.emit(2, 4, 7))
    assert bench.panel.view == "cell"
    assert "output[2, 4, 7]" in bench.panel.cell.sums.text()


def test_a_run_that_failed_before_it_had_a_net_leaves_the_fresh_one_to_look_at(bench):
    bench.run.start(replace(bench.session.document, "training.schedule", ScheduleSpec(name="Nonsense")))
    wait_until(lambda: bench.run.state == "failed", "the run to fail")
    bench.look(CONV, "filters")
    assert "Not trained" in bench.panel.caption.text()
    assert bench.panel.filters.isVisible()


def test_what_a_layer_does_not_have_is_said(bench):
    bench.look(RELU, "weights")
    assert "no parameters" in bench.panel.invitation.sentence.text()
    bench.look(RELU, "cell")
    assert "Select a Conv2d" in bench.panel.invitation.sentence.text()


def test_a_page_without_anything_to_show_gives_way_and_comes_back(bench):
    bench.look(CONV, "filters")
    bench.again(lambda: bench.controller.select_layer(RELU))
    assert (bench.panel.view, bench.panel.activations.isVisible()) == ("activations", True)
    assert bench.panel.sample.isVisible()
    bench.again(lambda: bench.controller.select_layer(LINEAR))
    assert (bench.panel.view, bench.panel.weights.isVisible()) == ("weights", True)
    assert not bench.panel.sample.isVisible()
    bench.again(lambda: bench.controller.select_layer(CONV))
    assert (bench.panel.view, bench.panel.filters.isVisible()) == ("filters", True)


def test_who_turns_to_an_empty_page_reads_why_it_is_empty(bench):
    bench.look(CONV, "filters")
    bench.again(lambda: bench.controller.select_layer(RELU))
    bench.again(lambda: bench.panel.choose_view("weights"))
    assert bench.panel.view == "weights"
    assert "no parameters" in bench.panel.invitation.sentence.text()
    bench.again(lambda: bench.controller.select_layer(LINEAR))
    assert bench.panel.weights.isVisible()


def test_a_removed_layer_leaves_an_invitation(bench):
    bench.look(CONV, "filters")
    bench.session.push("network", sequence(layer("Flatten")), "edit")
    assert "Select a layer" in bench.panel.invitation.sentence.text()


def test_an_edit_of_the_layer_is_followed(bench):
    bench.look(CONV, "filters")
    layers = list(NETWORK.layers)
    wider = layer("Conv2d", in_channels=1, out_channels=8, kernel_size=3)
    wider = type(wider)(id=CONV, kind="Conv2d", args=wider.args)
    bench.again(lambda: bench.session.push("network", type(NETWORK)((wider, *layers[1:])), "edit"))
    assert "8 filters of 3" in bench.panel.filters.what.text()


def test_while_it_trains_weights_and_gradients_keep_changing(bench):
    bench.look(LINEAR, "weights")
    assert bench.panel.weights.none.isVisible()
    train(bench, epochs=1_000)
    seen = set()

    def changed():
        if bench.panel.weights.gradient.isVisible():
            seen.add(bench.panel.caption.text())
        return len(seen) >= 3

    wait_until(changed, "three looks at the run")
    assert all(text.startswith("After ") and text.endswith(" steps.") for text in seen)


def test_nothing_is_asked_while_nobody_looks(bench, monkeypatch):
    bench.look(CONV, "filters")
    bench.panel.hide()
    asked = []
    monkeypatch.setattr(bench.run, "between_steps", asked.append)
    train(bench)
    wait_until(lambda: bench.run.state == "finished", "the run to end")
    QTest.qWait(0)
    assert asked == []


def test_after_the_run_the_layer_is_as_the_run_left_it(bench):
    bench.look(CONV, "filters")
    train(bench)
    wait_until(lambda: bench.panel.caption.text() == "As the run left it.", "the end of the run to be shown")
    kept = bench.run.net_source()()[0].weight.detach()[:, 0].numpy()
    np.testing.assert_array_equal(bench.panel.filters.tiles.sheet._images, kept)


def test_a_run_that_is_looked_at_learns_the_same(bench, monkeypatch):
    asked, between_steps = [], bench.run.between_steps
    monkeypatch.setattr(bench.run, "between_steps", lambda look: asked.append(look) or between_steps(look))
    bench.look(DROPOUT, "activations")
    bench.panel.mode.setCurrentIndex(1)
    train(bench)
    wait_until(lambda: bench.run.state == "finished", "the run to end")
    watched = bench.run.net_source()().state_dict()
    assert asked
    bench.panel.hide()
    train(bench)
    wait_until(lambda: bench.run.state == "finished", "the run to end")
    assert all(torch.equal(value, watched[key]) for key, value in bench.run.net_source()().state_dict().items())
