"""qtconsole's widget in the window's colours. Importing it takes a second."""

from PySide6.QtGui import QFontDatabase
from qtconsole.rich_jupyter_widget import RichJupyterWidget

from playground.widgets.common.theme import Role, theme
from playground.widgets.console.client import Client
from playground.widgets.console.colors import PROMPTS, AnsiColors, Syntax, present, recolor

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
    """The console's text: prompts, cells, their output and their pictures."""

    def __init__(self) -> None:
        super().__init__(local_kernel=True, custom_interrupt=True, custom_restart=True)
        self.banner = ""
        self.include_other_output = False
        self._ansi_processor = AnsiColors()
        self._present: dict[int, Role] = {}
        self.setFocusProxy(self._control)
        self.font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)

    def set_client(self, client: Client) -> None:
        """Speak with this client, and show the first prompt."""
        self.kernel_client = client
        self.custom_interrupt_requested.connect(client.interrupt)
        client.start_channels()

    def put(self, text: str) -> None:
        """Text at the prompt, and the keyboard there."""
        self.setFocus()
        self._insert_plain_text_into_buffer(self._get_cursor(), text)

    def restyle(self) -> None:
        """Take every colour from the theme."""
        self.style_sheet = _STYLE.format(**{role: theme.color(role).name() for role in PROMPTS})
        recolor(self._control.document(), self._present)  # type: ignore[union-attr]
        self._present = present()
        highlighter = self._highlighter
        assert highlighter is not None, "it is there from the beginning"
        highlighter.set_style(Syntax())
        highlighter.highlighting_on = True  # what was typed earlier too
        highlighter.rehighlight()
        highlighter.highlighting_on = False
