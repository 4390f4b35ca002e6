"""The console panel: qtconsole in the window's colours, with a button that interrupts and a line about turns."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import theme
from playground.widgets.console.client import Client, Kernel
from playground.widgets.console.turn_status import TurnStatus

if TYPE_CHECKING:
    from playground.widgets.console.terminal import Terminal


class ConsolePanel(Panel):
    """Empty until `attach` gives it a console.

    Signals
    -------
    beginning() : a cell is about to be run.
    output_requested(str) : all that a cell printed, which was too much to be shown, is to be opened.
    """

    beginning = Signal()
    output_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Console"), "console", shows_code=True, parent=parent)
        self.terminal: Terminal | None = None
        self._client: Client | None = None
        self._whole = ""
        self.back = QPushButton(self.tr("Back to the prompt"))
        self.more = QPushButton(self.tr("Whole output"))
        self.stop = QPushButton(self.tr("Interrupt"))
        self.status = TurnStatus(self.stop)
        self.waiting = QLabel(self.tr("The console opens when PyTorch is loaded."))
        self.waiting.setProperty("muted", True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._set_up()
        theme.changed.connect(self._restyle)

    def attach(self, kernel: Kernel) -> None:
        """Open qtconsole over this console."""
        from playground.widgets.console.terminal import Terminal  # it takes a second to import

        self._client = Client(kernel, self)
        self._client.told.connect(self._tell)
        self._client.beginning.connect(self.beginning)
        self._client.interrupted.connect(self.status.interrupted)
        self.terminal = Terminal()
        self.terminal.setObjectName("console_terminal")
        self.terminal.setAccessibleName(self.title_label.text())
        self.terminal.page_turned.connect(self.back.setVisible)
        self.back.clicked.connect(self.terminal.leave_page)
        self.terminal.set_client(self._client)
        self.body.replaceWidget(self.waiting, self.terminal)
        self.waiting.hide()
        self.setFocusProxy(self.terminal)
        holder = self.window().focusWidget()
        if holder is not None and holder.isAncestorOf(self):  # it kept the keyboard for us
            self.terminal.setFocus()
        self._restyle()

    @Slot(str)
    def execute(self, code: str) -> None:
        """Run a cell as if it had been typed; what stands at the prompt stays."""
        if self.terminal is not None:
            self.terminal.execute(code)

    @Slot(str)
    def insert(self, text: str) -> None:
        """Put text at the prompt."""
        if self.terminal is not None:
            self.terminal.put(text)

    @Slot()
    def interrupt(self) -> None:
        """End the cell that runs; the keyboard is the prompt's again, since the button is off from then on."""
        if self._client is not None and self.terminal is not None:
            self._client.interrupt()
            self.terminal.setFocus()

    def _set_up(self) -> None:
        self.back.setObjectName("console_back")
        self.back.setProperty("link", True)
        self.back.setToolTip(self.tr("Close this text (Q or Escape); Return turns its pages."))
        self.back.hide()
        self.more.setObjectName("console_more")
        self.more.setProperty("link", True)
        self.more.setToolTip(self.tr("Open all that the last long cell printed."))
        self.more.hide()
        self.stop.setObjectName("console_interrupt")
        self.stop.setToolTip(self.tr("End the cell that runs (Ctrl+C). A native call ends only when it returns."))
        for part in (self.status, self.back, self.more, self.stop):
            self.header.addWidget(part)
        self.body.addWidget(self.waiting, 1)
        self.more.clicked.connect(self._open_whole)
        self.stop.clicked.connect(self.interrupt)

    @Slot(str, object)
    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "turn":
            self.status.set_status(content)
        elif kind == "capped":
            self._whole = content["text"]
            self.more.show()

    @Slot()
    def _open_whole(self) -> None:
        self.output_requested.emit(self._whole)

    @Slot()
    def _restyle(self) -> None:
        if self.terminal is not None:
            self.terminal.restyle()
