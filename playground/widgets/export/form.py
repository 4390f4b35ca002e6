"""What leaves, in which formats, with what inside and where to."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.fields import CheckField, ChoiceField
from playground.widgets.common.tab_order import in_order
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.export.format_list import FormatList
from playground.widgets.export.values import FormatChoice, Refusals, SourceChoice, Wish

_LABELS = 64  # pixels of width


class ExportForm(QWidget):
    """Labels at the left, what they name at the right.

    Signals
    -------
    wished(object) : something was changed; the `Wish` as it is now.
    browse_requested(str) : the user wants another folder than this one.
    """

    wished = Signal(object)
    browse_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: dict[str, SourceChoice] = {}
        self._refusals = Refusals()
        self.source = ChoiceField()
        self.source_line = WrappedLabel("muted")
        self.formats = FormatList()
        self.normalise = CheckField(self.tr("Normalisation: pixels from 0 to 1 enter"))
        self.softmax = CheckField(self.tr("Softmax: probabilities leave"))
        self.inside_line = WrappedLabel("muted")
        self.name = QLineEdit()
        self.folder = QLineEdit()
        self.browse = QPushButton(self.tr("Browse…"))
        self.target_line = WrappedLabel("muted")
        self._describe()
        self._assemble()
        self._connect()

    def set_formats(self, choices: Sequence[FormatChoice], ticked: Sequence[str]) -> None:
        """Offer these formats, once; `ticked` are chosen at first."""
        self.formats.set_choices(choices, ticked)
        in_order(self.source, *self.formats.boxes.values(), self.normalise)
        self._refresh()

    def set_sources(self, sources: Sequence[SourceChoice], *, anew: bool = False) -> None:
        """Offer these nets; the one chosen stays so where it is among them, otherwise and `anew` the first is."""
        self._sources = {each.name: each for each in sources}
        self.source.set_choices([(each.name, each.title, each.line) for each in sources])
        if anew:
            self.source.set_value(sources[0].name)
        self._refresh()

    def set_refusals(self, refusals: Refusals) -> None:
        """Disable what this net does not allow."""
        self._refusals = refusals
        self.formats.set_refusals(refusals.formats)
        self._refresh()

    def set_target(self, folder: str, name: str) -> None:
        """Show this folder and file name without reporting them."""
        for line, text in ((self.folder, folder), (self.name, name)):
            if line.text() != text:  # so that the cursor stays where it is
                with QSignalBlocker(line):
                    line.setText(text)
                line.setCursorPosition(0)  # what is too long shows its beginning

    def say_target(self, sentence: str) -> None:
        """Say what will be written."""
        self.target_line.setText(sentence)

    def wish(self) -> Wish:
        """What is wanted, as it stands."""
        return Wish(
            source=str(self.source.value()),
            formats=tuple(choice.name for choice in self.formats.chosen()),
            normalise=self.normalise.value(),
            softmax=self.softmax.value(),
            folder=self.folder.text().strip(),
            name=self.name.text().strip(),
        )

    def _refresh(self) -> None:
        """What follows from the other settings."""
        chosen = self._sources.get(str(self.source.value()))
        self.source_line.setText(chosen.line if chosen is not None else "")
        for box, refused in ((self.normalise, self._refusals.normalise), (self.softmax, self._refusals.softmax)):
            reason = refused or self._why_nothing_goes_inside()
            box.setEnabled(not reason)
            if reason:
                box.set_value(False)
            box.setToolTip(reason or str(box.property("tip")))
        said = self._inside_sentence()
        self.inside_line.setText(said)
        self.inside_line.setVisible(bool(said))

    def _why_nothing_goes_inside(self) -> str:
        if any(choice.has_graph for choice in self.formats.chosen()):
            return ""
        return self.tr("Weights alone hold no program that could do it; choose a format that does, such as ONNX.")

    def _inside_sentence(self) -> str:
        reasons = [self._refusals.normalise, self._refusals.softmax]
        nothing = self._why_nothing_goes_inside()
        if nothing and not all(reasons):
            reasons = [nothing]
        elif not nothing and (self.normalise.value() or self.softmax.value()):
            weights = [choice.title for choice in self.formats.chosen() if not choice.has_graph]
            if weights:
                said = self.tr("Weights alone hold no program, so this does not go into {formats}.")
                reasons.append(said.format(formats=", ".join(weights)))
        return "\n".join(dict.fromkeys(reason for reason in reasons if reason))

    @Slot()
    def _report(self) -> None:
        self._refresh()
        self.wished.emit(self.wish())

    @Slot()
    def _browse(self) -> None:
        self.browse_requested.emit(self.folder.text().strip())

    def _describe(self) -> None:
        named: tuple[tuple[QWidget, str, str, str], ...] = (
            (self.source, "source", self.tr("Net"), self.tr("Which net leaves: with what it has learned, or without.")),
            (
                self.normalise, "normalise", self.tr("Normalisation inside"),
                self.tr("The file normalises pixels itself, with mean and standard deviation of the training data."),
            ),
            (
                self.softmax, "softmax", self.tr("Softmax inside"),
                self.tr("The file ends in softmax(dim=1), so that probabilities leave instead of logits."),
            ),
            (self.name, "name", self.tr("Name"), self.tr("The file's name; each format adds its own ending.")),
            (self.folder, "folder", self.tr("Folder"), self.tr("The folder for the files.")),
            (self.browse, "browse", self.tr("Choose a folder"), self.tr("Choose another folder.")),
        )  # fmt: skip
        for widget, name, text, tip in named:
            widget.setObjectName(f"export_{name}")
            widget.setAccessibleName(text)
            widget.setAccessibleDescription(tip)
            widget.setToolTip(tip)
            widget.setProperty("tip", tip)
        self.browse.setAutoDefault(False)
        self.target_line.setObjectName("export_target_line")

    def _assemble(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(2 * GRID)
        grid.setColumnMinimumWidth(0, _LABELS)
        grid.setColumnStretch(1, 1)
        folder = QHBoxLayout()
        folder.setSpacing(GRID)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        rows = (
            (self.tr("Net"), _below(self.source, self.source_line)),
            (self.tr("Formats"), _below(self.formats)),
            (self.tr("Inside"), _below(self.normalise, self.softmax, self.inside_line)),
            (self.tr("Name"), _below(self.name)),
            (self.tr("Folder"), folder),
            ("", _below(self.target_line)),
        )
        for row, (text, content) in enumerate(rows):
            label = QLabel(text)
            label.setProperty("muted", True)
            label.setContentsMargins(0, GRID // 2, 0, 0)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(content, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, GRID, 0)
        column.addLayout(grid)
        column.addStretch(1)

    def _connect(self) -> None:
        for field in (self.source, self.normalise, self.softmax, self.formats):
            field.edited.connect(self._report)
        for line in (self.name, self.folder):
            line.textChanged.connect(self._report)
        self.browse.clicked.connect(self._browse)


def _below(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(GRID - 2)
    for widget in widgets:
        column.addWidget(widget)
    return column
