"""The variables panel: what the console's names hold, what memory they take, and which share it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedLayout, QWidget

from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.variables.model import VariablesModel
from playground.widgets.variables.table import VariablesTable
from playground.widgets.variables.values import VariableRow

_EXAMPLE = "a = torch.arange(12.).view(3, 4)"


class VariablesPanel(Panel):
    """The names of the console in a table, filtered by a field in the header.

    Signals
    -------
    inspect_requested(str) : show this name in the inspector: it was selected, or asked for.
    delete_requested(str) : delete this name.
    insert_requested(str) : put this text into the console: a name, or the line the empty panel offers.
    """

    inspect_requested = Signal(str)
    delete_requested = Signal(str)
    insert_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "variables", parent=parent)
        self.title_label.setText(self.tr("Variables"))
        self.setAccessibleName(self.tr("Variables"))
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.count.setFont(tabular(self.font()))
        self.filter = self._make_filter()
        self.header.addWidget(self.count)
        self.header.addWidget(self.filter)
        self.model = VariablesModel(self)
        self.table = VariablesTable(self.model)
        self.invitation = Invitation(
            "variables",
            self.tr("Nothing here yet. Type into the console, and every tensor, array and module shows up here."),
            _EXAMPLE,
            self.tr("Put this line into the console"),
        )
        self._stack = QStackedLayout()
        self.body.addLayout(self._stack)
        self._stack.addWidget(self.invitation)
        self._stack.addWidget(self.table)
        self._connect()
        self._tell_count()

    @Slot(object)
    def set_variables(self, rows: tuple[VariableRow, ...]) -> None:
        """Show these names; selection and scroll stay where they are."""
        with self.table.kept_selection():
            self.model.set_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self.invitation)
        self.filter.setEnabled(bool(rows))
        self._tell_count()

    @Slot(str)
    def select(self, name: str) -> None:
        """Select a name that something else chose; nothing is told."""
        self.table.select_name(name)

    def _make_filter(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("variables_filter")
        field.setPlaceholderText(self.tr("filter…"))
        field.setAccessibleName(self.tr("Filter"))
        field.setToolTip(self.tr("Show only names with these words in name, type, shape or sharing names."))
        field.setClearButtonEnabled(True)
        field.setMaximumWidth(20 * GRID)
        return field

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.table.selected.connect(self.inspect_requested)
        self.table.inspected.connect(self.inspect_requested)
        self.table.deleted.connect(self.delete_requested)
        self.table.inserted.connect(self.insert_requested)
        self.invitation.accepted.connect(self._offer)

    @Slot(str)
    def _filter(self, text: str) -> None:
        with self.table.kept_selection():
            self.model.set_filter(text)
        self._tell_count()

    @Slot()
    def _offer(self) -> None:
        self.insert_requested.emit(_EXAMPLE)

    def _tell_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        text = self.tr("{shown} of {total}").format(shown=shown, total=total) if shown != total else f"{total:,}"
        self.count.setText(text if total else "")
