"""Edits give new networks: what was asked for changes, all else stays, and no edit can lose or double a layer."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.document import Document, decode, encode
from playground.engine.network import edits
from playground.engine.network.analysis import analyse
from playground.engine.network.edits import Place
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Branches, NetworkSpec, Repeat, Residual, walk
from playground.engine.problems import Problem

SPEC = sequence(
    layer("Conv2d", in_channels=1, out_channels=8, kernel_size=3, padding=1),
    residual(layer("ReLU"), repeat(3, layer("Tanh"), layer("Sigmoid")), shortcut=(layer("Identity"),)),
    branches((layer("GELU"),), (layer("SiLU"), layer("ELU"))),
    layer("Flatten"),
)


def ids(nodes):
    return [node.id for node in nodes]


def kinds(spec):
    return Counter(getattr(node, "kind", type(node).__name__) for node in walk(spec.layers))


def test_a_node_is_found_with_its_place_and_path():
    assert edits.find(SPEC, "elu1").kind == "ELU"
    assert edits.place_of(SPEC, "elu1") == Place("branches1", "branches[1]", 1)
    assert edits.path_of(SPEC, "sigmoid1") == "layers[1].body[1].body[1]"
    assert edits.path_of(SPEC, "identity1") == "layers[1].shortcut[0]"


@pytest.mark.parametrize("edit", [edits.find, edits.path_of, edits.place_of, edits.unwrap])
def test_an_unknown_id_is_a_key_error(edit):
    with pytest.raises(KeyError):
        edit(SPEC, "nobody")


def test_an_unknown_place_is_a_key_error():
    for place in (Place("relu1", "body", 0), Place("", "body", 0), Place("branches1", "branches[3]", 0)):
        with pytest.raises(KeyError):
            edits.insert(SPEC, place, [layer("ReLU")])


def test_a_new_layer_gets_an_id_of_its_own():
    spec = edits.insert(SPEC, Place("residual1", "body", 1), [layer("ReLU"), layer("ReLU")])
    assert ids(edits.find(spec, "residual1").body) == ["relu1", "relu2", "relu3", "repeat1"]


def test_a_branch_is_added_where_asked_and_taken_out_with_its_layers():
    first = edits.add_branch(SPEC, "branches1", 0)
    last = edits.add_branch(SPEC, "branches1", 99)
    assert [ids(row) for row in edits.find(first, "branches1").branches] == [[], ["gelu1"], ["silu1", "elu1"]]
    assert [ids(row) for row in edits.find(last, "branches1").branches] == [["gelu1"], ["silu1", "elu1"], []]
    assert edits.remove_branch(first, "branches1", 0) == edits.remove_branch(last, "branches1", 2) == SPEC
    less = edits.remove_branch(SPEC, "branches1", 1)
    assert kinds(SPEC) - kinds(less) == Counter(["SiLU", "ELU"])


def test_an_empty_branch_gives_its_input_on():
    spec = sequence(branches((layer("Conv2d", in_channels=3, out_channels=4, kernel_size=1),)))
    assert analyse(edits.add_branch(spec, "branches1", 1), (3, 5, 5)).output == (7, 5, 5)


def test_what_changes_in_one_layer_changes_in_the_others_and_nothing_else_does():
    spec = sequence(
        layer("Conv2d", in_channels=1, out_channels=4, kernel_size=3, stride=2),
        layer("Conv2d", in_channels=4, out_channels=8, kernel_size=5, padding=1),
        layer("Conv2d", in_channels=8, out_channels=8, kernel_size=1, stride=3),
    )
    wanted = {"in_channels": 1, "out_channels": 4, "kernel_size": 7, "bias": False}  # stride becomes the default
    edited = edits.set_args_together(spec, "conv1", wanted, ["conv2", "conv3"])
    assert [dict(node.args) for node in edited.layers] == [
        wanted,
        {"in_channels": 4, "out_channels": 8, "kernel_size": 7, "padding": 1, "bias": False},
        {"in_channels": 8, "out_channels": 8, "kernel_size": 7, "bias": False},
    ]


def test_only_blocks_have_branches_and_they_keep_one():
    for wrong in (lambda: edits.add_branch(SPEC, "relu1", 0), lambda: edits.remove_branch(SPEC, "residual1", 0)):
        with pytest.raises(Problem, match="has no branches"):
            wrong()
    one = edits.remove_branch(SPEC, "branches1", 0)
    with pytest.raises(Problem, match="remove the whole block"):
        edits.remove_branch(one, "branches1", 0)
    for number in (-1, 2):
        with pytest.raises(KeyError):
            edits.remove_branch(SPEC, "branches1", number)


def test_the_slot_behind_the_last_branch_makes_a_new_one():
    spec = edits.insert(SPEC, Place("branches1", "branches[2]", 0), [layer("Tanh")])
    assert [len(branch) for branch in edits.find(spec, "branches1").branches] == [1, 2, 1]
    assert ids(edits.find(spec, "branches1").branches[2]) == ["tanh2"]


def test_moving_counts_in_the_network_as_it_is():
    spec = sequence(*(layer(kind) for kind in ("ReLU", "Tanh", "GELU", "SiLU")))
    assert ids(edits.move(spec, ["relu1", "gelu1"], Place("", "layers", 3)).layers) == [
        *("tanh1", "relu1", "gelu1", "silu1")
    ]
    assert edits.move(spec, ["tanh1"], Place("", "layers", 1)) == spec
    assert edits.move(spec, ["tanh1"], Place("", "layers", 2)) == spec


def test_a_layer_moves_out_of_a_block_and_keeps_its_id():
    spec = edits.move(SPEC, ["sigmoid1"], Place("", "layers", 0))
    assert spec.layers[0].id == "sigmoid1"
    assert kinds(spec) == kinds(SPEC)


def test_a_block_does_not_go_into_itself():
    with pytest.raises(Problem, match="a block cannot go into itself"):
        edits.move(SPEC, ["residual1"], Place("repeat1", "body", 0))


def test_removing_a_block_removes_what_is_in_it():
    spec = edits.remove(SPEC, ["residual1", "tanh1", "elu1"])
    assert ids(walk(spec.layers)) == ["conv1", "branches1", "gelu1", "silu1", "flatten1"]


def test_copies_stand_behind_what_they_copy():
    spec = edits.duplicate(SPEC, ["conv1", "residual1", "tanh1"])
    assert ids(spec.layers) == ["conv1", "residual1", "conv2", "residual2", "branches1", "flatten1"]
    assert ids(walk((edits.find(spec, "residual2"),))) == [
        *("residual2", "relu2", "repeat2", "tanh2", "sigmoid2", "identity2")
    ]


def test_arguments_that_equal_the_default_are_left_out():
    spec = edits.set_args(SPEC, "conv1", {"in_channels": 3, "out_channels": 4, "kernel_size": [3, 3], "stride": 1})
    assert dict(edits.find(spec, "conv1").args) == {"in_channels": 3, "kernel_size": (3, 3), "out_channels": 4}
    kept = edits.change_args(spec, "conv1", padding="same", bias=True)
    assert dict(edits.find(kept, "conv1").args) == {**edits.find(spec, "conv1").args, "padding": "same"}
    # True is not the number 1, and the layer has to tell so.
    assert edits.find(edits.change_args(spec, "conv1", stride=True), "conv1").args["stride"] is True


def test_fields_are_set_and_checked():
    assert edits.find(edits.set_field(SPEC, "conv1", "init", "zeros"), "conv1").init == "zeros"
    assert edits.find(edits.set_field(SPEC, "repeat1", "times", 5), "repeat1").times == 5
    assert not edits.find(edits.set_field(SPEC, "branches1", "enabled", False), "branches1").enabled
    frozen = edits.set_field(SPEC, "residual1", "frozen", True)
    assert [node.id for node in walk(frozen.layers) if getattr(node, "frozen", False)] == [
        *("relu1", "tanh1", "sigmoid1", "identity1")
    ]


@pytest.mark.parametrize(
    ("node", "field", "value"),
    [
        *(("conv1", "init", "ones"), ("repeat1", "times", 0), ("repeat1", "times", 2.5), ("conv1", "enabled", 1)),
        *(("conv1", "times", 2), ("conv1", "id", "x"), ("residual1", "body", ())),
    ],
)
def test_a_field_that_does_not_fit_is_refused_in_words(node, field, value):
    with pytest.raises(Problem, match="This edit is not possible: "):
        edits.set_field(SPEC, node, field, value)


def test_arguments_no_document_can_hold_are_refused_in_words():
    for args in ({"p": float("nan")}, {"p": {1, 2}}):
        with pytest.raises(Problem, match="p is"):
            edits.set_args(SPEC, "relu1", args)
    with pytest.raises(Problem, match="Residual has no arguments"):
        edits.set_args(SPEC, "residual1", {})


@pytest.mark.parametrize(("block", "kind"), [("residual", Residual), ("branches", Branches), ("repeat", Repeat)])
def test_wrapping_and_unwrapping_are_opposites(block, kind):
    spec = edits.wrap(SPEC, ["silu1", "elu1"], block)
    made = spec.layers[2].branches[1][0]
    assert isinstance(made, kind)
    assert ids(walk((made,)))[1:] == ["silu1", "elu1"]
    assert edits.unwrap(spec, made.id) == SPEC


def test_only_neighbours_make_a_block():
    for chosen in (["conv1", "flatten1"], ["conv1", "relu1"]):
        with pytest.raises(Problem, match="side by side"):
            edits.wrap(SPEC, chosen, "residual")


def wrapped_often(times):
    spec = SPEC
    for _ in range(times):
        spec = edits.wrap(spec, [spec.layers[0].id], "residual")
    return spec


def test_blocks_too_deep_for_a_document_are_refused_before_that():
    with pytest.raises(Problem, match="at most 8 deep"):
        wrapped_often(40)
    document = Document(network=wrapped_often(8))
    assert decode(encode(document)) == document


@st.composite
def edited(draw):
    """A network and one of its edits, whatever that may be."""
    spec = SPEC
    for _ in range(draw(st.integers(1, 6))):
        nodes = [node.id for node in walk(spec.layers)]
        if not nodes:
            break
        chosen = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=4))
        target = edits.place_of(spec, draw(st.sampled_from(nodes)))
        edit = draw(st.sampled_from(["move", "remove", "duplicate", "insert", "wrap", "unwrap"]))
        try:
            if edit == "move":
                moved = edits.move(spec, chosen, target)
                assert kinds(moved) == kinds(spec)
                assert {node.id for node in walk(moved.layers)} == set(nodes)
                spec = moved
            elif edit == "insert":
                spec = edits.insert(spec, target, [edits.find(spec, chosen[0])])
            elif edit == "wrap":
                spec = edits.wrap(spec, chosen, draw(st.sampled_from(["residual", "branches", "repeat"])))
            elif edit == "unwrap":
                spec = edits.unwrap(spec, chosen[0])
            else:
                spec = getattr(edits, edit)(spec, chosen)
        except Problem as problem:
            assert problem.code == "edit-refused"  # noqa: PT017
    return spec


@settings(max_examples=100)
@given(edited())
def test_any_edits_leave_a_network_that_a_document_holds(spec):
    assert isinstance(spec, NetworkSpec)
    document = Document(network=spec)
    assert decode(encode(document)) == document
    for node in walk(spec.layers):
        place = edits.place_of(spec, node.id)
        assert edits.move(spec, [node.id], place) == spec
