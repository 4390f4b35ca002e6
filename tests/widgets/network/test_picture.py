"""The picture: where the layers stand, what is drawn between them, and what can be done with it."""

from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt

from playground.widgets.common.icon_button import IconButton
from playground.widgets.common.theme import theme
from playground.widgets.network import examples
from playground.widgets.network.drawing import slab_size
from playground.widgets.network.layout import arrange
from playground.widgets.network.picture import PicturePanel
from playground.widgets.network.picture_items import FrameItem, SlabItem
from playground.widgets.network.rows import NodeRow


@pytest.fixture
def panel(qtbot):
    panel = PicturePanel()
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def ids(drawing):
    return [slab.row.id for slab in drawing.slabs]


def click(qtbot, panel, name, action="mouseClick"):
    view = panel.picture
    item = next(item for item in view.items_of_rows() if item.row.id == name)
    view.centerOn(item)
    point = view.mapFromScene(item.scenePos())
    getattr(qtbot, action)(view.viewport(), Qt.MouseButton.LeftButton, pos=point + QPoint(3, 3))


def test_layers_stand_below_each_other_without_touching():
    drawing = arrange(examples.lenet())
    tops = [slab.y - slab.depth for slab in drawing.slabs]
    bottoms = [slab.y + slab.height for slab in drawing.slabs]
    assert all(bottom < top for bottom, top in zip(bottoms, tops[1:], strict=False))


def test_slabs_grow_with_every_size_of_the_shape():
    small = slab_size((6, 14, 14))
    assert slab_size((6, 14, 28))[0] > small[0]
    assert slab_size((12, 14, 14))[1] > small[1]
    assert slab_size((6, 28, 14))[2] > small[2]


def test_an_identity_shortcut_is_one_wire_past_the_body(rows):
    drawing = arrange(rows)
    skips = [wire for wire in drawing.wires if wire.skips]
    assert len(skips) == 1
    body = [slab for slab in drawing.slabs if slab.row.id in ("c1", "c2")]
    assert min(x for x, _ in skips[0].points) < min(slab.x for slab in body)
    assert [(joint.block, joint.symbol) for joint in drawing.joints] == [("res", "+")]


def test_a_projection_stands_beside_the_body():
    drawing = arrange(examples.resnet())
    slabs = {slab.row.id: slab for slab in drawing.slabs}
    projection, body = slabs["block2.p"], slabs["block2.c1"]
    assert projection.x + projection.width < body.x
    assert len([joint for joint in drawing.joints if joint.symbol == "+"]) == 8
    assert len([wire for wire in drawing.wires if wire.skips]) == 5  # the other three have a projection


def test_branches_stand_beside_each_other_and_meet():
    drawing = arrange(examples.inception())
    slabs = {slab.row.id: slab for slab in drawing.slabs}
    assert slabs["b1"].x < slabs["b2a"].x < slabs["b3"].x
    assert [joint.symbol for joint in drawing.joints] == ["cat"]
    assert [frame.row.id for frame in drawing.frames] == ["rep", "inc"]


def test_a_folded_block_is_one_slab(rows):
    assert ids(arrange(rows, frozenset({"res", "rep"}))) == ["a", "res", "rep", "z"]


def test_clicking_a_slab_selects_its_layer_once(qtbot, panel, rows):
    panel.set_rows(rows, (1, 28, 28))
    with qtbot.waitSignal(panel.layer_selected) as selected:
        click(qtbot, panel, "c2")
    assert selected.args == ["c2"]
    with qtbot.assertNotEmitted(panel.layer_selected):
        panel.select_layer("z")
    assert [item.row.id for item in panel.picture.items_of_rows() if item.isSelected()] == ["z"]


def test_arrow_keys_walk_from_layer_to_layer(qtbot, panel, rows):
    panel.set_rows(rows)
    panel.select_layer("a")
    with qtbot.waitSignal(panel.layer_selected) as selected:
        qtbot.keyClick(panel.picture, Qt.Key.Key_Down)
    assert selected.args == ["c1"]


def test_a_double_click_folds_a_block_and_its_layer_selects_it(qtbot, panel, rows):
    panel.set_rows(rows)
    click(qtbot, panel, "res", "mouseDClick")
    shown = [item.row.id for item in panel.picture.items_of_rows()]
    assert "res" in shown
    assert "c1" not in shown
    panel.select_layer("c1")
    assert [item.row.id for item in panel.picture.items_of_rows() if item.isSelected()] == ["res"]


def test_a_large_network_begins_folded_and_can_be_unfolded(panel):
    many = tuple(NodeRow(f"n{each}", "ReLU", "ReLU") for each in range(60))
    panel.set_rows((*many, *examples.inception()))
    assert not any(isinstance(item, FrameItem) for item in panel.picture.items_of_rows())
    panel.picture.unfold_all()
    assert len([item for item in panel.picture.items_of_rows() if isinstance(item, FrameItem)]) == 2


def test_the_selection_stays_when_the_network_changes(panel, rows):
    panel.set_rows(rows)
    panel.select_layer("c2")
    panel.set_rows((NodeRow("new", "ReLU", "ReLU"), *rows))
    assert [item.row.id for item in panel.picture.items_of_rows() if item.isSelected()] == ["c2"]


def test_keys_zoom_and_zero_shows_all_of_it(qtbot, panel):
    panel.set_rows(examples.resnet())
    before = panel.picture.transform().m11()
    qtbot.keyClick(panel.picture, Qt.Key.Key_Plus)
    assert panel.picture.transform().m11() > before
    qtbot.keyClick(panel.picture, Qt.Key.Key_0)
    shown = panel.picture.mapToScene(panel.picture.viewport().rect()).boundingRect()
    assert shown.contains(panel.picture.sceneRect().adjusted(1, 1, -1, -1))


def test_the_svg_is_whole_and_names_every_layer(panel):
    panel.set_rows(examples.lenet(), (1, 28, 28))
    root = ElementTree.fromstring(panel.picture.svg())
    texts = {element.text for element in root.iter() if element.tag.endswith("text")}
    assert {"Input", "Flatten", "Linear 84 → 10", "6 \u00d7 28 \u00d7 28"} <= texts


def test_the_image_has_the_colours_in_force_and_no_mark_of_selection(panel, rows):
    panel.set_rows(rows)
    plain = panel.picture.image(1.0)
    panel.select_layer("a")
    assert panel.picture.image(1.0) == plain
    assert plain.pixelColor(1, 1) == theme.color("surface")
    assert any(isinstance(item, SlabItem) and item.isSelected() for item in panel.picture.items_of_rows())


def test_saving_says_in_which_form(qtbot, panel):
    menu = panel.findChild(IconButton, "picture_save").menu()
    for action, form in zip(menu.actions(), ("svg", "png"), strict=True):
        with qtbot.waitSignal(panel.save_requested) as saved:
            action.trigger()
        assert saved.args == [form]
