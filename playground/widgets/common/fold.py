"""A line that folds what is below it away."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import GRID, theme


class Fold(QWidget):
    """A link with a small arrow, and one widget that it shows or hides; the link may stand elsewhere."""

    def __init__(self, name: str, text: str, tip: str, *, apart: bool = False, parent: QWidget | None = None) -> None:
        """`apart`: whoever makes the fold places `button` itself."""
        super().__init__(parent)
        self.setObjectName(name)
        self._apart = apart
        self._content: QWidget | None = None
        self.button = QPushButton(text)
        self.button.setObjectName(f"{name}_toggle")
        self.button.setAccessibleName(text)
        self.button.setToolTip(tip)
        self.button.setProperty("link", True)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._refresh)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        if not apart:
            self._layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._refresh)
        self._refresh()

    def set_content(self, content: QWidget) -> None:
        """Replace what is folded."""
        if self._content is not None:
            self._layout.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self._content = content
        self._layout.addWidget(content)
        content.setVisible(self.button.isChecked())

    def set_text(self, text: str) -> None:
        """Change the line itself, for example to say what is hidden."""
        self.button.setText(text)
        self.button.setAccessibleName(text)

    def open(self) -> None:
        """Show the content."""
        self.button.setChecked(True)

    @Slot()
    def _refresh(self) -> None:
        shown = self.button.isChecked()
        name = "chevron-down" if shown else "chevron-right"
        self.button.setIcon(drawn_icon(name, theme.color("accent")))
        if self._content is not None:
            self._content.setVisible(shown)
        if self._apart:
            self.setVisible(shown)  # an empty fold would leave a gap
