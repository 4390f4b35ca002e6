"""The Descent workspace as a user meets it: a race, its playback, its edits, and what refused input leaves alone."""

import msgspec
import numpy as np
import pytest
import torch
from driving import answer_dialogs, sentences, start_over, wait_until
from PIL import Image
from PySide6.QtWidgets import QLabel

from playground.engine.descent.spec import Activation, CurveFormula, DescentSpec, Formula, Known, Racer
from playground.engine.document import Document
from playground.engine.spec import Args
from playground.engine.training.spec import OptimizerSpec

SHORT = msgspec.structs.replace(
    DescentSpec(),
    steps=40,
    basins=msgspec.structs.replace(DescentSpec().basins, side=32, steps=100),
)


@pytest.fixture(scope="module", autouse=True)
def opened(shown):
    """The room is made once; its warm thread stays."""
    shown.window.workspaces.switch("descent")
    wait_until(lambda: shown.rooms["descent"].race.seconds is not None, "the first race")


@pytest.fixture
def room(program):
    """The Descent room with a short race that is over."""
    start_over(program, Document(descent=SHORT))
    found = program.rooms["descent"]
    wait_until(lambda: is_over(found, program), "the race to end")
    found.playback.seek(SHORT.steps)
    yield found
    wait_until(lambda: not any(map(program.jobs.is_running, ("race", "basins"))), "race and basins to end")


def is_over(room, program):
    spec = room.race.spec
    asked = program.session.document.descent
    same = spec is not None and (spec.function, spec.start, spec.racers, spec.steps) == (
        asked.function,
        asked.start,
        asked.racers,
        asked.steps,
    )
    surface = room.function.surface
    return same and room.race.seconds is not None and surface is not None and surface.function == asked.function


def plain_path(optimizer, start, steps):
    """The tutorial's loop, written plainly."""
    point = torch.tensor(start, requires_grad=True)
    stepper = optimizer([point])
    rows = [point.detach().clone()]
    for _ in range(steps):
        value = (point[0] ** 2 + point[1] - 11) ** 2 + (point[0] + point[1] ** 2 - 7) ** 2
        stepper.zero_grad()
        value.backward()
        stepper.step()
        rows.append(point.detach().clone())
    return torch.stack(rows).numpy()


def test_the_race_shown_is_plain_torch_bit_for_bit(room):
    expected = plain_path(lambda each: torch.optim.Adam(each, lr=0.1), SHORT.start, SHORT.steps)
    assert np.array_equal(room.race.traces[0].position, expected)


def test_the_cursor_stands_at_the_end_and_goes_back_step_by_step(room):
    panel = room.playback_panel
    assert panel.step == SHORT.steps
    panel.go_back()
    panel.go_back()
    assert panel.step == SHORT.steps - 2
    wait_until(lambda: "step 38" in room.step_panel.title.text(), "the step to be explained")
    assert room.step_panel.rows.isVisible()


def test_a_click_in_the_contours_starts_the_race_there_and_is_one_undo(room, program):
    room.contours.start_chosen.emit(2.0, -1.5)
    assert program.session.document.descent.start == (2.0, -1.5)
    wait_until(lambda: is_over(room, program), "the race from there")
    assert tuple(room.race.traces[0].position[0]) == (2.0, -1.5)
    program.session.undo_stack.undo()
    assert program.session.document.descent.start == SHORT.start


def test_a_start_outside_is_refused_in_the_form_and_changes_nothing(room, program):
    room.function_panel.edited.emit("start", (400.0, 0.0))
    assert program.session.document.descent.start == SHORT.start
    assert any("does not fit" in label.text() for label in room.function_panel.findChildren(QLabel))


REFUSED = ("x +", "sinn(x) + y", "__import__('os').getcwd()", "open('/etc/passwd')", "9**9**9**9", "3")


@pytest.mark.parametrize("text", REFUSED)
def test_a_formula_that_cannot_be_shown_leaves_what_was_there(room, program, text):
    before, answers = room.function.surface, []
    room.questions.answered.connect(answers.append)
    room.function_panel.edited.emit("function", {"kind": "formula", "text": text, "domain": (-2, 2, -2, 2)})
    wait_until(lambda: any(answer.problem for answer in answers), "the formula to be refused")
    assert program.session.document.descent.function == Known()
    assert room.function.surface is before
    assert sentences(program) == []


def test_what_was_probably_meant_is_one_click_away(room, program):
    answers = []
    room.questions.answered.connect(answers.append)
    wrong = {"kind": "formula", "text": "x^2 + y^2", "domain": (-2, 2, -2, 2)}
    room.function_panel.function.set_value("formula")
    room.function_panel.edited.emit("function", wrong)
    wait_until(lambda: any(answer.problem for answer in answers), "the formula to be refused")
    page = room.function_panel.own_formula
    assert page.correction.text() == "Use x**2 + y**2"
    page.correction.click()
    taken = Formula(text="x**2 + y**2")  # over the domain that the form shows
    wait_until(lambda: program.session.document.descent.function == taken, "the correction to be taken")
    assert page.correction.isHidden()


def test_a_formula_of_ones_own_is_shown_and_raced_on(room, program):
    room.function_panel.edited.emit("function", {"kind": "formula", "text": "x**2 + 3*y**2", "domain": (-2, 2, -2, 2)})
    wait_until(lambda: is_over(room, program) and room.race.spec.function != Known(), "the race on it")
    assert program.session.document.descent.function.text == "x**2 + 3*y**2"
    expected = room.race.traces[0].position[0] ** 2 @ np.array([1, 3], np.float32)
    assert room.race.traces[0].value[0] == pytest.approx(expected)


def test_another_function_takes_the_start_inside(room, program):
    program.session.push("descent.start", (5.0, 5.0), "start")
    room.function_panel.edited.emit("function", {"kind": "known", "name": "mccormick"})
    wait_until(lambda: program.session.document.descent.function == Known(name="mccormick"), "the function")
    x, y = program.session.document.descent.start
    assert -1.5 <= x <= 4
    assert -3 <= y <= 4
    program.session.undo_stack.undo()
    assert program.session.document.descent.start == (5.0, 5.0)


def test_a_formula_without_a_value_at_the_start_is_raced_on_from_where_it_has_one(room, program):
    room.function_panel.edited.emit("function", {"kind": "formula", "text": "sqrt(x) + y**2", "domain": (-2, 2, -2, 2)})
    wait_until(lambda: is_over(room, program) and room.race.spec.function != Known(), "the race on it")
    assert program.session.document.descent.start[0] > 0
    assert np.isfinite(room.race.traces[0].value[0])


def test_a_racer_is_added_changed_and_removed_undoably(room, program):
    racer = {"optimizer": {"name": "RMSprop", "args": {"lr": 0.02}}, "schedule": None, "start": None}
    room.race_panel.added.emit(racer)
    wait_until(lambda: is_over(room, program) and len(room.race.traces) == 4, "four racers")
    room.race_panel.edited.emit(3, racer | {"optimizer": {"name": "RMSprop", "args": {"lr": 0.05}}})
    assert program.session.document.descent.racers[3].optimizer.args == Args(lr=0.05)
    room.race_panel.removed.emit(3)
    assert program.session.document.descent.racers == SHORT.racers
    program.session.undo_stack.undo()
    assert len(program.session.document.descent.racers) == 4


def test_the_step_explained_is_the_one_of_the_racer_in_the_form(room, program):
    racer = {"optimizer": {"name": "RMSprop", "args": {"lr": 0.02}}, "schedule": None, "start": (1.0, 0.0)}
    room.race_panel.added.emit(racer)
    wait_until(lambda: room.step_panel.title.text() == "RMSprop, step 40", "the new racer to be explained")
    program.session.undo_stack.undo()
    wait_until(lambda: room.step_panel.title.text() == "SGD, step 40", "the last of the others")


def test_a_racer_with_a_start_of_its_own_says_so_in_its_name(room):
    room.race_panel.added.emit({"optimizer": {"name": "Adam", "args": {"lr": 0.1}}, "start": (1.0, 0.0)})
    wait_until(lambda: "Adam lr 0.1, from (1, 0)" in room.contours._content.names, "its name in the legend")


def test_an_argument_that_torch_refuses_is_said_at_its_racer_and_the_race_before_stays(room, program):
    before = room.race.traces
    racer = {"optimizer": {"name": "Adam", "args": {"lr": -1.0}}, "schedule": None, "start": None}
    failures = []
    room.race.failed.connect(failures.append)
    room.race_panel.edited.emit(1, racer)
    wait_until(lambda: failures, "the race to be refused")
    assert failures[0].fields["racer"] == 1
    assert room.race.traces is before
    assert sentences(program) == []


def test_a_racer_that_leaves_the_finite_numbers_says_when_and_the_others_go_on(room, program):
    racers = (*SHORT.racers[:1], Racer(optimizer=OptimizerSpec(name="SGD", args=Args(lr=1.0))))
    program.session.push("descent.racers", racers, "racers")
    wait_until(lambda: is_over(room, program) and len(room.race.traces) == 2, "the race to end")
    assert room.race.problems[1].code == "descent-diverged"
    assert room.race.traces[0].count == SHORT.steps + 1
    assert room.playback_panel.step == SHORT.steps


SHAPES = (
    ({"kind": "regression", "points": [(-2.0, -2.5)]}, "A valley, level one way"),
    ({"kind": "formula", "text": "-(x + y)**2"}, "A ridge, level one way: no rate is too large"),
    ({"kind": "formula", "text": "x*y"}, "A saddle"),
)


@pytest.mark.parametrize(("function", "shape"), SHAPES)
def test_the_curvature_is_named_by_its_shape(room, function, shape):
    room.function_panel.edited.emit("function", function)
    wait_until(lambda: room.step_panel.answer.text().startswith(shape), shape)


def test_a_first_step_out_of_the_finite_numbers_is_explained_by_a_sentence(room):
    room.race_panel.table.selectRow(1)
    room.race_panel.edited.emit(1, {"optimizer": {"name": "SGD", "args": {"lr": 1e30}}})
    panel = room.step_panel
    wait_until(lambda: "finite" in panel.answer.text(), "the sentence")
    assert panel.question.text() == "Why does it diverge?"
    assert not panel.invitation.isVisible()


def test_a_preset_of_the_course_is_shown_and_can_be_undone(room, program):
    room.function_panel.preset_chosen.emit("momentum")
    descent = program.session.document.descent
    assert "CourseMomentum" in {racer.optimizer.name for racer in descent.racers}
    assert descent.basins == SHORT.basins
    program.session.undo_stack.undo()
    assert program.session.document.descent == SHORT


def test_basins_are_computed_shown_and_cancelled(room):
    room.basins_panel.compute_requested.emit()
    wait_until(lambda: not room.basins._jobs.is_running("basins"), "the basins")
    image = room.basins_panel.image()
    assert image.shape == (32, 32, 4)
    room.basins_panel.underlay_toggled.emit(True)
    room.basins_panel.cancel_requested.emit()
    room.basins_panel.edited.emit("side", 64)
    assert not room.basins._jobs.is_running("basins")  # nobody asked again


def test_basins_follow_the_rate_at_once(room, program):
    room.basins_panel.compute_requested.emit()
    wait_until(lambda: not room.basins._jobs.is_running("basins"), "the basins")
    before = room.basins_panel.image().copy()
    room.basins_panel.dragged.emit("optimizer", {"name": "SGD", "args": {"lr": 0.02}})
    wait_until(lambda: room.basins._jobs.is_running("basins"), "the next basins to begin")
    wait_until(lambda: not room.basins._jobs.is_running("basins"), "the next basins")
    assert not np.array_equal(room.basins_panel.image(), before)
    room.basins_panel.cancel_requested.emit()
    program.session.undo_stack.undo()


def test_an_optimiser_that_couples_its_starts_says_that_it_cannot(room):
    room.basins_panel.edited.emit("optimizer", {"name": "LBFGS", "args": {}})
    room.basins_panel.compute_requested.emit()
    wait_until(lambda: room.basins_panel.message.isVisibleTo(room.basins_panel), "the sentence")
    assert "LBFGS cannot show basins" in room.basins_panel.message.text()


def test_the_companion_curve_follows_the_document_and_refuses_what_is_no_formula(room, program):
    room.curve_panel.edited.emit({"kind": "activation", "name": "tanh"})
    wait_until(lambda: program.session.document.descent.curve == Activation(name="tanh"), "the curve")
    answers = []
    room.questions.answered.connect(answers.append)
    room.curve_panel.edited.emit({"kind": "formula", "text": "x +"})
    wait_until(lambda: any(answer.problem for answer in answers), "the refusal")
    assert program.session.document.descent.curve == Activation(name="tanh")
    room.curve_panel.edited.emit({"kind": "formula", "text": "x**3"})
    wait_until(lambda: program.session.document.descent.curve == CurveFormula(text="x**3"), "the formula")


def test_pictures_tables_and_animations_leave_the_room(room, tmp_path, monkeypatch):
    saved = []
    room.race_panel.table.selectRow(0)
    room.files._saver.saved.connect(saved.append)
    for emit, name in (
        (room.contours.save_image_requested.emit, "contours.png"),
        (room.measures.save_image_requested.emit, "plot.png"),
        (room.measures.save_table_requested.emit, "race.csv"),
        (room.contours.save_path_requested.emit, "path.csv"),
        (room.contours.save_animation_requested.emit, "race.gif"),
    ):
        answer_dialogs(monkeypatch, tmp_path / name)
        emit()
        wait_until(lambda: saved and saved[-1] == str(tmp_path / name), name)  # noqa: B023
    with Image.open(tmp_path / "race.gif") as animation:
        assert animation.n_frames == SHORT.steps + 1
    rows = (tmp_path / "race.csv").read_text().splitlines()
    assert len(rows) == SHORT.steps + 2
    first, *path = (tmp_path / "path.csv").read_text().splitlines()
    assert first.startswith("step,x,y,f,grad_x,grad_y,lr,")
    saved_points = np.array([row.split(",")[1:3] for row in path], np.float32)
    assert np.array_equal(saved_points, room.race.traces[0].position)


def test_show_code_writes_the_race(room, program):
    room.race_panel.code_requested.emit()
    view = program.code._view
    wait_until(lambda: "torch.optim.Adam" in view.text.toPlainText(), "the program")
    assert "playground" not in view.text.toPlainText()
    view.close()
