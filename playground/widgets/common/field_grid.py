"""Labelled editors in aligned columns, with room below each row for a sentence about what is wrong."""

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from playground.widgets.common.fields import TextField, set_wrong
from playground.widgets.common.theme import GRID

HEIGHT = 28  # pixels: of every editor, whatever its kind


@dataclass
class _Line:
    """The message label below one row of editors, and what each of them has to say."""

    label: QLabel
    sentences: dict[str, str] = field(default_factory=dict)


class FieldGrid(QWidget):
    """Editors by name, in one or two columns; the object names start with the grid's own."""

    def __init__(
        self,
        name: str,
        *,
        columns: int = 2,
        label_width: int = 72,
        shares: tuple[int, int] = (1, 1),
        bare_second: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`shares` of the width go to the columns' editors.

        `bare_second` leaves the second column without labels, for a choice that explains itself.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self._columns = columns
        self._bare = bare_second
        self._next = 0
        self._lines: dict[int, _Line] = {}
        self._rows: dict[str, int] = {}
        self._editors: dict[str, QWidget] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        for column in range(columns):
            bare = bare_second and column == 1
            self._grid.setColumnMinimumWidth(2 * column, 0 if bare else label_width)
            self._grid.setColumnStretch(2 * column + 1, shares[column])

    def add(self, name: str, text: str, editor: QWidget, tip: str, *, wide: bool = False) -> None:
        """Put an editor at the next free place; a wide one takes a whole row."""
        row, column = self._place(wide)
        self._describe(name, text, editor, tip)
        editor.setFixedHeight(HEIGHT)
        # The columns' stretch alone decides the width, so that fields of all grids stand below each other.
        editor.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if not (self._bare and column == 1):
            self._grid.addWidget(_label(text, editor, tip), 2 * row, 2 * column)
        self._grid.addWidget(editor, 2 * row, 2 * column + 1, 1, 2 * self._columns - 1 if wide else 1)
        self._rows[name] = row
        self._editors[name] = editor
        if isinstance(editor, TextField):
            editor.refused.connect(partial(self.set_problem, name))

    def add_plain(self, widget: QWidget) -> None:
        """Put a widget that says itself what it is at the next free place."""
        row, column = self._place(wide=False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(widget, 2 * row, 2 * column, 1, 2, left)

    def editor(self, name: str) -> QWidget | None:
        """The editor of that name."""
        return self._editors.get(name)

    def set_problem(self, name: str, sentence: str) -> None:
        """Mark an editor and say below its row what is wrong; an empty sentence clears that."""
        row = self._rows[name]
        line = self._lines.get(row) or self._add_line(row)
        line.sentences[name] = sentence
        shown = "\n".join(f"⚠ {each}" for each in line.sentences.values() if each)
        line.label.setText(shown)
        line.label.setVisible(bool(shown))
        set_wrong(self._editors[name], bool(sentence))

    def clear_problems(self) -> None:
        """Take every sentence away, except what the editors themselves refuse."""
        for name, editor in self._editors.items():
            if editor.property("wrong") and not (isinstance(editor, TextField) and editor.is_wrong()):
                self.set_problem(name, "")

    def _place(self, wide: bool) -> tuple[int, int]:
        if wide and self._next % self._columns:
            self._next += 1
        place = divmod(self._next, self._columns)
        self._next += self._columns if wide else 1
        return place

    def _describe(self, name: str, text: str, editor: QWidget, tip: str) -> None:
        editor.setObjectName(f"{self.objectName()}_{name}")
        editor.setAccessibleName(text)
        editor.setAccessibleDescription(tip)
        editor.setToolTip(tip)

    def _add_line(self, row: int) -> _Line:
        label = QLabel()
        label.setObjectName(f"{self.objectName()}_problem_{row}")
        label.setProperty("tone", "bad")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(label, 2 * row + 1, 0, 1, 2 * self._columns)
        self._lines[row] = _Line(label)
        return self._lines[row]


def _label(text: str, editor: QWidget, tip: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("muted", True)
    label.setBuddy(editor)
    label.setToolTip(tip)
    return label
