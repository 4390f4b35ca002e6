"""What is wrong with the network and how to mend it: a sentence, repairs that were tried, and hints."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from playground.widgets.common.theme import GRID
from playground.widgets.network.numbers import change, short
from playground.widgets.network.rows import Hint, Repair

_HINTS = 3  # shown before "more" is pressed


class DoctorStrip(QScrollArea):
    """The lines below the tree; as high as they are, until they would take too much of the panel.

    Signals
    -------
    repair_chosen : the number of the repair to apply.
    fix_chosen : the number of the hint to mend.
    layer_requested : the id of the layer a hint speaks of.
    """

    repair_chosen = Signal(int)
    fix_chosen = Signal(int)
    layer_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_doctor")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sentence = _label("bad")
        self.sentence.setObjectName("network_problem")
        self.show_layer = QPushButton(self.tr("Show the layer"))
        self._problem = QWidget()
        self._node = ""
        self.repairs = _Lines()
        self.hints = _Lines()
        self._hints: tuple[Hint, ...] = ()
        self._shows_all = False
        self._limit = 1_000
        self._assemble()

    def set_problem(self, sentence: str, node: str = "") -> None:
        """Say what is wrong, and offer to go to the layer `node`; nothing for an empty sentence."""
        self._node = node
        self.sentence.setText(f"⚠ {sentence}" if sentence else "")
        self.show_layer.setVisible(bool(node))
        self._problem.setVisible(bool(sentence))
        self._settle()

    def set_repairs(self, repairs: Sequence[Repair]) -> None:
        """Offer these repairs."""
        lines = [self._repair(number, repair) for number, repair in enumerate(repairs)]
        self.repairs.show_lines(lines)
        self._settle()

    def set_hints(self, hints: Sequence[Hint]) -> None:
        """Show what runs but is probably not meant."""
        self._hints = tuple(hints)
        self._show_hints()

    def set_limit(self, height: int) -> None:
        """The most pixels of height to take; the rest scrolls."""
        self._limit = height
        self._settle()

    def _assemble(self) -> None:
        content = QWidget()
        content.setObjectName("network_doctor_lines")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self._assemble_problem()
        for part in (self._problem, self.repairs, self.hints):
            self._column.addWidget(part)
            part.hide()
        self._column.addStretch(1)
        self.setWidget(content)
        for each in (self.viewport(), content):
            each.setAutoFillBackground(False)
        content.installEventFilter(self)

    def _assemble_problem(self) -> None:
        self.show_layer.setObjectName("network_problem_layer")
        self.show_layer.setProperty("link", True)
        self.show_layer.setToolTip(self.tr("Select the layer that the sentence speaks of."))
        self.show_layer.clicked.connect(self._report_layer)
        column = QVBoxLayout(self._problem)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sentence)
        column.addWidget(self.show_layer, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot()
    def _report_layer(self) -> None:
        self.layer_requested.emit(self._node)

    def _repair(self, number: int, repair: Repair) -> QWidget:
        changes = [self.tr("{count} parameters").format(count=change(repair.parameters_change))]
        if repair.flops_change is not None:
            changes.append(self.tr("{count} FLOPs").format(count=change(repair.flops_change)))
        elif repair.flops is not None:
            changes.append(self.tr("{count} FLOPs a sample in all").format(count=short(repair.flops)))
        line = _Line(repair.sentence, " · ".join(changes), self.tr("Apply"), f"repair_{number}")
        line.button.setToolTip(self.tr("It was tried on the whole network; one undo takes it back."))
        line.button.clicked.connect(partial(self.repair_chosen.emit, number))
        return line

    def _hint(self, number: int, hint: Hint) -> QWidget:
        line = _Line(hint.sentence, "", hint.fix, f"hint_{number}")
        line.button.clicked.connect(partial(self.fix_chosen.emit, number))
        line.sentence.linkActivated.connect(self.layer_requested)
        line.sentence.setText(f'<a href="{hint.node}" style="text-decoration:none">◆</a> {line.sentence.text()}')
        line.sentence.setToolTip(self.tr("Click the sign to select the layer."))
        line.sentence.setProperty("muted", True)
        return line

    @Slot()
    def _show_all(self) -> None:
        self._shows_all = True
        self._show_hints()

    def _show_hints(self) -> None:
        shown = self._hints if self._shows_all else self._hints[:_HINTS]
        lines = [self._hint(number, hint) for number, hint in enumerate(shown)]
        if len(shown) < len(self._hints):
            more = QPushButton(self.tr("{count} more hints").format(count=len(self._hints) - len(shown)))
            more.setObjectName("more_hints")
            more.setProperty("link", True)
            more.clicked.connect(self._show_all)
            lines.append(more)
        self.hints.show_lines(lines)
        self._settle()

    def _settle(self) -> None:
        shown = not all(part.isHidden() for part in (self._problem, self.repairs, self.hints))
        self.setVisible(shown)
        if shown:
            self.setFixedHeight(min(self._wanted(), self._limit))

    def _wanted(self) -> int:
        self._column.invalidate()
        by_width = self._column.totalHeightForWidth(self.viewport().width())
        return max(by_width, self._column.totalMinimumSize().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._settle()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return QSize(200, self._wanted())


class _Lines(QWidget):
    """Lines below each other that are replaced all at once."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)

    def show_lines(self, lines: Sequence[QWidget]) -> None:
        """Show these instead of what was here."""
        for gone in self._lines:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._lines = list(lines)
        for line in lines:
            self._column.addWidget(line)
        self.setVisible(bool(lines))


class _Line(QFrame):
    """A sentence, perhaps a faint second line, and perhaps a button at the right."""

    def __init__(self, sentence: str, below: str, action: str, name: str) -> None:
        super().__init__()
        self.sentence = _label("")
        self.sentence.setText(sentence)
        self.button = QPushButton(action)
        self.button.setObjectName(name)
        self.button.setAccessibleName(f"{action}: {sentence}")
        self.button.setVisible(bool(action))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.sentence)
        if below:
            texts.addWidget(_muted(below))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)


def _label(tone: str) -> QLabel:
    label = QLabel()
    label.setProperty("tone", tone)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    return label


def _muted(text: str) -> QLabel:
    label = _label("")
    label.setText(text)
    label.setProperty("muted", True)
    return label
