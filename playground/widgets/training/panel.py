"""The training panel: workflow, form, controls."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.widgets.common.panel import Panel
from playground.widgets.training.controls import State, TrainingControls
from playground.widgets.training.form import TrainingForm
from playground.widgets.training.workflow import Workflow

_ROOM_FOR_TIMES = 420  # pixels of height below which the form needs the room more

_LEAST_WIDTH = 380  # pixels under which texts in the fields would be cut


class TrainingPanel(Panel):
    """`form`, `controls` and `workflow` in one card; the form scrolls, the controls stay at the bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Training"), "training_panel", shows_code=True, parent=parent)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.form = TrainingForm()
        self.controls = TrainingControls()
        self.workflow = Workflow()
        scroll = QScrollArea()
        scroll.setObjectName("training_scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for each in (scroll.viewport(), self.form):
            each.setAutoFillBackground(False)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.workflow)
        self.body.addWidget(self.controls)

    def set_state(self, state: State) -> None:
        """Show what the run does: buttons, and which fields can change."""
        self.controls.set_state(state)
        self.form.set_active(state in ("starting", "running", "paused", "stopping"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.workflow.show_times(event.size().height() >= _ROOM_FOR_TIMES)
        super().resizeEvent(event)
