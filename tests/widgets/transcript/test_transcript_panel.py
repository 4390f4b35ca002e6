"""The transcript panel: what it shows, and what it asks for."""

import pytest
from PySide6.QtGui import QGuiApplication

from playground.widgets.transcript.panel import TranscriptPanel

LONG = "\n".join(f"x{i} = {i}" for i in range(200)) + "\n"


@pytest.fixture
def panel(qtbot):
    """A visible, empty panel."""
    panel = TranscriptPanel()
    qtbot.addWidget(panel)
    panel.resize(400, 240)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_an_empty_transcript_says_what_will_be_here(panel):
    assert panel.empty.isVisible()
    assert not panel.save.isEnabled()
    panel.set_script("a = 1\n")
    assert not panel.empty.isVisible()
    assert panel.text.toPlainText() == "a = 1\n"
    panel.set_script("")
    assert panel.empty.isVisible()


def test_the_script_is_saved_and_copied_as_it_stands(panel, qtbot):
    panel.set_script(LONG)
    with qtbot.waitSignal(panel.save_requested) as asked:
        panel.save.click()
    panel.copy.click()
    assert asked.args == [LONG]
    assert QGuiApplication.clipboard().text() == LONG


def test_the_end_is_followed_unless_one_reads_further_up(panel):
    bar = panel.text.verticalScrollBar()
    panel.set_script(LONG)
    panel.set_script(LONG + "y = 1\n")
    assert bar.value() == bar.maximum() > 0
    bar.setValue(5)
    panel.set_script(LONG + "y = 1\nz = 2\n")
    assert bar.value() == 5


def test_what_stands_there_already_is_not_coloured_again(panel, monkeypatch):
    panel.set_script(LONG)
    painted = []
    highlight = panel.text.highlighter.highlightBlock
    monkeypatch.setattr(panel.text.highlighter, "highlightBlock", lambda text: (painted.append(text), highlight(text)))
    panel.set_script(LONG + "y = 1\n")
    assert panel.text.toPlainText() == LONG + "y = 1\n"
    assert painted == ["y = 1", ""]
    panel.set_script("import torch\n" + LONG)
    assert panel.text.toPlainText() == "import torch\n" + LONG
