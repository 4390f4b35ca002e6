"""The catalogue holds what a first course needs, and every example gives what its comments say."""

import ast
import io
import math
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import numpy as np
import pytest
import torch

from playground.engine.tensors.operations.catalogue import CATALOGUE, find, search
from playground.engine.tensors.operations.example import names, run
from playground.engine.tensors.operations.operation_events import Entry

PLAIN = {"math": math, "inf": math.inf, "nan": math.nan}

ASKED_FOR = """
tensor from_numpy numpy empty full zeros ones eye arange linspace rand randn randint randperm zeros_like ones_like
new_zeros dtypes type isinstance FloatTensor set_default_dtype size dim numel add sub mul div out= in-place mm matmul
@ pow sqrt rsqrt exp log floor ceil trunc frac clamp min max argmin argmax prod unique norm eq equal ge gt le lt ne
one_hot Embedding index slice step negative ... mask index_select masked_select take gather view reshape squeeze
unsqueeze expand repeat t transpose permute cat stack split chunk broadcasting where topk kthvalue sum mean keepdim
"""

WORKED = (
    "perceptron gradient",
    "softmax's Jacobian",
    "chain rule in two layers",
    "raw-tensor MLP",
    "linear regression",
    "logistic regression",
)


def comments(example: str) -> dict[int, str]:
    """The comment of each line that has one."""
    tokens = tokenize.generate_tokens(io.StringIO(example).readline)
    return {token.start[0]: token.string[1:].strip() for token in tokens if token.type == tokenize.COMMENT}


@cache
def checked(entry: Entry) -> tuple[tuple[str, object, str], ...]:
    """Each expression that stands alone: its text, its value just then, and what the comment says."""
    return tuple(_executed(entry))


def _executed(entry: Entry) -> Iterator[tuple[str, object, str]]:
    namespace, stated = names(), comments(entry.example)
    for statement in ast.parse(entry.example).body:
        text = ast.unparse(statement)
        if not isinstance(statement, ast.Expr):
            exec(text, namespace)
            continue
        value = eval(text, namespace)
        if value is not None:
            yield text, plain(value), stated.get(statement.end_lineno or 0, "")


def plain(value: object) -> object:
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    if isinstance(value, torch.Size):
        return tuple(value)
    return str(value) if isinstance(value, torch.dtype) else value


def told(comment: str) -> object:
    """What a comment states, worked out by Python alone; a dtype stays its name."""
    return comment if comment.startswith("torch.") else eval(comment, dict(PLAIN))


def agree(found: object, stated: object) -> bool:
    if isinstance(stated, list | tuple):
        return type(found) is type(stated) and len(found) == len(stated) and all(map(agree, found, stated))
    if isinstance(stated, str | bool) or isinstance(found, str | bool):
        return type(found) is type(stated) and found == stated
    return bool(np.allclose(found, stated, rtol=1e-5, atol=1e-7, equal_nan=True))  # float32 carries about seven digits


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_every_example_gives_what_its_comments_say(entry: Entry) -> None:
    lines = checked(entry)
    assert lines
    for text, found, comment in lines:
        assert comment, f"{text} does not say what it gives"
        assert agree(found, told(comment)), f"{text} gives {found}, not {comment}"


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_running_an_example_prints_one_value_for_each_expression(entry: Entry) -> None:
    before = torch.get_rng_state()
    assert run(entry.example).count("\n") >= len(checked(entry))
    assert torch.equal(torch.get_rng_state(), before)


def test_at_least_two_hundred_lines_are_checked() -> None:
    assert sum(len(checked(entry)) for entry in CATALOGUE) >= 200


def test_a_wrong_comment_is_found() -> None:
    entry = Entry("wrong", "", "", "", "torch.ones(2)  # [1, 2]\ntorch.ones(2).shape  # (3,)\ntorch.ones(1)  # True")
    assert [agree(found, told(comment)) for _, found, comment in checked(entry)] == [False, False, False]


def test_an_example_prints_as_the_console_does() -> None:
    assert run("t = torch.ones(2)\nt\nprint('sum', t.sum().item())\nNone") == "tensor([1., 1.])\nsum 2.0\n"


@pytest.mark.parametrize("operation", [*ASKED_FOR.split(), *WORKED])
def test_each_operation_asked_for_is_found(operation: str) -> None:
    entry = find(operation)
    assert entry
    assert operation in (entry.name, *entry.keywords.split())
    assert entry in search(operation)[:3]


def test_each_name_stands_once_and_groups_stand_together() -> None:
    assert len({entry.name for entry in CATALOGUE}) == len(CATALOGUE)
    groups = [group for group, _ in groupby(entry.group for entry in CATALOGUE)]
    assert len(set(groups)) == len(groups)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sigmod", "sigmoid"),
        ("torch.sigmod(x)", "sigmoid"),
        ("trasnpose", "transpose"),
        ("shared memory", "from_numpy"),
        ("standard deviation", "mean"),
        ("F.one_hot", "one_hot"),
        ("TOPK", "topk"),
        ("legacy", "FloatTensor"),
        ("2/N", "perceptron gradient"),
    ],
)
def test_a_search_finds_it_first_even_when_misspelled(text: str, name: str) -> None:
    assert search(text)[0].name == name


def test_an_empty_search_shows_everything_and_nonsense_nothing() -> None:
    assert search("  ") == CATALOGUE
    assert search("qqqqzzzz") == ()
    assert search("transpose qqqqzzzz") == ()


def test_the_catalogue_needs_no_torch() -> None:
    check = "import sys, playground.engine.tensors.operations.catalogue; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
