"""The inspector panel: facts, memory, numbers and pictures of one tensor or expression."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.scrolled import scrolled
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel
from playground.widgets.inspector import values
from playground.widgets.inspector.brief_label import BriefLabel
from playground.widgets.inspector.expression_field import ExpressionField
from playground.widgets.inspector.heat_page import HeatPage
from playground.widgets.inspector.histogram_page import HistogramPage
from playground.widgets.inspector.image_page import ImagePage
from playground.widgets.inspector.line_page import LinePage
from playground.widgets.inspector.matrix_page import MatrixPage
from playground.widgets.inspector.memory_page import MemoryPage
from playground.widgets.inspector.page_bar import PageBar
from playground.widgets.inspector.table_page import NumbersPage
from playground.widgets.inspector.wording import PAGES, details, facts_text, misfits, statistics_text

_LOW = 42 * GRID  # pixels: in a lower panel facts and statistics leave their room to the page
_EXAMPLE = "torch.arange(12.).view(3, 4).t()"


class InspectorPanel(Panel):
    """Shows what an expression gives, through one of eight pages.

    Each `set_facts` asks anew for what the visible page shows, so new values of the same tensor need nothing else.

    Signals
    -------
    expression_entered(str) : inspect what this gives.
    page_requested(str, object) : a page ("memory", "table", "heat", "image", "histogram", "line", "matrix",
        "operation") needs its numbers; the dict holds the engine's arguments: "first" (memory), "rows", "columns",
        "fixed" (table, heat) and "window" (table: row, column, rows, columns).
    edit_requested(tuple, str) : set the element at this index to what the text says.
    undo_requested(), redo_requested() : take the last edit back, or do it again.
    """

    expression_entered = Signal(str)
    page_requested = Signal(str, object)
    edit_requested = Signal(tuple, str)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, operation: QWidget | None = None, parent: QWidget | None = None) -> None:
        """`operation`: pictures the operation that a tensor came of; whoever gives it fills it."""
        super().__init__("", "inspector", shows_code=True, parent=parent)
        self.title_label.setText(self.tr("Inspector"))
        self.setAccessibleName(self.tr("Inspector"))
        self._facts: values.Facts | None = None
        self._first: int | None = None
        self._filled: set[str] = set()  # pages that show what was last told
        self.expression = ExpressionField()
        self.expression.returnPressed.connect(self._enter)
        self.header.addWidget(self.expression)
        self.facts_label = BriefLabel()
        self.facts_label.setObjectName("inspector_facts")
        self.statistics_label = BriefLabel()
        self.statistics_label.setObjectName("inspector_statistics")
        self.message = WrappedLabel()
        self.message.setObjectName("inspector_message")
        self.message.setProperty("tone", "bad")
        self.bar = PageBar(self._page_titles())
        self.memory, self.numbers, self.heat, self.image = MemoryPage(), NumbersPage(), HeatPage(), ImagePage()
        self.histogram, self.line, self.matrix = HistogramPage(), LinePage(), MatrixPage()
        self.operation = operation or QWidget()
        self.details = QLabel()
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setWordWrap(True)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.invitation = Invitation(
            "inspector",
            self.tr("Select a variable, or type an expression above, to see its memory, its numbers and its pictures."),
            _EXAMPLE,
            self.tr("Inspect this expression"),
        )
        self._lay_out()
        self._connect()
        self.set_facts(None)

    @property
    def page(self) -> str:
        """The chosen page."""
        return self.bar.page

    @Slot(object)
    def set_facts(self, facts: values.Facts | None) -> None:
        """Inspect something else, or the same again after it changed; None for nothing."""
        if facts is None or self._facts is None or facts.name != self._facts.name:
            self._first = None
            self.expression.setText(facts.name if facts is not None else "")
            self.statistics_label.clear()
            self.numbers.model.forget()
        self._facts = facts
        self._filled.clear()
        self.show_message("")
        self.facts_label.setText(facts_text(facts) if facts is not None else "")
        reasons = misfits(facts)
        self.bar.set_misfits(reasons)
        fitting = [page for page in PAGES if page not in reasons]
        if fitting and self.page not in fitting:
            self.bar.choose(fitting[0])
        self.facts_label.setVisible(facts is not None)
        self.bar.setVisible(isinstance(facts, values.TensorFacts | values.ArrayFacts))
        self.statistics_label.setVisible(bool(fitting))
        self.details.setText(details(facts) or ("" if fitting else reasons["table"]))
        self._turn(bool(fitting))

    @Slot(object)
    def set_statistics(self, found: values.Statistics) -> None:
        """Show minimum, maximum, mean and counts; a sample says so until the exact ones come."""
        self.statistics_label.setText(statistics_text(found))

    @Slot(object)
    def set_memory(self, picture: values.MemoryPicture) -> None:
        """The memory picture that was asked for."""
        self._first = picture.first
        self.memory.show_memory(picture)
        self._show_filled("memory")

    @Slot(object)
    def set_table(self, page: values.TablePage) -> None:
        """A window of the table that was asked for."""
        self.numbers.set_page(page)
        self._show_filled("table")

    @Slot(object)
    def set_heat(self, heat: values.Heat) -> None:
        """The heat map that was asked for."""
        self.heat.show_heat(heat)
        self._show_filled("heat")

    @Slot(object)
    def set_image(self, gallery: values.Gallery) -> None:
        """The pictures that were asked for."""
        self.image.show_gallery(gallery)
        self._show_filled("image")

    @Slot(object)
    def set_histogram(self, histogram: values.TensorHistogram) -> None:
        """The histogram that was asked for."""
        self.histogram.show_histogram(histogram)
        self._show_filled("histogram")

    @Slot(object)
    def set_line(self, line: values.Line) -> None:
        """The line that was asked for."""
        self.line.show_line(line)
        self._show_filled("line")

    @Slot(object)
    def set_matrix(self, found: values.UnitGrid) -> None:
        """The 2 x 2 matrix that was asked for."""
        self.matrix.show_matrix(found)
        self._show_filled("matrix")

    @Slot()
    def set_operation(self) -> None:
        """The page of the operation was filled."""
        self._show_filled("operation")

    @Slot(str)
    def show_message(self, sentence: str) -> None:
        """Say why something did not work; an empty sentence takes it back. A page that waits for numbers goes blank."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        if sentence and self._facts is not None and self.page not in self._filled:
            self._stack.setCurrentWidget(self._other)

    def set_edits(self, *, can_undo: bool, can_redo: bool) -> None:
        """Whether there is an edit to take back, and one to do again."""
        self.numbers.set_edits(can_undo=can_undo, can_redo=can_redo)

    def choose_page(self, page: str) -> None:
        """Turn to a page, as the user would, where it fits."""
        self.bar.buttons[page].click()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the page."""
        super().resizeEvent(event)
        for label in (self.facts_label, self.statistics_label):
            label.set_brief(self.height() < _LOW)

    def _page_titles(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("memory", self.tr("Memory"), self.tr("Which cell of the storage each index reaches.")),
            ("table", self.tr("Table"), self.tr("The numbers of any two dimensions, editable in place.")),
            ("heat", self.tr("Heat map"), self.tr("Two dimensions as colours.")),
            ("image", self.tr("Image"), self.tr("The tensor as pictures: [H, W], [C, H, W] or [N, C, H, W].")),
            ("histogram", self.tr("Histogram"), self.tr("How often values lie where.")),
            ("line", self.tr("Line"), self.tr("The values in reading order.")),
            ("matrix", self.tr("Matrix"), self.tr("What a 2 x 2 matrix does to the plane.")),
            ("operation", self.tr("Operation"), self.tr("The operation it came of, cell by cell.")),
        )

    def _lay_out(self) -> None:
        self._stack = QStackedLayout()
        self._pages = dict(
            zip(
                PAGES,
                (
                    self.memory,
                    self.numbers,
                    self.heat,
                    self.image,
                    self.histogram,
                    self.line,
                    self.matrix,
                    self.operation,
                ),
                strict=True,
            )
        )
        self._other = scrolled("inspector_details", self.details)
        for label in (self.facts_label, self.statistics_label, self.message, self.bar):
            self.body.addWidget(label)
        self.body.addLayout(self._stack, 1)
        for widget in (*self._pages.values(), self._other, self.invitation):
            self._stack.addWidget(widget)

    def _connect(self) -> None:
        self.bar.chosen.connect(self._turn_to_page)
        self.memory.window_requested.connect(self._ask_memory)
        self.numbers.window_requested.connect(self._ask_table)
        self.heat.picture_requested.connect(self._ask_heat)
        self.numbers.edit_requested.connect(self.edit_requested)
        self.numbers.undo_requested.connect(self.undo_requested)
        self.numbers.redo_requested.connect(self.redo_requested)
        self.invitation.accepted.connect(self._offer)

    def _turn(self, is_pictured: bool) -> None:
        """Show the page, the details or the invitation."""
        if self._facts is None:
            self._stack.setCurrentWidget(self.invitation)
        elif not is_pictured:
            self._stack.setCurrentWidget(self._other)
        else:
            self._turn_to_page(self.page)

    def _show_filled(self, page: str) -> None:
        self._filled.add(page)
        if page == self.page and self.bar.buttons[page].isEnabled():  # not where a module came meanwhile
            self._stack.setCurrentWidget(self._pages[page])

    @Slot(str)
    def _turn_to_page(self, page: str) -> None:
        """Show a page and ask for what belongs there; the table asks by itself as it is painted."""
        assert isinstance(self._facts, values.TensorFacts | values.ArrayFacts)
        self._stack.setCurrentWidget(self._pages[page])
        self._filled.discard(page)
        self.show_message("")
        if page == "table":
            self.numbers.set_shape(self._facts.shape)
        elif page == "heat":
            self.heat.dimensions.set_shape(self._facts.shape)
            self._ask_heat(self.heat.dimensions.options)
        else:
            known = page == "memory" and self._first is not None
            self.page_requested.emit(page, {"first": self._first} if known else {})

    @Slot(int)
    def _ask_memory(self, first: int) -> None:
        self.page_requested.emit("memory", {"first": first})

    @Slot(object)
    def _ask_table(self, options: dict[str, object]) -> None:
        self.page_requested.emit("table", options)

    @Slot(object)
    def _ask_heat(self, options: dict[str, object]) -> None:
        self.page_requested.emit("heat", options)

    @Slot()
    def _enter(self) -> None:
        if self.expression.text().strip():
            self.expression_entered.emit(self.expression.text().strip())

    @Slot()
    def _offer(self) -> None:
        self.expression.setText(_EXAMPLE)
        self._enter()
