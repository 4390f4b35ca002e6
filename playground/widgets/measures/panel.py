"""The panel with one plot of the race: f, gradient norm or distance against the step, linked to the playback."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from playground.widgets.common.columns import Column
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.fold import Fold
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.numbers import plain_number
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, theme
from playground.widgets.measures.controls import MeasuresControls
from playground.widgets.measures.readout import Readout, racer_mark
from playground.widgets.measures.table import RacerTable
from playground.widgets.measures.traces import Quantity, Trace, table
from playground.widgets.measures.view import MeasuresView

Floats = NDArray[np.floating]

_FRAME_MS = 33
_LEGEND_BELOW = 480  # pixels of width under which the legend has its own line


class MeasuresPanel(Panel):
    """One curve a racer of the quantity chosen.

    Signals
    -------
    step_chosen(int) : the user clicked a step of the plot, or drags the dashed line there.
    action_requested() : the button of the empty panel was pressed.
    save_image_requested(), save_table_requested() : the user wants `image()` or `table()` in a file.
    """

    step_chosen = Signal(int)
    action_requested = Signal()
    save_image_requested = Signal()
    save_table_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("f against step"), "measures", parent=parent)
        self._traces: list[Trace] = []
        self._least = 0.0
        self._step = 0
        self._dirty = False
        self.controls = MeasuresControls()
        self.quantity = self._make_quantity()
        self.legend = QLabel()
        self.remark = QLabel(self.tr("The log scale leaves out values at or below 0."))
        self.view = MeasuresView(self.tr("step"))
        self.view.setObjectName("measures_view")
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.readout = Readout("measures_readout", self.view.viewport())
        self.racers = RacerTable("measures_table")
        self.fold = Fold("measures_fold", self.tr("Steps to f < 1e-6"), self.tr("Each racer's numbers in a table."))
        self.invitation = Invitation(
            "measures",
            self.tr(
                "Run the race: f, the gradient norm and the distance to the nearest minimum of every racer appear."
            ),
            self.tr("Run"),
            self.tr("Run the race."),
        )
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._lay_out()
        self._connect()
        self._name_quantity()
        self._redraw()

    def set_racers(self, names: Sequence[str]) -> None:
        """Begin anew with these racers, without any values yet."""
        self._traces = [Trace(name) for name in names]
        self.view.set_racers(len(names))
        self.racers.set_racers(names)
        self._show_legend()
        self._changed()

    def set_columns(self, racer: int, columns: Mapping[Quantity, Floats]) -> None:
        """Take a racer's columns, each [n] from step 0 on; call again with longer views as they grow."""
        self._traces[racer].set_columns(columns)
        self._changed()

    def set_least(self, least: float) -> None:
        """Count small values, and values on the log scale, from the function's least value."""
        if least != self._least:
            self._least = least
            for trace in self._traces:
                trace.search_again()
            self._name_quantity()
            self._changed()

    def set_step(self, step: int) -> None:
        """Put the dashed line at the step that playback stands at."""
        self._step = step
        self.view.set_step(step)
        if self.fold.button.isChecked():
            self._changed()

    def clear(self) -> None:
        """Forget all racers."""
        self.set_racers(())
        self.set_step(0)

    def table(self) -> list[Column]:
        """Columns step, then f, gradient norm and distance of every racer; NaN after a racer's end."""
        return table(self._traces)

    def image(self, scale: float = 2.0) -> QImage:
        """Title, legend and plot as a picture, at `scale` times the screen's resolution."""
        self._redraw()
        margin, top = 2 * GRID, 5 * GRID + self.legend.height()
        width, height = self.view.width() + 2 * margin, self.view.height() + top + margin
        image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(theme.color("surface"))
        with QPainter(image) as painter:
            only_text = QWidget.RenderFlag.DrawChildren
            self.title_label.render(painter, QPoint(margin, GRID + 4), QRegion(), only_text)
            self.legend.render(painter, QPoint(margin, 4 * GRID), QRegion(), only_text)
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
        """Give the legend a line of its own where it is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _LEGEND_BELOW
        self._head.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read the values under the pointer."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._read_at(event.position())
        elif event.type() == QEvent.Type.Leave:
            self.readout.hide()
        return super().eventFilter(watched, event)

    def _make_quantity(self) -> ChoiceField:
        field = ChoiceField()
        field.setObjectName("measures_quantity")
        field.setAccessibleName(self.tr("Quantity"))
        field.setToolTip(self.tr("What is drawn against the step."))
        field.set_choices(
            [
                ("value", self.tr("f"), self.tr("The function's value.")),
                ("gradient_norm", self.tr("gradient norm"), self.tr("The length of the gradient.")),
                ("distance", self.tr("distance"), self.tr("The distance to the nearest minimum.")),
            ]
        )
        field.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToContents)
        return field

    def _lay_out(self) -> None:
        self.header.addWidget(self.controls)
        self.legend.setWordWrap(True)
        self.legend.setObjectName("measures_legend")
        self.remark.setProperty("muted", True)
        self.remark.setWordWrap(True)
        self.fold.set_content(self.racers)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        self._head.setSpacing(GRID)
        self._head.addWidget(self.quantity)
        self._head.addWidget(self.legend, 1)
        column.addLayout(self._head)
        column.addWidget(self.view, 1)
        for part in (self.remark, self.fold):
            column.addWidget(part)
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages, 1)
        self._pages.addWidget(self.invitation)
        self._pages.addWidget(page)
        self.setMinimumSize(34 * GRID, 22 * GRID)

    def _connect(self) -> None:
        self._frame.timeout.connect(self._redraw)
        self.invitation.accepted.connect(self.action_requested)
        self.quantity.edited.connect(self._name_quantity)
        self.controls.log_changed.connect(self._name_quantity)
        self.controls.fit_requested.connect(self._fit)
        self.controls.image_requested.connect(self.save_image_requested)
        self.controls.table_requested.connect(self.save_table_requested)
        self.fold.button.toggled.connect(self._changed)
        self.view.step_chosen.connect(self.step_chosen)
        self.view.range_moved.connect(self._changed)
        self.view.viewport().installEventFilter(self)
        self.view.viewport().setMouseTracking(True)
        theme.changed.connect(self._on_theme)

    @property
    def _quantity(self) -> Quantity:
        return self.quantity.value()  # type: ignore[return-value]  # the choices are these

    @property
    def _offset(self) -> float:
        return self._least if self._quantity == "value" else 0.0

    @Slot()
    def _changed(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _redraw(self) -> None:
        self._dirty = False
        empty = not any(len(trace) for trace in self._traces)
        self._pages.setCurrentIndex(0 if empty else 1)
        self.controls.setEnabled(not empty)
        self.view.redraw(self._traces, self._quantity, self._offset)
        self.remark.setVisible(self.view.leaves_out)
        if self.fold.button.isChecked():
            self._fill_table()

    def _fill_table(self) -> None:
        for row, trace in enumerate(self._traces):
            steps = trace.first_small(self._least)
            shown = min(self._step, max(len(trace) - 1, 0))
            value = plain_number(trace.at(self._quantity, shown))
            self.racers.show_row(row, value, "—" if steps is None else f"{steps:,}")

    @Slot()
    def _name_quantity(self) -> None:
        is_log = self.controls.log.isChecked()
        names = {
            "value": self.tr("f"),
            "gradient_norm": self.tr("gradient norm"),
            "distance": self.tr("distance to a minimum"),
        }
        name = names[self._quantity]
        self.title_label.setText(self.tr("{name} against step").format(name=name))
        self.view.setAccessibleName(self.title_label.text())
        above = is_log and self._offset != 0
        axis_name = self.tr("f above {least}").format(least=f"{self._least:.5g}") if above else name
        self.view.set_quantity(axis_name, is_log=is_log)
        self.racers.set_headings(self.quantity.currentText(), self.tr("steps to {small}").format(small="1e-6"))
        self.fold.set_text(self._steps_heading())
        self._changed()

    def _steps_heading(self) -> str:
        if self._least == 0:
            return self.tr("Steps to f < {small}").format(small="1e-6")
        return self.tr("Steps to f < {least} + {small}").format(least=f"{self._least:.5g}", small="1e-6")

    def _show_legend(self) -> None:
        names = [f"{racer_mark(i)}&nbsp;{_unbroken(trace.name)}" for i, trace in enumerate(self._traces)]
        self.legend.setText("&nbsp;&nbsp; ".join(names))
        self.legend.setAccessibleName(", ".join(trace.name for trace in self._traces))

    def _read_at(self, position: QPointF) -> None:
        plot = self.view.plot_rect()
        if not plot.contains(position) or not self._traces:
            self.readout.hide()
            return
        step = self.view.step_at(position)
        rows = [(i, each.name, plain_number(each.at(self._quantity, step))) for i, each in enumerate(self._traces)]
        at = QPointF(self.view.pixel_at(step), position.y())
        self.readout.read(at, plot, self.tr("step {step}").format(step=f"{step:,}"), rows)

    @Slot()
    def _fit(self) -> None:
        self.view.follow()
        self._changed()

    @Slot()
    def _on_theme(self) -> None:
        self.view.restyle()
        self._changed()


def _unbroken(name: str) -> str:
    return escape(name).replace(" ", "&nbsp;")
