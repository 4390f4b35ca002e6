"""What a user does with the tree of layers comes out as wishes: by keys, by menu and by drag and drop."""

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from playground.widgets.network.commands import COMMANDS
from playground.widgets.network.model import KIND_MIME
from playground.widgets.network.rows import NodeRow, part
from playground.widgets.network.tree import LayerTree

WISHES = (
    "edit_requested", "add_requested", "insert_requested", "paste_requested", "move_requested", "remove_requested",
    "duplicate_requested", "copy_requested", "enabled_toggled", "frozen_toggled", "wrap_requested", "unwrap_requested",
    "branch_requested", "branch_removed",
)  # fmt: skip
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tree(qtbot, rows):
    tree = LayerTree()
    qtbot.addWidget(tree)
    tree.layers.set_rows(rows, "1 \u00d7 28 \u00d7 28")
    tree.expandAll()
    tree.resize(420, 480)
    tree.show()
    qtbot.waitExposed(tree)
    return tree


@pytest.fixture
def wishes(tree):
    seen = []
    for name in WISHES:
        getattr(tree, name).connect(lambda *values, name=name: seen.append((name, *values)))
    return seen


def choose(tree, *names):
    tree.select(names[0])
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for name in names[1:]:
        tree.selectionModel().select(tree.layers.index_of(name), flags)


def upper_edge(tree, name):
    rectangle = tree.visualRect(tree.layers.index_of(name))
    return QPoint(rectangle.center().x(), rectangle.top() + 1)


def middle(tree, name):
    return tree.visualRect(tree.layers.index_of(name)).center()


def mime(kind=None, text=None, urls=()):
    data = QMimeData()
    if kind:
        data.setData(KIND_MIME, kind.encode())
    if text:
        data.setText(text)
    if urls:
        data.setUrls(list(urls))
    return data


def dragged(tree, *names):
    return tree.layers.mimeData([tree.layers.index_of(name) for name in names])


@pytest.mark.parametrize(
    ("key", "modifier", "wish"),
    [
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, [("remove_requested", ("a",))]),
        (Qt.Key.Key_C, CTRL, [("copy_requested", ("a",))]),
        (Qt.Key.Key_X, CTRL, [("copy_requested", ("a",)), ("remove_requested", ("a",))]),
        (Qt.Key.Key_D, CTRL, [("duplicate_requested", ("a",))]),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, [("enabled_toggled", ("a",), False)]),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier, [("frozen_toggled", ("a",), True)]),
        (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier, [("edit_requested", "a")]),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, [("edit_requested", "a")]),
        (Qt.Key.Key_Insert, Qt.KeyboardModifier.NoModifier, [("add_requested",)]),
    ],
)
def test_keys_become_wishes(qtbot, tree, wishes, key, modifier, wish):
    choose(tree, "a")
    qtbot.keyClick(tree, key, modifier)
    assert wishes == wish


@pytest.mark.parametrize(
    ("name", "key", "place"),
    [
        ("res", Qt.Key.Key_Up, ("", "layers", 0)),
        ("a", Qt.Key.Key_Down, ("", "layers", 2)),
        ("c1", Qt.Key.Key_Up, ("", "layers", 1)),  # the first of a block leaves it
        ("c1", Qt.Key.Key_Down, ("res", "body", 2)),
        ("c2", Qt.Key.Key_Down, ("", "layers", 2)),  # and so does the last
        ("rep", Qt.Key.Key_Right, ("res", "body", 2)),
        ("z", Qt.Key.Key_Right, ("rep", "body", 1)),
        ("r1", Qt.Key.Key_Left, ("", "layers", 3)),
    ],
)
def test_alt_and_an_arrow_move_a_layer_into_and_out_of_blocks(qtbot, tree, wishes, name, key, place):
    choose(tree, name)
    qtbot.keyClick(tree, key, ALT)
    assert wishes == [("move_requested", (name,), *place)]


def test_the_first_layer_cannot_move_above_the_input(qtbot, tree, wishes):
    choose(tree, "a")
    qtbot.keyClick(tree, Qt.Key.Key_Up, ALT)
    assert wishes == []


def test_a_wish_for_several_names_them_from_the_top_and_blocks_once(qtbot, tree, wishes):
    choose(tree, "z", "c1", "res", "a", "input")
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert wishes == [("remove_requested", ("a", "res", "z"))]


def test_the_input_and_parts_of_blocks_cannot_be_removed(qtbot, tree, wishes):
    for name in ("input", "res/body"):
        choose(tree, name)
        qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert wishes == []


def test_pasting_goes_behind_the_current_layer(qtbot, tree, wishes):
    QGuiApplication.clipboard().setText("nn.ReLU()")
    for name in ("c1", "res/shortcut"):
        choose(tree, name)
        qtbot.keyClick(tree, Qt.Key.Key_V, CTRL)
    assert wishes == [
        ("paste_requested", "nn.ReLU()", "res", "body", 1),
        ("paste_requested", "nn.ReLU()", "res", "shortcut", 0),
    ]


def test_the_window_does_not_take_the_keys_of_the_tree(tree):
    space = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
    other = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    for event in (space, other):
        event.ignore()
        QApplication.sendEvent(tree, event)
    assert (space.isAccepted(), other.isAccepted()) == (True, False)


def test_the_menu_offers_what_applies(tree, wishes):
    choose(tree, "a")
    actions = {action.objectName(): action for action in tree.editing.menu().actions() if not action.isSeparator()}
    assert len(actions) == len(COMMANDS)
    assert not actions["network_unwrap"].isEnabled()
    actions["network_residual"].trigger()
    choose(tree, "rep")
    block = {action.objectName(): action for action in tree.editing.menu().actions()}
    block["network_unwrap"].trigger()
    assert wishes == [("wrap_requested", ("a",), "residual"), ("unwrap_requested", "rep")]


def test_dropping_a_layer_of_the_palette_between_layers_inserts_it_there(tree, wishes, drop):
    assert drop(tree, mime(kind="ReLU"), upper_edge(tree, "c2"))
    assert wishes == [("insert_requested", "ReLU", "res", "body", 1)]


def test_dropping_on_a_block_or_its_part_inserts_at_its_end(tree, wishes, drop):
    for name in ("res", "res/shortcut", "rep"):
        assert drop(tree, mime(kind="Linear"), middle(tree, name))
    assert [wish[2:] for wish in wishes] == [("res", "body", 2), ("res", "shortcut", 0), ("rep", "body", 1)]


def test_dropping_below_all_layers_appends(tree, wishes, drop):
    assert drop(tree, mime(text="nn.Linear(10, 2)"), QPoint(60, 460))
    assert wishes == [("paste_requested", "nn.Linear(10, 2)", "", "layers", 4)]


def test_dragging_layers_moves_them_and_the_tree_itself_changes_nothing(tree, wishes, drop):
    before = [row.id for row in tree.layers.rows()]
    assert drop(tree, dragged(tree, "z", "c1"), upper_edge(tree, "a"), Qt.DropAction.MoveAction)
    assert wishes == [("move_requested", ("c1", "z"), "", "layers", 0)]
    assert [row.id for row in tree.layers.rows()] == before


def test_a_block_cannot_be_dropped_into_itself(tree, wishes, drop):
    assert not drop(tree, dragged(tree, "res"), middle(tree, "res/shortcut"), Qt.DropAction.MoveAction)
    assert not drop(tree, dragged(tree, "res"), middle(tree, "res"), Qt.DropAction.MoveAction)
    assert wishes == []


def test_a_file_is_left_to_the_window(tree, wishes, drop):
    assert not drop(tree, mime(text="file:///net.playground", urls=[QUrl("file:///net.playground")]), QPoint(60, 100))
    assert wishes == []


def test_a_double_click_edits_a_layer_and_folds_a_block(qtbot, tree, wishes):
    for name in ("a", "rep"):
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=middle(tree, name))
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=middle(tree, name))
    assert wishes == [("edit_requested", "a")]
    assert not tree.isExpanded(tree.layers.index_of("rep"))


def test_selecting_inside_a_folded_block_unfolds_it(tree):
    tree.collapseAll()
    tree.select("c2")
    assert tree.isExpanded(tree.layers.index_of("res"))
    assert tree.selected_ids() == ("c2",)


def test_all_that_is_selected_is_told(qtbot, tree):
    with qtbot.waitSignal(tree.selection_changed):
        choose(tree, "a")
    with qtbot.waitSignal(tree.selection_changed) as told:
        choose(tree, "a", "c2", "z")
    assert set(told.args[0]) <= {"a", "c2", "z"}
    assert tree.selected_ids() == ("a", "c2", "z")


def forked(tree, *branches):
    """The tree with one block of these branches."""
    parts = [part("fork", f"branches[{n}]", f"branch {n + 1}", rows) for n, rows in enumerate(branches)]
    tree.layers.set_rows((NodeRow("fork", "Branches", "Branches", children=tuple(parts)),), "1")


LINEAR, TANH = [NodeRow("lin", "Linear", "Linear")], [NodeRow("tanh", "Tanh", "Tanh")]


@pytest.mark.parametrize(
    ("current", "number"), [("fork", 2), ("fork/branches[0]", 1), ("lin", 1), ("fork/branches[1]", 2), ("tanh", 2)]
)
def test_another_branch_goes_behind_the_one_the_keyboard_is_in(qtbot, tree, wishes, current, number):
    forked(tree, LINEAR, TANH)
    tree.select(current)
    qtbot.keyClick(tree, Qt.Key.Key_B, CTRL)
    assert wishes == [("branch_requested", "fork", number)]


def test_what_is_added_after_a_new_branch_goes_into_it(qtbot, tree, wishes):
    forked(tree, LINEAR)
    tree.branch_requested.connect(lambda *_: forked(tree, LINEAR, []))
    tree.select("lin")
    qtbot.keyClick(tree, Qt.Key.Key_B, CTRL)
    tree.insert("ReLU")
    assert wishes[-1] == ("insert_requested", "ReLU", "fork", "branches[1]", 0)


def test_a_branch_goes_by_menu_from_inside_and_by_delete_from_its_row(qtbot, tree, wishes):
    forked(tree, LINEAR, TANH)
    tree.select("tanh")
    action(tree, "remove_branch").trigger()
    tree.select("fork/branches[0]")
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert wishes == [("branch_removed", "fork", 1), ("branch_removed", "fork", 0)]


def test_branches_are_offered_only_in_a_block_of_them(tree):
    tree.select("c1")
    assert not action(tree, "add_branch").isEnabled()
    assert not action(tree, "remove_branch").isEnabled()
    forked(tree, LINEAR)
    tree.select("fork")
    assert action(tree, "add_branch").isEnabled()
    assert not action(tree, "remove_branch").isEnabled()


def action(tree, name):
    return next(each for each in tree.editing.menu().actions() if each.objectName() == f"network_{name}")
