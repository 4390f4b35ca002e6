"""Status bar, program text, timing of the machine: what they say and do in the real window."""

import pytest
from driving import answer_dialogs, click, sentences, train, wait_until

from playground.engine.scripts.notebook import notebook
from playground.engine.scripts.program import script


def test_the_device_and_repeatability_are_said(program):
    train(program)
    window = program.window
    assert window.device_label.text().startswith("cpu")
    assert window.exact_label.text() == "exactly repeatable on this machine"
    assert window.status.currentMessage() == "Two clouds is trained"


def test_a_passing_line_gives_way_to_what_goes_on(program):
    train(program)
    program.status.tell("Saved something")
    assert program.window.status.currentMessage() == "Saved something"
    program.window.status.clearMessage()
    assert program.window.status.currentMessage() == "Two clouds is trained"


@pytest.mark.parametrize("panel", ["network_panel", "training_panel", "loss_plot", "accuracy_plot", "digit_pad"])
def test_show_code_shows_the_plain_program(program, panel):
    view = program.code._view
    click(program.window, f"{panel}_show_code")
    wait_until(view.isVisible, "the window with the program")
    wait_until(lambda: view.text.toPlainText() == script(program.session.document), "the program")
    view.close()


def test_the_network_is_written_as_a_class_where_that_is_chosen(program):
    view, document = program.code._view, program.session.document
    program.code.show()
    wait_until(lambda: view.text.toPlainText() == script(document), "the program")
    assert view.form.currentData() == "sequential"
    view.form_chosen.emit("class")
    wait_until(lambda: view.text.toPlainText() == script(document, form="class"), "the program with a class")
    assert view.form.currentData() == "class"
    view.form_chosen.emit("sequential")
    wait_until(lambda: view.text.toPlainText() == script(document), "the program as it was")
    view.close()


def test_the_program_is_saved_as_it_is_shown(program, tmp_path, monkeypatch):
    view = program.code._view
    program.window.actions_table["show_code"].trigger()
    wait_until(lambda: view.isVisible() and "two clouds" in view.text.toPlainText().casefold(), "the program")
    answer_dialogs(monkeypatch, tmp_path / "two_clouds.py")
    view.save.click()
    view.close()
    assert (tmp_path / "two_clouds.py").read_text() == script(program.session.document)


def test_the_program_is_saved_as_a_notebook(program, tmp_path, monkeypatch):
    view, document = program.code._view, program.session.document
    program.code.show()
    wait_until(lambda: view.text.toPlainText() == script(document), "the program")
    answer_dialogs(monkeypatch, tmp_path / "two_clouds.ipynb")
    view.notebook.click()
    assert (tmp_path / "two_clouds.ipynb").read_text() == notebook(document)
    program.code.show_text("Only text", "print(1)")
    assert not view.notebook.isVisible()
    view.close()


def test_timing_the_machine_shows_its_bars_where_one_can_see_them(program):
    program.window.workspaces.switch("train")
    program.window.actions_table["measure"].trigger()
    dock = program.window.docks["devices_panel"]
    panel = program.window.machine
    wait_until(lambda: program.jobs.is_running("measurement"), "the timing to begin")
    assert panel.bar.isVisible()
    wait_until(lambda: not program.jobs.is_running("measurement"), "the timing to end")
    assert set(panel._tasks) == {"matrix product", "training step"}
    assert dock.isVisible()
    assert program.window.dockWidgetArea(dock).value != 0
    assert dock.height() > 100
    assert sentences(program) == []
