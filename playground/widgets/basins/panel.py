"""The panel with the basins: which minimum each start reaches with one optimiser, and how fast."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.widgets.basins.colors import Bytes, colors
from playground.widgets.basins.form import BasinsForm
from playground.widgets.basins.legend import SharesLegend
from playground.widgets.basins.line import ElidedLine
from playground.widgets.basins.picture import BasinsPicture
from playground.widgets.basins.values import DIVERGED, NOT_ARRIVED, BasinsValues, point_text
from playground.widgets.common.buttons import header_button
from playground.widgets.common.choices import Choice
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular, theme


class BasinsPanel(Panel):
    """The picture, its legend, and below them what is computed.

    Signals
    -------
    edited(str, object) : "optimizer" (a dict with "name" and "args"), "side" or "steps", and the new value.
    dragged(str, object) : the same while the rate's slider moves: such edits belong together.
    compute_requested(), cancel_requested() : the primary button, or the invitation's.
    start_chosen(float, float) : the user clicked this start.
    underlay_toggled(bool) : whether the contour view is to show `image()`.
    save_image_requested() : the user wants `saved_picture()` in a file.
    """

    edited = Signal(str, object)
    dragged = Signal(str, object)
    compute_requested = Signal()
    cancel_requested = Signal()
    start_chosen = Signal(float, float)
    underlay_toggled = Signal(bool)
    save_image_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Basins"), "basins", parent=parent)
        self._values: BasinsValues | None = None
        self._colors: Bytes | None = None
        self._running = False
        self.progress = QLabel()
        self.save = self._make_save()
        self.invitation = Invitation(
            "basins",
            self.tr("Start from every point of the plane: see which minimum each start reaches, and how fast."),
            self.tr("Compute"),
            self.tr("Compute the picture."),
        )
        self.picture = BasinsPicture()
        self.readout = ElidedLine()
        self.legend = SharesLegend()
        self.form = BasinsForm()
        self.primary = QPushButton()
        self.underlay = QCheckBox(self.tr("Show in contours"))
        self.message = QLabel()
        self._lay_out()
        self._connect()
        self.clear()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these optimisers."""
        self.form.set_choices(choices)

    def show_values(self, optimizer: Mapping[str, Any], side: int, steps: int) -> None:
        """Show these settings without reporting them; `optimizer` has "name" and "args"."""
        self.form.show_values(optimizer, side, steps)

    def set_picture(self, values: BasinsValues) -> None:
        """Show a picture, final or on the way there."""
        self._values = values
        self._paint()
        self._pages.setCurrentWidget(self._page)
        self.progress.setToolTip(self.tr("{steps} steps").format(steps=f"{values.steps_done:,}"))
        self._read(-1, -1)
        self._refresh()

    def set_running(self, running: bool) -> None:
        """Say whether a picture is being computed."""
        self._running = running
        self._refresh()

    def set_start(self, x: float, y: float) -> None:
        """Mark where the race starts."""
        self.picture.set_start((x, y))

    def show_message(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence clears that. The picture stays."""
        self.message.setText(f"⚠ {sentence}" if sentence else "")
        self.message.setVisible(bool(sentence))

    def clear(self) -> None:
        """Forget the picture."""
        self._values = self._colors = None
        self.show_message("")
        self._pages.setCurrentWidget(self.invitation)
        self._refresh()

    def image(self) -> Bytes | None:
        """The colours uint8 [S, S, 4] (red, green, blue, alpha), row 0 at the bottom; None without a picture."""
        return self._colors

    def saved_picture(self, scale: float = 2.0) -> QImage:
        """Title, picture and legend, at `scale` times the screen's resolution."""
        margin, top = 2 * GRID, 5 * GRID
        area = self._page.size()
        width, height = area.width() + 2 * margin, area.height() + top + margin
        image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme.color("surface"))
        only_children = QWidget.RenderFlag.DrawChildren
        with QPainter(image) as painter:
            self.title_label.render(painter, QPoint(margin, GRID + 4), QRegion(), only_children)
            self._page.render(painter, QPoint(margin, top), QRegion(), only_children)
        return image

    def _make_save(self) -> QToolButton:
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)…"), self.save_image_requested.emit)
        return header_button("basins_save", self.tr("Save"), self.tr("Save the picture."), menu)

    def _lay_out(self) -> None:
        self.header.addWidget(self.progress)
        self.header.addWidget(self.save)
        self.progress.setProperty("muted", True)
        for label in (self.progress, self.readout):
            label.setFont(tabular(label.font()))
        self.readout.setObjectName("basins_readout")
        self.readout.setProperty("muted", True)
        self.message.setObjectName("basins_message")
        self.message.setProperty("tone", "bad")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._page = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GRID // 2)
        page.addWidget(self.picture, 1)
        page.addWidget(self.legend)
        page.addWidget(self.readout)
        page.addStretch()
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages, 1)
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(self._page)
        self.body.addWidget(self.message)
        self.body.addWidget(self.form)
        self.body.addLayout(self._bottom_row())
        self.setMinimumWidth(34 * GRID)

    def _bottom_row(self) -> QHBoxLayout:
        self.primary.setObjectName("basins_primary")
        self.primary.setProperty("primary", True)
        self.underlay.setObjectName("basins_underlay")
        self.underlay.setToolTip(self.tr("Lay these colours behind the contour lines."))
        self.underlay.setAccessibleName(self.tr("Show the basins in the contour view"))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.underlay)
        row.addStretch(1)
        row.addWidget(self.primary)
        return row

    def _connect(self) -> None:
        self.form.edited.connect(self.edited)
        self.form.dragged.connect(self.dragged)
        self.invitation.accepted.connect(self.compute_requested)
        self.primary.clicked.connect(self._press)
        self.underlay.toggled.connect(self.underlay_toggled)
        self.picture.pointed.connect(self._read)
        self.picture.chosen.connect(self._choose)
        theme.changed.connect(self._paint)

    @Slot()
    def _paint(self) -> None:
        if self._values is not None:
            self._colors = colors(self._values)
            self.picture.show_values(self._values, self._colors)
            self.legend.show_values(self._values)

    @Slot()
    def _refresh(self) -> None:
        empty = self._values is None
        self.progress.setText(self._progress(self._values) if self._values is not None else "")
        self.primary.setText(self.tr("Cancel") if self._running else self.tr("Compute"))
        self.primary.setToolTip(self.tr("Stop at once.") if self._running else self.tr("Compute the picture."))
        self.primary.setAccessibleName(self.primary.toolTip())
        self.primary.setVisible(self._running or not empty)
        self.invitation.button.setVisible(not self._running)
        self.underlay.setEnabled(not empty)
        self.save.setEnabled(not empty)

    def _progress(self, values: BasinsValues) -> str:
        text = f"{values.side} \N{MULTIPLICATION SIGN} {values.side}, {values.seconds:.1f} s"
        if values.is_final:
            return text
        return f"{text} …" if self._running else self.tr("{text}, stopped").format(text=text)

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self._running else self.compute_requested).emit()

    @Slot(int, int)
    def _choose(self, row: int, column: int) -> None:
        if self._values is not None:
            self.start_chosen.emit(*self._values.start(row, column))

    @Slot(int, int)
    def _read(self, row: int, column: int) -> None:
        if self._values is None:
            return
        said = self._values.sentence if row < 0 else self._described(self._values, row, column)
        self.readout.say(said)

    def _described(self, values: BasinsValues, row: int, column: int) -> str:
        start, steps = point_text(*values.start(row, column), 3), f"{int(values.steps[row, column]):,}"
        label = int(values.labels[row, column])
        if label == DIVERGED:
            return self.tr("{start} diverged, {steps} steps").format(start=start, steps=steps)
        if label == NOT_ARRIVED:
            return self.tr("{start} not arrived in {steps} steps").format(start=start, steps=steps)
        x, y, name = values.minima[label]
        end = name or point_text(x, y, 3)
        return self.tr("{start} → {end}, {steps} steps").format(start=start, end=end, steps=steps)
