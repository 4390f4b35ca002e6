"""Texts of the user stay texts: the program of a document differs from another's in nothing but its constants."""

import ast
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.engine import presets
from playground.engine.data.spec import Images
from playground.engine.document import replace
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem
from playground.engine.scripts import net
from playground.engine.scripts.notebook import notebook
from playground.engine.scripts.program import script
from playground.engine.spec import Args

FRAGMENTS = (
    *("'", '"', '"""', "'''", "\\", "\\'", "\n", "\r", "\r\n", "\t", "\0", "{}", "{0}", "%s", "%(prog)s", "#"),
    *(
        "\u2028",
        "\u202e",
        "\x85",
        "\x0c",
        "é",
        "数",
        "😀",
        "\ud800",
        "raise SystemExit",
        "; import os",
        "\\N{DIGIT ONE}",
    ),
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join))
EVERYTHING = "".join(FRAGMENTS)


def document(title="a title", folder="a folder"):
    return replace(replace(presets.preset("lenet5"), "title", title), "data", Images(folder=folder))


def texts_taken(tree):
    """The values of TITLE and of the folder; both become None in the tree."""
    found = []
    for node in ast.walk(tree):
        name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        is_option = isinstance(node, ast.Call) and node.args and getattr(node.args[0], "value", "") == "--data"
        holder = node.keywords[0] if is_option else node if name in ("TITLE", "DATA") else None
        if holder is not None and isinstance(holder.value, ast.Constant):
            found.append(holder.value.value)
            holder.value = ast.Constant(None)
    return found


def without_texts(code):
    tree = ast.parse(code)
    return texts_taken(tree), ast.dump(tree)


PLAIN_SCRIPT = without_texts(script(document()))[1]
PLAIN_CELLS = json.loads(notebook(document()))["cells"]


@given(title=TEXTS, folder=TEXTS)
@example(title=EVERYTHING, folder=EVERYTHING[::-1])
def test_titles_and_folders_are_constants_of_the_program(title, folder):
    text = script(document(title, folder))
    text.encode()
    found, rest = without_texts(text)
    assert sorted(found) == sorted([title, folder or "data"])
    assert rest == PLAIN_SCRIPT


@given(title=TEXTS, folder=TEXTS)
@example(title=EVERYTHING, folder=EVERYTHING[::-1])
def test_titles_and_folders_are_constants_of_the_notebook(title, folder):
    text = notebook(document(title, folder))
    text.encode()
    cells = json.loads(text)["cells"]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in PLAIN_CELLS]
    taken = []
    for cell, plain in zip(cells[1:], PLAIN_CELLS[1:], strict=True):
        if cell["cell_type"] == "code":
            found, rest = without_texts("".join(cell["source"]))
            assert rest == without_texts("".join(plain["source"]))[1]
            taken += found
        else:
            assert cell == plain
    assert sorted(taken) == sorted([title, folder or "data"])
    heading = "".join(cells[0]["source"]).split("\n\n")[0]
    assert len(heading.splitlines()) == 1
    assert "<" not in heading.replace("\\<", "")


NAMES = st.one_of(TEXTS, st.from_regex(r"[A-Z][a-z_]{0,9}", fullmatch=True))


@given(name=NAMES, argument=NAMES, value=TEXTS)
@example(name="Own", argument="size", value=EVERYTHING)
@example(name="A(nn.Module):\n    pass\n\n\nraise SystemExit\n\n\nclass A", argument="size", value="")
@example(name="Own", argument="size=exit(), more", value="")
def test_names_of_own_layers_and_their_arguments_are_names_or_are_refused(name, argument, value):
    own = Source(name=name, text=f"class {name}(nn.Module):\n    pass\n")
    network = NetworkSpec(layers=(Custom(id="1", name=name, args=Args({argument: value})),), sources=(own,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(net, "is_trusted", lambda source: source == own)
        code = written_or_refused(replace(presets.preset("logistic-2d"), "network", network))
    if code is None:
        return
    made = next(node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assign) and is_net(node))
    (call,) = made.value.args
    assert (call.func.id, call.args) == (name, [])
    assert [(keyword.arg, keyword.value.value) for keyword in call.keywords] == [(argument, value)]


def written_or_refused(asked):
    try:
        return script(asked)
    except Problem as problem:
        if problem.code != "custom-broken":
            raise
    return None


def is_net(assignment):
    return isinstance(assignment.targets[0], ast.Name) and assignment.targets[0].id == "net"
