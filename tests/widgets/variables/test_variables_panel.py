"""The variables panel: what it says of a name, how little it tells Qt, and what it asks for."""

from dataclasses import fields, replace

import pytest
from driving import wait_until
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtTest import QTest

from playground.engine.tensors.tensor_events import Variable
from playground.widgets.common.theme import theme
from playground.widgets.variables.__main__ import rows
from playground.widgets.variables.panel import VariablesPanel
from playground.widgets.variables.values import VariableRow
from playground.widgets.variables.wording import GRAD, MEMORY, NAME, SHAPE, SHARES, TYPE, bytes_text, texts


@pytest.fixture
def panel(qtbot):
    """A visible panel with one name of each kind."""
    panel = VariablesPanel()
    qtbot.addWidget(panel)
    panel.resize(720, 420)
    panel.set_variables(rows())
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    theme.choose("light")


def names(panel):
    return [panel.model.index(row, NAME).data() for row in range(panel.model.rowCount())]


def many(count=500, shift=0):
    return tuple(
        VariableRow(
            f"name_{i:04}", "tensor", "Tensor", dtype="float32", device="cpu", shape=(i, 8), count=8 * i,
            bytes=32 * i + shift, shares=(f"name_{i ^ 1:04}",),
        )
        for i in range(count)
    )  # fmt: skip


def shown(name):
    return texts(next(row for row in rows() if row.name == name))


def test_each_kind_of_name_says_what_it_holds():
    assert shown("a") == ("a", "float32 cpu", "3 \N{MULTIPLICATION SIGN} 4", "48 B", "", "b")
    assert shown("b")[MEMORY] == "in a"
    assert shown("loss")[SHAPE] == "scalar"
    assert shown("loss")[GRAD] == "NllLossBackward0"
    assert shown("w")[GRAD] == "leaf, has grad"
    assert shown("net")[:5] == ("net", "Sequential", "61,706 params", "241 KiB", "in training")
    assert shown("image")[TYPE] == "uint8 numpy"
    assert shown("x")[SHARES] == "batch, y_view, 3 more"
    assert shown("lr")[SHAPE:GRAD] == ("0.002", "")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (1023, "1,023 B"), (1024, "1 KiB"), (1023 * 1024, "1023 KiB"), (3 * 2**40, "3 TiB")]
)
def test_bytes_have_the_largest_unit_that_fits(count, text):
    assert bytes_text(count) == text


def test_every_kind_has_an_icon_of_its_own(panel):
    names = [panel.model.index(row, NAME) for row in range(panel.model.rowCount())]
    images = [name.data(Qt.ItemDataRole.DecorationRole).pixmap(16).toImage() for name in names]
    drawn = {bytes(image.constBits()) for image in images}  # of images that live: their bits go with them
    assert len(drawn) == len({row.kind for row in rows()})


def test_an_empty_panel_offers_a_line_for_the_console(panel, qtbot):
    panel.set_variables(())
    assert panel.invitation.isVisible()
    with qtbot.waitSignal(panel.insert_requested) as asked:
        QTest.mouseClick(panel.invitation.button, Qt.MouseButton.LeftButton)
    assert asked.args == ["a = torch.arange(12.).view(3, 4)"]
    panel.set_variables(rows())
    assert panel.table.isVisible()


def test_a_click_on_a_header_sorts_numbers_as_numbers(panel):
    panel.table.sortByColumn(MEMORY, Qt.SortOrder.DescendingOrder)
    assert names(panel)[:3] == ["x", "optimizer", "net"]
    panel.table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    assert names(panel) == sorted(names(panel), key=str.casefold)


@pytest.mark.parametrize("column", [SHAPE, MEMORY, GRAD, SHARES])
@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_names_with_nothing_in_the_sorted_column_come_last(panel, column, order):
    panel.table.sortByColumn(column, order)
    blank = [not panel.model.index(row, column).data() for row in range(panel.model.rowCount())]
    assert any(blank)
    assert blank == sorted(blank)


def test_a_click_on_a_title_sorts_and_its_arrow_says_how(panel, qtbot):
    header = panel.table.horizontalHeader()
    titles = []
    for _ in range(2):
        place = QPoint(header.sectionViewportPosition(SHAPE) + 20, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        titles.append([panel.model.headerData(each, Qt.Orientation.Horizontal) for each in (NAME, SHAPE)])
    assert titles == [["Name", "Shape \N{UPWARDS ARROW}"], ["Name", "Shape \N{DOWNWARDS ARROW}"]]
    assert names(panel)[0] == "x"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (800, [NAME, TYPE, SHAPE, MEMORY, GRAD, SHARES]),
        (540, [NAME, TYPE, SHAPE, MEMORY, GRAD]),
        (450, [NAME, TYPE, SHAPE, GRAD]),
        (360, [NAME, TYPE, SHAPE]),
    ],
)
def test_where_there_is_little_room_the_least_needed_columns_go_and_nothing_scrolls_sideways(panel, width, shown):
    panel.resize(width, 420)
    wait_until(lambda: [c for c in range(6) if not panel.table.isColumnHidden(c)] == shown, "the columns")
    wait_until(lambda: panel.table.horizontalScrollBar().maximum() == 0, "the end of the scrolling")
    sizes = [panel.table.columnWidth(column) for column in shown]
    assert panel.table.viewport().width() - len(shown) < sum(sizes) <= panel.table.viewport().width()


def test_the_filter_looks_at_name_type_shape_and_sharing_names(panel):
    for text, found in (("opti", ["optimizer"]), ("28 uint8", ["image"]), ("y_view", ["x"]), ("nothing such", [])):
        panel.filter.setText(text)
        assert names(panel) == found
    panel.filter.clear()
    assert len(names(panel)) == len(rows())


def test_a_refresh_tells_qt_only_of_the_rows_that_changed(panel):
    told = []
    panel.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    for signal in (panel.model.modelReset, panel.model.layoutChanged, panel.model.rowsInserted):
        signal.connect(lambda *_: told.append("more"))
    changed = tuple(replace(row, text="0.5") if row.name == "lr" else row for row in rows())
    panel.set_variables(changed)
    row = names(panel).index("lr")
    assert told == [(row, row)]
    panel.set_variables(changed)
    assert told == [(row, row)]


def test_selection_and_scroll_stay_while_names_come_and_go(panel):
    panel.set_variables(many())
    panel.select("name_0250")
    panel.table.verticalScrollBar().setValue(240 * 26)
    before = panel.table.verticalScrollBar().value()
    kept = tuple(row for row in many() if not 300 <= int(row.name[5:]) < 320)
    panel.set_variables((*kept, VariableRow("zebra", "number", "int", text="1")))
    assert panel.table.current_name() == "name_0250"
    assert panel.table.verticalScrollBar().value() == before
    panel.table.sortByColumn(MEMORY, Qt.SortOrder.DescendingOrder)
    assert panel.table.current_name() == "name_0250"
    selected = panel.table.selectionModel().selectedRows()
    assert [index.data() for index in selected] == ["name_0250"]


def test_a_deleted_name_leaves_nothing_selected_and_asks_for_no_other(panel, qtbot):
    panel.select("b")
    with qtbot.assertNotEmitted(panel.inspect_requested):
        panel.set_variables(tuple(row for row in rows() if row.name != "b"))
    assert panel.table.current_name() == ""


def test_selecting_a_name_asks_to_inspect_it_and_being_told_to_does_not(panel, qtbot):
    with qtbot.assertNotEmitted(panel.inspect_requested):
        panel.select("w")
    row = names(panel).index("x")
    at = panel.table.visualRect(panel.model.index(row, NAME)).center()
    with qtbot.waitSignal(panel.inspect_requested) as asked:
        QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["x"]


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_Return, "inspect_requested"),
        (Qt.Key.Key_Delete, "delete_requested"),
        (Qt.Key.Key_Insert, "insert_requested"),
    ],
)
def test_keys_act_on_the_selected_name(panel, qtbot, key, signal):
    panel.select("net")
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        QTest.keyClick(panel.table, key)
    assert asked.args == ["net"]


def test_keys_without_a_selection_ask_for_nothing(panel, qtbot):
    panel.table.setCurrentIndex(panel.model.index(-1, 0))
    panel.table.selectionModel().select(panel.model.index(0, 0), QItemSelectionModel.SelectionFlag.Clear)
    with qtbot.assertNotEmitted(panel.delete_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Delete)


def test_a_tip_tells_where_the_memory_is_counted(panel):
    tip = panel.model.index(panel.model.row_of("b"), NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert "counted at a" in tip
    assert "4 \N{MULTIPLICATION SIGN} 3" in tip


def test_a_row_has_the_fields_of_the_engines_event():
    assert [field.name for field in fields(VariableRow)] == [field.name for field in fields(Variable)]
