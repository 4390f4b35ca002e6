"""Which data to train on, with that data set's options."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QWidget

from playground.widgets.common.argument_grid import ArgumentGrid
from playground.widgets.common.field_grid import FieldGrid
from playground.widgets.common.fields import ChoiceField
from playground.widgets.common.tab_order import in_order
from playground.widgets.training.data_choices import DataChoice, DataChoices
from playground.widgets.training.sections import SHARES, Section, Values

Key = tuple[str, str]
_OF_ONE_SET = ("kind", "name", "folder", "augment")  # entries that make no sense for another data set


class DataSection(Section):
    """The data set, and below it the fields that data set has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[Key, DataChoice] = {(choice.kind, choice.name): choice for choice in DataChoices().all()}
        self._rest: dict[str, Any] = {}
        self._shown: Key = ("images", "mnist")
        self.name = ChoiceField()
        self.name.set_choices([(key, choice.title, choice.summary) for key, choice in self._choices.items()])
        self.name.setMaxVisibleItems(16)
        self.grid = FieldGrid("data", shares=SHARES)
        self.grid.add("name", self.tr("Data"), self.name, self.tr("The data set to train on."), wide=True)
        self.column.addWidget(self.grid)
        self.options = self._options_of(self._shown)
        self.column.addWidget(self.options)
        self.name.edited.connect(self._switch)

    def values(self) -> Values:
        kind, name = self._shown
        named = {"kind": kind} | ({"name": name} if name else {})
        return {"data": named | self._rest | self._option_values()}

    def show_values(self, values: Mapping[str, Any]) -> None:
        data = dict(values["data"])
        key = (data.get("kind", "images"), data.get("name", ""))
        with QSignalBlocker(self.name):
            self.name.set_value(key)
        self._rest = {name: data[name] for name in ("folder", "augment") if name in data}
        self._show_options(key, {name: value for name, value in data.items() if name not in _OF_ONE_SET})

    def places(self) -> dict[str, tuple[FieldGrid, str]]:
        options = self._choices[self._shown].arguments
        named = {f"data.{option.name}": (self.options, option.name) for option in options}
        return {"data": (self.grid, "name"), "data.name": (self.grid, "name")} | named

    def _option_values(self) -> dict[str, Any]:
        # A document names every option, so the defaults are written out too.
        defaults = {argument.name: argument.default for argument in self._choices[self._shown].arguments}
        return defaults | self.options.values()

    @Slot(object)
    def _switch(self, key: Key) -> None:
        self._rest = {}
        kept = self.options.values() if key[0] == self._shown[0] else {}
        self._show_options(key, {name: value for name, value in kept.items() if name != "classes"})
        self.edited.emit()

    def _show_options(self, key: Key, values: Mapping[str, Any]) -> None:
        if key != self._shown:
            self._shown = key
            old, self.options = self.options, self._options_of(key)
            self.column.replaceWidget(old, self.options)
            editors = (self.options.editor(argument.name) for argument in self._choices[key].arguments)
            in_order(self.name, *(editor for editor in editors if editor is not None))
            old.hide()
            old.deleteLater()
        self.options.set_values(values)

    def _options_of(self, key: Key) -> ArgumentGrid:
        arguments = self._choices[key].arguments
        options = ArgumentGrid("data_option", arguments, columns=2, label_width=72, shares=SHARES)
        options.edited.connect(self.edited)
        return options
