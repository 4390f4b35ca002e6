"""The samples of the data set: a gallery with a split, a filter and pages, or points in the plane."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.tab_order import in_order
from playground.widgets.samples.choice import Choice
from playground.widgets.samples.footer import Footer
from playground.widgets.samples.gallery import Gallery
from playground.widgets.samples.page import ImagePage, Images

if TYPE_CHECKING:
    from playground.widgets.samples.scatter import ScatterView

Floats = NDArray[np.floating]


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
        self.invitation = self._make_invitation()
        self.split = self._make_split()
        self.filter = self._make_filter()
        self.footer = Footer()
        self._lay_out()
        self._connect()
        self._refresh()

    @cached_property
    def scatter(self) -> "ScatterView":
        """What draws points, made with the first of them: pyqtgraph takes half a second to load."""
        from playground.widgets.samples.scatter import ScatterView

        points, curve = (self.tr("first input"), self.tr("second input")), (self.tr("input"), self.tr("target"))
        scatter = ScatterView(points, curve)
        scatter.setObjectName("samples_scatter")
        self._pages.addWidget(scatter)
        in_order(self.gallery, scatter)
        return scatter

    @property
    def page_size(self) -> int:
        """How many images fit at the present size."""
        return self.gallery.capacity

    @property
    def chosen_split(self) -> str:
        """ "train", "validation" or "test"."""
        return self.split.key

    @property
    def chosen_filter(self) -> str:
        """ "all" or "mistakes"."""
        return self.filter.key

    @property
    def chosen_range(self) -> str:
        """ "raw", "unit", "symmetric" or "standard"."""
        return self.footer.range.key

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
        self.split.set_items([(self._split_names()[key], key) for key in splits])

    def set_ranges(self, raw: tuple[float, float], normalised: tuple[float, float]) -> None:
        """Show the smallest and largest value as stored and as the network gets them."""
        self.footer.set_ranges(raw, normalised)

    def set_range_choice(self, key: str) -> None:
        """Show which range is in force, without asking for it."""
        self.footer.range.set_key(key)

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
        self.footer.clear_ranges()
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

    def _lay_out(self) -> None:
        for part in (self.split, self.filter):
            self.header.addWidget(part)
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages, 1)
        for page in (self.invitation, self.gallery):
            self._pages.addWidget(page)
        self.body.addWidget(self.footer)

    def _connect(self) -> None:
        self.invitation.accepted.connect(self.action_requested)
        self.split.currentIndexChanged.connect(self._on_choice)
        self.filter.currentIndexChanged.connect(self._on_choice)
        self.footer.range.currentIndexChanged.connect(self._on_range)
        self.footer.turned.connect(self.turn)
        self.gallery.turned.connect(self.turn)
        self.gallery.selected.connect(self.sample_selected)
        self.gallery.capacity_changed.connect(self._on_capacity)

    def _refresh(self) -> None:
        self.footer.set_position(self._first + 1, self._first + self.gallery.shown, self._total)
        self.footer.setVisible(self.gallery.page is not None)
        known = self._mistakes is not None
        mistakes = self.tr("Mistakes ({count})").format(count=f"{self._mistakes:,}") if known else self.tr("Mistakes")
        self.filter.setItemText(1, mistakes)
        self.filter.setEnabled(known)

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
        self.range_chosen.emit(self.chosen_range)

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

    def _make_split(self) -> Choice:
        items = [(name, key) for key, name in self._split_names().items()]
        return Choice("samples_split", self.tr("Which part of the data set is shown."), items)

    def _make_filter(self) -> Choice:
        items = [(self.tr("All"), "all"), (self.tr("Mistakes"), "mistakes")]
        return Choice("samples_filter", self.tr("Show all samples, or only those the network gets wrong."), items)
