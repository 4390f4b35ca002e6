"""One palette of named roles, light and dark, from which widgets, plots and painters take every colour."""

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from playground.assets import resource
from playground.widgets.common.style_sheet import style_sheet

Role = Literal[
    "background", "surface", "raised", "line", "text", "muted", "accent", "on_accent", "train", "validation", "test",
    "warning", "bad", "good", "rail", "rail_text", "rail_active", "ink", "paper",
]  # fmt: skip
Choice = Literal["system", "light", "dark"]

GRID = 8  # pixels: every margin and gap is a multiple of it, or half of it

LIGHT: dict[Role, str] = {
    "background": "#f6f7f9", "surface": "#ffffff", "raised": "#eef0f4", "line": "#d9dde4", "text": "#1d2430",
    "muted": "#5f6979", "accent": "#2f6fed", "on_accent": "#ffffff", "train": "#0072b2", "validation": "#d55e00",
    "test": "#009e73", "warning": "#b26a00", "bad": "#c0392b", "good": "#1b8a5a", "rail": "#23293a",
    "rail_text": "#a9b2c3", "rail_active": "#ffffff", "ink": "#ffffff", "paper": "#101218",
}  # fmt: skip
DARK: dict[Role, str] = {
    "background": "#171a21", "surface": "#1f232c", "raised": "#2a303b", "line": "#353c49", "text": "#e6e9ef",
    "muted": "#98a2b4", "accent": "#6ea0ff", "on_accent": "#10131a", "train": "#56b4e9", "validation": "#e69f00",
    "test": "#2fc39a", "warning": "#e0a030", "bad": "#ef6b5c", "good": "#4cc38a", "rail": "#101218",
    "rail_text": "#8f99ab", "rail_active": "#ffffff", "ink": "#ffffff", "paper": "#0b0d12",
}  # fmt: skip
SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")  # Okabe and Ito, 2008
RACERS = ("#56b4e9", "#e69f00", "#cc79a7", "#d55e00", "#0072b2", "#f0e442", "#009e73")  # those that viridis lacks first


class Theme(QObject):
    """The colours now in force.

    Signals
    -------
    changed : the palette was replaced; restyle whatever does not follow Qt's own palette.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._colors = LIGHT
        self._choice: Choice = "system"
        self._application: QApplication | None = None

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is in force."""
        return self._colors is DARK

    def color(self, role: Role, alpha: float = 1.0) -> QColor:
        """The colour of a role, `alpha` from 0 (clear) to 1."""
        color = QColor(self._colors[role])
        color.setAlphaF(alpha)
        return color

    def install(self, application: QApplication) -> None:
        """Dress the application, and follow the system's scheme from now on."""
        if application is not self._application:
            application.styleHints().colorSchemeChanged.connect(self._follow_scheme)
        self._application = application
        application.setStyle("Fusion")
        self._follow_scheme()

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._follow_scheme()

    @Slot()
    def _follow_scheme(self) -> None:
        system_is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._choice == "dark" or (self._choice == "system" and system_is_dark)
        self._colors = DARK if dark else LIGHT
        if self._application is not None:
            icons = resource("icons").as_posix()
            self._application.setPalette(_qt_palette(self._colors))
            self._application.setStyleSheet(style_sheet(self._colors, icons, "dark" if dark else "light"))
        self.changed.emit()


theme = Theme()


def tabular(font: QFont) -> QFont:
    """The font with figures of equal width, so that changing numbers do not dance."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def blend(color: QColor, ground: QColor, share: float) -> QColor:
    """An opaque mix: translucent pens are slower to draw."""
    red, green, blue = (
        round(share * a + (1 - share) * b)
        for a, b in (
            (color.red(), ground.red()),
            (color.green(), ground.green()),
            (color.blue(), ground.blue()),
        )
    )
    return QColor(red, green, blue)


def _qt_palette(colors: dict[Role, str]) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: "background",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "raised",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Accent: "accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line",
        QPalette.ColorRole.Dark: "line",
        QPalette.ColorRole.BrightText: "bad",
    }
    palette = QPalette()
    for role, name in roles.items():
        palette.setColor(role, QColor(colors[name]))  # type: ignore[index]
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        muted = QColor(colors["muted"])
        muted.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, role, muted)
    return palette
