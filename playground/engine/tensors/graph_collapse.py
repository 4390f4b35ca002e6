"""A graph made readable: calls of modules drawn as one node, and only the part nearest to the output."""

from collections.abc import Collection
from dataclasses import replace

from playground.engine.tensors.graph_events import Edge, Graph, Node
from playground.engine.tensors.graph_modules import ModuleCall
from playground.engine.tensors.graph_reading import Reading

Groups = dict[int, ModuleCall]


def collapsed(reading: Reading, collapse: Collection[str] | bool) -> Graph:
    """The graph with every call of the modules named (True: of the outermost ones) as one node.

    A parameter goes into the node where all that use it are in there. Two calls of one module are two nodes, since
    together they could stand before and after another one at once.
    """
    groups = _groups(reading, collapse)
    members: dict[ModuleCall, list[int]] = {}
    for id_, call in sorted(groups.items()):
        members.setdefault(call, []).append(id_)
    stands_for = {id_: members[call][0] for id_, call in groups.items()}
    nodes = reading.graph.nodes
    modules = {ids[0]: _module(call, nodes[ids[0]], tuple(ids), nodes) for call, ids in members.items()}
    kept = tuple(modules.get(node.id, node) for node in nodes if stands_for.get(node.id, node.id) == node.id)
    return Graph(kept, _edges_between(reading.graph.edges, stands_for), reading.graph.left_out)


def nearest(graph: Graph, limit: int) -> Graph:
    """The `limit` nodes that backward reaches first; constants go before all others."""
    if len(graph.nodes) <= limit:
        return graph
    kept = {node.id for node in graph.nodes[:limit]}
    edges = tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept)
    return Graph(graph.nodes[:limit], edges, graph.left_out + len(graph.nodes) - limit)


def _groups(reading: Reading, collapse: Collection[str] | bool) -> Groups:
    groups = {}
    for id_, calls in enumerate(reading.calls):
        chosen = next((call for call in calls if collapse is True or call.path in _paths(collapse)), None)
        if chosen:
            groups[id_] = chosen
    users: dict[int, set[ModuleCall | None]] = {}
    for edge in reading.graph.edges:
        users.setdefault(edge.source, set()).add(groups.get(edge.target))
    for leaf, owner in reading.owners.items():
        only = next(iter(users[leaf])) if len(users.get(leaf, ())) == 1 else None
        if owner and only:
            groups[leaf] = only
    return groups


def _paths(collapse: Collection[str] | bool) -> Collection[str]:
    return () if isinstance(collapse, bool) else collapse


def _module(call: ModuleCall, first: Node, members: tuple[int, ...], nodes: tuple[Node, ...]) -> Node:
    title = call.path if call.number == 1 else f"{call.path} ({call.number})"
    freed = any(nodes[id_].is_freed for id_ in members)
    return replace(
        first, kind="module", title=title, operation=call.kind, module=call.path, is_freed=freed, members=members
    )


def _edges_between(edges: tuple[Edge, ...], stands_for: dict[int, int]) -> tuple[Edge, ...]:
    """Edges between what is left; several between the same two are one."""
    found: dict[tuple[int, int], Edge] = {}
    for edge in edges:
        source, target = stands_for.get(edge.source, edge.source), stands_for.get(edge.target, edge.target)
        if source != target:
            found.setdefault((source, target), replace(edge, source=source, target=target))
    return tuple(found.values())
