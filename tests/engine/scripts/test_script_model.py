"""The program beside a model's weights: plain PyTorch, it answers, and no text of a user becomes code in it."""

import ast
import runpy
import subprocess
import sys
from itertools import product

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.engine.data.spec import Images, Points
from playground.engine.document import Document, replace
from playground.engine.export import formats
from playground.engine.export.spec import ExportSpec
from playground.engine.network import custom
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.scripts.model import model_script

HOSTILE = (
    '"""\nimport os; os.mkdir("planted")\n"""',
    "'; raise SystemExit(1) #",
    "\\",
    "{TITLE} %(prog)s %s",
    "\u2028\u0000ü",
)


def linear(inputs, outputs):
    return layer("Linear", in_features=inputs, out_features=outputs)


PICTURES = Document(title="Digits", data=Images(), network=sequence(layer("Flatten"), linear(784, 10)))


def folder_of(document, folder, **inside):
    net = build(document.network).eval()
    formats.write(net, document, ExportSpec(format="folder", **inside), folder)
    return net, runpy.run_path(str(folder / "model.py"))


ABOUT = formats.preprocessing_of(PICTURES, build(PICTURES.network), ExportSpec(format="folder"))


@given(st.text(), st.lists(st.text()), st.text())
def test_texts_of_the_user_never_become_code(title, classes, place):
    hostile = replace(replace(PICTURES, "title", title), "data.folder", place)
    found = ast.parse(model_script(hostile, msgspec.structs.replace(ABOUT, classes=("a", *classes)), "logits"))
    expected = ast.parse(model_script(PICTURES, ABOUT, "logits"))
    assert ast.literal_eval(title_in(found)) == (title or "A network")
    for tree in (found, expected):
        title_in(tree).value = ""
    assert ast.dump(found) == ast.dump(expected)


def title_in(tree):
    return next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "TITLE")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_printed_and_nothing_else(title, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    folder_of(replace(PICTURES, "title", title), tmp_path / "model")
    monkeypatch.setattr(sys, "argv", ["model.py"])
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    runpy.run_path(str(tmp_path / "model" / "model.py"), run_name="__main__")
    assert capsys.readouterr().out == f"{title}: [N, 1, 28, 28] -> logits\n"
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


INSIDE = ({}, {"normalise": True}, {"softmax": True}, {"normalise": True, "softmax": True})
ENDINGS = (*product(INSIDE, (None, "LogSoftmax")), *product(INSIDE[:2], ("Softmax",)))


@pytest.mark.parametrize(("inside", "ending"), ENDINGS)
def test_predict_takes_pixels_and_gives_probabilities_whatever_is_inside(inside, ending, tmp_path):
    layers = PICTURES.network.layers + ((layer(ending, dim=1),) if ending else ())
    document = replace(PICTURES, "network", sequence(*layers))
    net, program = folder_of(document, tmp_path / "model", **inside)
    pixels = torch.rand(5, 1, 28, 28)
    with torch.no_grad():
        outputs = net((pixels - 0.1307) / 0.3081)
        found = program["net"](pixels if "normalise" in inside else (pixels - 0.1307) / 0.3081)
    expected = outputs if ending == "Softmax" else outputs.softmax(dim=1)
    assert torch.allclose(program["predict"](pixels), expected, atol=1e-6)
    assert torch.allclose(found, expected if "softmax" in inside else outputs, atol=1e-6)


def test_inputs_that_are_no_pictures_are_taken_as_they_are(tmp_path):
    document = Document(data=Points(name="line"), network=sequence(linear(1, 1)))
    net, program = folder_of(document, tmp_path / "model")
    x = torch.rand(3, 1)
    assert torch.equal(program["predict"](x), net(x))
    assert "IMAGE" not in (tmp_path / "model" / "model.py").read_text()


OWN = Source(
    name="Image",
    text="import math\n\n\nclass Image(nn.Module):\n    def forward(self, x):\n        return F.relu(x) * math.pi\n",
)


def test_it_classifies_pictures_where_the_playground_is_not_installed(tmp_path):
    custom.trust(OWN)
    layers = sequence(layer("Flatten"), Custom(id="", name="Image"), linear(3_072, 10)).layers
    document = Document(title="Bilder", data=Images(name="cifar10"), network=NetworkSpec(layers=layers, sources=(OWN,)))
    net, program = folder_of(document, tmp_path / "model", softmax=True)
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "ein bild.png")
    seen = program["picture"](tmp_path / "ein bild.png")
    assert torch.equal(seen, torch.from_numpy(pixels).permute(2, 0, 1)[None] / 255)
    answer = program["predict"](seen)[0]
    alone = [sys.executable, "-I", str(tmp_path / "model" / "model.py"), "ein bild.png"]
    ran = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=100)
    best = program["about"]["classes"][int(answer.argmax())]
    assert ran.stdout == f"ein bild.png: {best} ({float(answer.max()):.1%})\n"
    assert "playground" not in (tmp_path / "model" / "model.py").read_text().replace("PyTorch Playground", "")
    assert not net.training


def test_a_file_that_is_no_picture_gets_a_sentence(tmp_path, monkeypatch):
    folder_of(PICTURES, tmp_path / "model")
    monkeypatch.setattr(sys, "argv", ["model.py", str(tmp_path / "model" / "model.py")])
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    with pytest.raises(SystemExit, match="cannot be read as a picture"):
        runpy.run_path(str(tmp_path / "model" / "model.py"), run_name="__main__")
