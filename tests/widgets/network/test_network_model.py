"""The tree of layers keeps what the user selected and unfolded, whatever becomes of the layers around it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from playground.widgets.network.model import SHARE_ROLE, Column, NetworkModel
from playground.widgets.network.rows import NodeRow


def row(name, *children, **facts):
    return NodeRow(name, facts.pop("label", name.upper()), children=children, **facts)


def ids(model, parent=None):
    parents = [] if parent is None else [parent]
    count = model.rowCount(*parents)
    indexes = [model.index(position, 0, *parents) for position in range(count)]
    return [(model.row_at(index).id, ids(model, index)) for index in indexes]


def plain(rows):
    return [(each.id, plain(each.children)) for each in rows]


pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def model():
    model = NetworkModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return model


def test_the_first_row_is_the_input(model):
    model.set_rows([row("a", output="10")], "1 x 28 x 28")
    assert ids(model) == [("input", []), ("a", [])]
    assert model.index(0, Column.OUTPUT).data() == "1 x 28 x 28"


def test_a_layer_shows_its_facts(model):
    facts = {"parameters": 48_120, "share": 0.78, "flops": 96_000, "flops_share": 0.1}
    other = row("b", parameters=12_030, share=0.195, flops=192_000, flops_share=0.2)
    model.set_rows([row("a", label="Linear 400 → 120", output="120", **facts), other])
    shown = [model.index(0, column).data() for column in Column]
    assert shown == ["Linear 400 → 120", "120", "48,120", "", "96 k", ""]
    assert model.index(0, Column.FLOPS_SHARE).data(SHARE_ROLE) == 0.5
    assert "96,000 FLOPs" in model.index(0, Column.FLOPS).data(Qt.ItemDataRole.ToolTipRole)
    assert [model.index(number, Column.SHARE).data(SHARE_ROLE) for number in (0, 1)] == [1.0, 0.25]
    assert "78.0%" in model.index(0, Column.SHARE).data(Qt.ItemDataRole.ToolTipRole)


def test_numbers_and_their_heading_stand_at_the_right(model):
    model.set_rows([row("a", parameters=1)])
    role = Qt.ItemDataRole.TextAlignmentRole
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    assert model.headerData(Column.PARAMETERS, Qt.Orientation.Horizontal, role) == right
    assert model.index(0, Column.PARAMETERS).data(role) == right


def test_a_problem_is_marked_by_more_than_colour(model):
    model.set_rows([row("a", problem="It does not fit.")])
    index = model.index(0, Column.LAYER)
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "It does not fit."


def test_the_same_structure_changes_only_the_rows_that_differ(model):
    model.set_rows([row("a"), row("b"), row("c")])
    changed, structural = [], []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
        signal.connect(lambda *_: structural.append(1))
    model.set_rows([row("a"), row("b", output="7"), row("c")])
    assert changed == [1]
    assert structural == []


def test_an_index_follows_its_layer_when_others_come_go_and_move(model):
    model.set_rows([row("a"), row("b"), row("c", row("c1"), row("c2"))])
    b, c2 = QPersistentModelIndex(model.index_of("b")), QPersistentModelIndex(model.index_of("c2"))
    model.set_rows([row("c", row("c2"), row("new")), row("x"), row("b", output="9")])
    assert b.data() == "B"
    assert b.row() == 2
    assert c2.data() == "C2"
    assert c2.parent().row() == 0


def test_an_index_of_a_removed_layer_is_invalid(model):
    model.set_rows([row("a"), row("b", row("b1"))])
    gone = QPersistentModelIndex(model.index_of("b1"))
    model.set_rows([row("a")])
    assert not gone.isValid()
    assert not model.index_of("b1").isValid()


@st.composite
def networks(draw):
    """Some of twelve ids in any order, some of them inside others."""
    names = list(draw(st.permutations([f"n{number}" for number in range(12)])))[: draw(st.integers(0, 12))]
    rows = []
    while names:
        inside = [row(names.pop()) for _ in range(draw(st.integers(0, min(3, len(names) - 1))))]
        rows.append(row(names.pop(), *inside))
    return rows


@settings(max_examples=60, deadline=None)
@given(before=networks(), after=networks())
def test_any_network_can_follow_any_other(before, after):
    model = NetworkModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(before, "1")
    model.set_rows(after, "1")
    assert ids(model) == [("input", []), *plain(after)]
