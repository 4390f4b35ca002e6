"""What a network is made of, as asked for: a tree of nodes, of which layers are the leaves."""

from typing import Literal

from playground.engine.spec import Args, Spec

Init = Literal["default", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "normal", "zeros"]


class Layer(Spec, frozen=True, tag="layer", tag_field="node"):
    """One layer of torch.nn.

    `id` stays with the layer when it moves; `args` holds only what differs from the class's defaults. `init` draws
    the weight (biases become 0) anew after the whole network is built; "default" leaves what the class drew.
    """

    id: str
    kind: str
    args: Args = Args()
    init: Init = "default"


Node = Layer


class NetworkSpec(Spec, frozen=True):
    """The nodes in the order in which the data passes them; every id stands once."""

    layers: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        ids = [node.id for node in self.layers]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"the ids {', '.join(twice)} stand for more than one layer")
