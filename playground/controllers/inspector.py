"""The inspector: what a variable or expression of the console is, looked at on its thread and shown as plain values."""

import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from torch import Tensor

from playground.controllers.kernel_questions import KernelQuestions
from playground.controllers.mirror import mirror
from playground.controllers.tensor_edits import TensorEdits
from playground.engine.problems import Problem
from playground.engine.rng import undrawn
from playground.engine.tensors import edit as edits
from playground.engine.tensors import memory, pictures, planes, statistics
from playground.engine.tensors.describe import as_tensor, facts
from playground.engine.tensors.matrices import matrix_picture
from playground.engine.tensors.operations.operation_events import OperationPicture
from playground.engine.tensors.operations.origins import Origins, again
from playground.engine.tensors.tensor_events import Edit, Facts, Statistics, Window
from playground.widgets.common.messages import sentence
from playground.widgets.inspector import values
from playground.widgets.inspector.panel import InspectorPanel
from playground.widgets.operations.picture_page import PicturePage
from playground.widgets.operations.values import OperationValues

EXPRESSION_FILE = "<inspector>"


class InspectorController(QObject):
    """Joins the console's thread and the inspector's panel.

    Parameters
    ----------
    namespace : mapping
        The console's variables; read on its thread only.

    Signals
    -------
    changed() : an edit changed a tensor.

    Attributes
    ----------
    origins : Origins
        What made each variable; to be told of the cells, on the console's thread.
    """

    changed = Signal()

    def __init__(
        self,
        questions: KernelQuestions,
        namespace: Mapping[str, Any],
        panel: InspectorPanel,
        operation: PicturePage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._questions = questions
        self._namespace = namespace
        self._panel = panel
        self._operation = operation
        self.origins = Origins()
        self._subject = Subject("", namespace)
        self._coming: Subject | None = None  # asked for, and not yet answered
        self._edits: defaultdict[str, TensorEdits] = defaultdict(TensorEdits)
        self._counting: Iterator[Statistics] | None = None
        panel.expression_entered.connect(self.show_expression)
        panel.page_requested.connect(self._ask_page)
        panel.edit_requested.connect(self._edit)
        panel.undo_requested.connect(self._take_back)
        panel.redo_requested.connect(self._do_again)

    @property
    def expression(self) -> str:
        """What is inspected; empty for nothing."""
        return self._subject.expression

    @Slot(str)
    def show_expression(self, expression: str) -> None:
        """Inspect a variable, or what an expression gives now."""
        self._stop_counting()
        self._coming = subject = Subject(expression, self._namespace)
        self._ask("facts", subject.look, partial(self._show, subject), subject, self._refuse_coming)

    @Slot()
    def refresh(self) -> None:
        """Look again at what is inspected, since a cell may have changed it."""
        if self._coming is not None:  # a question about the former subject would take its place
            self.show_expression(self._coming.expression)
        elif self._subject.expression:
            self._stop_counting()
            self._ask("facts", self._subject.look, partial(self._show, self._subject), self._subject, self._forget)

    def _show(self, subject: "Subject", found: tuple[Facts, Statistics | None]) -> None:
        what, numbers = found
        self._subject, self._coming = subject, None
        self._tell_edits()
        self._panel.set_facts(_facts(what))
        if numbers is not None:
            self._show_statistics(numbers)
            if not numbers.is_exact and numbers.problem is None:
                self._ask("count", subject.counted, self._count_on, subject)

    def _refuse_coming(self, problem: Problem) -> None:
        self._coming = None
        self._refuse(problem)

    def _forget(self, _problem: Problem) -> None:
        """The variable is gone."""
        self._subject = Subject("", self._namespace)
        self._panel.set_facts(None)

    def _show_statistics(self, numbers: Statistics) -> None:
        problem = numbers.problem
        said = "" if problem is None else sentence(problem.code, problem.fields)
        self._panel.set_statistics(mirror(values.Statistics, numbers, sentence=said))

    def _count_on(self, counting: Iterator[Statistics]) -> None:
        """One piece after the other, so that cells come in between."""
        self._counting = counting
        self._questions.ask("count", partial(next, counting, None), self._take_count, self._end_count)

    def _take_count(self, numbers: Statistics | None) -> None:
        counting = self._counting
        if numbers is None or counting is None:
            self._counting = None
            return
        if numbers.is_exact:
            self._show_statistics(numbers)
        self._questions.ask("count", partial(next, counting, None), self._take_count, self._end_count)

    def _end_count(self, _problem: Problem) -> None:
        """The tensor changed meanwhile: the sample stays."""
        self._counting = None

    def _stop_counting(self) -> None:
        counting, self._counting = self._counting, None
        if counting is not None:
            self._questions.ask("count", counting.close, lambda _: None)  # type: ignore[attr-defined]

    @Slot(str, object)
    def _ask_page(self, page: str, options: dict[str, Any]) -> None:
        if page == "operation":
            self._ask_operation()
            return
        subject = self._subject
        work = partial(_PAGES[page], subject, options)
        showing: Mapping[str, Callable[[Any], None]] = {
            "memory": self._panel.set_memory,
            "table": self._panel.set_table,
            "heat": self._panel.set_heat,
            "image": self._panel.set_image,
            "histogram": self._panel.set_histogram,
            "line": self._panel.set_line,
            "matrix": self._panel.set_matrix,
        }
        show = showing[page]
        # Of a table every window is wanted that was asked for, of all else the latest.
        self._ask(f"page {page} {options.get('window', '')}", work, lambda found: show(_mirrored(found)), subject)

    def _ask_operation(self) -> None:
        subject, text = self._subject, self.origins.of(self._subject.expression)
        self._questions.ask(
            "page operation",
            partial(subject.came_of, text),
            self._show_operation,
            self._refuse,
            naming=f"{text}; {subject.expression}",
        )

    def _show_operation(self, picture: OperationPicture) -> None:
        problem = picture.problem
        said = "" if problem is None else sentence(problem.code, problem.fields)
        self._operation.show_values(mirror(OperationValues, picture, problem=said))
        self._panel.set_operation()

    @Slot(tuple, str)
    def _edit(self, index: tuple[int, ...], text: str) -> None:
        subject = self._subject
        self._ask("edit", partial(subject.edit, index, text), partial(self._take_edit, subject), subject)

    def _take_edit(self, subject: "Subject", found: tuple[Edit, "weakref.ref[Any]"]) -> None:
        self._edits[subject.key].add(*found)
        self._tell_changed()

    @Slot()
    def _take_back(self) -> None:
        made = self._edits[self._subject.key]
        self._set_back(made, made.done, made.undone)

    @Slot()
    def _do_again(self) -> None:
        made = self._edits[self._subject.key]
        self._set_back(made, made.undone, made.done)

    def _set_back(self, made: TensorEdits, last: list[Edit], other: list[Edit]) -> None:
        """Set the value back that the last of these edits replaced; that, too, can be taken back."""
        if last:
            work = partial(self._subject.set_back, made, last.pop())
            self._ask("edit", work, partial(self._take_set_back, other), self._subject)

    def _take_set_back(self, other: list[Edit], done: Edit) -> None:
        other.append(done)
        self._tell_changed()

    def _tell_edits(self) -> None:
        made = self._edits[self._subject.key]
        self._panel.set_edits(can_undo=bool(made.done), can_redo=bool(made.undone))

    def _tell_changed(self) -> None:
        self._tell_edits()
        self.refresh()
        self.changed.emit()

    def _ask(
        self,
        what: str,
        work: Callable[[], Any],
        take: Callable[[Any], None],
        subject: "Subject",
        refuse: Callable[[Problem], None] | None = None,
    ) -> None:
        self._questions.ask(what, work, take, refuse or self._refuse, naming=subject.expression)

    def _refuse(self, problem: Problem) -> None:
        self._tell_edits()
        self._panel.show_message(sentence(problem.code, problem.fields))


class Subject:
    """What is inspected: a variable, looked up each time, or the value that an expression had when it was entered."""

    def __init__(self, expression: str, namespace: Mapping[str, Any]) -> None:
        self.expression = expression
        self.namespace = namespace
        self._kept: list[Any] = []

    def value(self) -> Any:
        """The value itself; on the console's thread only.

        Raises
        ------
        Problem
            `console-expression`.
        """
        if self.expression.isidentifier():
            if self.expression not in self.namespace:
                detail = f"there is no variable {self.expression}"
                raise Problem("console-expression", text=self.expression, detail=detail)
            return self.namespace[self.expression]
        if not self._kept:
            self._kept.append(self._evaluated())
        return self._kept[0]

    @property
    def key(self) -> str:
        """Under which its edits are kept: a variable's name; for the passing value of an expression one of its own."""
        return self.expression if self.expression.isidentifier() else f"{self.expression} {id(self)}"

    def edit(self, index: tuple[int, ...], text: str) -> tuple[Edit, "weakref.ref[Any]"]:
        """Set an element, and say of what object."""
        return edits.edit(self.tensor(), index, text), weakref.ref(self.value())

    def set_back(self, made: TensorEdits, last: Edit) -> Edit:
        """Take an edit back, where the variable is the same."""
        made.check(self.value(), self.expression)
        return edits.undo(self.tensor(), last)

    def tensor(self) -> Tensor:
        """The value as a tensor over the same memory."""
        return as_tensor(self.value(), self.expression)

    def look(self) -> tuple[Facts, Statistics | None]:
        """What it is, and the numbers of a tensor."""
        found = facts(self.value(), self.expression)
        has_values = type(found).__name__ in ("TensorFacts", "ArrayFacts")
        return found, statistics.statistics(self.tensor()) if has_values else None

    def came_of(self, text: str) -> OperationPicture:
        """The operation that gave it."""
        return again(text, self.expression, self.value(), self.namespace)

    def counted(self) -> Iterator[Statistics]:
        """All its numbers, counted piece by piece."""
        return statistics.exact_statistics(self.tensor())

    def _evaluated(self) -> Any:
        """The user's own console evaluates the user's own expression; looking moves no generator on."""
        try:
            with undrawn():
                return eval(compile(self.expression, EXPRESSION_FILE, "eval"), dict(self.namespace))
        except Exception as error:
            detail = f"{type(error).__name__}: {error}".strip().removesuffix(":")
            raise Problem("console-expression", text=self.expression, detail=detail) from error


def _memory(subject: Subject, options: dict[str, Any]) -> object:
    names = {name: each for name, each in subject.namespace.items() if not name.startswith("_")}
    return memory.memory_picture(subject.tensor(), subject.expression, names, **options)


def _table(subject: Subject, options: dict[str, Any]) -> object:
    window = options.get("window")
    others = {name: each for name, each in options.items() if name != "window"}
    if window is not None:
        others["window"] = Window(**window) if isinstance(window, dict) else Window(*window)
    return planes.table(subject.tensor(), **others)


_PAGES: Mapping[str, Callable[[Subject, dict[str, Any]], object]] = {
    "memory": _memory,
    "table": _table,
    "heat": lambda subject, options: planes.heat(subject.tensor(), **options),
    "image": lambda subject, _: pictures.image(subject.tensor()),
    "histogram": lambda subject, _: pictures.histogram(subject.tensor()),
    "line": lambda subject, _: pictures.line(subject.tensor()),
    "matrix": lambda subject, _: matrix_picture(subject.tensor()),
}


def _facts(found: Facts) -> values.Facts:
    kind = getattr(values, type(found).__name__)
    shown: values.Facts = mirror(kind, found)
    return shown


def _mirrored(found: object) -> object:
    return mirror(getattr(values, type(found).__name__), found)
