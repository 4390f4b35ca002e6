"""The program as one: colours that switch live, faults that become one notice, files dropped, commands found."""

import sys

import pytest
from driving import application, click, sentences, shown_program, start_over, train, wait_until
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from playground.app import Reporter
from playground.engine import presets
from playground.engine.document import encode
from playground.widgets.common.theme import theme


@pytest.fixture(scope="module")
def shown(qapp, tmp_path_factory):  # noqa: ARG001
    with shown_program(tmp_path_factory.mktemp("user")) as program:
        yield program


@pytest.fixture
def program(shown):
    """The program with a small document and light colours, nothing said."""
    start_over(shown)
    shown.window.actions_table["theme_light"].trigger()
    return shown


@pytest.fixture
def faults_are_told(program, monkeypatch):
    """Exceptions go where they go in the real program, in place of failing the test."""
    monkeypatch.setattr(sys, "excepthook", Reporter(program))


def ground(widget):
    """The colour of a widget's left edge, half way down: nothing but ground is there."""
    return widget.grab().toImage().pixelColor(6, widget.height() // 2)


# --- colours ---


def test_every_panel_switches_between_light_and_dark_while_it_is_shown(program):
    window = program.window
    panels = [panel for panel in window.panels if panel.isVisible()]
    views = [window.loss.view, window.accuracy.view, window.samples.scatter]
    assert len(panels) == 6
    for choice in ("light", "dark", "light"):
        window.actions_table[f"theme_{choice}"].trigger()
        assert theme.is_dark == (choice == "dark")
        for panel in panels:
            assert ground(panel) == theme.color("surface"), (choice, panel.objectName())
        for view in views:
            assert view.backgroundBrush().color() == theme.color("surface"), choice
        assert ground(window.rail) == theme.color("rail")
        assert program.settings.theme == choice


def test_light_and_dark_differ_to_the_eye(program):
    grounds = []
    for choice in ("light", "dark"):
        program.window.actions_table[f"theme_{choice}"].trigger()
        grounds.append(ground(program.window.training).lightnessF())
    assert grounds[0] - grounds[1] > 0.6


class System:
    """A system whose scheme can be switched; that of a bare screen cannot."""

    def __init__(self, monkeypatch):
        self.scheme = Qt.ColorScheme.Light
        monkeypatch.setattr("playground.widgets.common.theme.QGuiApplication", self)

    def styleHints(self):
        return self

    def colorScheme(self):
        return self.scheme

    def switch(self, scheme):
        self.scheme = scheme
        application().styleHints().colorSchemeChanged.emit(scheme)


def test_the_system_s_scheme_is_followed_as_long_as_nobody_chose(program, monkeypatch):
    system = System(monkeypatch)
    program.window.actions_table["theme_system"].trigger()
    for scheme, dark in ((Qt.ColorScheme.Dark, True), (Qt.ColorScheme.Light, False)):
        system.switch(scheme)
        assert theme.is_dark == dark
        assert ground(program.window.training) == theme.color("surface")
    program.window.actions_table["theme_light"].trigger()
    system.switch(Qt.ColorScheme.Dark)
    assert not theme.is_dark


def test_the_chosen_colours_are_marked_in_the_menu(program):
    for choice in ("dark", "light", "system"):
        action = program.window.actions_table[f"theme_{choice}"]
        action.trigger()
        others = [program.window.actions_table[f"theme_{other}"] for other in ("dark", "light", "system")]
        assert [each for each in others if each.isChecked()] == [action]


# --- faults ---


@pytest.mark.usefixtures("faults_are_told")
def test_a_fault_in_a_slot_is_one_notice_with_details_and_the_window_goes_on(program, monkeypatch):
    def broken(_name):
        raise RuntimeError("a screw\nloose")

    monkeypatch.setattr(presets, "preset", broken)
    for _ in range(3):
        program.window.network.preset_chosen.emit("mnist-mlp")
    (message,) = program.window.notice.messages()
    assert "a screw loose" in message.sentence
    assert "Traceback" in message.details
    assert 'raise RuntimeError("a screw' in message.details
    click(program.window, "notice_details_button")
    assert program.window.notice.details.isVisible()
    monkeypatch.undo()
    click(program.window, "notice_close")
    train(program)
    assert program.run.state == "finished"


@pytest.mark.usefixtures("faults_are_told")
def test_a_problem_that_escapes_a_slot_keeps_its_own_sentence(program):
    program.window.network.preset_chosen.emit("no such preset")
    (sentence,) = sentences(program)
    assert sentence.startswith("no such preset is neither a preset nor a file")


@pytest.mark.usefixtures("faults_are_told")
def test_a_fault_in_every_paint_event_is_one_notice_that_can_be_read(program, monkeypatch):
    strip = program.window.training.workflow.strip
    painted = []

    def broken(*_):
        painted.append(1)
        raise RuntimeError("no paint left")

    monkeypatch.setattr(type(strip), "_centres", broken)  # the first thing its paintEvent asks for
    strip.update()
    wait_until(lambda: sentences(program) != [], "the notice")
    program.window.notice.details_button.toggle()
    before = len(painted)
    for more in (1, 2, 3):
        strip.update()
        wait_until(lambda more=more: len(painted) >= before + more, "another paint event")
    assert len(sentences(program)) == 1
    assert "no paint left" in sentences(program)[0]
    assert program.window.notice.details.isVisible(), "the details stay open while the fault goes on"
    monkeypatch.undo()
    train(program)
    assert program.run.state == "finished"


def test_a_fault_in_a_worker_fails_the_run_with_one_notice(program, monkeypatch):
    def broken(_spec, _stop):
        raise RuntimeError("a wheel off")
        yield

    with monkeypatch.context() as patch:
        patch.setattr("playground.engine.training.job.load", broken)
        train(program)
    assert program.run.state == "failed"
    (message,) = program.window.notice.messages()
    assert message.sentence.startswith("training failed: a wheel off.")
    assert "Traceback" in message.details
    train(program)
    assert program.run.state == "finished"


# --- files and commands ---


def drop(widget, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where = QPointF(widget.rect().center())
    button, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, data, button, no_key))


def test_a_document_dropped_on_the_window_is_opened(program, tmp_path):
    path = tmp_path / "Mit Umlaut ä.playground"
    path.write_bytes(encode(presets.preset("spiral-mlp")))
    drop(program.window, path)
    assert program.session.document == presets.preset("spiral-mlp")
    assert program.session.path == path


def test_a_command_is_found_by_parts_of_its_name_and_done(program):
    palette = program.window.command_palette
    program.window.actions_table["palette"].trigger()
    QTest.keyClicks(palette.field, "spir pre")
    assert palette.list.count() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert program.session.document == presets.preset("spiral-mlp")
    program.window.actions_table["palette"].trigger()
    QTest.keyClicks(palette.field, "dark col")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert theme.is_dark
    assert not palette.isVisible()


def test_every_command_of_the_palette_is_there(program):
    palette = program.window.command_palette
    program.window.actions_table["palette"].trigger()
    texts = [palette.list.item(row).text() for row in range(palette.list.count())]
    palette.hide()
    assert any(text.startswith("Train or pause") and "F5" in text for text in texts)
    assert len(texts) >= len(presets.names()) + 15
    assert len(set(texts)) == len(texts)


def test_the_settings_of_the_rail_offer_colours_and_the_arrangement(program):
    click(program.window, "rail_settings")
    menu = application().activePopupWidget()
    texts = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    menu.close()
    assert texts == ["Colours as the system", "Light colours", "Dark colours", "Put all panels back"]


def test_full_screen_and_back(program):
    action = program.window.actions_table["full_screen"]
    action.trigger()
    wait_until(program.window.isFullScreen, "the full screen")
    action.trigger()
    wait_until(lambda: not program.window.isFullScreen(), "the window")
