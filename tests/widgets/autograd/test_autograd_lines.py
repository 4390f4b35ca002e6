"""A long chain goes on in the next line; other graphs stay as they are."""

from playground.widgets.autograd import examples
from playground.widgets.autograd.lines import in_lines
from playground.widgets.autograd.values import EdgeValues, GraphValues, NodeValues


def chain(length):
    nodes = tuple(NodeValues(i, "intermediate", f"{i}") for i in range(length))
    edges = tuple(EdgeValues(i + 1, i) for i in range(length - 1))
    return GraphValues("L", nodes, edges, {i: (float(length - 1 - i), 0.0) for i in range(length)})


def test_a_chain_is_written_in_lines_of_one_length():
    found = in_lines(chain(10), 4)
    assert [found.positions[id_] for id_ in range(9, -1, -1)] == [
        (0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0),
        (0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 1.0),
        (0.0, 2.0), (1.0, 2.0),
    ]  # fmt: skip


def test_an_edge_into_the_next_line_runs_between_the_two():
    found = in_lines(chain(8), 4)
    way = found.routes[4, 3]
    assert (way[0], way[-1]) == (found.positions[4], found.positions[3])
    assert {row for _, row in way[2:4]} == {0.5}
    assert (5, 4) not in found.routes


def test_lines_leave_room_for_the_rows_of_those_above():
    given = chain(8)
    assert in_lines(given, 4).positions[3] == (0.0, 1.0)
    routes = {(7, 5): ((0, 0), (1, 2), (2, 0))}
    wide = GraphValues("L", given.nodes, (*given.edges, EdgeValues(7, 5)), given.positions, routes)
    assert in_lines(wide, 4).positions[3] == (0.0, 3.0)


def test_what_has_room_or_is_no_chain_stays_as_it_is():
    assert in_lines(chain(4), 4) == chain(4)
    assert in_lines(examples.NET, 2).positions != examples.NET.positions
    bushy = examples.long_graph(40)
    assert in_lines(bushy, 4) is bushy
