"""The samples of the data set: a gallery with a split, a filter and pages, or points in the plane."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID, tabular
from playground.widgets.samples.gallery import Gallery
from playground.widgets.samples.page import ImagePage, Images
from playground.widgets.samples.scatter import ScatterView

Floats = NDArray[np.floating]

_RANGES_FROM = 520  # pixels of width


class SamplesPanel(Panel):
    """Shows what the network is given, and what it makes of it.

    Signals
    -------
    page_requested(str, str, int, int) : show this split ("train", "validation", "test") through this filter ("all",
        "mistakes"), from this position on, this many images.
    sample_selected(int) : the number in the split of the sample chosen.
    range_chosen(str) : show images "raw", or as normalised: "unit", "symmetric", "standard".
    action_requested() : the button of the empty panel was pressed.
    """

    page_requested = Signal(str, str, int, int)
    sample_selected = Signal(int)
    range_chosen = Signal(str)
    action_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "samples", parent=parent)
        self.title_label.setText(self.tr("Samples"))
        self.setAccessibleName(self.tr("Samples"))
        self._first = self._total = 0
        self._mistakes: int | None = None
        self.gallery = Gallery()
        self.gallery.setObjectName("samples_gallery")
        self.gallery.setAccessibleName(self.tr("Gallery of samples"))
        self.scatter = ScatterView(
            points=(self.tr("first input"), self.tr("second input")), curve=(self.tr("input"), self.tr("target"))
        )
        self.scatter.setObjectName("samples_scatter")
        self.invitation = self._make_invitation()
        self.split = self._make_split()
        self.filter = self._make_filter()
        self.range = self._make_range()
        self.previous = self._arrow("previous", "←", self.tr("Show the previous page of samples."))
        self.next = self._arrow("next", "→", self.tr("Show the next page of samples."))
        self.position = self._muted_label()
        self.ranges = self._muted_label()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def page_size(self) -> int:
        """How many images fit at the present size."""
        return self.gallery.capacity

    @property
    def chosen_split(self) -> str:
        """ "train", "validation" or "test"."""
        return str(self.split.currentData())

    @property
    def chosen_filter(self) -> str:
        """ "all" or "mistakes"."""
        return str(self.filter.currentData())

    @property
    def chosen_range(self) -> str:
        """ "raw", "unit", "symmetric" or "standard"."""
        return str(self.range.currentData())

    def set_images(
        self,
        images: Images,
        labels: tuple[str, ...],
        predictions: tuple[str, ...] | None = None,
        confidences: Floats | None = None,
        *,
        indices: NDArray[np.integer] | None = None,
        classes: tuple[str, ...] = (),
        shown_range: tuple[float, float] | None = None,
    ) -> None:
        """Show a page of images; the arguments are those of ImagePage."""
        page = ImagePage(images, labels, predictions, confidences, indices, classes, shown_range)
        self.gallery.show_page(page)
        self._total = max(self._total, self._first + len(page))
        self._pages.setCurrentWidget(self.gallery if len(page) else self.invitation)
        if not len(page):
            self._say_none()
        self._refresh()

    def set_position(self, first: int, total: int) -> None:
        """Say which sample the page begins with, and how many pass the filter."""
        self._first, self._total = first, total
        self._refresh()

    def set_mistakes(self, count: int | None) -> None:
        """Say how many samples of the split the network gets wrong; None when nothing is known."""
        self._mistakes = count
        if count is None and self.chosen_filter == "mistakes":
            self.filter.setCurrentIndex(0)
        self._refresh()

    def set_splits(self, splits: tuple[str, ...]) -> None:
        """Offer only these splits."""
        self.split.blockSignals(True)
        chosen = self.chosen_split
        self.split.clear()
        for key in splits:
            self.split.addItem(self._split_names()[key], key)
        self.split.setCurrentIndex(max(self.split.findData(chosen), 0))
        self.split.blockSignals(False)

    def set_ranges(self, raw: tuple[float, float], normalised: tuple[float, float]) -> None:
        """Show the smallest and largest value as stored and as the network gets them."""
        text = self.tr("raw {raw} · as the net sees it {net}")
        self.ranges.setText(text.format(raw=_span(raw), net=_span(normalised)))
        self.range.setToolTip(self._range_tool_tip() + "\n" + self.ranges.text())
        self._refresh()

    def set_range_choice(self, key: str) -> None:
        """Show which range is in force, without asking for it."""
        self.range.blockSignals(True)
        self.range.setCurrentIndex(max(self.range.findData(key), 0))
        self.range.blockSignals(False)

    def set_points(self, points: Floats, labels: tuple[str, ...], predictions: tuple[str, ...] | None = None) -> None:
        """Show points [N, 2] of a classification set."""
        self.scatter.show_points(points, labels, predictions)
        self._show_scatter(len(points))

    def set_decision(self, image: NDArray[np.uint8] | None, area: tuple[float, float, float, float]) -> None:
        """Lay the network's decision [H, W, 3] behind the points: x, y, width, height; the first row is the lowest."""
        self.scatter.show_decision(image, area)

    def set_curve(self, x: Floats, y: Floats, line_x: Floats, line_y: Floats) -> None:
        """Show a regression set with one input, and the network's line."""
        self.scatter.show_curve(x, y, line_x, line_y)
        self._show_scatter(len(x))

    def clear(self) -> None:
        """Show nothing, and say how samples get here."""
        self.gallery.show_page(None)
        self._first = self._total = 0
        self._mistakes = None
        self.ranges.clear()
        self.invitation.invite(self.tr("Choose a data set: its samples appear here."), self.tr("Load the data"))
        self._pages.setCurrentWidget(self.invitation)
        self._refresh()

    def show_message(self, text: str) -> None:
        """Show nothing, and say why."""
        self.clear()
        self.invitation.invite(text, None)

    def request_page(self, first: int = 0) -> None:
        """Ask for the page that begins with `first`."""
        self.page_requested.emit(self.chosen_split, self.chosen_filter, first, self.page_size)

    def turn(self, pages: int) -> None:
        """Ask for a page before (negative) or after this one, if there is one."""
        # A page that was asked for before there was more room is shorter than the next one will be.
        size = self.gallery.shown if pages > 0 else self.page_size
        first = max(self._first + pages * size, 0)
        if first != self._first and first < self._total:
            self.request_page(first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the ranges only where there is room; their tool tip on the switch says them everywhere."""
        super().resizeEvent(event)
        self.ranges.setVisible(self.width() >= _RANGES_FROM)

    def _lay_out(self) -> None:
        for part in (self.split, self.filter):
            self.header.addWidget(part)
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages, 1)
        for page in (self.invitation, self.gallery, self.scatter):
            self._pages.addWidget(page)
        self._footer = QWidget()
        footer = QHBoxLayout(self._footer)
        footer.setContentsMargins(0, 0, 0, 0)
        footer.setSpacing(GRID)
        footer.addWidget(self.range)
        footer.addWidget(self.ranges)
        footer.addStretch(1)
        for widget in (self.position, self.previous, self.next):
            footer.addWidget(widget)
        self.body.addWidget(self._footer)

    def _connect(self) -> None:
        self.invitation.accepted.connect(self.action_requested)
        self.split.currentIndexChanged.connect(self._on_choice)
        self.filter.currentIndexChanged.connect(self._on_choice)
        self.range.currentIndexChanged.connect(self._on_range)
        self.previous.clicked.connect(self._on_previous)
        self.next.clicked.connect(self._on_next)
        self.gallery.turned.connect(self.turn)
        self.gallery.selected.connect(self.sample_selected)
        self.gallery.capacity_changed.connect(self._on_capacity)

    def _refresh(self) -> None:
        shown = self.gallery.shown
        is_gallery = self.gallery.page is not None
        last = self._first + shown
        text = self.tr("{first} to {last} of {total}")
        self.position.setText(text.format(first=f"{self._first + 1:,}", last=f"{last:,}", total=f"{self._total:,}"))
        self.position.setVisible(is_gallery and shown > 0)
        self.previous.setEnabled(is_gallery and self._first > 0)
        self.next.setEnabled(is_gallery and last < self._total)
        known = self._mistakes is not None
        mistakes = self.tr("Mistakes ({count})").format(count=f"{self._mistakes:,}") if known else self.tr("Mistakes")
        self.filter.setItemText(1, mistakes)
        self.filter.setEnabled(known)
        self._footer.setVisible(is_gallery)

    def _show_scatter(self, count: int) -> None:
        self.gallery.show_page(None)
        self._first, self._total = 0, count
        self._pages.setCurrentWidget(self.scatter)
        self._refresh()

    def _say_none(self) -> None:
        if self.chosen_filter == "mistakes":
            self.invitation.invite(self.tr("No mistakes: the network tells every sample of this split."), None)
        else:
            self.invitation.invite(self.tr("This split has no samples."), None)

    def _on_choice(self) -> None:
        self.request_page(0)

    def _on_range(self) -> None:
        self.range_chosen.emit(str(self.range.currentData()))

    def _on_previous(self) -> None:
        self.turn(-1)

    def _on_next(self) -> None:
        self.turn(1)

    def _on_capacity(self) -> None:
        page = self.gallery.page
        if page is not None and len(page) < min(self.page_size, self._total - self._first):
            self.request_page(self._first)
        self._refresh()

    def _split_names(self) -> dict[str, str]:
        return {"train": self.tr("Train"), "validation": self.tr("Validation"), "test": self.tr("Test")}

    def _make_invitation(self) -> Invitation:
        sentence = self.tr("Choose a data set: its samples appear here.")
        return Invitation("samples", sentence, self.tr("Load the data"), self.tr("Load the data set that is chosen."))

    def _make_split(self) -> QComboBox:
        items = [(name, key) for key, name in self._split_names().items()]
        return _combo("samples_split", self.tr("Which part of the data set is shown."), items)

    def _make_filter(self) -> QComboBox:
        items = [(self.tr("All"), "all"), (self.tr("Mistakes"), "mistakes")]
        return _combo("samples_filter", self.tr("Show all samples, or only those the network gets wrong."), items)

    def _make_range(self) -> QComboBox:
        items = [
            (self.tr("Raw"), "raw"),
            (self.tr("[0, 1]"), "unit"),
            (self.tr("[-1, 1]"), "symmetric"),
            (self.tr("Standard"), "standard"),
        ]
        return _combo("samples_range", self._range_tool_tip(), items)

    def _range_tool_tip(self) -> str:
        return self.tr("Show the pixels as stored, or as a normalisation gives them.")

    def _arrow(self, part: str, sign: str, tool_tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setObjectName(f"samples_{part}")
        button.setAccessibleName(tool_tip)
        button.setToolTip(tool_tip)
        button.setFixedSize(3 * GRID, 3 * GRID)
        return button

    def _muted_label(self) -> QLabel:
        label = QLabel()
        label.setProperty("muted", True)
        label.setFont(tabular(self.font()))
        label.setMinimumWidth(GRID)
        return label


def _combo(name: str, tool_tip: str, items: list[tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    for text, key in items:
        combo.addItem(text, key)
    combo.setObjectName(name)
    combo.setAccessibleName(tool_tip)
    combo.setToolTip(tool_tip)
    return combo


def _span(span: tuple[float, float]) -> str:
    low, high = (f"{value:.4g}".replace("-", "\N{MINUS SIGN}") for value in span)
    return f"{low}…{high}"
