"""qtconsole's widget in the window's colours. Importing it takes a second."""

from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QImage, QTextImageFormat
from PySide6.QtWidgets import QStackedLayout, QTextEdit
from qtconsole.rich_jupyter_widget import RichJupyterWidget

from playground.widgets.common.theme import Role, theme
from playground.widgets.console.client import Client
from playground.widgets.console.colors import PROMPTS, AnsiColors, Syntax, bracket, present, recolor

LINES_KEPT = 10_000  # that can be scrolled back to
_STYLE = """
QPlainTextEdit, QTextEdit {{ background: {surface}; color: {text}; border: none;
    selection-background-color: {accent}; selection-color: {on_accent}; }}
.in-prompt {{ color: {good}; }}
.in-prompt-number {{ font-weight: bold; }}
.out-prompt {{ color: {bad}; }}
.out-prompt-number {{ font-weight: bold; }}
.inverted {{ background-color: {text}; color: {surface}; }}
.error {{ color: {bad}; }}
"""


class Terminal(RichJupyterWidget):
    """The console's text: prompts, cells, their output and their pictures.

    Signals
    -------
    page_turned(bool) : a long text, such as a help, has taken the place of the prompt, or has given it back.
    """

    page_turned = Signal(bool)

    def __init__(self) -> None:
        super().__init__(local_kernel=True, custom_interrupt=True, custom_restart=True, buffer_size=LINES_KEPT)
        self.banner = ""
        self.include_other_output = False
        self._ansi_processor = AnsiColors()
        self._present: dict[int, Role] = {}
        self._sheet = cast(QTextEdit, self._control)
        self.setFocusProxy(self._sheet)
        self.font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self._places = cast(QStackedLayout, self.layout())
        self._places.currentChanged.connect(self._tell_page)

    def set_client(self, client: Client) -> None:
        """Speak with this client, and show the first prompt."""
        self.kernel_client = client
        self.custom_interrupt_requested.connect(client.interrupt)
        client.start_channels()

    def put(self, text: str) -> None:
        """Text at the prompt, and the keyboard there."""
        self.setFocus()
        self._insert_plain_text_into_buffer(self._get_cursor(), text)

    @Slot()
    def leave_page(self) -> None:
        """Back from a long text to the prompt."""
        self._places.setCurrentWidget(self._sheet)
        self.setFocus()

    def restyle(self) -> None:
        """Take every colour from the theme."""
        self.style_sheet = _STYLE.format(**{role: theme.color(role).name() for role in PROMPTS})
        recolor(self._sheet.document(), self._present)
        self._present = present()
        self._bracket_matcher.format = bracket()
        highlighter = self._highlighter
        assert highlighter is not None, "it is there from the beginning"
        highlighter.set_style(Syntax())
        highlighter.highlighting_on = True  # what was typed earlier too
        highlighter.rehighlight()
        highlighter.highlighting_on = False

    def _add_image(self, image: QImage) -> QTextImageFormat:
        """qtconsole's own, for a picture that is no wider than the console."""
        room = self._sheet.viewport().width() - 2 * round(self._sheet.document().documentMargin())
        if 0 < room < image.width():
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        added: QTextImageFormat = super()._add_image(image)
        return added

    @Slot()
    def _tell_page(self) -> None:
        self.page_turned.emit(self._places.currentWidget() is not self._sheet)
