"""Every example of the catalogue, typed into the console, shows what plain Python shows."""

import ast

import torch

from playground.engine.tensors.console.console import Console
from playground.engine.tensors.operations.catalogue import CATALOGUE
from playground.engine.tensors.operations.example import names

SEED = 7


def lines(example: str) -> list[str]:
    """The statements of an example."""
    return [ast.unparse(statement) for statement in ast.parse(example).body]


def plain(statement: str, namespace: dict[str, object]) -> str:
    """What plain Python shows for it at its prompt."""
    try:
        code = compile(statement, "<plain>", "eval")
    except SyntaxError:
        exec(statement, namespace)
        return ""
    value = eval(code, namespace)
    return "" if value is None else f"{value!r}\n"


def test_every_line_of_the_catalogue_shows_the_same_in_the_console_as_in_plain_python() -> None:
    console = Console(is_shared=False, remembers=False)
    namespace, compared = names(), 0
    with console.opened():
        for entry in CATALOGUE:
            for line in lines(entry.example):
                torch.manual_seed(SEED)
                expected = plain(line, namespace)
                torch.manual_seed(SEED)
                result = console.run_cell(line)
                assert result.error == "", (entry.name, line)
                if "print(" not in line:  # plain Python printed to the test's own output
                    assert "".join(result.text.split()) == "".join(expected.split()), (entry.name, line)
                    compared += bool(expected)
    assert compared >= 200
