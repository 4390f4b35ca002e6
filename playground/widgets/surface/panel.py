"""What both views of a function share: what they are told, what they say, the caption, the legend and the picture."""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QStackedLayout, QToolButton, QWidget

from playground.widgets.common.buttons import header_button
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, theme
from playground.widgets.surface.caption import Caption
from playground.widgets.surface.content import Content, Part
from playground.widgets.surface.legend import Legend
from playground.widgets.surface.legend_entries import entries
from playground.widgets.surface.levels import Levels
from playground.widgets.surface.values import Arrow, Bytes, Floats, SurfaceValues

_FRAME_MS = 16
_CAPTION_ABOVE = 620  # pixels of width from which the caption has room in the header
_EVERYTHING: set[Part] = {"function", "paths", "cursor", "arrows", "ellipse", "start", "basins", "style"}


class ViewPanel(Panel):
    """A view of a function of two numbers. Subclasses make the view (`_make_view`) and feed it (`_refresh`).

    Signals
    -------
    start_chosen(float, float) : the paths are to start here.
    pointer_moved(float, float), pointer_left() : what the pointer is over.
    save_image_requested(), save_animation_requested() : the user wants `image()`, or a race of them, in a file.
    save_path_requested() : the user wants the path of the selected racer as a table.
    """

    start_chosen = Signal(float, float)
    pointer_moved = Signal(float, float)
    pointer_left = Signal()
    save_image_requested = Signal()
    save_animation_requested = Signal()
    save_path_requested = Signal()

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, name, shows_code=True, parent=parent)
        self._content = Content()
        self._stale: set[Part] = set(_EVERYTHING)
        self._reading = ""
        self.caption = Caption(name)
        self.legend = Legend()
        self.message = QLabel(self.tr("Choose a function: it appears here."))
        self.message.setObjectName(f"{name}_message")
        self.message.setProperty("muted", True)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.remark = QLabel()
        self.remark.setProperty("muted", True)
        self.remark.setWordWrap(True)
        self.remark.hide()
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._flush)
        self.pages = QStackedLayout()
        self._lay_out()
        theme.changed.connect(self._on_theme)

    def set_surface(self, function: SurfaceValues) -> None:
        """Show another function. Paths stay, as they may have come before it; `clear_paths` takes them away."""
        self._content.function, self._content.levels = function, Levels(function)
        self.show_message("")
        self._show_caption()
        self._changed(*_EVERYTHING)

    def set_racers(self, names: tuple[str, ...]) -> None:
        """Name the racers; each has the colour of its place."""
        self._content.names = names
        self._changed("paths")

    def set_path(self, racer: int, positions: Floats, values: Floats) -> None:  # noqa: ARG002
        """The path of a racer so far: positions [n, 2]. The array is kept, not copied; later rows may only be added."""
        before = self._content.paths.get(racer)
        self._content.paths[racer] = positions
        if not self._shows_all_of(before, positions):
            self._changed("paths")

    def clear_paths(self) -> None:
        """Forget all paths, and what belongs to one of their points."""
        self._content.paths.clear()
        self._content.arrows, self._content.ellipse = (), None
        self._changed("paths", "arrows", "ellipse")

    def set_step(self, step: int | None) -> None:
        """Draw paths up to this row; None for all of them."""
        if step != self._content.step:
            self._content.step = step
            self._changed("cursor")

    def set_arrows(self, arrows: tuple[Arrow, ...]) -> None:
        """Show these arrows and no others."""
        if arrows != self._content.arrows:
            self._content.arrows = arrows
            self._changed("arrows")

    def set_ellipse(self, points: Floats | None) -> None:
        """Show a closed line [n, 2]: the local quadratic's."""
        if points is not self._content.ellipse:
            self._content.ellipse = points
            self._changed("ellipse")

    def set_start(self, x: float, y: float) -> None:
        """Where the paths start."""
        self._content.start = (x, y) if np.isfinite([x, y]).all() else None
        self._changed("start")

    def set_basins(self, image: Bytes | None) -> None:
        """Colours [S, S, 4] over the domain in place of the values; the first row is the lowest."""
        self._content.basins = image
        self._changed("basins")

    def set_reading(self, text: str) -> None:
        """What the pointer is over, in words."""
        self._reading = text
        self._show_caption()

    def show_message(self, text: str) -> None:
        """Say a sentence: in place of the picture while there is none, else below it. Empty takes it back."""
        has_picture = self._content.function is not None
        self.remark.setText(text)
        self.remark.setVisible(has_picture and bool(text))
        if not has_picture:
            self.message.setText(text)
        self._choose_page()

    def image(self, scale: float = 2.0) -> QImage:
        """The view with title, caption and legend as a picture, at `scale` times the screen's resolution."""
        self._flush()
        margin, top = 2 * GRID, 5 * GRID
        size, legend = self._picture_size(), self.legend.sizeHint().height() if self.legend.entries else 0
        whole = QSize(size.width() + 2 * margin, size.height() + top + legend + margin)
        image = QImage(whole * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme.color("surface"))
        with QPainter(image) as painter:
            self._paint_title(painter, QRect(margin, GRID, size.width(), top - GRID))
            painter.translate(margin, top)
            painter.save()
            self._paint_view(painter, size, scale)
            painter.restore()
            painter.translate(0, size.height())
            self.legend.paint_onto(painter, size.width())
        return image

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what arrived while hidden."""
        super().showEvent(event)
        if self._stale:
            self._frame.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing while hidden."""
        self._frame.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the caption into the header where it has room there."""
        super().resizeEvent(event)
        holder = self.header if self.width() >= _CAPTION_ABOVE else self.body
        if holder.indexOf(self.caption) < 0:
            self.header.removeWidget(self.caption)
            self.body.removeWidget(self.caption)
            holder.insertWidget(0, self.caption, 1 if holder is self.header else 0)
            right = Qt.AlignmentFlag.AlignRight if holder is self.header else Qt.AlignmentFlag.AlignLeft
            self.caption.label.setAlignment(right)

    def _refresh(self, parts: set[Part]) -> None:
        """Bring the view up to date with the content."""
        raise NotImplementedError

    def _paint_view(self, painter: QPainter, size: QSize, scale: float) -> None:
        raise NotImplementedError

    def _picture_size(self) -> QSize:
        raise NotImplementedError

    def _drawing_ms(self) -> int:
        """How long the view took to draw the last time."""
        return 0

    def _choose_page(self) -> None:
        """The message while there is no function, else the view."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        self.body.addWidget(self.caption)
        self.header.addWidget(self._make_save_button())
        self.body.addLayout(self.pages, 1)
        self.pages.addWidget(self.message)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.legend)
        self.setMinimumSize(35 * GRID, 26 * GRID)

    def _make_save_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)…"), self.save_image_requested.emit)
        menu.addAction(self.tr("Animation (GIF or APNG)…"), self.save_animation_requested.emit)
        menu.addAction(self.tr("Path of the selected racer (CSV)…"), self.save_path_requested.emit)
        tip = self.tr("Save a picture of this view, or an animation of the race.")
        return header_button(f"{self.objectName()}_save", self.tr("Save"), tip, menu)

    def _show_caption(self) -> None:
        self.caption.label.say(self._reading or self._about())

    def _about(self) -> str:
        function = self._content.function
        if function is None:
            return ""
        scale = self.tr("log scale") if self._content.levels and self._content.levels.logarithmic else ""
        return " · ".join(part for part in (scale, function.formula or function.title) if part)

    def _shows_all_of(self, before: Floats | None, positions: Floats) -> bool:
        """Whether a path only grew beyond the cursor, as it does while the race computes on."""
        step = self._content.step
        return (
            before is not None
            and step is not None
            and step < min(len(before), len(positions))
            and np.may_share_memory(before, positions)
        )

    def _changed(self, *parts: Part) -> None:
        self._stale.update(parts)
        if self.isVisible() and not self._frame.isActive():
            # Without a graphics card a picture takes long: as much time again is left to whoever computes.
            self._frame.start(max(_FRAME_MS, self._drawing_ms() * 2))

    def _flush(self) -> None:
        stale, self._stale = self._stale, set()
        if stale:
            self._refresh(stale)
            self.legend.set_entries(entries(self._content))

    def _paint_title(self, painter: QPainter, area: QRect) -> None:
        self.title_label.render(painter, area.topLeft() + QPoint(0, 4), QRegion(), QWidget.RenderFlag.DrawChildren)
        left = self.title_label.width() + 2 * GRID
        painter.setFont(self.caption.label.font())
        painter.setPen(theme.color("muted"))
        room = area.adjusted(left, 0, 0, -GRID // 2)
        text = painter.fontMetrics().elidedText(self._about(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _on_theme(self) -> None:
        self._changed("style")
