"""What the keys, the context menu and a drop do to the tree of layers: they become its wishes, and change nothing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from playground.widgets.network import places
from playground.widgets.network.commands import COMMANDS, Command
from playground.widgets.network.model import NetworkModel
from playground.widgets.network.rows import PART, Place

if TYPE_CHECKING:
    from playground.widgets.network.tree import LayerTree


class TreeEditing(QObject):
    """Runs the commands of `commands.py` on the selected layers."""

    def __init__(self, tree: "LayerTree") -> None:
        super().__init__(tree)
        self._tree = tree
        self._layers = tree.layers
        self._runs = self._commands()

    def run(self, name: str) -> None:
        """Do what the command of that name says."""
        self._runs[name]()

    def applies(self, command: Command) -> bool:
        """Whether it makes sense for what is selected."""
        if command.name == "unwrap":
            return bool(self._blocks())
        if command.name == "add_branch":
            return places.new_branch_at(self._layers, self._row()) is not None
        if command.name == "remove_branch":
            return places.branch_at(self._layers, self._row()) is not None
        return command.alone or bool(self._ids()) or (command.name == "remove" and self._is_branch())

    def menu(self) -> QMenu:
        """What can be done with the selection."""
        menu = QMenu(self._tree)
        menu.setObjectName("network_commands")
        for command in COMMANDS:
            if command.separated:
                menu.addSeparator()
            action = menu.addAction(command.title())
            action.setObjectName(f"network_{command.name}")
            action.setEnabled(self.applies(command))
        menu.triggered.connect(self._run_action)
        return menu

    @Slot(str, object)
    def insert(self, kind: str, place: Place) -> None:
        """Wish for a layer of this kind at a place."""
        self._tree.insert_requested.emit(kind, place.parent, place.slot, place.index)

    @Slot(object, object)
    def move(self, ids: tuple[str, ...], place: Place) -> None:
        """Wish for these layers to stand at a place."""
        self._tree.move_requested.emit(ids, place.parent, place.slot, place.index)

    @Slot(str, object)
    def paste(self, text: str, place: Place) -> None:
        """Wish for what a text means, at a place."""
        self._tree.paste_requested.emit(text, place.parent, place.slot, place.index)

    @Slot(QAction)
    def _run_action(self, action: QAction) -> None:
        self.run(action.objectName().removeprefix("network_"))

    def _commands(self) -> dict[str, Callable[[], None]]:
        tree, wrap, move_to = self._tree, self._wrap, self._move_to
        return {
            "edit": self._edit, "add": tree.add_requested.emit, "toggle": self._toggle, "freeze": self._freeze,
            "cut": self._cut, "copy": self._copy, "paste": self._paste, "duplicate": self._duplicate,
            "remove": self._remove, "up": partial(move_to, places.moved_up, first=True),
            "down": partial(move_to, places.moved_down, first=False),
            "into": partial(move_to, places.moved_in, first=True),
            "out": partial(move_to, places.moved_out, first=False), "residual": partial(wrap, "residual"),
            "branches": partial(wrap, "branches"), "add_branch": self._add_branch,
            "remove_branch": self._remove_branch, "repeat": partial(wrap, "repeat"), "unwrap": self._unwrap,
            "unfold": tree.expandAll, "fold": tree.fold_all,
        }  # fmt: skip

    def _edit(self) -> None:
        index = self._tree.currentIndex()
        if index.isValid() and self._layers.row_at(index).kind != PART:
            self._tree.edit_requested.emit(self._layers.row_at(index).id)

    def _toggle(self) -> None:
        on = not all(row.enabled for row in self._tree.selected_rows())
        self._tree.enabled_toggled.emit(self._ids(), on)

    def _freeze(self) -> None:
        on = not all(row.frozen for row in self._tree.selected_rows())
        self._tree.frozen_toggled.emit(self._ids(), on)

    def _cut(self) -> None:
        ids = self._ids()
        self._tree.copy_requested.emit(ids)
        self._tree.remove_requested.emit(ids)

    def _copy(self) -> None:
        self._tree.copy_requested.emit(self._ids())

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.paste(text, self._tree.place())

    def _duplicate(self) -> None:
        self._tree.duplicate_requested.emit(self._ids())

    def _remove(self) -> None:
        if self._ids():
            self._tree.remove_requested.emit(self._ids())
        else:
            self._remove_branch()

    def _wrap(self, kind: str) -> None:
        self._tree.wrap_requested.emit(self._ids(), kind)

    def _unwrap(self) -> None:
        self._tree.unwrap_requested.emit(self._blocks()[0])

    def _add_branch(self) -> None:
        place = places.new_branch_at(self._layers, self._row())
        if place is not None:
            self._tree.branch_requested.emit(*place)
            self._tree.select("{}/branches[{}]".format(*place))  # what is added next goes there

    def _remove_branch(self) -> None:
        branch = places.branch_at(self._layers, self._row())
        if branch is not None:
            self._tree.branch_removed.emit(*branch)

    def _move_to(self, wanted: Callable[[NetworkModel, QModelIndex], Place | None], *, first: bool) -> None:
        ids = self._ids()
        place = wanted(self._layers, self._layers.index_of(ids[0 if first else -1]))
        if place is not None:
            self.move(ids, place)

    def _ids(self) -> tuple[str, ...]:
        return self._tree.selected_ids()

    def _blocks(self) -> list[str]:
        return [row.id for row in self._tree.selected_rows() if row.children or row.slot]

    def _row(self) -> QModelIndex:
        return self._tree.currentIndex().siblingAtColumn(0)

    def _is_branch(self) -> bool:
        return self._row().isValid() and self._layers.row_at(self._row()).slot.startswith("branches[")
