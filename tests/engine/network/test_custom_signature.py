"""The arguments of an own layer are read from its text as Python reads them from its class; nothing is run."""

import inspect

import pytest

from playground.engine.network.catalogue import NO_DEFAULT
from playground.engine.network.custom_signature import signature
from playground.engine.network.spec import Source

TEXT = '''
class Mix:
    """Mixes its inputs.

    More of it.
    """

    def __init__(self, inputs, outputs: int, /, scale=0.5, *, bias: bool = True, kernel=(3, 3), sizes=(1, 2, 3),
                 mode="sum", rate: float = 1, names: list = [], near=open):
        ...
'''


def read(text, name="Mix"):
    return signature(Source(name=name, text=text))


def test_arguments_have_the_names_defaults_and_types_of_the_class():
    entry = read(TEXT)
    assert [(each.name, each.types) for each in entry.arguments] == [
        ("inputs", ("int",)), ("outputs", ("int",)), ("scale", ("float",)), ("bias", ("bool",)), ("kernel", ("pair",)),
        ("sizes", ("ints",)), ("mode", ("text",)), ("rate", ("float",)),
    ]  # fmt: skip
    names = {}
    exec(TEXT, names)
    real = inspect.signature(names["Mix"]).parameters
    for each in entry.arguments:
        default = real[each.name].default
        assert each.default is NO_DEFAULT if default is inspect.Parameter.empty else each.default == default


def test_its_docstring_s_first_line_says_what_it_is():
    assert read(TEXT).doc == "Mixes its inputs."


@pytest.mark.parametrize(
    "text", ["", "class Mix(", "class Other: ...", "class Mix:\n    def __init__(self): ...", "class Mix: ...", "\0"]
)
def test_without_arguments_or_sense_there_are_none(text):
    assert read(text).arguments == ()


def test_the_text_is_not_run(tmp_path):
    planted = tmp_path / "ran"
    read(f"open({str(planted)!r}, 'w')\nclass Mix:\n    def __init__(self, a=open({str(planted)!r}, 'w')): ...")
    assert not planted.exists()
