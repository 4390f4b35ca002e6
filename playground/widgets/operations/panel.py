"""The operations panel: type or pick an operation, and see which cells make which."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID
from playground.widgets.operations.catalogue_list import CatalogueList
from playground.widgets.operations.entry_view import EntryView
from playground.widgets.operations.picture_page import PicturePage
from playground.widgets.operations.values import CatalogueEntry, OperationValues

_SIDE_BY_SIDE = 560  # pixels of width from which the catalogue stands beside the picture
_SHOWN_FIRST = "broadcasting"


class OperationsPanel(Panel):
    """A catalogue with examples beside the picture of one operation.

    Signals
    -------
    explain_requested(str) : picture this expression, with the console's names.
    example_requested(str, str) : picture an expression (second) after these lines (first), apart from the console.
    run_requested(str) : put these lines into the console and run them.
    """

    explain_requested = Signal(str)
    example_requested = Signal(str, str)
    run_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "operations", parent=parent)
        self.title_label.setText(self.tr("Operations"))
        self.setAccessibleName(self.tr("Operations"))
        self.catalogue = CatalogueList()
        self.entry = EntryView()
        self.expression = QLineEdit()
        self.explain = QPushButton(self.tr("Explain"))
        self.page = PicturePage()
        self.invitation = Invitation("operations", self._invites(), *self._start())
        self._stack = QStackedWidget()
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._set_up_field()
        self._lay_out()
        self._connect()
        self.set_picture(None)

    def set_catalogue(self, entries: Sequence[CatalogueEntry]) -> None:
        """Offer these operations."""
        self.catalogue.set_entries(entries)
        self.invitation.button.setVisible(bool(entries))

    def set_picture(self, values: OperationValues | None) -> None:
        """Show an operation, and its entry where it was typed; None invites to one."""
        if values is None:
            self.invitation.invite(self._invites(), self._start()[0])
            self._stack.setCurrentWidget(self.invitation)
            return
        is_typed = values.text == self.expression.text().strip()
        if is_typed and values.entry:
            self.catalogue.choose(values.entry)
        self._show_entry(is_asked_for=not is_typed)
        self.page.show_values(values)
        self._stack.setCurrentWidget(self.page)

    @Slot(str)
    def show_message(self, text: str) -> None:
        """Say something in the place of the picture; an empty text invites again."""
        self.invitation.invite(text or self._invites(), None if text else self._start()[0])
        self._stack.setCurrentWidget(self.invitation)

    @Slot()
    def _explain_typed(self) -> None:
        text = self.expression.text().strip()
        if text:
            self.explain_requested.emit(text)

    @Slot(object)
    def _choose(self, entry: object) -> None:
        if isinstance(entry, CatalogueEntry):
            self.entry.show_entry(entry)
        self._show_entry(is_asked_for=True)

    @Slot()
    def _begin(self) -> None:
        """Show what can be seen here with the first example."""
        names = self.catalogue.shown()
        if names:
            self.catalogue.choose(_SHOWN_FIRST if _SHOWN_FIRST in names else names[0])
            self.entry.explain_line()

    def _show_entry(self, *, is_asked_for: bool) -> None:
        """Its example gives its room to the picture of another operation where there is not enough for both."""
        has_room = self._sides.orientation() == Qt.Orientation.Horizontal
        self.entry.setVisible(self.catalogue.current is not None and (is_asked_for or has_room))

    def _invites(self) -> str:
        return self.tr(
            "Here an operation is seen cell by cell: its operands, its result, and which cells make which. "
            "Type one on your own tensors above, or choose one from the list."
        )

    def _start(self) -> tuple[str, str]:
        return self.tr("Show an example"), self.tr("Picture the example of broadcasting.")

    def _set_up_field(self) -> None:
        field = self.expression
        field.setObjectName("operations_expression")
        field.setAccessibleName(self.tr("Operation to explain"))
        field.setPlaceholderText(self.tr("Type an operation, such as a[:, 1:3] or a @ b"))
        field.setToolTip(self.tr("Any operation on the console's tensors. Enter explains it; nothing is changed."))
        field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        field.setClearButtonEnabled(True)
        self.explain.setObjectName("operations_explain")
        self.explain.setAccessibleName(self.tr("Explain the operation"))
        self.explain.setToolTip(self.tr("Picture what it does (Enter)."))

    def _lay_out(self) -> None:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GRID)
        rows.addWidget(self.catalogue, 1)
        rows.addWidget(self.entry)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.expression, 1)
        row.addWidget(self.explain)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        for page in (self.invitation, self.page):
            self._stack.addWidget(page)
        for part in (left, right):
            self._sides.addWidget(part)
        self._sides.setHandleWidth(2 * GRID)
        self._sides.setChildrenCollapsible(False)
        self._sides.setStretchFactor(1, 1)
        self._sides.setSizes([34 * GRID, 70 * GRID])
        self._sides.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.entry.hide()
        self.body.addWidget(self._sides, 1)

    def _connect(self) -> None:
        self.catalogue.chosen.connect(self._choose)
        self.catalogue.explained.connect(self.entry.explain_line)
        self.catalogue.run.connect(self.entry.run_example)
        self.entry.explain_requested.connect(self.example_requested)
        self.entry.run_requested.connect(self.run_requested)
        self.expression.returnPressed.connect(self._explain_typed)
        self.explain.clicked.connect(self._explain_typed)
        self.invitation.accepted.connect(self._begin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        self._sides.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self._show_entry(is_asked_for=self.entry.isVisibleTo(self))
