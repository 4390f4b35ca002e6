"""Layers from pasted Python: calls of nn, an nn.Sequential, a class with a straight-line forward. Nothing is run."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from playground.engine.network.paste_calls import MAX_NODES
from playground.engine.network.paste_reader import Reader, Scope, says_nothing
from playground.engine.network.paste_text import syntax
from playground.engine.network.paste_values import Modules, Net, Row, Unread, Value, unreadable
from playground.engine.network.spec import Node, walk
from playground.engine.network.tree import with_new_ids
from playground.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Pasted:
    """The nodes that a text stands for, and what was mended or left out, a sentence each."""

    nodes: tuple[Node, ...]
    notes: tuple[str, ...]


def parse(text: str, own: Sequence[str] = ()) -> Pasted:
    """Read layers from Python text, which is never run.

    Calls of `nn`, an `nn.Sequential`, classes with a forward that goes straight on (functions of `F` and `torch`, a
    layer used twice, sums, `torch.cat` along the channels, `view` before a Linear), and what `to_python` writes.

    Parameters
    ----------
    text : str
        What was pasted.
    own : sequence of str
        The names of the document's custom layers.

    Raises
    ------
    Problem
        `paste-unreadable` with the line, what is wrong there, and how to mend it.
    """
    notes: list[str] = []
    tree, flags = syntax(text, notes.append)
    reader = Reader(flags, own)
    try:
        nodes = _read(tree, reader)
    except RecursionError as error:
        raise Problem("paste-unreadable", line=1, detail="it is nested too deep; paste a smaller part") from error
    if sum(1 for _ in walk(nodes)) > MAX_NODES:
        raise unreadable(tree, f"the text makes more than {MAX_NODES:,} layers; paste a smaller network")
    left_out = [_told(reader.left_out)] if reader.left_out else []
    return Pasted(with_new_ids(nodes, set()), (*notes, *reader.notes, *left_out))


def _read(tree: ast.Module, reader: Reader) -> Row:
    results: dict[int, Value] = {}
    unread: list[Problem] = []
    for statement in tree.body:
        before = dict(reader.names)
        if isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
            _take_expression(statement, reader, results, unread)
            continue
        reader.run([statement], reader.names, lenient=True)
        _take_names(statement, reader, before, results, unread)
    if results:
        return tuple(node for module in results.values() for node in reader.nodes(tree, module))
    return _of_class(tree, reader, unread)


def _take_expression(statement: ast.Expr, reader: Reader, results: dict[int, Value], unread: list[Problem]) -> None:
    """Layers that stand for themselves; of other calls only those with the name of a class have to be readable."""
    try:
        found = reader.value(statement.value, reader.names)
        made = Modules(reader.nodes(statement, found))
    except Problem as problem:
        if _looks_like_layers(statement.value):
            raise
        reader.left_out += [] if says_nothing(statement.value) else [statement.lineno]
        unread.append(problem)
        return
    _use(statement, reader.names, results)
    results[id(made)] = made


def _take_names(
    statement: ast.stmt, reader: Reader, before: Scope, results: dict[int, Value], unread: list[Problem]
) -> None:
    changed = [value for name, value in reader.names.items() if value is not before.get(name)]
    unread += [value.problem for value in changed if isinstance(value, Unread)]
    made = [value for value in changed if isinstance(value, Modules | Net) or _are_modules(value)]
    if made:
        _use(statement, before, results)
    results.update({id(value): value for value in made})


def _use(statement: ast.stmt, scope: Scope, results: dict[int, Value]) -> None:
    """What goes into another module is no result of its own."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            results.pop(id(scope.get(ast.unparse(node))), None)


def _are_modules(value: Value) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, Modules | Net) for one in value)


def _looks_like_layers(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.List):
        return any(_looks_like_layers(one) for one in node.elts)
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr[:1].isupper() or ast.unparse(function.value) in ("nn", "torch.nn")
    return isinstance(function, ast.Name) and function.id[:1].isupper()


def _of_class(tree: ast.Module, reader: Reader, unread: list[Problem]) -> Row:
    """The net of a text that only defines classes: the last one that no other is made of."""
    parts = {name for one in reader.classes.values() for name in _names_in(one) if name != one.name}
    nets = [name for name in reader.classes if name not in parts]
    if nets:
        definition = reader.classes[nets[-1]]
        return reader.nodes(definition, reader.instance(definition, nets[-1], (), {}))
    if unread:
        raise unread[0]
    raise unreadable(tree, "it has no layers; paste calls such as nn.Linear(784, 10)")


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _told(lines: list[int]) -> str:
    unique = sorted(set(lines))
    shown = ", ".join(map(str, unique[:8])) + (", ..." if len(unique) > 8 else "")
    if len(unique) == 1:
        return f"Line {shown} holds no layer and was left out."
    return f"Lines {shown} hold no layers and were left out."
