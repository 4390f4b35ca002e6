"""Layers from calls as one writes them: names that are nearly right, arguments by place and by name."""

import ast
import difflib
from collections.abc import Callable, Mapping, Sequence

from playground.engine.network.catalogue import Entry, layers
from playground.engine.network.paste_values import BatchSize, Modules, Net, Shape, Signal, Unread, Value, unreadable
from playground.engine.network.signature_gaps import HIDDEN
from playground.engine.network.spec import Layer
from playground.engine.spec import Args

Tell = Callable[[str], None]

# Where torch's signature holds an argument that a network here cannot have: how many may come by their place.
_PLACES = {
    **dict.fromkeys(("MaxPool1d", "MaxPool2d", "MaxPool3d", "GroupNorm"), 4),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d"), 5),
}
_NEAR = 0.75

# Classes of torch.nn that are no layers here, so that none of them is taken for a slip of the pen.
_ELSEWHERE = """
    AdaptiveAvgPool1d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d AdaptiveMaxPool2d
    AdaptiveMaxPool3d AlphaDropout AvgPool3d BCELoss BCEWithLogitsLoss BatchNorm3d Bilinear CELU CTCLoss ChannelShuffle
    CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d Container ConvTranspose3d
    CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss CrossMapLRN2d DataParallel Dropout1d Dropout3d EmbeddingBag
    FeatureAlphaDropout Fold FractionalMaxPool2d FractionalMaxPool3d GLU GRU GRUCell GaussianNLLLoss Hardshrink
    Hardsigmoid Hardswish Hardtanh HingeEmbeddingLoss HuberLoss InstanceNorm1d InstanceNorm2d InstanceNorm3d KLDivLoss
    L1Loss LPPool1d LPPool2d LPPool3d LSTM LSTMCell LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d
    LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d
    LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LinearCrossEntropyLoss LocalResponseNorm LogSigmoid MSELoss
    MarginRankingLoss MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish Module ModuleDict ModuleList MultiLabelMarginLoss
    MultiLabelSoftMarginLoss MultiMarginLoss MultiheadAttention NLLLoss NLLLoss2d PReLU PairwiseDistance ParameterDict
    ParameterList PixelShuffle PixelUnshuffle PoissonNLLLoss RMSNorm RNN RNNBase RNNCell RNNCellBase RReLU ReLU6
    ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU SmoothL1Loss
    SoftMarginLoss Softmax2d Softmin Softshrink Softsign SyncBatchNorm Tanhshrink Threshold Transformer
    TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer TripletMarginLoss
    TripletMarginWithDistanceLoss Unfold Upsample UpsamplingBilinear2d UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())

# Functions of a tensor that are a layer without weights: its class, and the arguments after the tensor.
_POOL = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
_AVERAGE = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "relu": ("ReLU", ("inplace",)),
    "relu_": ("ReLU", ()),
    "leaky_relu": ("LeakyReLU", ("negative_slope", "inplace")),
    "elu": ("ELU", ("alpha", "inplace")),
    "gelu": ("GELU", ("approximate",)),
    "silu": ("SiLU", ("inplace",)),
    "softplus": ("Softplus", ("beta", "threshold")),
    "sigmoid": ("Sigmoid", ()),
    "tanh": ("Tanh", ()),
    "softmax": ("Softmax", ("dim",)),
    "log_softmax": ("LogSoftmax", ("dim",)),
    **{f"max_pool{rank}d": (f"MaxPool{rank}d", _POOL) for rank in (1, 2, 3)},
    "avg_pool1d": ("AvgPool1d", _AVERAGE[:-1]),
    "avg_pool2d": ("AvgPool2d", _AVERAGE),
    "adaptive_avg_pool2d": ("AdaptiveAvgPool2d", ("output_size",)),
    "dropout": ("Dropout", ("p", "training", "inplace")),
    "dropout2d": ("Dropout2d", ("p", "training", "inplace")),
    "flatten": ("Flatten", ("start_dim", "end_dim")),
}
_IGNORED = {"training", "_stacklevel", "dtype", "device"}


def kind_named(at: ast.AST, name: str, others: Sequence[str], tell: Tell) -> str:
    """The class that is meant: of the catalogue, or one of `others`.

    Raises
    ------
    Problem
        `paste-unreadable` where no name is near.
    """
    known = [*layers(), *others]
    if name in known:
        return name
    if name in ELSEWHERE:
        raise unreadable(at, f"{name} is none of the layers here; take it out, or use one that is")
    lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=_NEAR)
    if not near:
        raise unreadable(at, f"there is no layer {name}; check the name")
    tell(f"Line {_line(at)}: {name} was read as {lower[near[0]]}; undo if you meant something else.")
    return lower[near[0]]


def layer(at: ast.AST, kind: str, places: Sequence[Value], names: Mapping[str, Value], tell: Tell) -> Layer:
    """A layer of the catalogue from its arguments, without those that equal the default.

    Raises
    ------
    Problem
        `paste-unreadable`.
    """
    entry = layers()[kind]
    order = [argument.name for argument in entry.arguments][: _PLACES.get(kind)]
    if len(places) > len(order):
        raise unreadable(
            at, f"{kind} takes {len(order)} arguments by their place, not {len(places)}; write the others by name"
        )
    given = {**dict(zip(order, places, strict=False)), **_named(at, entry, names, tell)}
    return Layer(id="", kind=kind, args=plain_args(at, _without_defaults(entry, given)))


def function_layer(at: ast.AST, name: str, places: Sequence[Value], names: Mapping[str, Value], tell: Tell) -> Layer:
    """The layer that does what a function of torch or a method of a tensor does.

    Raises
    ------
    Problem
        `paste-unreadable`.
    """
    if name not in FUNCTIONS:
        raise unreadable(at, f"{name} is no layer without weights; use a layer of nn that does the same")
    kind, order = FUNCTIONS[name]
    if len(places) > len(order):
        raise unreadable(at, f"{name} takes {len(order)} arguments behind the tensor, not {len(places)}")
    given = {**dict(zip(order, places, strict=False)), **names}
    if kind.startswith("Dropout") and "training" not in given:
        tell(f"Line {_line(at)}: {name} without training=self.training drops in evaluation too; this layer does not.")
    if kind == "Flatten" and given.get("start_dim", 0) == 0:
        tell(f"Line {_line(at)}: flatten without 1 would flatten the batch too; it was read as Flatten().")
        given["start_dim"] = 1
    return layer(at, kind, (), {key: value for key, value in given.items() if key not in _IGNORED}, tell)


def plain_args(at: ast.AST, given: Mapping[str, Value]) -> Args:
    """Arguments that a document can hold.

    Raises
    ------
    Problem
        `paste-unreadable` for one that is not written as plain numbers and texts.
    """
    for name, value in given.items():
        for part in value if isinstance(value, tuple | list) else (value,):
            if isinstance(part, Unread):
                raise part.problem
            if isinstance(part, Modules | Net | Signal | Shape | BatchSize):
                raise unreadable(at, f"{name} must be a number or a text; write it out")
    try:
        return Args(given)
    except ValueError as error:
        raise unreadable(at, f"{error}; write a plain number or text") from error


def _named(at: ast.AST, entry: Entry, names: Mapping[str, Value], tell: Tell) -> dict[str, Value]:
    known = [argument.name for argument in entry.arguments]
    given = {}
    for name, value in names.items():
        near = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
        if name in HIDDEN and name not in known:
            tell(f"Line {_line(at)}: {name} of {entry.kind} has no place here and was left out.")
        elif name in known or not near:
            given[name] = value  # the layer itself tells of an argument that it does not have
        else:
            tell(f"Line {_line(at)}: {name} of {entry.kind} was read as {near[0]}.")
            given[near[0]] = value
    return given


def _without_defaults(entry: Entry, given: Mapping[str, Value]) -> dict[str, Value]:
    defaults = entry.complete({})
    return {name: value for name, value in given.items() if name not in defaults or repr(defaults[name]) != repr(value)}


def _line(at: ast.AST) -> int:
    return int(getattr(at, "lineno", 1))
