"""Random networks that fit their data, and the mistakes people make in them."""

from playground.engine.network import edits
from playground.engine.network.analysis import analyse
from playground.engine.network.edits import Place
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Branches, Residual, walk

OUTPUTS = 10
SHAPES = ((1, 28, 28), (3, 32, 32), (1, 32, 32), (784,), (2,))


def _conv(inputs, outputs, kernel=3, **more):
    return layer("Conv2d", in_channels=inputs, out_channels=outputs, kernel_size=kernel, **more)


def _picture_part(rng, channels, size):
    """Nodes that take [channels, size, size], and what they give."""
    out = rng.choice((4, 6, 8, 16))
    act = layer(rng.choice(("ReLU", "Tanh", "GELU", "Sigmoid")))
    choice = rng.randrange(7)
    if choice == 0 and size >= 8:
        return [_conv(channels, out, 5), act], out, size - 4
    if choice == 1:
        return [_conv(channels, out, padding=1), layer("BatchNorm2d", num_features=out), act], out, size
    if choice == 2 and size >= 4:
        return [layer(rng.choice(("MaxPool2d", "AvgPool2d")), kernel_size=2)], channels, size // 2
    if choice == 3:
        body = (_conv(channels, out, padding=1), layer("BatchNorm2d", num_features=out), act)
        shortcut = () if out == channels else (_conv(channels, out, 1),)
        return [residual(*body, shortcut=shortcut)], out, size
    if choice == 4:
        paths = ((_conv(channels, 4, 1),), (_conv(channels, out, padding=1), act), ())
        return [branches(*paths)], 4 + out + channels, size
    if choice == 5:
        return [repeat(2, _conv(channels, channels, padding=1), act)], channels, size
    return [_conv(channels, out, padding="same"), layer("Dropout2d", p=0.2), act], out, size


def valid(rng):
    """A network that takes samples of a shape and gives ten values, and that shape."""
    shape = rng.choice(SHAPES)
    nodes, features = [], shape[0]
    if len(shape) == 3:
        channels, size = shape[0], shape[1]
        for _ in range(rng.randint(1, 5)):
            more, channels, size = _picture_part(rng, channels, size)
            nodes += more
        nodes.append(layer("Flatten"))
        features = channels * size * size
    for _ in range(rng.randint(0, 2)):
        hidden = rng.choice((16, 32, 64))
        nodes += [layer("Linear", in_features=features, out_features=hidden), layer(rng.choice(("ReLU", "Tanh")))]
        nodes += rng.choice(([], [layer("BatchNorm1d", num_features=hidden)], [layer("Dropout")]))
        features = hidden
    nodes.append(layer("Linear", in_features=features, out_features=OUTPUTS))
    return sequence(*nodes), shape


def _wrong_size(rng, spec):
    named = [
        (node, name)
        for node in walk(spec.layers)
        for name in getattr(node, "args", {})
        if name in ("in_features", "in_channels", "num_features", "out_channels", "out_features")
    ]
    if not named:
        return None
    node, name = rng.choice(named)
    return edits.change_args(spec, node.id, **{name: rng.choice((0, 1, 3, 5, 12, 100, 400, -2, 10**9))})


def _wrong_window(rng, spec):
    windows = [node for node in walk(spec.layers) if "kernel_size" in getattr(node, "args", {})]
    if not windows:
        return None
    changes = rng.choice(
        (
            *(
                {"kernel_size": 1},
                {"kernel_size": 7},
                {"kernel_size": 40},
                {"stride": 2},
                {"stride": 3},
                {"padding": 0},
            ),
            *({"padding": 3}, {"groups": 3}, {"dilation": 9}, {"kernel_size": 0}, {"stride": 0}, {"padding": -1}),
            *({"padding": "same", "stride": 2}, {"kernel_sise": 3}, {"kernel_size": (3, 5, 7)}),
        )
    )
    return edits.change_args(spec, rng.choice(windows).id, **changes)


def _removed(rng, spec):
    return edits.remove(spec, [rng.choice(list(walk(spec.layers))).id])


def _added(rng, spec):
    new = rng.choice(
        (
            *(layer("Flatten"), layer("MaxPool2d", kernel_size=2), layer("Linear", in_features=400, out_features=120)),
            *(layer("Conv2d", in_channels=3, out_channels=8, kernel_size=3), layer("BatchNorm2d", num_features=8)),
            *(layer("BatchNorm1d", num_features=8), layer("Softmax", dim=3), layer("Linar"), layer("Dropout2d")),
            *(layer("MaxPool2d", kernel_size=50), layer("Unflatten", dim=1, unflattened_size=(2, 3)), layer("Conv2d")),
            *(layer("GroupNorm", num_groups=3, num_channels=4), layer("LayerNorm", normalized_shape=7)),
            *(layer("ConvTranspose2d", in_channels=2, out_channels=3, kernel_size=2, stride=2), layer("Linear")),
        )
    )
    places = [edits.place_of(spec, node.id) for node in walk(spec.layers)]
    return edits.insert(spec, rng.choice(places), [new])


def _swapped(rng, spec):
    row = list(spec.layers)
    index = rng.randrange(len(row))
    return edits.move(spec, [row.pop(index).id], Place("", "layers", rng.randrange(len(row) + 1)))


def _without_projection(rng, spec):
    blocks = [node for node in walk(spec.layers) if isinstance(node, Residual) and node.shortcut]
    return edits.remove(spec, [node.id for node in rng.choice(blocks).shortcut]) if blocks else None


def _uneven_branches(rng, spec):
    blocks = [node for node in walk(spec.layers) if isinstance(node, Branches)]
    if not blocks:
        return None
    place = Place(rng.choice(blocks).id, f"branches[{rng.randrange(3)}]", 0)
    return edits.insert(spec, place, [layer("MaxPool2d", kernel_size=rng.choice((2, 3)))])


MISTAKES = (_wrong_size, _wrong_window, _removed, _added, _swapped, _without_projection, _uneven_branches)


def broken(rng):
    """A network with one to three mistakes that does not fit any more, and the shape of its data."""
    while True:
        spec, shape = valid(rng)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            mistaken = rng.choice(MISTAKES)(rng, spec)
            spec = mistaken if mistaken is not None and mistaken.layers else spec
        analysis = analyse(spec, shape)
        if analysis.problem is not None or analysis.output != (OUTPUTS,):
            return spec, shape
