"""The autograd panel: the graph above, the stepper and what it tells below."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QSplitter, QToolButton, QVBoxLayout, QWidget

from playground.widgets.autograd.collapsing import outermost
from playground.widgets.autograd.graph_view import EMPTY, GraphView
from playground.widgets.autograd.legend import Legend
from playground.widgets.autograd.pages import GRADIENTS, NODE, Pages
from playground.widgets.autograd.search_field import SearchField
from playground.widgets.autograd.stepper_bar import StepperBar
from playground.widgets.autograd.values import (
    GradientRowValues,
    GraphValues,
    SavedValues,
    SideRowValues,
    StepValues,
    WayValues,
)
from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.invitation import Invitation
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID
from playground.widgets.common.wrapped_label import WrappedLabel


class AutogradPanel(Panel):
    """Shows a graph and each turn of a backward through it; the buttons of `stepper` have signals of their own there.

    Signals
    -------
    node_selected : the id of the node that was clicked or walked to.
    saved_requested : the id of the node whose saved tensors are asked for.
    start_requested : the id of the node that backward is to start from, or to go on from.
    zero_requested, optimizer_step_requested : the gradients are to become None, the leaves to change by them.
    retain_requested : the name of the tensor that is to keep its gradient.
    collapse_requested : the paths of all modules to draw as one box each, a frozenset.
    step_requested, back_requested, reset_requested, gradcheck_requested, apply_requested : a button was pressed.
    run_requested : the magnitude to stop beyond (float or None), and whether to stop at a NaN or infinity.
    gradient_entered : an expression for the gradient to start with.
    element_requested : which outgoing gradient and which number of it to explain.
    save_requested : "svg" or "png"; `view.svg()` and `view.image()` are what to save.
    example_requested, run_loss_requested : the empty panel's buttons; the latter is in the header too.
    """

    node_selected = Signal(int)
    saved_requested = Signal(int)
    start_requested = Signal(int)
    zero_requested = Signal()
    optimizer_step_requested = Signal()
    retain_requested = Signal(str)
    collapse_requested = Signal(object)
    step_requested = Signal()
    back_requested = Signal()
    run_requested = Signal(object, bool)
    reset_requested = Signal()
    gradcheck_requested = Signal()
    apply_requested = Signal()
    gradient_entered = Signal(str)
    element_requested = Signal(int, tuple)
    save_requested = Signal(str)
    example_requested = Signal()
    run_loss_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Autograd"), "autograd", shows_code=True, parent=parent)
        self.view = GraphView()
        self.legend = Legend()
        self.search = SearchField()
        self.stepper = StepperBar()
        self.pages = Pages()
        self.state = WrappedLabel("muted")
        self.message = WrappedLabel()
        self.invitation = Invitation(
            "autograd",
            self.tr("A tensor that was computed from one with gradients has a graph: make one in the console."),
            self.tr("Show an example"),
            self.tr("Put a softmax and its loss into the console and show their graph."),
        )
        self._run_buttons = (
            self.invitation.offer("autograd_run_loss", self.tr("Graph of the run's loss"), ""),
            self._run_link(),
        )
        self._gradients: tuple[GradientRowValues, ...] = ()
        self._told = -1
        self._icons: list[IconButton] = []
        self._fill()
        self._connect()
        self.set_run_ready(ready=False)
        self.set_graph(None)

    @Slot(object)
    def set_graph(self, graph: GraphValues | None) -> None:
        """Draw a graph; None for the invitation."""
        shown = graph is not None and bool(graph.nodes)
        self.invitation.setVisible(not shown)
        self._parts.setVisible(shown)
        for part in (self.search, self.legend, *self._icons):
            part.setVisible(shown)
        self.title_label.setText(self.tr("Autograd   {name}").format(name=graph.title if graph else "").rstrip())
        self._run_buttons[1].setVisible(shown)
        if graph is None or not shown:
            self.view.set_graph(EMPTY)
            return
        is_other = graph.title != self.view.graph.title
        self.legend.set_kinds({node.kind for node in graph.nodes})
        self.view.set_graph(graph)
        for button in self._folding:
            button.setEnabled(bool(graph.modules))
        if is_other:
            self.stepper.set_wanted(graph.wants_gradient)
            self.pages.set_node(None)
            self.set_step(None)
            self.set_gradients(())
        self.set_gradients(self._gradients)
        self._tell_left_out(graph)

    @Slot(object)
    def set_step(self, step: StepValues | None) -> None:
        """Show a turn of backward; None before the first."""
        self.view.set_step(step)
        self.stepper.set_progress(step.position if step else 0, step.total if step else 0)
        self.pages.set_step(step, {node.id: node.title for node in self.view.graph.nodes})

    @Slot(tuple, tuple, int)
    def set_ways(self, ways: tuple[WayValues, ...], rows: tuple[SideRowValues, ...], current: int) -> None:
        """The backwards that there are, the gradients of each node in them, and which one the buttons move."""
        self.pages.set_ways(ways, rows, current)
        for way in ways:
            if way.node == current:
                self.stepper.set_wanted(way.wants_gradient, way.gradient)

    @Slot(tuple)
    def set_gradients(self, rows: tuple[GradientRowValues, ...]) -> None:
        """What .grad holds now at leaves and named tensors."""
        self._gradients = rows
        self.pages.gradients.set_rows(rows)
        self.view.set_kept({row.node: row.gradient for row in rows})
        self._tell_gradient()

    def set_run_ready(self, *, ready: bool) -> None:
        """Whether there is a run whose loss has a graph."""
        tip = self.tr("Compute loss = loss_fn(net(x), y) in the console, on the run's present batch.")
        if not ready:
            tip = self.tr("There is no run yet: train first.")
        for button in self._run_buttons:
            button.setEnabled(ready)
            button.setToolTip(tip)
            button.setAccessibleName(self.tr("Graph of the run's loss"))

    @Slot(int, tuple)
    def set_saved(self, node: int, saved: tuple[SavedValues, ...]) -> None:
        """Show what a node saved for backward."""
        self.pages.node.set_saved(node, saved)

    @Slot()
    def show_gradients(self) -> None:
        """Turn to what .grad holds."""
        self.pages.show_page(GRADIENTS)

    @Slot(str)
    def set_state(self, text: str) -> None:
        """One quiet line: "equals .backward() bit for bit", where a run stopped, what gradcheck found."""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    @Slot(str)
    def show_message(self, text: str, tone: str = "bad") -> None:
        """A sentence about something that cannot be done; empty takes it back."""
        self.message.setProperty("tone", tone)
        self.message.style().polish(self.message)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    @Slot(int)
    def select_node(self, node: int) -> None:
        """Mark a node without reporting it."""
        self.view.select(node)
        self._tell_node(node)

    def _fill(self) -> None:
        self.view.put_on(self.legend)
        self.header.addWidget(self.search)
        self.header.addWidget(self._run_buttons[1])
        self._folding = [
            self._button("collapse", "unfold-less-vertical", self.tr("Draw every module as one box.")),
            self._button("expand", "unfold-more-vertical", self.tr("Draw every operation.")),
        ]
        self._button("fit", "fit-to-page-outline", self.tr("Show all of it (0)."))
        save = self._button("save", "download-outline", self.tr("Save the drawing."))
        save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(save)
        menu.addAction(self.tr("As SVG…")).triggered.connect(self._save_svg)
        menu.addAction(self.tr("As PNG…")).triggered.connect(self._save_png)
        save.setMenu(menu)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setObjectName("autograd_parts")
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(GRID)
        self._parts.addWidget(self.view)
        self._parts.addWidget(self._lower())
        self._parts.setSizes([1100, 900])  # shares, whatever the drawing's size
        self.view.setMinimumHeight(10 * GRID)
        self.body.addWidget(self.message)
        self.body.addWidget(self.invitation, 1)
        self.body.addWidget(self._parts, 1)
        self.message.setObjectName("autograd_message")
        self.message.hide()

    def _lower(self) -> QWidget:
        """Stepper, pages, and the quiet line."""
        self.state.setObjectName("autograd_state")
        self.state.hide()
        lower = QWidget()
        lines = QVBoxLayout(lower)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID // 2)
        lines.addWidget(self.stepper)
        lines.addWidget(self.pages, 1)
        lines.addWidget(self.state)
        return lower

    def _run_link(self) -> QPushButton:
        link = QPushButton(self.tr("Run's loss"))
        link.setObjectName("autograd_run_loss_again")
        link.setProperty("link", True)
        return link

    def _button(self, name: str, icon: str, tip: str) -> IconButton:
        button = IconButton(f"autograd_{name}", icon, tip)
        self.header.addWidget(button)
        self._icons.append(button)
        return button

    def _connect(self) -> None:
        view, stepper, pages = self.view, self.stepper, self.pages
        for source, target in (
            (view.collapse_requested, self.collapse_requested),
            (pages.node.saved_requested, self.saved_requested),
            (pages.node.start_requested, self.start_requested),
            (pages.node.retain_requested, self.retain_requested),
            (pages.way_chosen, self.start_requested),
            (pages.gradients.zero_requested, self.zero_requested),
            (pages.gradients.step_requested, self.optimizer_step_requested),
            (stepper.step_requested, self.step_requested),
            (stepper.back_requested, self.back_requested),
            (stepper.run_requested, self.run_requested),
            (stepper.reset_requested, self.reset_requested),
            (stepper.gradcheck_requested, self.gradcheck_requested),
            (stepper.apply_requested, self.apply_requested),
            (stepper.gradient_entered, self.gradient_entered),
            (pages.step.element_requested, self.element_requested),
            (self.invitation.accepted, self.example_requested),
            *((button.clicked, self.run_loss_requested) for button in self._run_buttons),
        ):
            source.connect(target)
        for page in (pages.gradients, pages.side):
            page.node_chosen.connect(view.select)
        view.node_selected.connect(self._choose)
        self.search.sought.connect(self._seek)
        self.search.walked.connect(self._walk)
        self._folding[0].clicked.connect(self._collapse_all)
        self._folding[1].clicked.connect(self._expand_all)
        self._icons[2].clicked.connect(view.fit)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.begin)

    def _tell_node(self, node: int) -> None:
        self._told = node
        self.pages.set_node(self.view.graph_node(node))
        self._tell_gradient()

    def _tell_gradient(self) -> None:
        """What is in .grad of the node that its page tells of."""
        rows = {row.node: row for row in self._gradients}
        self.pages.node.set_gradient(rows.get(self._told))

    def _tell_left_out(self, graph: GraphValues) -> None:
        if graph.left_out:
            text = self.tr("{count:,} nodes farther from the output are not drawn; collapse modules to see them.")
            self.show_message(text.format(count=graph.left_out), "warning")
        elif self.message.property("tone") == "warning":
            self.show_message("")

    @Slot(int)
    def _choose(self, node: int) -> None:
        self._tell_node(node)
        self.pages.show_page(NODE)
        self.node_selected.emit(node)

    @Slot(str)
    def _seek(self, text: str) -> None:
        self.search.set_found(self.view.search(text))

    @Slot(int)
    def _walk(self, by: int) -> None:
        number = self.view.walk_hits(by)
        if number:
            self.search.set_found(self.view.search(self.search.field.text()), number)

    @Slot()
    def _collapse_all(self) -> None:
        self.collapse_requested.emit(outermost(self.view.graph))

    @Slot()
    def _expand_all(self) -> None:
        self.collapse_requested.emit(frozenset())

    @Slot()
    def _save_svg(self) -> None:
        self.save_requested.emit("svg")

    @Slot()
    def _save_png(self) -> None:
        self.save_requested.emit("png")
