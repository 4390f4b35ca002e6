"""Random networks that fit, grown node by node from a shape; for tests with hypothesis."""

from hypothesis import strategies as st

from playground.engine.network.sequence import branches, layer, repeat, residual, sequence

PLAIN = ("ReLU", "Tanh", "Sigmoid", "GELU", "LeakyReLU", "SiLU", "ELU", "Softplus", "Identity", "Dropout")
INITS = ("default", "default", "kaiming_normal", "xavier_uniform", "normal", "zeros")


@st.composite
def stacks(draw):
    """A network and the shape of its samples."""
    size = draw(st.integers(4, 12))
    shape = draw(st.sampled_from([(draw(st.integers(1, 9)),), (draw(st.integers(1, 4)), size, size)]))
    nodes, _ = row(draw, shape, draw(st.integers(1, 6)), depth=2)
    return sequence(*nodes), shape


def row(draw, shape, length, depth):
    nodes = []
    for _ in range(length):
        node, shape = draw(st.sampled_from([leaf, leaf, leaf, block if depth else leaf]))(draw, shape, depth)
        nodes.append(node)
    return tuple(nodes), shape


def leaf(draw, shape, _depth):
    return (picture if len(shape) == 3 else features)(draw, shape)


def features(draw, shape):
    kind = draw(st.sampled_from(["Linear", "Linear", "LayerNorm", "BatchNorm1d", "LogSoftmax", *PLAIN]))
    if kind == "Linear":
        outputs = draw(st.integers(1, 9))
        init = draw(st.sampled_from(INITS))
        bias = {} if draw(st.booleans()) else {"bias": False}
        return layer("Linear", init, in_features=shape[0], out_features=outputs, **bias), (outputs,)
    args = {"LayerNorm": {"normalized_shape": shape}, "BatchNorm1d": {"num_features": shape[0]}}
    return layer(kind, **(args | {"LogSoftmax": {"dim": 1}}).get(kind, {})), shape


def picture(draw, shape):
    channels, height, _ = shape
    make = draw(st.sampled_from([convolution, convolution, pooling, flattening, None]))
    if make is None or height < 3:
        kind = draw(st.sampled_from(["BatchNorm2d", "Dropout2d", *PLAIN]))
        return layer(kind, **({"num_features": channels} if kind == "BatchNorm2d" else {})), shape
    return make(draw, shape)


def convolution(draw, shape):
    channels, height, width = shape
    groups = draw(st.sampled_from([g for g in (1, 2, 3) if channels % g == 0]))
    outputs = groups * draw(st.integers(1, 3))
    kernel, stride, padding = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(0, 1))
    sizes = {"kernel_size": kernel, "stride": stride, "padding": padding, "groups": groups}
    made = layer("Conv2d", draw(st.sampled_from(INITS)), in_channels=channels, out_channels=outputs, **sizes)
    return made, (outputs, *((side - kernel + 2 * padding) // stride + 1 for side in (height, width)))


def pooling(draw, shape):
    channels, height, width = shape
    if draw(st.booleans()):
        size = draw(st.integers(1, 4))
        return layer("AdaptiveAvgPool2d", output_size=size), (channels, size, size)
    kind, kernel, stride = (
        draw(st.sampled_from(["MaxPool2d", "AvgPool2d"])),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 2)),
    )
    sides = ((side - kernel) // stride + 1 for side in (height, width))
    return layer(kind, kernel_size=kernel, stride=stride), (channels, *sides)


def flattening(_draw, shape):
    return layer("Flatten"), (shape[0] * shape[1] * shape[2],)


def block(draw, shape, depth):
    return draw(st.sampled_from([around, parallel, repeated]))(draw, shape, depth)


def around(draw, shape, depth):
    """A residual block, projected where its body changes the shape."""
    body, behind = row(draw, shape, draw(st.integers(0, 2)), depth - 1)
    if behind == shape:
        return residual(*body), shape
    size = {} if len(shape) == 1 else shape[1:]
    if len(shape) == len(behind) == 1:
        return residual(*body, shortcut=(layer("Linear", in_features=shape[0], out_features=behind[0]),)), behind
    if len(behind) == 1:
        inputs = shape[0] * size[0] * size[1]
        way = (layer("Flatten"), layer("Linear", in_features=inputs, out_features=behind[0]))
    else:
        project = layer("Conv2d", in_channels=shape[0], out_channels=behind[0], kernel_size=1)
        way = (project, layer("AdaptiveAvgPool2d", output_size=behind[1:]))
    return residual(*body, shortcut=way), behind


def parallel(draw, shape, _depth):
    """Branches that keep the picture and change only the channels."""
    count = draw(st.integers(1, 3))
    paths, channels = [], 0
    for _ in range(count):
        outputs = draw(st.integers(1, 3))
        if len(shape) == 1:
            path = (layer("Linear", in_features=shape[0], out_features=outputs), layer("ReLU"))
        else:
            path = (layer("Conv2d", in_channels=shape[0], out_channels=outputs, kernel_size=3, padding=1),)
        empty = draw(st.booleans())
        paths.append(() if empty else path)
        channels += shape[0] if empty else outputs
    return branches(*paths), (channels, *shape[1:])


def repeated(draw, shape, depth):
    """A body that keeps its shape, several times."""
    body, behind = row(draw, shape, draw(st.integers(0, 2)), depth - 1)
    times = draw(st.integers(1, 3))
    return (repeat(times, *body), shape) if behind == shape else around(draw, shape, 1)
