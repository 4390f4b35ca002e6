"""A layer that is added fits what stands before it."""

import pytest

from playground.engine.network.analysis import analyse
from playground.engine.network.catalogue import layers
from playground.engine.network.edits import Place, insert
from playground.engine.network.spec import NetworkSpec
from playground.engine.network.starts import new_node

SHAPES = {"1d": (6, 20), "2d": (6, 12, 12), "3d": (2, 8, 8, 8)}
TOP = Place("", "layers", 0)


def shape_for(kind: str) -> tuple[int, ...]:
    """A sample that such a layer is meant for."""
    if kind in ("Linear", "BatchNorm1d", "Softmax", "LogSoftmax", "Unflatten"):
        return (36,)
    return next((shape for end, shape in SHAPES.items() if kind.endswith(end)), SHAPES["2d"])


@pytest.mark.parametrize("kind", [kind for kind in layers() if kind != "Embedding"])
def test_every_layer_of_the_catalogue_starts_with_arguments_that_fit(kind: str) -> None:
    shape = shape_for(kind)
    network = insert(NetworkSpec(), TOP, [new_node(kind, shape)])
    assert analyse(network, shape).problem is None


@pytest.mark.parametrize("kind", ["Residual", "Branches", "Repeat"])
def test_a_block_starts_empty(kind: str) -> None:
    network = insert(NetworkSpec(), TOP, [new_node(kind, (3, 8, 8))])
    assert [type(node).__name__ for node in network.layers] == [kind]


def test_a_layer_whose_place_has_no_known_shape_can_still_be_built() -> None:
    for kind in layers():
        network = insert(NetworkSpec(), TOP, [new_node(kind, None)])
        problem = analyse(network, (1, 28, 28)).problem
        assert problem is None or problem.code == "layer-misfit", kind
