"""Icons have the colour of their state, follow the palette, and every name drawn anywhere is shipped."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

import playground
from playground.assets import resource
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.icons import drawn_icon
from playground.widgets.common.theme import theme

SIZE = QSize(32, 32)
pytestmark = pytest.mark.usefixtures("qapp")


def pixels(
    icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
) -> NDArray[np.uint8]:
    """Red, green, blue and opacity [h, w, 4] of what it draws."""
    image = icon.pixmap(SIZE, 1.0, mode, state).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def ink(drawn: NDArray[np.uint8]) -> str:
    """The colour of the most opaque pixel."""
    row, column = np.unravel_index(int(drawn[..., 3].argmax()), drawn.shape[:2])
    return QColor(*(int(part) for part in drawn[row, column, :3])).name()


def test_an_icon_has_the_colour_asked_for_on_nothing() -> None:
    drawn = pixels(drawn_icon("square-rounded", QColor("#2f6fed")))
    assert ink(drawn) == "#2f6fed"
    assert drawn[0, 0, 3] == 0
    assert drawn.shape == (32, 32, 4)


def test_a_state_has_its_own_colour() -> None:
    icon = drawn_icon("square-rounded", QColor("#ff0000"), on=QColor("#00ff00"), selected=QColor("#0000ff"))
    assert ink(pixels(icon, state=QIcon.State.On)) == "#00ff00"
    assert ink(pixels(icon, mode=QIcon.Mode.Selected)) == "#0000ff"


def test_a_disabled_icon_is_faint() -> None:
    icon = drawn_icon("square-rounded", QColor("#ff0000"))
    assert pixels(icon, QIcon.Mode.Disabled)[..., 3].max() < pixels(icon)[..., 3].max()


def test_a_button_keeps_its_icon_readable_when_the_palette_changes(qtbot: QtBot) -> None:
    button = IconButton("any", "square-rounded", "Do it.")
    qtbot.addWidget(button)
    theme.choose("light")
    light = ink(pixels(button.icon()))
    assert light == theme.color("muted").name()
    theme.choose("dark")
    assert ink(pixels(button.icon())) == theme.color("muted").name() != light
    theme.choose("system")


def test_a_button_is_called_after_its_tip_or_its_title(qtbot: QtBot) -> None:
    plain, titled = IconButton("a", "close", "Close it."), IconButton("b", "close", "Close it (Escape).", "Close")
    for button in (plain, titled):
        qtbot.addWidget(button)
    assert (plain.accessibleName(), titled.accessibleName()) == ("Close it", "Close")
    assert titled.toolTip() == "Close it (Escape)."


def test_a_name_without_a_drawing_is_told_at_once() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        drawn_icon("no-such-icon", QColor("red"))


def test_no_drawing_is_shipped_that_nobody_draws() -> None:
    source = "".join(path.read_text() for path in Path(playground.__file__).parent.rglob("*.py"))
    words = set(re.findall(r'"([a-z0-9-]+)"', source)) | {"chevron-up", "chevron-down"}
    assert {path.stem for path in resource("icons", "material").glob("*.svg")} <= words
