"""What a double-click on a module or on an operation in it asks for."""

from dataclasses import replace

from playground.widgets.autograd import examples
from playground.widgets.autograd.collapsing import after_double_click, collapsed, outermost
from playground.widgets.autograd.values import GraphValues, NodeValues

MODULES = ("layer1", "layer1.0", "layer1.0.conv", "layer1.1", "fc")


def graph(*nodes):
    return GraphValues("y", nodes, (), {node.id: (0, 0) for node in nodes}, modules=MODULES)


def module(number, path):
    return NodeValues(number, "module", path, module=path)


def test_the_modules_in_no_other_are_the_outermost():
    assert outermost(graph()) == {"layer1", "fc"}


def test_a_name_that_only_begins_alike_lies_in_no_other():
    assert outermost(replace(graph(), modules=("layer1", "layer10"))) == {"layer1", "layer10"}


def test_what_is_collapsed_is_read_from_the_graph():
    assert collapsed(examples.NET) == {"fc"}


def test_a_module_opens_as_far_as_the_modules_in_it():
    drawn = graph(module(0, "layer1"), module(1, "fc"))
    assert after_double_click(drawn, drawn.nodes[0]) == {"layer1.0", "layer1.1", "fc"}


def test_a_module_without_modules_opens_to_its_operations():
    drawn = graph(module(0, "layer1"), module(1, "fc"))
    assert after_double_click(drawn, drawn.nodes[1]) == {"layer1"}


def test_an_operation_closes_the_module_around_it_and_those_within():
    node = NodeValues(0, "intermediate", "add", module="layer1")
    drawn = graph(node, module(1, "layer1.0"), module(2, "fc"))
    assert after_double_click(drawn, node) == {"layer1", "fc"}


def test_an_operation_in_no_module_asks_for_nothing():
    node = NodeValues(0, "intermediate", "add")
    assert after_double_click(graph(node), node) is None
