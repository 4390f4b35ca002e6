"""The drawing: where nodes stand, how one walks, what a search and a backward mark, and the picture as a file."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter

from playground.widgets.autograd import examples
from playground.widgets.autograd.graph_view import GraphView
from playground.widgets.autograd.kinds import color_of
from playground.widgets.autograd.places import BOX, COLUMN, ROW, curve, routes, text_places
from playground.widgets.autograd.values import EdgeValues, GraphValues, NodeValues
from playground.widgets.common.theme import theme

STEP = examples.SOFTMAX_STEP


@pytest.fixture
def view(qtbot):
    view = GraphView()
    qtbot.addWidget(view)
    view.resize(1100, 400)
    view.show()
    qtbot.waitExposed(view)
    view.set_graph(examples.SOFTMAX)
    return view


def mouse(qtbot, view, node, action="mouseClick"):
    item = view.items_of_nodes()[node]
    view.ensureVisible(item)
    getattr(qtbot, action)(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(item.pos()) + QPoint(2, 2))


def pressed(qtbot, view, key):
    with qtbot.waitSignal(view.node_selected) as told:
        qtbot.keyClick(view, key)
    return told.args[0]


def test_nodes_stand_by_columns_and_rows(view):
    view.set_graph(examples.NET)
    items = view.items_of_nodes()
    assert {id_: (item.x() / COLUMN, item.y() / ROW) for id_, item in items.items()} == examples.NET.positions


def test_an_edge_runs_from_box_to_box_through_its_corners():
    found = routes(examples.NET)
    way = found[7, 5]
    assert way[0] == QPointF(COLUMN + BOX.right(), 0)
    assert way[1] == QPointF(2 * COLUMN, ROW)
    assert way[-1] == QPointF(3 * COLUMN + BOX.left(), 0)
    path = curve(way)
    assert path.elementAt(path.elementCount() - 1).x == way[-1].x()


def test_texts_of_edges_never_stand_on_each_other():
    ways = routes(examples.NET)
    places = text_places(ways, 12.0)
    assert len({(place.x(), place.y()) for place in places.values()}) == len(ways)
    shared = [places[7, 5], places[7, 6]]
    assert abs(shared[0].y() - shared[1].y()) >= 12


def test_a_click_selects_and_reports(qtbot, view):
    with qtbot.waitSignal(view.node_selected) as told:
        mouse(qtbot, view, 3)
    assert told.args == [3]


def test_the_arrows_walk_along_edges_from_the_output(qtbot, view):
    assert pressed(qtbot, view, Qt.Key.Key_Left) == 0
    assert pressed(qtbot, view, Qt.Key.Key_Left) == 1
    assert pressed(qtbot, view, Qt.Key.Key_Left) == 2
    assert pressed(qtbot, view, Qt.Key.Key_Right) == 1


def test_up_and_down_stay_in_the_column(qtbot, view):
    view.set_graph(examples.NET)
    view.select(8)
    assert pressed(qtbot, view, Qt.Key.Key_Down) == 9
    assert pressed(qtbot, view, Qt.Key.Key_Up) == 8


def test_at_the_end_an_arrow_says_nothing(qtbot, view):
    view.select(4)
    with qtbot.assertNotEmitted(view.node_selected):
        qtbot.keyClick(view, Qt.Key.Key_Left)


def test_to_select_from_outside_reports_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.node_selected):
        view.select(2)
    assert view.items_of_nodes()[2].isSelected()


def test_a_search_dims_the_others_and_walks_round(view):
    assert view.search(" Soft ") == 1
    assert [id_ for id_, item in view.items_of_nodes().items() if item.opacity() == 1] == [3]
    assert view.search("backward0") == 4
    reported = []
    view.node_selected.connect(reported.append)
    assert [view.walk_hits(1) for _ in range(5)] == [1, 2, 3, 4, 1]
    assert view.walk_hits(-1) == 4
    assert reported == [3, 2, 1, 0, 3, 0]


def test_a_search_for_nothing_dims_nothing(view):
    view.search("softmax")
    assert view.search("") == 0
    assert all(item.opacity() == 1 for item in view.items_of_nodes().values())
    assert view.walk_hits(1) == 0


def test_a_double_click_opens_a_module(qtbot, view):
    view.set_graph(examples.NET)
    with qtbot.waitSignal(view.collapse_requested) as told:
        mouse(qtbot, view, 2, "mouseDClick")
    assert told.args == [frozenset({"fc.0", "fc.1"})]


def test_return_closes_the_module_around_the_selected_node(qtbot, view):
    view.set_graph(examples.NET)
    view.select(6)
    with qtbot.waitSignal(view.collapse_requested) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [frozenset({"fc", "block"})]


def test_a_turn_marks_its_node_and_writes_gradients(view):
    view.set_step(STEP)
    items = view.items_of_nodes()
    assert [id_ for id_, item in items.items() if item.is_current] == [3]
    assert items[2].gradient == "g = -4.086"
    assert items[4].gradient == ""
    assert view.edge_labels() == {(4, 3): STEP.outgoing[0].gradient.text}


def test_a_turn_taken_back_takes_its_edge_with_it(view):
    view.set_step(STEP)
    before = replace(STEP, position=3, node=2, outgoing=(), gradients={0: "1", 1: "-1", 2: "-4.086"})
    view.set_step(before)
    assert view.edge_labels() == {}
    view.set_step(None)
    assert not any(item.gradient or item.is_current for item in view.items_of_nodes().values())


def test_edges_keep_their_gradients_while_turns_go_on(view):
    view.set_step(STEP)
    view.set_step(examples.LEAF_STEP)
    assert view.edge_labels() == {(4, 3): STEP.outgoing[0].gradient.text}


def test_a_collapsed_module_has_the_turns_of_its_members(view):
    view.set_graph(examples.NET)
    view.set_step(replace(STEP, node=4, outgoing=(), gradients={0: "1", 1: "[..]", 2: "[0.5]"}))
    assert view.items_of_nodes()[2].is_current
    assert view.items_of_nodes()[2].gradient == "g = [0.5]"


def test_a_graph_of_the_same_tensor_drawn_anew_keeps_backward_and_selection(view):
    view.select(1)
    view.set_step(STEP)
    view.set_graph(replace(examples.SOFTMAX, positions={i: (4.0 - i, 1.0) for i in range(5)}))
    assert view.items_of_nodes()[3].is_current
    assert view.items_of_nodes()[1].isSelected()


def test_another_tensors_graph_forgets_them(view):
    view.select(1)
    view.set_step(STEP)
    view.set_graph(replace(examples.SOFTMAX, title="M"))
    assert not any(item.is_current or item.isSelected() or item.gradient for item in view.items_of_nodes().values())


def test_what_a_leaf_has_gathered_is_shown_before_any_turn(view):
    view.set_graph(examples.NET)
    assert view.items_of_nodes()[8].gradient == ".grad [0.2, …]"


def ground_along_the_edge(view, kind):
    """Which part of the line between two boxes shows the ground."""
    nodes = (NodeValues(0, "output", "f"), NodeValues(1, kind, "x"))
    view.set_graph(GraphValues(kind, nodes, (EdgeValues(1, 0),), {0: (1, 0), 1: (0, 0)}))
    image, area = view.image(1.0), view.drawing.sceneRect()
    y = round(-area.top())
    xs = range(round(BOX.right() - area.left()) + 4, round(COLUMN + BOX.left() - area.left()) - 14)
    ground = theme.color("surface").rgb()
    return sum(all(image.pixel(x, row) == ground for row in (y - 1, y, y + 1)) for x in xs) / len(xs)


def test_an_edge_without_gradient_is_dashed(view):
    assert ground_along_the_edge(view, "leaf") == 0
    assert ground_along_the_edge(view, "constant") > 0.2


def test_an_input_cut_without_a_box_has_a_dashed_end(view):
    with_cut = examples.NET.nodes[4]
    assert with_cut.cuts
    view.set_graph(GraphValues("a", (with_cut,), (), {with_cut.id: (0, 0)}))
    cut = view.drawing.sceneRect().width()
    view.set_graph(GraphValues("b", (replace(with_cut, cuts=()),), (), {with_cut.id: (0, 0)}))
    edges = [item for item in view.drawing.items() if item.zValue() == -1]
    assert edges[0].boundingRect().width() < cut
    assert "No gradient goes to input 1" not in view.items_of_nodes()[6].toolTip()


def test_why_an_edge_is_cut_is_told_where_the_pointer_rests(view):
    view.set_graph(examples.NET)
    assert "cut by no_grad, detach() or .data" in view.items_of_nodes()[6].toolTip()
    assert "(x)" not in view.items_of_nodes()[6].toolTip()


def test_from_afar_a_node_is_a_plain_spot(view):
    image = QImage(200, 60, QImage.Format.Format_ARGB32)
    with QPainter(image) as painter:
        painter.scale(0.2, 0.2)
        painter.translate(100, 100)
        view.drawing.render(painter, view.drawing.sceneRect(), view.drawing.sceneRect().toRect())
    item = view.items_of_nodes()[4]
    colors = {image.pixel(20 + round(0.2 * (item.x() + dx)), 20 + dy) for dx in range(-50, 51, 10) for dy in (-3, 3)}
    assert colors == {color_of("leaf").rgb()}


def test_zoom_keys_and_fit(qtbot, view):
    before = view.transform().m11()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.transform().m11() > before
    qtbot.keyClick(view, Qt.Key.Key_0)
    area = view.mapFromScene(view.drawing.sceneRect()).boundingRect()
    assert area.width() <= view.viewport().width()


def test_the_drawing_as_svg_holds_every_title(view):
    root = ElementTree.fromstring(view.svg())
    texts = {"".join(each.itertext()).strip() for each in root.iter() if each.tag.endswith("}text")}
    assert {node.title for node in examples.SOFTMAX.nodes} <= texts


def test_a_picture_too_large_for_a_painter_is_made_smaller(view):
    view.set_graph(examples.long_graph(600))
    assert view.drawing.sceneRect().width() > 32_000
    image = view.image()
    assert not image.isNull()
    assert image.width() <= 16_000


def test_dark_and_light_draw_differently(view):
    try:
        theme.choose("light")
        light = view.image(1.0)
        theme.choose("dark")
        assert view.image(1.0) != light
    finally:
        theme.choose("system")


def test_an_empty_graph_has_nothing_to_walk(qtbot, view):
    view.set_graph(GraphValues("", (), (), {}))
    with qtbot.assertNotEmitted(view.node_selected):
        qtbot.keyClick(view, Qt.Key.Key_Left)
