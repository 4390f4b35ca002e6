"""qtconsole over a kernel that answers at once: what is typed runs, what is shown appears, Ctrl+C gets through."""

from functools import partial

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtTest import QTest

from playground.widgets.common.theme import theme
from playground.widgets.console.panel import ConsolePanel


class Echo:
    """Prints every cell back."""

    def __init__(self):
        self.cells, self.interrupts, self.publish = [], 0, None
        self.traceback = ["NameError: oops"]

    def listen(self, publish):
        self.publish = publish

    def interrupt(self):
        self.interrupts += 1
        return True

    def request(self, kind, content, reply):
        """Answered later, as by another thread."""
        QTimer.singleShot(0, partial(self.answer, kind, content, reply))

    def answer(self, kind, content, reply):
        if kind == "execute_request":
            self.execute(content["code"], content["silent"])
        count = len(self.cells)
        answers = {
            "execute_request": {"status": "ok", "execution_count": count, "payload": [], "user_expressions": {}},
            "history_request": {"status": "ok", "history": []},
            "is_complete_request": {"status": "complete", "indent": ""},
            "kernel_info_request": {"status": "ok", "banner": "", "language_info": {"name": "python"}},
            "inspect_request": {"status": "ok", "found": False, "data": {}, "metadata": {}},
            "complete_request": {"status": "ok", "matches": [], "cursor_start": 0, "cursor_end": 0, "metadata": {}},
        }
        reply(answers[kind])

    def execute(self, code, silent):
        if silent:
            return
        self.cells.append(code)
        self.publish("turn", {"status": "busy"})
        self.publish("stream", {"name": "stdout", "text": f"ran {code}\n"})
        if code == "oops":
            self.publish("error", {"ename": "NameError", "evalue": "oops", "traceback": self.traceback})
            self.publish("note", {"text": "Define oops first."})
        if code == "long":
            self.publish("capped", {"text": "all of it"})
            return
        self.publish("turn", {"status": "idle"})


@pytest.fixture
def kernel():
    return Echo()


@pytest.fixture
def panel(qtbot, kernel):
    panel = ConsolePanel()
    qtbot.addWidget(panel)
    panel.attach(kernel)
    panel.resize(700, 500)
    panel.show()
    qtbot.waitUntil(lambda: "In [" in text(panel))
    return panel


def text(panel):
    return panel.terminal._control.toPlainText()


def test_what_is_typed_runs_and_what_it_prints_appears(qtbot, panel, kernel):
    QTest.keyClicks(panel.terminal._control, "1 + 1")
    QTest.keyClick(panel.terminal._control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "ran 1 + 1" in text(panel))
    assert kernel.cells == ["1 + 1"]


def test_a_cell_asked_for_from_outside_is_seen(qtbot, panel, kernel):
    panel.execute("x = 3")
    qtbot.waitUntil(lambda: "ran x = 3" in text(panel))
    assert kernel.cells == ["x = 3"]


def test_text_is_put_at_the_prompt_and_waits_there(qtbot, panel, kernel):
    panel.insert("net[0].weight")
    qtbot.waitUntil(lambda: text(panel).endswith("net[0].weight"))
    assert kernel.cells == []


def test_an_error_has_its_note_below(qtbot, panel):
    panel.execute("oops")
    qtbot.waitUntil(lambda: "  | Define oops first." in text(panel))


def test_a_long_output_can_be_opened_whole_and_a_running_cell_interrupted(qtbot, panel, kernel):
    panel.execute("long")
    qtbot.waitUntil(panel.more.isVisible)
    with qtbot.waitSignal(panel.output_requested) as opened:
        panel.more.click()
    assert opened.args == ["all of it"]
    qtbot.waitUntil(panel.stop.isEnabled)
    panel.stop.click()
    assert kernel.interrupts == 1
    panel.terminal.interrupt_kernel()
    assert kernel.interrupts == 2


def test_after_a_click_on_interrupt_the_keyboard_is_the_prompt_s(qtbot, panel, kernel):
    panel.activateWindow()
    kernel.publish("turn", {"status": "busy"})
    panel.status.delay.timeout.emit()
    panel.stop.setFocus()
    qtbot.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    assert kernel.interrupts == 1
    assert panel.window().focusWidget() is panel.terminal._control


def test_a_long_help_says_how_to_come_back_from_it(qtbot, panel):
    panel.execute("1")
    qtbot.waitUntil(lambda: "ran 1" in text(panel))
    assert not panel.back.isVisible()
    panel.terminal._page("a line\n" * 100)
    assert panel.back.isVisible()
    panel.back.click()
    assert panel.terminal._control.isVisible()
    assert not panel.back.isVisible()
    panel.terminal._page("a line\n" * 100)
    QTest.keyClick(panel.terminal._page_control, Qt.Key.Key_Escape)
    assert not panel.back.isVisible()


def test_a_figure_is_no_wider_than_the_console(panel):
    for width, shown in ((3_000, panel.terminal._control.viewport().width()), (100, 100)):
        picture = QImage(width, 10, QImage.Format.Format_RGB32)
        added = panel.terminal._add_image(picture)
        assert panel.terminal._get_image(added.name()).width() in range(shown - 16, shown + 1)


def test_the_mark_of_a_bracket_lets_it_be_read(panel):
    mark = panel.terminal._bracket_matcher.format.background().color()
    assert mark.alphaF() < 0.5
    assert mark.rgb() == theme.color("accent").rgb()


def test_what_is_over_at_once_is_never_said(panel, kernel):
    kernel.publish("turn", {"status": "holding"})
    assert panel.status.delay.isActive()
    kernel.publish("turn", {"status": "idle"})
    assert not panel.status.delay.isActive()
    assert panel.status.text() == ""
    assert not panel.stop.isEnabled()


def test_what_is_said_makes_no_panel_wider(panel, kernel):
    narrow = panel.minimumSizeHint().width()
    kernel.publish("turn", {"status": "holding"})
    panel.status.delay.timeout.emit()
    assert panel.minimumSizeHint().width() - narrow < panel.status.fontMetrics().horizontalAdvance("training") // 2
    assert panel.status.toolTip() == "training waits for the console"


def test_a_wait_that_lasts_is_said_until_it_ends(panel, kernel):
    kernel.publish("turn", {"status": "waiting"})
    panel.status.delay.timeout.emit()
    assert panel.status.text() == "waiting for the step under way"
    kernel.publish("turn", {"status": "holding"})
    assert panel.status.text() == "waiting for the step under way"
    panel.status.delay.timeout.emit()
    assert panel.status.text() == "training waits for the console"
    kernel.publish("turn", {"status": "idle"})
    assert panel.status.text() == ""


def test_a_cell_that_does_not_end_when_it_is_interrupted_waits_for_a_native_call(panel, kernel):
    kernel.publish("turn", {"status": "busy"})
    panel.interrupt()
    assert panel.status.patience.isActive()
    panel.status.patience.timeout.emit()
    assert panel.status.text() == "waiting for a native call"
    kernel.publish("turn", {"status": "idle"})
    assert panel.status.text() == ""


def test_a_cell_that_ends_when_it_is_interrupted_says_nothing_of_native_calls(panel, kernel):
    kernel.publish("turn", {"status": "busy"})
    panel.terminal.interrupt_kernel()
    kernel.publish("turn", {"status": "idle"})
    assert not panel.status.patience.isActive()
    panel.interrupt()  # nothing runs any more
    assert not panel.status.patience.isActive()


def color_at(panel, word):
    """The colour in which a word of the console is drawn, by the code's highlighter or by its own format."""
    cursor = QTextCursor(panel.terminal._control.document())
    cursor.setPosition(text(panel).index(word) + 1)
    inside = cursor.position() - 1 - cursor.block().position()
    for each in cursor.block().layout().formats():
        if each.start <= inside < each.start + each.length:
            return each.format.foreground().color().name()
    return cursor.charFormat().foreground().color().name()


def test_code_prompts_tracebacks_and_notes_have_the_theme_s_colours_and_follow_it(qtbot, panel, kernel):
    kernel.traceback = ["\x1b[31mNameError\x1b[39m: \x1b[01m\x1b[30;43mlost\x1b[39;49m"]
    panel.execute("oops")
    qtbot.waitUntil(lambda: "Define oops" in text(panel))
    panel.execute("from math import pi  # round")
    qtbot.waitUntil(lambda: "ran from" in text(panel))
    wanted = {
        "import pi": "accent",
        "# round": "muted",
        "NameError": "bad",
        "lost": "surface",
        "Define oops": "muted",
        "In [": "good",
    }

    def seen():
        return {word: color_at(panel, word) for word in wanted}

    def meant():
        return {word: theme.color(role).name() for word, role in wanted.items()}

    before = seen()
    assert before == meant()
    try:
        theme.choose("dark" if not theme.is_dark else "light")
        assert seen() == meant() != before
    finally:
        theme.choose("system")
    assert seen() == before == meant()


def test_a_flood_of_prints_reaches_the_window_in_few_messages_and_in_order(qtbot, panel, kernel):
    received = []
    panel.terminal.kernel_client.iopub_channel.message_received.connect(received.append)
    for number in range(5_000):
        kernel.publish("stream", {"name": "stdout", "text": f"{number}\n"})
    kernel.publish("stream", {"name": "stderr", "text": "careful\n"})
    kernel.publish("error", {"ename": "KeyboardInterrupt", "evalue": "", "traceback": []})
    qtbot.waitUntil(lambda: received and received[-1]["msg_type"] == "error")
    printed = [message["content"] for message in received[:-1]]
    assert "".join(each["text"] for each in printed) == "".join(f"{n}\n" for n in range(5_000)) + "careful\n"
    assert [each["name"] for each in printed[-2:]] == ["stdout", "stderr"]
    assert len(received) < 20


def test_what_is_printed_before_a_long_pause_is_shown_without_waiting_for_more(qtbot, panel, kernel):
    kernel.publish("stream", {"name": "stdout", "text": "first"})
    kernel.publish("stream", {"name": "stdout", "text": ", second"})
    qtbot.waitUntil(lambda: "first, second" in text(panel))
