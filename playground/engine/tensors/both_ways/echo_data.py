"""Another data set, batch size, number of epochs or device as PyTorch lines. Needs no torch."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from playground.engine.data.facts import Facts, describe
from playground.engine.data.spec import DataSpec, Images
from playground.engine.document import Document
from playground.engine.scripts.data import data_code

_CLASSES = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "cifar10": "CIFAR10"}
_AUTO = '"cuda" if torch.cuda.is_available() else "cpu"'


def data_lines(before: Document, after: Document) -> Iterator[str]:
    """The lines that make `train_db`, `test_db`, their loaders, `epochs` and `device` anew, as far as they differ.

    With another data set come other `x` and `y`: those before would not fit its net.
    """
    old, new = before.training, after.training
    facts = describe(after.data)
    is_other = _plain(before.data) != _plain(after.data)
    if is_other:
        yield dataset_lines(after.data, facts)
    if is_other or old.batch_size != new.batch_size:
        yield from loader_lines(facts, new.batch_size)
    if is_other:
        yield "x, y = next(iter(train_loader))"
    if old.epochs != new.epochs:
        yield f"epochs = {new.epochs}"
    if old.device != new.device:
        yield f"device = torch.device({_AUTO if new.device == 'auto' else repr(new.device)})"
        yield "net.to(device)"


def dataset_lines(spec: DataSpec, facts: Facts) -> str:
    """One statement or several that make `train_db` and `test_db`; images are not moved about."""
    code = _images(spec, facts) if isinstance(spec, Images) else _generated(spec, facts)
    if facts.validation:
        code.append(f"train_db = torch.utils.data.Subset(train_db, range({facts.train}))")
    return "\n".join(code)


def loader_lines(facts: Facts, batch_size: int) -> Iterator[str]:
    """`train_loader`, and `test_loader` where there is a test set."""
    yield f"train_loader = torch.utils.data.DataLoader(train_db, batch_size={batch_size}, shuffle=True)"
    if facts.test:
        yield f"test_loader = torch.utils.data.DataLoader(test_db, batch_size={batch_size})"


def _images(spec: Images, facts: Facts) -> list[str]:
    steps = ["transforms.ToTensor()"]
    if spec.normalisation != "unit":
        steps.append(f"transforms.Normalize({facts.mean}, {facts.std})")
    folder = spec.folder or "data"
    return [
        "from torchvision import datasets, transforms",
        f"transform = transforms.Compose([{', '.join(steps)}])",
        *(
            f"{split}_db = datasets.{_CLASSES[spec.name]}({folder!r}, train={split == 'train'}, "
            "download=True, transform=transform)"
            for split in ("train", "test")
        ),
    ]


def _generated(spec: DataSpec, facts: Facts) -> list[str]:
    whole = replace(facts, validation=0)
    code = data_code(spec, whole, notebook=True).splitlines()
    splits = ["train", "test"] if facts.test else ["train"]
    return [
        "import math",
        *(line for line in code if ".to(DEVICE)" not in line),
        *(f"{split}_db = torch.utils.data.TensorDataset({split}_inputs, {split}_targets)" for split in splits),
    ]


def _plain(spec: DataSpec) -> DataSpec:
    """Augmentation belongs to the training loop, and has no line."""
    return structs.replace(spec, augment=None) if isinstance(spec, Images) else spec
