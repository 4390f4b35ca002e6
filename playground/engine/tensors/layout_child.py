"""The child process that places large graphs: the library holds the interpreter's lock for as long as it thinks.

A question holds edges, an answer what `sugiyama` says of them. Needs no torch.
"""

import fast_sugiyama

from playground.engine.serving import serve

SPACING = 72.0
"""How far layers lie apart, and neighbours in a layer at least."""

CAREFUL = 200
"""Up to so many nodes there is time to look for the fewest crossings."""

Pair = tuple[int, int]
Placed = tuple[list[tuple[int, tuple[float, float]]], list[Pair]]


def sugiyama(edges: list[Pair]) -> Placed:
    """Places for the nodes 0 to n - 1 of one connected graph, and its edges cut at every layer that they cross.

    Gives (node, (x, y)), where sources have the largest y; the nodes from n on stand where edges cross a layer.
    """
    careful = len({node for edge in edges for node in edge}) <= CAREFUL
    found = fast_sugiyama.from_edges(
        edges,
        vertex_spacing=SPACING,
        dummy_vertices=True,
        ranking_type="down",
        transpose=careful,
        check_layout=False,
    )
    places, _, _, pieces = found[0]
    return (
        [(int(node), (float(x), float(y))) for node, (x, y) in places],
        [(int(source), int(target)) for source, target in pieces or ()],
    )


def answer(edges: list[list[int]]) -> Placed:
    """`sugiyama` of edges as JSON has them."""
    return sugiyama([(source, target) for source, target in edges])


if __name__ == "__main__":
    serve(answer)
