"""The training form: what a user types and chooses comes out as edits of the document, once each."""

import pytest
from PySide6.QtCore import Qt

from playground.widgets.common.arguments import Argument
from playground.widgets.common.choices import Choice
from playground.widgets.training.form import TrainingForm

LR = Argument("lr", ("float",), 0.001, minimum=0)
SGD = Choice("SGD", (LR, Argument("momentum", ("float",), 0), Argument("nesterov", ("bool",), False)))
ADAM = Choice("Adam", (LR, Argument("betas", ("floats",), (0.9, 0.999))))
STEP = Choice("StepLR", (Argument("step_size", ("int",), required=True), Argument("gamma", ("float",), 0.1)))
ONE_CYCLE = Choice("OneCycleLR", (Argument("max_lr", ("float",), required=True),))


@pytest.fixture
def form(qtbot):
    form = TrainingForm()
    qtbot.addWidget(form)
    form.set_catalogue((SGD, ADAM), (STEP, ONE_CYCLE))
    form.set_devices([("auto", "auto"), ("cpu", "cpu")])
    form.show()
    return form


@pytest.fixture
def edits(form):
    seen = []

    def remember(path, value):
        seen.append((path, value))

    form.edited.connect(remember)
    return seen


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose(combo, title):
    combo.setCurrentIndex(combo.findText(title))


def test_showing_values_reports_nothing(form, edits):
    form.set_values({"training.epochs": 7, "training.optimizer": {"name": "Adam", "args": {"lr": 0.002}}})
    assert form.values()["training.epochs"] == 7
    assert form.values()["training.optimizer.name"] == "Adam"
    assert form.values()["training.optimizer.args"] == {"lr": 0.002}
    assert edits == []


def test_a_rate_is_reported_on_return_and_not_while_typing(qtbot, form, edits):
    number = form.optimizer.rate.number
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "1e-3")
    assert edits == []
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert edits == [("training.optimizer.args", {"lr": 1e-3})]
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert len(edits) == 1


def test_up_and_down_scale_the_rate(qtbot, form, edits):
    form.set_values({"training.optimizer.args": {"lr": 0.1}})
    qtbot.keyClick(form.optimizer.rate.number, Qt.Key.Key_Up)
    qtbot.mouseClick(form.optimizer.rate.smaller, Qt.MouseButton.LeftButton)
    assert [value["lr"] for _, value in edits] == [0.125, 0.1]


def test_a_rate_that_is_no_number_is_marked_and_the_old_one_stays(qtbot, form, edits):
    type_into(qtbot, form.optimizer.rate.number, "fast")
    assert edits == []
    assert form.optimizer.rate.number.property("wrong")
    message = form.optimizer.grid.findChild(type(form._hint), "optimizer_problem_1")
    assert "fast" in message.text()
    assert message.isVisibleTo(form)
    type_into(qtbot, form.optimizer.rate.number, "0.5")
    assert not message.isVisibleTo(form)
    assert edits == [("training.optimizer.args", {"lr": 0.5})]


def test_another_optimiser_comes_with_its_own_rate_and_goes_back_with_the_old_arguments(form, edits):
    form.set_values({"training.optimizer.args": {"lr": 0.1, "momentum": 0.9}})
    choose(form.optimizer.name, "Adam")
    choose(form.optimizer.name, "SGD")
    assert edits == [
        ("training.optimizer", {"name": "Adam", "args": {"lr": 0.001}}),
        ("training.optimizer", {"name": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}),
    ]


def test_only_changed_arguments_are_reported(qtbot, form, edits):
    form.set_values({"training.optimizer": {"name": "Adam", "args": {"lr": 0.1}}})
    betas = form.optimizer.arguments.editor("betas")
    form.optimizer.fold.open()
    type_into(qtbot, betas, "0.8, 0.99")
    type_into(qtbot, betas, "0.9, 0.999")
    assert edits == [
        ("training.optimizer.args", {"lr": 0.1, "betas": (0.8, 0.99)}),
        ("training.optimizer.args", {"lr": 0.1}),
    ]
    assert betas.text() == ""
    assert betas.placeholderText() == "0.9, 0.999"


def test_a_schedule_starts_with_values_it_cannot_do_without(form, edits):
    form.set_values({"training.optimizer.args": {"lr": 0.3}})
    choose(form.schedule.name, "OneCycleLR")
    choose(form.schedule.name, "none")
    assert edits == [
        ("training.schedule", {"name": "OneCycleLR", "args": {"max_lr": 0.3}, "every": "step"}),
        ("training.schedule", None),
    ]


def test_a_needed_argument_cannot_be_emptied(qtbot, form, edits):
    choose(form.schedule.name, "StepLR")
    edits.clear()
    size = form.schedule.arguments.editor("step_size")
    size.clear()
    qtbot.keyClick(size, Qt.Key.Key_Return)
    assert edits == []
    assert size.property("wrong")
    qtbot.keyClick(size, Qt.Key.Key_Escape)
    assert size.text() == "1"


def test_points_have_their_own_options_and_images_lose_theirs(form, edits):
    form.set_values({"data": {"kind": "images", "name": "mnist", "normalisation": "unit", "validation": 5000}})
    choose(form.data.name, "Spirals")
    path, data = edits[-1]
    assert path == "data"
    assert data == {
        "kind": "points",
        "name": "spirals",
        "samples": 1000,
        "noise": 0.1,
        "classes": 2,
        "test": 500,
        "validation": 0,
        "seed": 0,
    }


def test_what_the_form_does_not_show_of_the_data_stays(qtbot, form, edits):
    augment = {"rotation": 10.0}
    form.set_values({"data": {"kind": "images", "name": "mnist", "augment": augment, "folder": "here"}})
    type_into(qtbot, form.data.options.editor("validation"), "10,000")
    assert edits[-1][1]["augment"] == augment
    assert edits[-1][1]["folder"] == "here"
    assert edits[-1][1]["validation"] == 10_000


def test_batchmean_belongs_to_kl_divergence_alone(form, edits):
    form.set_values({"training.loss": {"name": "kl_div", "reduction": "batchmean"}})
    choose(form.loss.name, "MSE")
    assert edits == [("training.loss", {"name": "mse", "reduction": "mean"})]
    assert form.loss.reduction.findText("batchmean") == -1


def test_a_new_seed_is_drawn(qtbot, form, edits):
    form.set_values({"training.seed": 10**9})
    qtbot.mouseClick(form.run.new_seed, Qt.MouseButton.LeftButton)
    assert [path for path, _ in edits] == ["training.seed"]
    assert 0 <= edits[0][1] < 100_000


def test_the_largest_seed_fits_and_the_next_does_not(qtbot, form, edits):
    type_into(qtbot, form.run.seed, str(2**32 - 1))
    type_into(qtbot, form.run.seed, str(2**32))
    assert edits == [("training.seed", 2**32 - 1)]


def test_during_a_run_only_the_rate_changes(qtbot, form, edits):
    form.set_active(True)
    assert not form.run.epochs.isEnabled()
    assert not form.optimizer.name.isEnabled()
    with qtbot.waitSignal(form.learning_rate_changed) as changed:
        type_into(qtbot, form.optimizer.rate.number, "0.25")
    assert changed.args == [0.25]
    assert edits == []
    form.set_active(False)
    assert form.optimizer.rate.value() == form.values()["training.optimizer.args"]["lr"]
    assert form.run.epochs.isEnabled()


def test_a_problem_of_the_engine_is_shown_at_its_field_and_unfolds_it(form):
    form.set_problem("training.optimizer.args.momentum", "SGD: momentum must not be negative.")
    assert form.optimizer.fold.button.isChecked()
    assert form.optimizer.arguments.editor("momentum").property("wrong")
    form.clear_problems()
    assert not form.optimizer.arguments.editor("momentum").property("wrong")


def test_a_device_this_machine_lacks_is_shown_and_says_so(form, edits):
    form.set_values({"training.device": "cuda:3"})
    assert "not here" in form.run.device.currentText()
    assert edits == []


def test_every_control_has_a_name_and_a_tip(form):
    for section in (form.data, form.loss, form.optimizer, form.schedule, form.run):
        for grid, name in section.places().values():
            editor = grid.editor(name)
            assert editor.objectName()
            assert editor.accessibleName()
            assert editor.toolTip()
