"""The window with the program: to read, find in, copy and save."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor

from playground.widgets.code.code_view import PIECE, CodeView
from playground.widgets.common.theme import theme

PROGRAM = '''"""A program
in three lines that print("nothing")."""
import torch  # the library

net = torch.nn.Linear(3, 2)
print("net", 0.5)
'''


@pytest.fixture
def view(qtbot):
    view = CodeView()
    qtbot.addWidget(view)
    view.set_code("Program", PROGRAM)
    view.show()
    qtbot.waitExposed(view)
    return view


def color_of(view, word, occurrence=0):
    """The colour in which a word of the program is drawn."""
    place = -1
    for _ in range(occurrence + 1):
        place = PROGRAM.index(word, place + 1)
    cursor = QTextCursor(view.text.document())
    cursor.setPosition(place)
    inside = place - cursor.block().position()
    for each in cursor.block().layout().formats():
        if each.start <= inside < each.start + each.length:
            return each.format.foreground().color().name()
    return None


def test_the_parts_of_the_language_have_their_colours(view):
    assert color_of(view, "import") == theme.color("accent").name()
    assert color_of(view, "# the library") == theme.color("muted").name()
    assert color_of(view, '"net"') == theme.color("test").name()
    assert color_of(view, "0.5") == theme.color("validation").name()
    assert color_of(view, "torch") is None


def test_a_string_over_several_lines_is_one_string(view):
    assert color_of(view, "print") == theme.color("test").name()
    assert color_of(view, "print", occurrence=1) == theme.color("train").name()


def test_the_colours_follow_the_theme(view):
    before = color_of(view, "import")
    try:
        theme.choose("dark" if not theme.is_dark else "light")
        assert color_of(view, "import") == theme.color("accent").name() != before
    finally:
        theme.choose("system")


def test_copy_takes_the_whole_program(qtbot, view):
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == PROGRAM
    assert view.status.text() == "Copied."


def test_saving_hands_the_program_on(qtbot, view):
    with qtbot.waitSignal(view.save_requested) as request:
        qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    assert request.args == [PROGRAM]


def test_a_notebook_is_asked_for_where_it_is_offered(qtbot, view):
    assert not view.notebook.isVisible()
    view.offer_notebook(True)
    with qtbot.waitSignal(view.notebook_requested):
        qtbot.mouseClick(view.notebook, Qt.MouseButton.LeftButton)
    view.offer_notebook(False)
    assert not view.notebook.isVisible()


def test_another_text_is_no_program(qtbot, view):
    view.set_forms([("a", "A")], "a")
    view.offer_notebook(True)
    view.set_text("Output", "1\n2\n")
    assert not view.is_program
    assert (view.form.isVisible(), view.notebook.isVisible()) == (False, False)
    assert view.status.text() == "2 lines"
    view.set_code("Program", PROGRAM)
    assert view.is_program
    qtbot.waitUntil(lambda: color_of(view, "import") == theme.color("accent").name())
    assert view.status.text() == "6 lines · runs without the playground"


def test_a_long_text_comes_in_pieces_and_is_copied_and_saved_whole(qtbot, view):
    long = "".join(f"{i} of many lines\n" for i in range(2 * PIECE // 10))
    view.set_text("Output", long)
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == long
    with qtbot.waitSignal(view.save_requested) as request:
        qtbot.mouseClick(view.save, Qt.MouseButton.LeftButton)
    assert request.args == [long]
    qtbot.waitUntil(lambda: view.text.toPlainText() == long)


def test_finding_goes_round(qtbot, view):
    view.show_find()
    qtbot.keyClicks(view.find_field, "net")
    first = view.text.textCursor().selectionStart()
    assert first == PROGRAM.index("net")
    qtbot.keyClick(view.find_field, Qt.Key.Key_Return)
    second = view.text.textCursor().selectionStart()
    assert second == PROGRAM.index("net", first + 1)
    qtbot.keyClick(view.find_field, Qt.Key.Key_Return)
    assert view.text.textCursor().selectionStart() == first
    qtbot.keyClick(view.find_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.text.textCursor().selectionStart() == second


def test_what_is_not_there_is_marked(qtbot, view):
    view.show_find()
    qtbot.keyClicks(view.find_field, "tensorflow")
    assert view.find_field.property("wrong")


def test_escape_closes_the_line_first_and_then_the_window(qtbot, view):
    view.activateWindow()
    view.show_find()
    qtbot.waitUntil(view.find_field.hasFocus)
    qtbot.keyClick(view.find_field, Qt.Key.Key_Escape)
    assert not view.find_field.isVisible()
    assert view.isVisible()
    qtbot.keyClick(view.text, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_the_text_cannot_be_edited(qtbot, view):
    qtbot.keyClicks(view.text, "x")
    assert view.text.toPlainText() == PROGRAM


def test_forms_are_offered_where_there_are_several(qtbot, view):
    assert not view.form.isVisible()
    view.set_forms((("sequential", "nn.Sequential"), ("class", "class Net")), "class")
    assert (view.form.isVisible(), view.form.currentText()) == (True, "class Net")
    with qtbot.waitSignal(view.form_chosen) as chosen:
        view.form.setFocus()
        qtbot.keyClick(view.form, Qt.Key.Key_Up)
    assert chosen.args == ["sequential"]
    view.set_forms(())
    assert not view.form.isVisible()
