"""Which modules are to be drawn as one box each, when one is opened or closed."""

from playground.widgets.autograd.values import GraphValues, NodeValues


def collapsed(graph: GraphValues) -> frozenset[str]:
    """The modules now drawn as one box each."""
    return frozenset(node.module for node in graph.nodes if node.kind == "module")


def outermost(graph: GraphValues) -> frozenset[str]:
    """The modules that lie in no other."""
    return frozenset(path for path in graph.modules if not any(_lies_in(path, other) for other in graph.modules))


def after_double_click(graph: GraphValues, node: NodeValues) -> frozenset[str] | None:
    """Open a module as far as the modules in it; close the innermost one around any other node, if there is one."""
    now = collapsed(graph)
    if node.kind == "module":
        return (now - {node.module}) | _children(graph, node.module)
    if not node.module:
        return None
    return frozenset(path for path in now if not _lies_in(path, node.module)) | {node.module}


def _children(graph: GraphValues, path: str) -> frozenset[str]:
    inside = [each for each in graph.modules if _lies_in(each, path)]
    return frozenset(each for each in inside if not any(_lies_in(each, other) for other in inside))


def _lies_in(path: str, other: str) -> bool:
    return path.startswith(f"{other}.")
