"""The page of a formula of one's own."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import FloatField, TextField, number_text
from playground.widgets.common.fold import Fold
from playground.widgets.descent.function_page import FunctionPage
from playground.widgets.descent.values import Plain

Domain = tuple[float, float, float, float]

FIRST_FORMULA = "x**2 / 4 + y**2 + sin(3*x)"
FIRST_DOMAIN = (-6.0, 6.0, -6.0, 6.0)
_SIDES = ("left", "right", "bottom", "top")


class FormulaPage(FunctionPage):
    """A formula in x and y, and the part of the plane to see it over."""

    kind = "formula"
    first = "text"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = TextField(FIRST_FORMULA, required=True)
        self.text.set_value(FIRST_FORMULA)
        tip = self.tr("A formula in x and y with torch's functions, such as x**2 + exp(-y); Return takes it.")
        self.grid.add("text", self.tr("Formula"), self.text, tip)
        self.fold = Fold("function_domain", "", self.tr("The part of the plane in which the function is shown."))
        self.domain = FieldGrid("function_domain", label_width=48)
        self.sides = {name: FloatField(0.0, required=True) for name in _SIDES}
        for name, title, tip in self._side_texts():
            self.domain.add(name, title, self.sides[name], tip)
            self.sides[name].edited.connect(self._take_domain)
        self.fold.set_content(self.domain)
        self.correction = QPushButton()
        self.correction.setObjectName("formula_correction")
        self.correction.setProperty("link", True)
        self.correction.clicked.connect(self._take_correction)
        self.correction.hide()
        self._corrected = ""
        self.column.addWidget(self.grid)
        self.column.addWidget(self.correction, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.fold)
        self.text.edited.connect(self._report)
        self._taken = FIRST_DOMAIN
        self._show_domain(FIRST_DOMAIN)

    def value(self) -> Plain:
        return {"kind": self.kind, "text": self.text.value(), "domain": self._taken}

    def show_value(self, function: Plain) -> None:
        self.text.set_value(function.get("text", FIRST_FORMULA))
        self.offer_correction("")
        self._show_domain(function.get("domain", FIRST_DOMAIN))

    def set_problem(self, field: str, sentence: str) -> None:
        if field == "domain":
            self.domain.set_problem("right", sentence)
            if sentence:
                self.fold.open()
        else:
            super().set_problem(field, sentence)

    def offer_correction(self, text: str) -> None:
        """Offer a formula that was probably meant; empty takes the offer back."""
        self._corrected = text
        self.correction.setText(self.tr("Use {formula}").format(formula=text.replace("&", "&&")))
        self.correction.setVisible(bool(text))

    @Slot()
    def _take_correction(self) -> None:
        self.text.set_value(self._corrected)
        self.edited.emit(self.value())

    def _domain(self) -> Domain:
        left, right, bottom, top = (float(field.value()) for field in self.sides.values())  # type: ignore[arg-type]
        return left, right, bottom, top

    def _show_domain(self, domain: Domain) -> None:
        for field, value in zip(self.sides.values(), domain, strict=True):
            field.set_value(float(value))
        self._taken = self._domain()
        for side in ("right", "top"):
            self.domain.set_problem(side, "")
        self._name_fold()

    def _name_fold(self) -> None:
        left, right, bottom, top = map(number_text, self._taken)
        text = self.tr("Domain · x from {left} to {right}, y from {bottom} to {top}")
        self.fold.set_text(text.format(left=left, right=right, bottom=bottom, top=top))

    @Slot(object)
    def _take_domain(self, _value: object) -> None:
        left, right, bottom, top = self._domain()
        empty = self.tr("The domain has to end right of where it begins.") if left >= right else ""
        self.domain.set_problem("right", empty)
        flat = self.tr("The domain has to end above where it begins.") if bottom >= top else ""
        self.domain.set_problem("top", flat)
        if not empty and not flat:
            self._taken = self._domain()
            self._name_fold()
            self._report()

    def _side_texts(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("left", self.tr("x from"), self.tr("The left end of the domain.")),
            ("right", self.tr("to"), self.tr("The right end of the domain.")),
            ("bottom", self.tr("y from"), self.tr("The lower end of the domain.")),
            ("top", self.tr("to"), self.tr("The upper end of the domain.")),
        )
