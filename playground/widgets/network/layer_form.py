"""The panel of the selected layer: its arguments, how its weights begin, and what the analysis found."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.arguments import Argument
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import CheckField, CountField
from playground.widgets.common.panel import Panel
from playground.widgets.common.theme import GRID
from playground.widgets.network.branches_row import BranchesRow
from playground.widgets.network.details import LayerDetails
from playground.widgets.network.facts import FactsGrid
from playground.widgets.network.source_editor import SourceEditor
from playground.widgets.network.weights import WeightsSection

_LABELS = 120  # pixels of width
_NARROWEST = 240  # pixels of width in which labels and fields can be read


class LayerFormPanel(Panel):
    """Edits one layer or block.

    Signals
    -------
    args_edited(id, values) : every argument that differs from its default.
    enabled_toggled(ids, on), frozen_toggled(ids, on), init_edited(ids, init), times_edited(id, times) : the rest.
    branch_requested(id, number), branch_removed(id, number) : another branch behind the last, or without the last.
    init_for_all_requested(init) : the same initial weights for every layer.
    seed_edited(seed), same_weights_requested(), new_weights_requested() : how the weights are drawn.
    source_edited(name, text), trust_requested(name) : the text of a layer written in Python.
    """

    args_edited = Signal(str, object)
    enabled_toggled = Signal(object, bool)
    frozen_toggled = Signal(object, bool)
    init_edited = Signal(object, str)
    times_edited = Signal(str, int)
    branch_requested = Signal(str, int)
    branch_removed = Signal(str, int)
    init_for_all_requested = Signal(str)
    seed_edited = Signal(int)
    same_weights_requested = Signal()
    new_weights_requested = Signal()
    source_edited = Signal(str, str)
    trust_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Selected layer"), "layer_form", parent=parent)
        self._details: LayerDetails | None = None
        self.invitation = _label()
        self.kind = _label("heading")
        self.together = _label()
        self.summary = _label("muted")
        self.problem = _label()
        self.state = QWidget()
        self.enabled = CheckField(self.tr("On"))
        self.frozen = CheckField(self.tr("Frozen"))
        self.repeats = FieldGrid("layer_repeat", columns=1, label_width=_LABELS)
        self.times = CountField(1, 1_000)
        self.branches = BranchesRow()
        self.arguments = self._grid_for(())
        self.source = SourceEditor()
        self.weights = WeightsSection()
        self.facts = FactsGrid()
        self._content = QVBoxLayout()
        self._set_up()
        self._assemble_body()
        self._connect()
        self.set_details(None)

    @Slot(object)
    def set_details(self, details: LayerDetails | None) -> None:
        """Show a layer, or None for the invitation."""
        before, self._details = self._details, None  # nothing that happens meanwhile is an edit
        shown = details or LayerDetails("", "")
        self._show_arguments(shown, before)
        self._show_texts(shown)
        self.enabled.set_value(shown.enabled)
        self.frozen.set_value(shown.frozen)
        self.frozen.setEnabled(shown.may_freeze)
        self.times.set_value(shown.times or 1)
        self.branches.set_count(shown.branches)
        self.source.set_source(shown.source)
        self.weights.set_init(shown.init)
        self.facts.set_facts(shown.facts, shown.formula)
        self._details = details
        self._show_parts()

    @Slot(int)
    def set_seed(self, seed: int) -> None:
        """Show the seed that the weights are drawn with."""
        self.weights.set_seed(seed)

    @Slot()
    def begin(self) -> None:
        """Take the keyboard for the first argument, or for the text of an own layer."""
        editors = [self.arguments.editor(each.name) for each in self._details.arguments] if self._details else []
        first = next((each for each in editors if each is not None), None)
        if first is None and self._details is not None and self._details.source is not None:
            first = self.source.text
        (first or self.enabled).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _set_up(self) -> None:
        self.invitation.setObjectName("layer_form_invitation")
        self.invitation.setText(self.tr("Select a layer: its arguments, formula and numbers appear here."))
        self.problem.setProperty("tone", "bad")
        self.problem.setObjectName("layer_form_problem")
        self.together.setObjectName("layer_form_together")
        off = self.tr("A layer that is off lets everything pass; its arguments stay.")
        self.enabled.setToolTip(off)
        self.enabled.setObjectName("layer_enabled")
        self.frozen.setToolTip(self.tr("A frozen layer does not learn: requires_grad is False."))
        self.frozen.setObjectName("layer_frozen")
        switches = QGridLayout(self.state)
        switches.setContentsMargins(0, 0, 0, 0)
        switches.setHorizontalSpacing(GRID)
        switches.setColumnMinimumWidth(0, _LABELS)
        switches.setColumnStretch(1, 1)
        switches.addWidget(self.enabled, 0, 0)
        switches.addWidget(self.frozen, 0, 1)
        tip = self.tr("How often the layers inside come in a row, each time with weights of their own.")
        self.repeats.add("times", self.tr("Times"), self.times, tip)

    def _assemble_body(self) -> None:
        content = QWidget()
        content.setLayout(self._content)
        self._content.setContentsMargins(0, 0, GRID, 0)
        self._content.setSpacing(GRID)
        for part in (
            self.invitation, self.kind, self.together, self.summary, self.problem, self.state, self.repeats,
            self.branches, self.arguments, self.source, self.facts, self.weights,
        ):  # fmt: skip
            self._content.addWidget(part)
        self._content.addStretch(1)
        self.body.addWidget(_Area(content), 1)

    def _connect(self) -> None:
        self.enabled.edited.connect(self._report_enabled)
        self.frozen.edited.connect(self._report_frozen)
        self.times.edited.connect(self._report_times)
        self.branches.added.connect(self._report_new_branch)
        self.branches.removed.connect(self._report_last_branch)
        self.weights.init_edited.connect(self._report_init)
        self.weights.init_for_all_requested.connect(self.init_for_all_requested)
        self.weights.seed_edited.connect(self.seed_edited)
        self.weights.same_requested.connect(self.same_weights_requested)
        self.weights.new_requested.connect(self.new_weights_requested)
        self.source.edited.connect(self.source_edited)
        self.source.trust_requested.connect(self.trust_requested)

    def _show_arguments(self, shown: LayerDetails, before: LayerDetails | None) -> None:
        """The same kind keeps its fields, so that the keyboard stays where it is."""
        if before is None or (before.id, before.arguments) != (shown.id, shown.arguments):
            old = self.arguments
            self.arguments = self._grid_for(shown.arguments)
            self._content.replaceWidget(old, self.arguments)
            old.edited.disconnect(self._report_arguments)
            old.hide()
            old.deleteLater()
        self.arguments.set_values(shown.values)

    def _grid_for(self, arguments: tuple[Argument, ...]) -> ArgumentGrid:
        grid = ArgumentGrid("layer_argument", arguments, label_width=_LABELS)
        grid.edited.connect(self._report_arguments)
        return grid

    def _show_texts(self, shown: LayerDetails) -> None:
        self.kind.setText(" · ".join(each for each in (shown.kind, shown.path) if each))
        together = self.tr("{count} \u00d7 {kind} are selected: an edit changes all of them. Shown is the current one.")
        self.together.setText(together.format(count=len(shown.together), kind=shown.kind) if shown.together else "")
        self.summary.setText(shown.summary)
        self.problem.setText(f"⚠ {shown.problem}" if shown.problem else "")

    def _show_parts(self) -> None:
        details = self._details
        self.invitation.setVisible(details is None)
        self.kind.setVisible(details is not None)
        self.state.setVisible(details is not None)
        self.together.setVisible(bool(self.together.text()))
        self.summary.setVisible(bool(self.summary.text()))
        self.problem.setVisible(bool(self.problem.text()))
        self.repeats.setVisible(details is not None and details.times is not None)
        self.arguments.setVisible(details is not None and bool(details.arguments))
        self.source.setVisible(details is not None and details.source is not None)
        self.facts.setVisible(details is not None and (details.facts is not None or bool(details.formula)))

    @Slot()
    def _report_arguments(self) -> None:
        if self._details is not None:
            self.args_edited.emit(self._details.id, self.arguments.values())

    @Slot(object)
    def _report_enabled(self, on: bool) -> None:
        if self._details is not None:
            self.enabled_toggled.emit(self._details.together or (self._details.id,), on)

    @Slot(object)
    def _report_frozen(self, on: bool) -> None:
        if self._details is not None:
            self.frozen_toggled.emit(self._details.together or (self._details.id,), on)

    @Slot(object)
    def _report_times(self, times: int) -> None:
        if self._details is not None:
            self.times_edited.emit(self._details.id, times)

    @Slot(int)
    def _report_new_branch(self, number: int) -> None:
        if self._details is not None:
            self.branch_requested.emit(self._details.id, number)

    @Slot(int)
    def _report_last_branch(self, number: int) -> None:
        if self._details is not None:
            self.branch_removed.emit(self._details.id, number)

    @Slot(str)
    def _report_init(self, init: str) -> None:
        if self._details is not None:
            self.init_edited.emit(self._details.together or (self._details.id,), init)


class _Area(QScrollArea):
    """Scrolls up and down only, so it is never narrower than what is in it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setObjectName("layer_form_area")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = content
        self.setWidget(content)
        for each in (self.viewport(), content):
            each.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        content = max(_NARROWEST, self._content.minimumSizeHint().width())
        return QSize(content + self.verticalScrollBar().sizeHint().width(), hint.height())


def _label(look: str = "muted") -> QLabel:
    label = QLabel()
    label.setProperty(look, True)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
