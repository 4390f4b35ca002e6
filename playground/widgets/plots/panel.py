"""A panel with the curves of a run, live: training by the step, validation and test by the epoch."""

import time
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from playground.widgets.common.columns import Column
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.numbers import per_cent, plain_number
from playground.widgets.common.panel import Panel
from playground.widgets.common.tab_order import in_order
from playground.widgets.common.theme import GRID, theme
from playground.widgets.plots.controls import CurveControls
from playground.widgets.plots.crosshair import Crosshair
from playground.widgets.plots.legend import Legend
from playground.widgets.plots.marks import Reading, Series
from playground.widgets.plots.series import PointSeries, RunSeries

if TYPE_CHECKING:
    from playground.widgets.plots.view import CurveView

Floats = NDArray[np.float64]

_FRAME_MS = 16
_SHARE = 16  # while a run goes on, a plot draws at most one part in so many of the time: the run needs the cores too
_LEGEND_BELOW = 720  # pixels of width under which the legend has its own line
_COMPACT_BELOW = 500
_SMOOTHING = 0.9


class RunPlot(Panel):
    """Curves of one quantity over the steps of a run.

    What draws them is made with the first values, as pyqtgraph takes half a second to load: the window is there sooner.

    Signals
    -------
    save_image_requested(), save_table_requested() : the user wants `image()` or `table()` in a file.
    action_requested() : the button of the empty panel was pressed.
    """

    save_image_requested = Signal()
    save_table_requested = Signal()
    action_requested = Signal()

    def __init__(
        self, title: str, name: str, y_name: str, empty: str, *, percent: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, name, shows_code=True, parent=parent)
        self._series = RunSeries()
        self._series.train.smooth(_SMOOTHING)
        self._format = per_cent if percent else plain_number
        self._linked: list[RunPlot] = []
        self._live = False
        self._dirty = False
        self._redraw_seconds = 0.0
        self._y_name = y_name
        self._percent = percent
        self._view: CurveView | None = None
        self.legend = Legend()
        self.controls = CurveControls(name, _SMOOTHING, offers_log=not percent)
        self.invitation = Invitation(name, empty, self.tr("Train"), self.tr("Start training the network."))
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._lay_out()
        self._connect()
        self._redraw()

    @property
    def view(self) -> "CurveView":
        """What draws the curves."""
        if self._view is None:
            self._view = self._make_view()
            self._pages.addWidget(self._view)
            in_order(self.invitation.button, self._view)
        return self._view

    @cached_property
    def crosshair(self) -> Crosshair:
        """What tells the values under the pointer."""
        crosshair = Crosshair(self.view.viewport())
        crosshair.setGeometry(self.view.viewport().rect())
        return crosshair

    def append_steps(self, first: int, values: Floats) -> None:
        """Add the values of consecutive steps; NaN where a step has none. A resumed run replaces what it repeats."""
        self._series.append_steps(first, values)
        self._changed()

    def append_point(self, series: PointSeries, step: int, value: float) -> None:
        """Add a validation or test value, measured after `step` steps."""
        if np.isfinite(value):
            self._series.points(series).append(step, value)
            self._changed()

    def clear(self) -> None:
        """Forget all values, and follow the next run from its start."""
        self._series.clear()
        if self._view is not None:
            self._view.follow()
        self._changed()

    def set_title(self, title: str) -> None:
        """Name the panel anew."""
        self.title_label.setText(title)
        self.setAccessibleName(title)
        if self._view is not None:
            self._view.setAccessibleName(title)

    def set_live(self, live: bool) -> None:
        """Say whether values keep coming: the picture of a run at rest is drawn with smooth edges."""
        self._live = live
        if self._view is not None:
            self._view.set_fine(not live)

    def link_x(self, other: "RunPlot") -> None:
        """Show the same steps in both panels from now on."""
        self._linked.append(other)
        other._linked.append(self)

    def fit(self) -> None:
        """Show the whole run and follow it, here and in the linked panels."""
        for panel in (self, *self._linked):
            panel.view.follow()
            panel._changed()

    def table(self) -> list[Column]:
        """All values: columns step, train, train smoothed, validation, test."""
        return self._series.table()

    def image(self, scale: float = 2.0) -> QImage:
        """The panel as a picture, without its controls, at `scale` times the screen's resolution."""
        self._redraw()
        margin, top = 2 * GRID, 5 * GRID
        width, height = self.view.width() + 2 * margin, self.view.height() + top + margin
        image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme.color("surface"))
        legend_left = max(width - margin - self.legend.sizeHint().width(), self.title_label.width() + 2 * margin)
        with QPainter(image) as painter:
            only_text = QWidget.RenderFlag.DrawChildren
            self.title_label.render(painter, QPoint(margin, GRID + 4), QRegion(), only_text)
            self.legend.render(painter, QPoint(legend_left, GRID + 4), QRegion(), only_text)
            self.view.render(painter, QRectF(margin, top, self.view.width(), self.view.height()))
        return image

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what arrived while hidden."""
        super().showEvent(event)
        if self._dirty:
            self._frame.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing while hidden."""
        self._frame.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend a line of its own, and fold the slider away, where it is narrow."""
        super().resizeEvent(event)
        self._place_legend()
        self.controls.set_compact(self.width() < _COMPACT_BELOW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read the values under the pointer, and keep the crosshair as large as the view."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._read_at(event.position())
        elif event.type() == QEvent.Type.Leave:
            self.crosshair.hide()
        elif event.type() == QEvent.Type.Resize:
            self.crosshair.setGeometry(self.view.viewport().rect())
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.header.addWidget(self.controls)
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages, 1)
        self._pages.addWidget(self.invitation)
        self.setMinimumSize(34 * GRID, 20 * GRID)

    def _connect(self) -> None:
        self._frame.timeout.connect(self._redraw)
        self.invitation.accepted.connect(self.action_requested)
        self.controls.log_changed.connect(self._on_log)
        self.controls.smoothing_changed.connect(self._on_smoothing)
        self.controls.fit_requested.connect(self.fit)
        self.controls.image_requested.connect(self.save_image_requested)
        self.controls.table_requested.connect(self.save_table_requested)
        theme.changed.connect(self._on_theme)

    def _make_view(self) -> "CurveView":
        from playground.widgets.plots.view import CurveView

        view = CurveView(self._series, self._y_name, self.tr("step"), percent=self._percent)
        view.setObjectName(f"{self.objectName()}_view")
        view.setAccessibleName(self.title_label.text())
        view.set_fine(not self._live)
        view.range_moved.connect(self._changed)
        view.range_chosen.connect(self._on_range_chosen)
        view.viewport().installEventFilter(self)
        view.viewport().setMouseTracking(True)
        return view

    def _changed(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._frame.isActive():
            self._frame.start(self._pause())

    def _pause(self) -> int:
        """Milliseconds until the next frame."""
        if not self._live or self._view is None:
            return _FRAME_MS
        return max(_FRAME_MS, round(1000 * _SHARE * (self._redraw_seconds + self._view.paint_seconds)))

    def _redraw(self) -> None:
        began = time.perf_counter()
        self._dirty = False
        empty = self._series.is_empty
        self._pages.setCurrentWidget(self.invitation if empty else self.view)
        self.controls.setEnabled(not empty)
        if self._view is not None:
            self._view.redraw()
        self._show_legend()
        self._redraw_seconds = time.perf_counter() - began

    def _show_legend(self) -> None:
        self.legend.set_readings(self._readings(self._series.train.end - 1, latest=True))
        self.legend.setVisible(not self._series.is_empty)

    def _readings(self, step: int, *, latest: bool = False) -> tuple[Reading, ...]:
        raw, smoothed = self._series.train.at(step)
        smooth = self._series.train.smoothing > 0
        readings = [self._reading("train", smoothed if smooth else raw)] if len(self._series.train.raw) else []
        names: tuple[PointSeries, ...] = ("validation", "test")
        for name in names:
            points = self._series.points(name)
            if points.steps:
                readings.append(self._reading(name, points.values[-1] if latest else points.latest_at(step)))
        return tuple(readings)

    def _reading(self, series: Series, value: float) -> Reading:
        names = {"train": self.tr("train"), "validation": self.tr("validation"), "test": self.tr("test")}
        return Reading(series, names[series], self._format(value))

    def _read_at(self, position: QPointF) -> None:
        plot = self.view.plot_rect()
        if not plot.contains(position) or self._series.is_empty:
            self.crosshair.hide()
            return
        first, last = self._series.span()
        step = min(max(self.view.step_at(position), int(first)), int(last))
        at = QPointF(self.view.pixel_at(step), position.y())
        readings = self._readings(step)
        if self._series.train.smoothing > 0 and readings and readings[0].series == "train":
            raw = Reading("train", self.tr("train, as recorded"), self._format(self._series.train.at(step)[0]))
            smooth = Reading("train", self.tr("train, smoothed"), readings[0].text)
            readings = (smooth, raw, *readings[1:])
        self.crosshair.point_at(at, plot, self.tr("step {step}").format(step=f"{step:,}"), readings)

    def _place_legend(self) -> None:
        below = self.width() < _LEGEND_BELOW
        at: Literal["header", "body"] = "body" if below else "header"
        holder = {"header": self.header, "body": self.body}[at]
        if holder.indexOf(self.legend) < 0:
            self.header.removeWidget(self.legend)
            self.body.removeWidget(self.legend)
            holder.insertWidget(0, self.legend)

    def _on_log(self, on: bool) -> None:
        self.view.set_log(on)
        self._changed()

    def _on_smoothing(self, weight: float) -> None:
        self._series.train.smooth(weight)
        self.view.restyle()
        self._changed()

    def _on_range_chosen(self, low: float, high: float) -> None:
        for panel in self._linked:
            panel.view.show_steps(low, high)

    def _on_theme(self) -> None:
        if self._view is not None:
            self._view.restyle()
            self._changed()


class LossPlot(RunPlot):
    """The loss of every batch, and of validation and test after each epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        empty = self.tr("Press Train: the loss of every batch appears here.")
        super().__init__(self.tr("Loss"), "loss_plot", self.tr("loss"), empty, parent=parent)


class AccuracyPlot(RunPlot):
    """The accuracy of every batch, and of validation and test after each epoch; values from 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        empty = self.tr("Press Train: the accuracy of every batch appears here.")
        super().__init__(self.tr("Accuracy"), "accuracy_plot", self.tr("accuracy"), empty, percent=True, parent=parent)
