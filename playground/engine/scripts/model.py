"""A trained network as a plain PyTorch program that stands beside its weights. Needs no torch."""

from collections.abc import Mapping
from textwrap import indent

from playground.engine.document import Document
from playground.engine.export.preprocessing import FOLDER_FILE, Output, Preprocessing
from playground.engine.export.reading.kinds import FOLDER_WEIGHTS
from playground.engine.scripts.net import definitions, row

PROGRAM = "model.py"

_STEP = "    "

_WITH_PICTURES = f'''\
"""A trained network, written by PyTorch Playground.

    python {PROGRAM} IMAGE...   says what pictures show
    python {PROGRAM}            says what goes in and what comes out
"""
'''

_WITHOUT = f'''\
"""A trained network, written by PyTorch Playground.

    python {PROGRAM}   says what goes in and what comes out
"""
'''

_NORMALISED = '''\
def normalised(pixels):
    """Pixels in [0, 1] [N, C, H, W] as the network was trained on them."""
    mean, std = (torch.tensor(about[name]).view(-1, 1, 1) for name in ("mean", "std"))  # [C, 1, 1]
    return (pixels - mean) / std


'''

_SOFTMAX = '''\
def probabilities(outputs):
    """What leaves the layers [N, classes] as probabilities."""
    return {}


'''

_PROBABILITIES: Mapping[Output, str] = {
    "logits": _SOFTMAX.format("outputs.softmax(dim=1)"),
    "log-probabilities": _SOFTMAX.format("outputs.exp()"),
    "probabilities": "",
    "values": "",
}

_PICTURE = '''\
def picture(file):
    """A picture in the size of those it was trained on: pixels in [0, 1] [1, C, H, W]."""
    from PIL import Image

    channels, height, width = about["input_shape"]
    with Image.open(file) as opened:
        resized = opened.convert("L" if channels == 1 else "RGB").resize((width, height))
    values = torch.frombuffer(bytearray(resized.tobytes()), dtype=torch.uint8)
    return values.view(1, height, width, channels).permute(0, 3, 1, 2) / 255


'''

_MAIN = """\
net = load()

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
"""

_TELL = """\
    print(f"{TITLE}: [N, {', '.join(map(str, about['input_shape']))}] -> {about['output']}")
"""

_TELL_OR_LOOK = """\
    if len(sys.argv) == 1:
        print(f"{TITLE}: [N, {', '.join(map(str, about['input_shape']))}] -> {about['output']}")
    for file in sys.argv[1:]:
        try:
            answer = predict(picture(file))[0]
        except OSError as error:
            sys.exit(f"{file} cannot be read as a picture: {error}")
        best = int(answer.argmax())
        print(f"{file}: {about['classes'][best]} ({answer[best]:.1%})")
"""


def model_script(document: Document, about: Preprocessing, inner: Output) -> str:
    """The program: it builds the network, loads the weights beside it, and answers.

    It needs torch and safetensors, and Pillow where it reads pictures. `load()` gives the network, `net` is one, and
    `predict` answers a batch. What it says of the data it reads from `preprocessing.json`; texts of the user enter
    only through `repr`.

    Parameters
    ----------
    document : Document
        Whose network it builds.
    about : Preprocessing
        Of the export: what is inside the network, and what is not.
    inner : Output
        What leaves the network itself.

    Raises
    ------
    Problem
        Those of `net_code`.
    """
    pictures = bool(about.mean and about.classes)
    own = definitions(document.network)
    parts = [
        _WITH_PICTURES if pictures else _WITHOUT,
        _imports(document),
        f"TITLE = {document.title or 'A network'!r}\n\n",
        "folder = pathlib.Path(__file__).resolve().parent\n",
        f'about = json.loads((folder / "{FOLDER_FILE}").read_text(encoding="utf-8"))\n\n\n',
        "\n".join([*own, ""]) if own else "",
        _load(document, about),
        _NORMALISED if about.mean else "",
        _PROBABILITIES[inner] if about.classes else "",
        _predict(about, inner),
        f"{_PICTURE}{_MAIN}{_TELL_OR_LOOK}" if pictures else f"{_MAIN}{_TELL}",
    ]
    return "".join(parts)


def _imports(document: Document) -> str:
    functional = ["import torch.nn.functional as F"] if document.network.sources else []
    standard = ["import json", "import pathlib", "import sys"]
    others = ["import safetensors.torch", "import torch", *functional, "from torch import nn"]
    return "\n".join(["", *standard, "", *others, "", ""])


def _load(document: Document, about: Preprocessing) -> str:
    first, *others = row(document.network.layers, "layers")
    takes = "pixels in [0, 1]" if about.normalise_inside else "samples as it was trained on them"
    lines = [
        "def load():",
        f'{_STEP}"""The network with its weights: it takes {takes}, and gives {about.output}."""',
        indent("\n".join([f"net = {first}", *others]), _STEP),
        f'{_STEP}net.load_state_dict(safetensors.torch.load_file(folder / "{FOLDER_WEIGHTS}"))',
    ]
    if about.normalise_inside:
        lines.append(f"{_STEP}net.register_forward_pre_hook(lambda net, inputs: (normalised(*inputs),))")
    if about.softmax_inside:
        lines.append(f"{_STEP}net.register_forward_hook(lambda net, inputs, outputs: probabilities(outputs))")
    return "\n".join([*lines, f"{_STEP}return net.eval()", "", "", ""])


def _predict(about: Preprocessing, inner: Output) -> str:
    enter = "pixels" if about.mean else "inputs"
    takes = "Pixels in [0, 1] [N, C, H, W]" if about.mean else "Inputs [N, ...]"
    gives = "probabilities [N, classes]" if about.classes else "values [N, ...]"
    answer = f"net({enter})" if about.normalise_inside or not about.mean else f"net(normalised({enter}))"
    if about.classes and inner != "probabilities" and not about.softmax_inside:
        answer = f"probabilities({answer})"
    lines = [
        f"def predict({enter}):",
        f'{_STEP}"""{takes} to {gives}."""',
        f"{_STEP}with torch.inference_mode():",
        f"{_STEP * 2}return {answer}",
    ]
    return "\n".join([*lines, "", "", ""])
