"""The function's form: known ones, the bowl, one's own formula, and a regression over points placed by hand."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from playground.engine.descent.spec import DescentSpec, FunctionSpec
from playground.widgets.descent.examples import FUNCTIONS, POINTS, PRESETS
from playground.widgets.descent.function_panel import MOST_STEPS, FunctionPanel
from playground.widgets.descent.log_slider import LogSlider
from playground.widgets.descent.point_pad import MOST_POINTS, PointPad

HIMMELBLAU = {"kind": "known", "name": "himmelblau"}
FORMULA = {"kind": "formula", "text": "x**2 + sin(3*y)", "domain": (-6.0, 6.0, -3.0, 3.0)}
REGRESSION = {"kind": "regression", "points": POINTS, "loss": "mse", "ridge": 0.1}
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def panel(qtbot):
    panel = FunctionPanel()
    qtbot.addWidget(panel)
    panel.set_functions(FUNCTIONS)
    panel.set_presets(PRESETS)
    panel.show_values({"function": HIMMELBLAU, "start": (-0.6, 0.4), "steps": 300})
    panel.resize(340, 520)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def said(panel):
    seen = []
    for name in ("edited", "dragged", "drag_ended", "preset_chosen"):
        getattr(panel, name).connect(_rememberer(seen, name))
    return seen


def _rememberer(seen, name):
    def remember(*told):
        seen.append((name, *told))

    return remember


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose(combo, title):
    combo.setCurrentIndex(combo.findText(title))


def problems_shown(panel):
    labels = panel.findChildren(QLabel)
    return [label.text() for label in labels if "problem" in label.objectName() and label.isVisibleTo(panel)]


def accepted(told):
    """The function as the document reads it."""
    return msgspec.convert(told[2], FunctionSpec)


def pressed(pad, point, button=LEFT):
    QTest.mouseClick(pad, button, pos=pad.place_of(point).toPoint())


def test_showing_values_reports_nothing(panel, said):
    for function in (FORMULA, REGRESSION, {"kind": "bowl", "condition": 100.0}, HIMMELBLAU):
        panel.show_values({"function": function, "start": (1, 2), "steps": 20_000})
    assert panel.steps.value() == 20_000
    assert panel.start.value() == (1.0, 2.0)
    assert said == []


def test_a_known_function_shows_its_formula_and_no_fields(panel):
    assert panel.formula.text() == "f(x, y) = (x² + y - 11)² + (x + y² - 7)²"
    assert panel.formula.isVisibleTo(panel)
    assert not any(page.isVisibleTo(panel) for page in panel._pages.values())


@pytest.mark.parametrize("title", [each.title for each in FUNCTIONS if each.key != "himmelblau"])
def test_every_choice_is_a_function_the_document_takes(panel, said, title):
    choose(panel.function, title)
    assert [told[:2] for told in said] == [("edited", "function")]
    accepted(said[0])


def test_switching_back_brings_the_own_formula_back(panel, said):
    panel.show_values({"function": FORMULA})
    choose(panel.function, "Himmelblau")
    panel.show_values({"function": HIMMELBLAU})
    choose(panel.function, "Own formula")
    assert said[-1] == ("edited", "function", FORMULA)


def test_a_formula_is_taken_on_return_and_a_refused_one_stays_with_its_sentence(qtbot, panel, said):
    panel.show_values({"function": FORMULA})
    text = panel._pages["formula"].text
    type_into(qtbot, text, "x + z")
    assert said == [("edited", "function", FORMULA | {"text": "x + z"})]
    panel.set_problem("function", "z is neither x nor y nor a function.")
    panel.show_values({"function": dict(FORMULA), "start": (-0.6, 0.4)})
    assert text.text() == "x + z"
    assert problems_shown(panel) == ["⚠ z is neither x nor y nor a function."]
    type_into(qtbot, text, "x + y**2")
    assert problems_shown(panel) == []
    assert accepted(said[-1]).text == "x + y**2"


def test_leaving_the_formula_takes_it_too(qtbot, panel, said):
    panel.activateWindow()
    panel.show_values({"function": FORMULA})
    text = panel._pages["formula"].text
    text.setFocus()
    qtbot.waitUntil(text.hasFocus)
    text.selectAll()
    qtbot.keyClicks(text, "y**4")
    panel.steps.setFocus()
    assert [told[2]["text"] for told in said] == ["y**4"]


def test_a_domain_that_ends_before_it_begins_is_refused_in_place(qtbot, panel, said):
    panel.show_values({"function": FORMULA})
    page = panel._pages["formula"]
    page.fold.open()
    type_into(qtbot, page.sides["right"], "-7")
    assert said == []
    assert problems_shown(panel) == ["⚠ The domain has to end right of where it begins."]
    type_into(qtbot, page.text, "x**4 + y**2")
    assert said[-1][2]["domain"] == FORMULA["domain"]
    type_into(qtbot, page.sides["right"], "8")
    assert accepted(said[-1]).domain == (-6.0, 8.0, -3.0, 3.0)
    assert "x from -6 to 8" in page.fold.button.text()


@pytest.mark.parametrize(
    ("function", "key"),
    [
        (HIMMELBLAU, "function"),
        (FORMULA, "function.text"),
        (FORMULA, "function.domain"),
        ({"kind": "bowl", "condition": 10.0}, "function.condition"),
        (REGRESSION, "function.ridge"),
        (REGRESSION, "function.points"),
        (HIMMELBLAU, "start"),
        (HIMMELBLAU, "steps"),
    ],
)
def test_every_key_has_a_place_for_its_sentence(panel, function, key):
    panel.show_values({"function": function})
    panel.set_problem(key, "This does not fit.")
    assert problems_shown(panel) == ["⚠ This does not fit."]
    panel.set_problem(key, "")
    assert problems_shown(panel) == []


def test_start_and_steps_are_edits_of_their_own(qtbot, panel, said):
    type_into(qtbot, panel.start.fields[0], "-4")
    type_into(qtbot, panel.start.fields[1], "1e-3")
    panel.steps.setValue(20_000)
    assert said == [
        ("edited", "start", (-4.0, 0.4)),
        ("edited", "start", (-4.0, 0.001)),
        ("edited", "steps", 20_000),
    ]
    type_into(qtbot, panel.start.fields[0], "left")
    assert len(said) == 3
    assert "left" in problems_shown(panel)[0]


def test_the_panel_takes_as_many_steps_as_the_document():
    assert msgspec.convert({"steps": MOST_STEPS}, DescentSpec).steps == MOST_STEPS
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"steps": MOST_STEPS + 1}, DescentSpec)


def test_a_remark_is_told_without_marking_a_field(panel):
    panel.set_remark("There is no single least-squares solution; a ridge helps.")
    assert panel.remark.isVisibleTo(panel)
    assert problems_shown(panel) == []
    panel.set_remark("")
    assert not panel.remark.isVisibleTo(panel)


def test_a_preset_is_chosen_from_the_menu(panel, said):
    panel.menu.actions()[1].trigger()
    assert said == [("preset_chosen", "momentum")]


def test_the_bowls_condition_is_dragged_and_typed(qtbot, panel, said):
    panel.show_values({"function": {"kind": "bowl", "condition": 100.0}})
    condition = panel._pages["bowl"].condition
    condition.slider.setSliderDown(True)
    condition.slider.setValue(condition.place_of(1000.0))
    condition.slider.setSliderDown(False)
    type_into(qtbot, condition.number, "2.5e4")
    assert said == [
        ("dragged", "function", {"kind": "bowl", "condition": 1000.0}),
        ("drag_ended",),
        ("edited", "function", {"kind": "bowl", "condition": 25_000.0}),
    ]
    type_into(qtbot, condition.number, "0.5")
    assert len(said) == 3
    assert problems_shown(panel) == ["⚠ The least that fits here is 1."]


def test_loss_and_ridge_are_edits_of_the_regression(qtbot, panel, said):
    panel.show_values({"function": REGRESSION})
    page = panel.regression
    choose(page.loss, "L1")
    type_into(qtbot, page.ridge.number, "0")
    assert [(accepted(told).loss, accepted(told).ridge) for told in said] == [("l1", 0.1), ("l1", 0.0)]
    assert accepted(said[-1]).points == POINTS


def test_a_narrow_panel_fits(panel):
    for function in (HIMMELBLAU, FORMULA, REGRESSION):
        panel.show_values({"function": function})
        assert panel.minimumSizeHint().width() <= 300


@given(st.floats(1.0, 1e6))
def test_the_slider_stands_at_the_number_shown(qapp, number):  # noqa: ARG001 - widgets need an application
    slider = LogSlider("a", 1.0, 1e6, least=1.0, most=1e6)
    slider.set_value(number)
    assert slider.value() == number
    nearest = slider._number_at(slider.slider.value())
    assert abs(nearest / number - 1) < 0.09  # half a place of 200 over six decades, and two figures


def test_the_left_end_of_a_slider_from_zero_is_zero(qtbot):
    slider = LogSlider("a", 1e-4, 1e2, least=0.0, most=1e6)
    qtbot.addWidget(slider)
    slider.set_value(1.0)
    with qtbot.waitSignal(slider.dragged) as dragged:
        slider.slider.setValue(0)
    assert dragged.args == [0.0]
    assert slider.number.text() == "0"


@pytest.fixture
def pad(qtbot):
    pad = PointPad()
    qtbot.addWidget(pad)
    pad.resize(300, 180)
    pad.set_points(((-2.0, -2.0), (0.0, 1.0), (2.0, 3.0)))
    pad.show()
    qtbot.waitExposed(pad)
    return pad


def test_a_click_on_empty_ground_adds_a_point_there(qtbot, pad):
    with qtbot.waitSignal(pad.edited) as edited:
        pressed(pad, (1.0, -3.0))
    x, y = edited.args[0][-1]
    assert len(edited.args[0]) == 4
    assert (x, y) == (pytest.approx(1.0, abs=0.03), pytest.approx(-3.0, abs=0.07))


def test_a_drag_moves_a_point_and_ends_once(qtbot, pad):
    dragged, ended = [], []
    pad.dragged.connect(dragged.append)
    pad.drag_ended.connect(lambda: ended.append(True))
    start, end = (pad.place_of(point).toPoint() for point in ((0.0, 1.0), (1.0, -2.0)))
    with qtbot.assertNotEmitted(pad.edited):
        QTest.mousePress(pad, LEFT, pos=start)
        for share in (0.5, 1.0):
            QTest.mouseMove(pad, start + (end - start) * share)
        QTest.mouseRelease(pad, LEFT, pos=end)
    assert len(dragged) == 2
    assert dragged[-1][0] == (-2.0, -2.0)
    assert dragged[-1][1] == (pytest.approx(1.0, abs=0.03), pytest.approx(-2.0, abs=0.07))
    assert ended == [True]


def test_pressing_a_point_without_moving_changes_nothing(qtbot, pad):
    with qtbot.assertNotEmitted(pad.edited), qtbot.assertNotEmitted(pad.drag_ended):
        pressed(pad, (0.0, 1.0))
    assert pad.points == ((-2.0, -2.0), (0.0, 1.0), (2.0, 3.0))


def test_the_right_button_and_delete_remove_a_point_but_never_the_last(pad):
    pressed(pad, (0.0, 1.0), RIGHT)
    assert pad.points == ((-2.0, -2.0), (2.0, 3.0))
    pressed(pad, (2.0, 3.0))
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.points == ((-2.0, -2.0),)
    pressed(pad, (-2.0, -2.0), RIGHT)
    assert pad.points == ((-2.0, -2.0),)


def test_the_arrows_move_the_chosen_point(qtbot, pad):
    pressed(pad, (0.0, 1.0))
    with qtbot.waitSignals([pad.dragged, pad.drag_ended]):
        QTest.keyClick(pad, Qt.Key.Key_Up)
    assert pad.points[1] == (0.0, 1.1)


def test_points_far_out_are_in_sight_and_the_ground_stays_while_one_is_dragged(pad):
    pad.set_points(((0.0, 0.0), (40.0, -70.0)))
    assert pad.rect().contains(pad.place_of((40.0, -70.0)).toPoint())
    place = pad.place_of((0.0, 0.0)).toPoint()
    QTest.mousePress(pad, LEFT, pos=pad.place_of((40.0, -70.0)).toPoint())
    pad.set_points(((0.0, 0.0), (10.0, -10.0)))
    assert pad.place_of((0.0, 0.0)).toPoint() == place
    QTest.mouseRelease(pad, LEFT, pos=QPoint(20, 20))


def test_a_click_beside_the_axes_adds_nothing(qtbot, pad):
    with qtbot.assertNotEmitted(pad.edited):
        QTest.mouseClick(pad, LEFT, pos=QPoint(5, 175))


def test_the_pad_takes_as_many_points_as_the_document(qtbot, pad):
    many = tuple((index / 500, 0.0) for index in range(MOST_POINTS))
    function = {"kind": "regression", "points": many}
    assert len(msgspec.convert(function, FunctionSpec).points) == MOST_POINTS
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(function | {"points": (*many, (0.0, 0.0))}, FunctionSpec)
    pad.set_points(many)
    with qtbot.assertNotEmitted(pad.edited):
        pressed(pad, (-2.0, 4.0))


def test_the_racers_lines_are_drawn_and_a_diverged_one_is_left_out(pad):
    before = pad.grab().toImage()
    pad.set_lines(((float("nan"), 0.0), (1e30, float("inf"))))
    assert pad.grab().toImage() == before
    pad.set_lines(((1.0, 0.5),))
    assert pad.grab().toImage() != before
