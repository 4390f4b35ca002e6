"""The race: a steady table, a form that speaks the document's language, and everything from the keyboard."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from playground.engine.descent.spec import DescentSpec, Racer
from playground.engine.spec import decode_hook, encode_hook
from playground.widgets.descent.examples import OPTIMIZERS, RACERS, SCHEDULES, STANDINGS
from playground.widgets.descent.race_panel import RacePanel
from playground.widgets.descent.standings_model import ARRIVAL, GRADIENT, NAME, VALUE
from playground.widgets.descent.values import MOST_RACERS, RacerValues, Standing


@pytest.fixture
def panel(qtbot):
    panel = RacePanel()
    qtbot.addWidget(panel)
    panel.set_choices(OPTIMIZERS, SCHEDULES)
    panel.set_racers(RACERS)
    panel.resize(340, 560)
    panel.show()
    return panel


@pytest.fixture
def said(panel):
    seen = []

    def remember(*told):
        seen.append(told)

    for signal in (panel.edited, panel.added, panel.removed, panel.selected):
        signal.connect(remember)
    return seen


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def choose(combo, title):
    combo.setCurrentIndex(combo.findText(title))


def cell(panel, row, column, role=Qt.ItemDataRole.DisplayRole):
    return panel.standings.data(panel.standings.index(row, column), role)


def problems_shown(panel):
    labels = panel.form.findChildren(QLabel)
    return [label.text() for label in labels if "problem" in label.objectName() and label.isVisibleTo(panel)]


def test_every_racer_of_the_panel_is_one_the_document_takes(panel, said, qtbot):
    panel.set_selected(2)
    type_into(qtbot, panel.form.rate.number, "0.005")
    panel.duplicate()
    panel.set_selected(3)
    choose(panel.form.schedule, "StepLR")
    for told in said:
        racer = msgspec.convert(told[-1], Racer, dec_hook=decode_hook)
        assert msgspec.to_builtins(racer, enc_hook=encode_hook)["optimizer"]["name"] == "SGD"
    assert len(said) == 3


def test_the_panel_allows_as_many_racers_as_the_document():
    racer = {"optimizer": {"name": "SGD", "args": {"lr": 0.1}}}
    full = {"racers": [racer] * MOST_RACERS}
    assert len(msgspec.convert(full, DescentSpec, dec_hook=decode_hook).racers) == MOST_RACERS
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"racers": [racer] * (MOST_RACERS + 1)}, DescentSpec, dec_hook=decode_hook)


def test_showing_racers_and_standings_reports_nothing(panel, said):
    panel.set_racers(RACERS[:2])
    panel.set_standings(STANDINGS[:2])
    panel.set_selected(1)
    panel.set_start((2.0, -1.0))
    panel.set_problem(1, "lr", "No.")
    assert said == []


def test_the_table_shows_names_values_and_arrivals(panel):
    panel.set_standings(STANDINGS)
    assert cell(panel, 0, NAME) == "Adam lr 0.1"
    assert [cell(panel, row, VALUE) for row in range(4)] == ["2.61e-3", "7.89e-31", "0.0142", "∞"]
    assert [cell(panel, row, GRADIENT) for row in range(4)] == ["0.629", "1.13e-14", "1.37", "—"]
    assert [cell(panel, row, ARRIVAL) for row in range(4)] == ["—", "16", "—", "⚠"]
    assert cell(panel, 3, VALUE, Qt.ItemDataRole.ToolTipRole) == STANDINGS[3].sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1.03163, "-1.03"), (12345.6, "12,346"), (1e5, "1.00e5"), (0.01, "0.0100"), (170.0, "170")],
)
def test_values_have_three_figures(panel, value, text):
    panel.set_standings((Standing(value, 1.0),) * 4)
    assert cell(panel, 0, VALUE) == text


def test_only_what_changed_is_told_to_the_view(panel):
    panel.set_standings(STANDINGS)
    told = []

    def remember(first, last):
        told.append((first.row(), first.column(), last.column()))

    panel.standings.dataChanged.connect(remember)
    panel.set_standings(STANDINGS)
    assert told == []
    panel.set_standings((STANDINGS[0], Standing(1e-40, 1e-20, 16), *STANDINGS[2:]))
    assert told == [(1, VALUE, ARRIVAL)]


def test_selection_stays_while_the_numbers_run(panel, said):
    panel.set_selected(2)
    for value in range(50):
        panel.set_standings((Standing(value, value),) * 4)
        panel.set_racers(tuple(RACERS))
    assert panel.table.currentIndex().row() == 2
    assert panel.form.optimizer.value() == "SGD"
    assert said == []


def test_the_keyboard_selects_removes_and_duplicates(panel, said):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Delete):
        QTest.keyClick(panel.table, key)
    QTest.keyClick(panel.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert said == [(1,), (2,), (1,), (1,), (RACERS[1].plain(),)]


def test_the_context_menu_does_so_too(panel, said):
    panel.set_selected(1)
    for action in panel.table.actions():
        action.trigger()
    assert said == [(RACERS[1].plain(),), (1,)]


def test_the_form_shows_the_selected_racer(panel):
    panel.set_selected(2)
    assert panel.form.rate.value() == 0.002
    assert panel.form.arguments.values() == {"momentum": 0.9}
    assert panel.form.schedule.value() == "ExponentialLR"
    assert panel.form.values() == RACERS[2].plain()
    panel.set_selected(3)
    assert panel.form.start.value() == (1.0, 2.0)
    assert panel.form.schedule.value() is None


def test_a_rate_is_an_edit_of_the_selected_racer(qtbot, panel, said):
    panel.set_selected(1)
    type_into(qtbot, panel.form.rate.number, "0.02")
    assert said == [(1, RacerValues("", "SGD", {"lr": 0.02}).plain())]


def test_another_optimiser_begins_with_its_own_rate_and_goes_back_with_the_old_arguments(panel, said):
    panel.set_selected(2)
    choose(panel.form.optimizer, "RMSprop")
    choose(panel.form.optimizer, "SGD")
    args = [told[1]["optimizer"] for told in said]
    assert args == [
        {"name": "RMSprop", "args": {"lr": 0.001}},
        {"name": "SGD", "args": {"lr": 0.002, "momentum": 0.9}},
    ]


def test_refused_optimisers_are_shown_disabled_with_their_reason(panel):
    row = panel.form.optimizer.findText("Muon")
    item = panel.form.optimizer.model().item(row)
    assert not item.isEnabled()
    assert item.toolTip() == "Muon takes only parameters that are matrices."
    action = next(each for each in panel.menu.actions() if each.text() == "Muon")
    assert not action.isEnabled()
    assert action.toolTip() == item.toolTip()


def test_an_optimiser_is_added_from_the_menu_with_its_own_rate(panel, said):
    next(each for each in panel.menu.actions() if each.text() == "RMSprop").trigger()
    assert said == [(RacerValues("", "RMSprop", {"lr": 0.001}).plain(),)]


def test_a_schedule_begins_with_lengths_in_steps_and_can_go_again(panel, said):
    choose(panel.form.schedule, "StepLR")
    choose(panel.form.schedule, "none")
    assert [told[1]["schedule"] for told in said] == [
        {"name": "StepLR", "args": {"step_size": 50, "gamma": 0.5}},
        None,
    ]


def test_an_own_start_begins_where_the_race_does(qtbot, panel, said):
    panel.set_start((-0.6, 0.4))
    panel.form.start.check.click()
    type_into(qtbot, panel.form.start.point.fields[1], "3")
    panel.form.start.check.click()
    assert [told[1]["start"] for told in said] == [(-0.6, 0.4), (-0.6, 3.0), None]


def test_a_problem_stands_at_its_field_and_in_the_table_until_the_next_edit(qtbot, panel):
    panel.set_selected(2)
    panel.set_problem(2, "momentum", "SGD: momentum must not be negative.")
    assert problems_shown(panel) == ["⚠ SGD: momentum must not be negative."]
    assert cell(panel, 2, ARRIVAL) == "⚠"
    panel.set_selected(0)
    assert problems_shown(panel) == []
    panel.set_selected(2)
    assert problems_shown(panel) == ["⚠ SGD: momentum must not be negative."]
    type_into(qtbot, panel.form.rate.number, "0.02")
    assert problems_shown(panel) == []
    assert cell(panel, 2, ARRIVAL) == "—"


@pytest.mark.parametrize("key", ["lr", "optimizer", "momentum", "schedule", "schedule.gamma", "start", "elsewhere"])
def test_every_key_has_a_place_for_its_sentence(panel, key):
    panel.set_selected(2)
    panel.set_problem(2, key, "This does not fit.")
    assert problems_shown(panel) == ["⚠ This does not fit."]
    panel.set_problem(2, key, "")
    assert problems_shown(panel) == []


def test_a_refused_value_stays_in_its_field_when_the_same_racers_are_shown_again(qtbot, panel):
    panel.set_selected(0)
    type_into(qtbot, panel.form.rate.number, "1e9")
    panel.set_problem(0, "lr", "Too much.")
    panel.set_racers(tuple(RACERS))
    assert panel.form.rate.value() == 1e9
    changed = (RacerValues("Adam lr 0.2", "Adam", {"lr": 0.2}), *RACERS[1:])
    panel.set_racers(changed)
    assert panel.form.rate.value() == 0.2
    assert problems_shown(panel) == []


def test_a_rate_that_is_no_number_is_refused_in_place(qtbot, panel, said):
    type_into(qtbot, panel.form.rate.number, "fast")
    assert said == []
    assert "fast" in problems_shown(panel)[0]


def test_a_race_without_racers_invites_and_a_full_one_takes_no_more(panel, said):
    panel.set_racers(())
    assert panel.invitation.isVisibleTo(panel)
    panel.remove()
    panel.duplicate()
    panel.set_racers(RACERS * 3)
    assert not panel.add_button.isEnabled()
    panel.duplicate()
    assert said == []
    assert panel.table.currentIndex().row() == 0


def test_removing_the_last_row_selects_the_one_before(panel):
    panel.set_selected(3)
    panel.set_racers(RACERS[:3])
    assert panel.table.currentIndex().row() == 2
    assert panel.form.values() == RACERS[2].plain()


def test_a_narrow_panel_leaves_the_gradients_out(qtbot, panel):
    assert panel.minimumSizeHint().width() <= 300
    panel.resize(300, 560)
    qtbot.waitUntil(lambda: panel.table.isColumnHidden(GRADIENT))
    panel.resize(420, 560)
    qtbot.waitUntil(lambda: not panel.table.isColumnHidden(GRADIENT))
