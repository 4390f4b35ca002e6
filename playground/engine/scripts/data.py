"""The data of a document as source text: resident tensors `train_*`, `validation_*`, `test_*`, prepared once."""

import ast
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent

from playground.engine.data.facts import Facts
from playground.engine.data.spec import DataSpec, Images, Points, RandomData

_CLASSES = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "cifar10": "CIFAR10"}
_CHANNELS_FIRST = {
    "mnist": "unsqueeze(1)  # [N, H, W] -> [N, 1, H, W]",
    "fashion-mnist": "unsqueeze(1)  # [N, H, W] -> [N, 1, H, W]",
    "cifar10": "permute(0, 3, 1, 2).contiguous()  # [N, H, W, C] -> [N, C, H, W]",
}

_PREPARE = '''\
def prepare(split):
    """Pixels and labels of a whole split, once for all: the same numbers as ToTensor{and_normalize}."""
    pixels = torch.as_tensor(split.data).{channels_first}
    inputs = pixels.float().div(255){normalised}
    return inputs.to(DEVICE), torch.as_tensor(split.targets).to(DEVICE)


'''

_READ = """\
train_inputs, train_targets = prepare(datasets.{name}(DATA, train=True, download=True))
test_inputs, test_targets = prepare(datasets.{name}(DATA, train=False, download=True))
"""

_READ_OR_REFUSE = """\
if LOCAL_RANK > 0:  # the first process of a machine downloads, the others wait for it
    dist.barrier()
try:
{read}except (OSError, RuntimeError) as error:
    refuse(f"The data set can neither be read from {{DATA!r}} nor downloaded to it: {{error}}")
if WORLD > 1 and LOCAL_RANK == 0:
    dist.barrier()
"""


def data_code(spec: DataSpec, facts: Facts, *, notebook: bool = False) -> str:
    """Everything that makes the tensors of the splits; augmentation's function too where it is asked for."""
    code = _images(spec, facts, notebook=notebook) if isinstance(spec, Images) else _generated(spec)
    return code + _validation(facts)


def _images(spec: Images, facts: Facts, *, notebook: bool) -> str:
    unit = spec.normalisation == "unit"
    constants = "" if unit else f"MEAN = {_column(facts.mean)}\nSTD = {_column(facts.std)}\n\n\n"
    prepare = _PREPARE.format(
        channels_first=_CHANNELS_FIRST[spec.name],
        and_normalize="" if unit else " and Normalize",
        normalised="" if unit else ".sub(MEAN).div(STD)",
    )
    read = _READ.format(name=_CLASSES[spec.name])
    code = prepare + (read if notebook else _READ_OR_REFUSE.format(read=indent(read, "    ")))
    function = f"\n\n{_source('augment', 'augment')}\n\n" if spec.augment else ""
    return constants + code + function


def _column(figures: tuple[float, ...]) -> str:
    return f"torch.tensor({list(figures)}).view(-1, 1, 1)"  # [C, 1, 1]


def _generated(spec: Points | RandomData) -> str:
    name = spec.name if isinstance(spec, Points) else "random_data"
    arguments = f"{spec.classes}, {spec.noise}" if isinstance(spec, Points) else f"{spec.shape}, {spec.outputs}"
    lines = [f"generator = torch.Generator().manual_seed({spec.seed})"]
    for split, samples in (("train", spec.samples), ("test", spec.test)):
        if samples:
            lines.append(f"{split}_inputs, {split}_targets = {name}({samples}, {arguments}, generator)")
            lines.append(f"{split}_inputs, {split}_targets = {split}_inputs.to(DEVICE), {split}_targets.to(DEVICE)")
    return f"{_source('points', name)}\n\n\n" + "\n".join(lines) + "\n"


def _validation(facts: Facts) -> str:
    """The end of the training set is kept apart."""
    if not facts.validation:
        return ""
    lines = []
    for part in ("inputs", "targets"):
        lines.append(f"validation_{part} = train_{part}[{facts.train}:]")
        lines.append(f"train_{part} = train_{part}[:{facts.train}]")
    return "\n".join(lines) + "\n"


@lru_cache
def _source(module: str, function: str) -> str:
    """The text of one of the functions that stand alone; read from its file, for importing it would import torch."""
    found = find_spec(f"playground.engine.data.{module}")
    assert found is not None
    assert found.origin is not None
    text = Path(found.origin).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return ast.get_source_segment(text, node) or ""
    raise LookupError(f"{found.origin} has no function {function}")
