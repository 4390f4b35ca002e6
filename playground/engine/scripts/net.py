"""The network of a document as source text: an nn.Sequential, or a class with a forward. Needs no torch."""

import ast
import difflib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from textwrap import indent
from types import MappingProxyType
from typing import Literal, TypeAlias

from playground.engine import network
from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import Entry, layers
from playground.engine.network.custom import check_source, is_trusted, why_missing
from playground.engine.network.sequence import short_name
from playground.engine.network.spec import Branches, Custom, Layer, NetworkSpec, Node, Repeat, Residual, slots, working
from playground.engine.problems import Problem
from playground.engine.scripts.calls import arguments, call, keywords

Form = Literal["sequential", "class"]
Kept: TypeAlias = Mapping[str, str]

NOTHING_KEPT: Kept = MappingProxyType({})

_STEP = "    "
_WITH_WEIGHTS = ("linear", "convolution", "normalisation")


def net_code(spec: NetworkSpec, form: Form = "sequential") -> str:
    """Seed, layers, and the weights that are drawn anew, in the order of the engine's builder.

    Parameters
    ----------
    spec : NetworkSpec
        What to write down.
    form : "sequential" or "class"
        An `nn.Sequential`, or a `class Net(nn.Module)` whose layers have names. The same seed gives both the same
        weights.

    Raises
    ------
    Problem
        `network-empty`, `layer-unknown`, `layer-argument`, `custom-unknown`, `custom-untrusted` or `custom-broken`.
    """
    if not spec.layers:
        raise Problem("network-empty")
    named = dict(zip(_attributes(spec.layers), spec.layers, strict=True))
    owners = [f"net.{name}" for name in named] if form == "class" else [f"net[{i}]" for i in range(len(named))]
    made = _class(named) if form == "class" else []
    net = ["net = Net()"] if form == "class" else ["net = " + "\n".join(row(spec.layers, "layers"))]
    after = [line for owner, node in zip(owners, spec.layers, strict=True) for line in finishing(node, owner)]
    return "\n".join([*definitions(spec), *made, "torch.manual_seed(SEED)", *net, *after, ""])


def network_script(spec: NetworkSpec, seed: int = 0, form: Form = "sequential") -> str:
    """A program of its own that builds the network as the engine does from this seed, bit for bit.

    Raises
    ------
    Problem
        Those of `net_code`.
    """
    functional = ["import torch.nn.functional as F"] if spec.sources else []
    head = ["import torch", *functional, "from torch import nn", "", f"SEED = {seed}", "", ""]
    return "\n".join([*head, net_code(spec, form) + "print(net)", ""])


def row(nodes: tuple[Node, ...], path: str, kept: Kept = NOTHING_KEPT) -> list[str]:
    """An nn.Sequential of these nodes; the parameters and problems are those of `expression`."""
    if not nodes:
        return ["nn.Sequential()"]
    items = [line for index, node in enumerate(nodes) for line in _item(node, f"{path}[{index}]", kept)]
    return ["nn.Sequential(", *_shifted(items), ")"]


def definitions(spec: NetworkSpec) -> list[str]:
    """The classes that torch does not have, each once, with two empty lines behind."""
    nodes = list(working(spec.layers))
    blocks = {type(node).__name__: "" for node, _, _ in nodes if isinstance(node, Residual | Branches)}
    texts = [_block(name) for name in sorted(blocks, reverse=True)]
    sources = {source.name: source for source in spec.sources}
    used = {node.name: (node, path) for node, path, _ in nodes if isinstance(node, Custom)}
    for name, (node, path) in used.items():
        if name not in sources or not is_trusted(sources[name]):
            raise why_missing(name, spec.sources, node.id, path)
        check_source(sources[name])
        texts.append(sources[name].text.strip())
    return [f"{text}\n\n" for text in texts]


def expression(node: Node, path: str, kept: Kept = NOTHING_KEPT) -> list[str]:
    """The call that makes the node, over several lines where it is a block.

    Parameters
    ----------
    node : Node
        What is made.
    path : str
        Where it stands, for the sentence of a problem.
    kept : mapping of str to str
        For the ids of nodes that are there already the text that names them, such as `net[2]`.

    Raises
    ------
    Problem
        `layer-unknown`, `layer-argument` or `custom-broken`.
    """
    if node.id in kept:
        return [kept[node.id]]
    if not node.enabled:
        return ["nn.Identity()"]
    if isinstance(node, Layer):
        return [_layer(node, path)]
    if isinstance(node, Custom):
        return [call(node.name, keywords(node.args, (), "custom-broken", node.name))]
    rows = [row(nodes, f"{path}.{slot}", kept) for slot, nodes in slots(node)]
    if isinstance(node, Repeat):
        return [
            "nn.Sequential(",
            f"{_STEP}*(",
            *_shifted(rows[0], 2),
            f"{_STEP * 2}for _ in range({node.times})",
            f"{_STEP})",
            ")",
        ]
    if not rows:
        raise _wrong_argument(node.id, path, "Branches", "it has no branches; add one or remove it")
    listed = _shifted([line for row in rows for line in (*row[:-1], f"{row[-1]},")])
    return ["Residual(", *listed, ")"] if isinstance(node, Residual) else ["Branches([", *listed, "])"]


def finishing(node: Node, owner: str, depth: int = 1, kept: Kept = NOTHING_KEPT) -> list[str]:
    """What is done to the node's module, which `owner` names, after all are made: weights drawn anew, and freezing."""
    if not node.enabled or node.id in kept:
        return []
    if isinstance(node, Repeat):
        block = f"block{depth}"
        inner = _after_row(node.body, block, depth + 1, kept)
        return [f"for {block} in {owner}:", *_shifted(inner)] if inner else []
    frozen = [f"{owner}.requires_grad_(False)"] if isinstance(node, Layer | Custom) and node.frozen else []
    inits = drawing(node, owner) if isinstance(node, Layer) else []
    inside = [line for slot, nodes in slots(node) for line in _after_row(nodes, f"{owner}.{slot}", depth, kept)]
    return [*inits, *frozen, *inside]


def drawing(layer: Layer, owner: str) -> list[str]:
    """The lines that draw the weights of a layer as its `init` says; none for torch's own."""
    if layer.init == "default":
        return []
    lines = [f"nn.init.{layer.init}_({owner}.weight)"]
    return [*lines, f"nn.init.zeros_({owner}.bias)"] if _has_bias(layers()[layer.kind], layer) else lines


@lru_cache(maxsize=1)
def _blocks() -> dict[str, str]:
    source = (Path(network.__file__).parent / "blocks.py").read_text(encoding="utf-8")
    classes = [statement for statement in ast.parse(source).body if isinstance(statement, ast.ClassDef)]
    return {one.name: ast.get_source_segment(source, one) or "" for one in classes}


def _block(name: str) -> str:
    return _blocks()[name]


def _attributes(nodes: tuple[Node, ...]) -> list[str]:
    """A name for every node at the top: conv1, relu1, ...; those of own layers cannot be one of torch's."""
    numbers: Counter[str] = Counter()
    found = []
    for node in nodes:
        name = f"{short_name(node)}_" if isinstance(node, Custom) else short_name(node)
        numbers[name] += 1
        found.append(f"{name}{numbers[name]}")
    return found


def _class(named: dict[str, Node]) -> list[str]:
    lines = ["class Net(nn.Module):", f"{_STEP}def __init__(self):", f"{_STEP * 2}super().__init__()"]
    for index, (name, node) in enumerate(named.items()):
        first, *rest = [*expression(node, f"layers[{index}]")]
        lines += _shifted([f"self.{name} = {first}", *rest], 2)
        lines[-1] += _remark(node)
    lines += ["", f"{_STEP}def forward(self, x):"]
    lines += [f"{_STEP * 2}x = self.{name}(x)" for name in named]
    return [*lines, f"{_STEP * 2}return x", "", ""]


def _item(node: Node, path: str, kept: Kept) -> list[str]:
    lines = expression(node, path, kept)
    return [*lines[:-1], f"{lines[-1]},{_remark(node)}"]


def _remark(node: Node) -> str:
    if node.enabled:
        return ""
    known = f"{node.kind}, " if isinstance(node, Layer) and node.kind in layers() else ""
    return f"  # {known}switched off"


def _layer(layer: Layer, where: str) -> str:
    entry = layers().get(layer.kind)
    if entry is None:
        near = difflib.get_close_matches(layer.kind, layers(), n=1, cutoff=0.0)[0]
        raise Problem("layer-unknown", node=layer.id, where=where, kind=layer.kind, near=near)
    detail = complaint(entry, layer.args)
    if not detail and layer.init != "default" and entry.group not in _WITH_WEIGHTS:
        detail = f"it has no weight that init {layer.init} could draw; leave init at default"
    if detail:
        raise _wrong_argument(layer.id, where, layer.kind, detail)
    return call(f"nn.{layer.kind}", arguments(entry, layer.args))


def _wrong_argument(node: str, where: str, kind: str, detail: str) -> Problem:
    return Problem("layer-argument", node=node, where=where, kind=kind, detail=detail)


def _after_row(nodes: tuple[Node, ...], owner: str, depth: int, kept: Kept) -> list[str]:
    return [line for index, node in enumerate(nodes) for line in finishing(node, f"{owner}[{index}]", depth, kept)]


def _has_bias(entry: Entry, layer: Layer) -> bool:
    """Whether the layer learns a bias: it knows the argument, and neither it nor `affine` is off."""
    args = entry.complete(layer.args)
    return "bias" in args and all(args.get(name, True) for name in ("bias", "affine", "elementwise_affine"))


def _shifted(lines: list[str], steps: int = 1) -> list[str]:
    return indent("\n".join(lines), _STEP * steps).splitlines()
