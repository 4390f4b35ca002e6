"""What a transcript needs of the playground to run alone: the data, net, loss and optimiser that its cells begin with.

Needs no torch.
"""

import ast
from collections.abc import Iterator
from textwrap import indent

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.problems import Problem
from playground.engine.scripts.net import net_code
from playground.engine.tensors.both_ways.echo import loss_line, optimizer_line
from playground.engine.tensors.both_ways.echo_data import dataset_lines, loader_lines

_DATA = frozenset({"train_db", "test_db", "train_loader", "test_loader"})
_BATCH = frozenset({"x", "y"})


def preamble(script: str, document: Document) -> str:
    """Lines that make what the script uses before it sets it; empty where it stands alone, or cannot.

    Parameters
    ----------
    script : str
        Python; what is none needs nothing.
    document : Document
        What was open when the script began.
    """
    try:
        return "\n".join(_lines(_missing(script), document))
    except Problem:
        return ""


def _lines(missing: frozenset[str], document: Document) -> Iterator[str]:
    if missing & (_DATA | _BATCH):
        facts = describe(document.data)
        lines = [dataset_lines(document.data, facts), *loader_lines(facts, document.training.batch_size)]
        yield 'if "train_db" not in globals():  # the console has it already'
        yield indent("\n".join(lines), "    ")
    if missing & {"net", "optimizer"}:
        yield f"SEED = {document.training.seed}"
        yield net_code(document.network).rstrip()
    if "loss_fn" in missing:
        yield loss_line(document.training.loss)
    if "optimizer" in missing:
        yield optimizer_line(document.training.optimizer)
    if missing & _BATCH:
        yield "x, y = next(iter(train_loader))  # a batch, not the one that the run had just then"


def _missing(script: str) -> frozenset[str]:
    """Names that are used before they are set."""
    try:
        body = ast.parse(script).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    known: set[str] = set()
    missing: set[str] = set()
    for statement in body:
        used = statement.value if isinstance(statement, ast.Assign) else statement  # x = x + 1 needs an x
        inside = set() if isinstance(statement, ast.AugAssign) else set(_set(used))
        missing |= set(_loaded(statement)) - known - inside
        known |= set(_set(statement))
    return frozenset(missing)


def _loaded(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load | ast.Del):
            yield each.id
        elif isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
            yield each.target.id


def _set(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.FunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.alias):
            yield (each.asname or each.name).partition(".")[0]
