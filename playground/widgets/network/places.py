"""Where things that are dropped, added or moved in the tree of layers end up."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

from playground.widgets.network.rows import INPUT_ID, PART, Place
from playground.widgets.network.tree_model import TreeModel

Index = QModelIndex | QPersistentModelIndex


def drop_place(model: TreeModel, row: int, parent: Index) -> Place:
    """The place of a drop between the rows of a parent, or on the parent itself (row -1)."""
    count = model.rowCount(parent)
    position = count if row < 0 else min(row, count)
    if not parent.isValid():
        return Place("", "layers", max(0, position - _inputs(model)))
    node = model.row_at(parent)
    if node.slot:
        owner = parent.parent() if node.kind == PART else parent
        return Place(model.row_at(owner).id, node.slot, position)
    return _place_in_parts(model, row, parent)


def place_after(model: TreeModel, index: Index) -> Place:
    """The place behind a row; at the end of a part; at the end of the network for no row."""
    if not index.isValid():
        return drop_place(model, -1, QModelIndex())
    if model.row_at(index).kind == PART:
        return drop_place(model, -1, index)
    return drop_place(model, index.row() + 1, index.parent())


def place_before(model: TreeModel, index: Index) -> Place:
    """The place in front of a row."""
    return drop_place(model, index.row(), index.parent())


def holds_layers(model: TreeModel, index: Index) -> bool:
    """Whether layers can be dropped on a row."""
    if not index.isValid():
        return True
    node = model.row_at(index)
    return bool(node.slot) or any(child.kind == PART for child in node.children)


def moved_up(model: TreeModel, index: Index) -> Place | None:
    """One place up; out of its block when it is the first there."""
    above = index.sibling(index.row() - 1, 0)
    if above.isValid() and model.row_at(above).id != INPUT_ID:
        return drop_place(model, index.row() - 1, index.parent())
    block = _block_of(model, index)
    return place_before(model, block) if block.isValid() else None


def moved_down(model: TreeModel, index: Index) -> Place | None:
    """One place down; out of its block when it is the last there."""
    if index.row() + 1 < model.rowCount(index.parent()):
        return drop_place(model, index.row() + 2, index.parent())
    return moved_out(model, index)


def moved_out(model: TreeModel, index: Index) -> Place | None:
    """Behind the block it stands in."""
    block = _block_of(model, index)
    return place_after(model, block) if block.isValid() else None


def moved_in(model: TreeModel, index: Index) -> Place | None:
    """To the end of the block just above it."""
    above = index.sibling(index.row() - 1, 0)
    return drop_place(model, -1, above) if above.isValid() and holds_layers(model, above) else None


def branch_at(model: TreeModel, index: Index) -> tuple[str, int] | None:
    """The branch that a row is or stands in: the id of its block, and its number; None where it is in none."""
    while index.isValid():
        node = model.row_at(index)
        if node.kind == PART and node.slot.startswith("branches["):
            return model.row_at(index.parent()).id, index.row()
        index = index.parent()
    return None


def new_branch_at(model: TreeModel, index: Index) -> tuple[str, int] | None:
    """Where another branch goes: behind the one at this row, or behind the last of the block at this row."""
    if index.isValid() and model.row_at(index).kind == "Branches":
        return model.row_at(index).id, model.rowCount(index)
    branch = branch_at(model, index)
    return (branch[0], branch[1] + 1) if branch else None


def _block_of(model: TreeModel, index: Index) -> QModelIndex:
    above = index.parent()
    return above.parent() if above.isValid() and model.row_at(above).kind == PART else above


def _place_in_parts(model: TreeModel, row: int, block: Index) -> Place:
    """Between two parts is the end of the upper one."""
    if row == 0:
        return drop_place(model, 0, model.index(0, 0, block))
    return drop_place(model, -1, model.index(max(0, row - 1), 0, block))


def _inputs(model: TreeModel) -> int:
    first = model.index(0, 0)
    return int(first.isValid() and model.row_at(first).id == INPUT_ID)
