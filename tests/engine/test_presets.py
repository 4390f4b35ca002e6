"""Every preset is a whole document: its net takes its data and ends in what its loss compares with."""

import subprocess
import sys

import pytest

from playground.engine import presets
from playground.engine.data.facts import describe
from playground.engine.data.spec import Images
from playground.engine.document import decode, encode, replace
from playground.engine.network.analysis import analyse
from playground.engine.problems import Problem
from playground.engine.spec import Args

WANTED = {
    "mnist-mlp",
    "mnist-logistic-3",
    "mnist-logistic-3-kaiming",
    "fashion-mlp",
    "cifar10-lenet",
    "lenet5",
    "lenet-1x32",
    "two-conv",
    "linear-regression",
    "logistic-2d",
    "mnist-99",
    "digit-cnn",
    "spiral-mlp",
}


def test_all_of_the_course_are_there():
    assert set(presets.names()) == WANTED


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_fits_its_data(name):
    document = presets.preset(name)
    facts = describe(document.data)
    analysis = analyse(document.network, facts.shape)
    assert analysis.problem is None
    assert analysis.output == (facts.outputs,)


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_survives_its_file_and_is_the_same_every_time(name):
    assert decode(encode(presets.preset(name))) == presets.preset(name)


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_has_a_title_and_one_line(name):
    assert presets.title(name) == presets.preset(name).title
    assert presets.title(name)
    assert 20 < len(presets.summary(name)) < 90


def test_they_are_known_without_torch():
    code = (
        "import sys; from playground.engine import presets; presets.preset('lenet5'); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_preset_names_those_there_are():
    with pytest.raises(Problem, match="mnist-mlp") as caught:
        presets.preset("mnist-mpl")
    assert caught.value.code == "preset-unknown"


def parameters(name):
    document = presets.preset(name)
    return analyse(document.network, describe(document.data).shape).parameters


def test_the_nets_of_the_course_have_the_course_s_counts():
    assert parameters("mnist-mlp") == 784 * 256 + 256 + 256 * 64 + 64 + 64 * 10 + 10
    assert parameters("mnist-logistic-3") == 784 * 200 + 200 + 200 * 200 + 200 + 200 * 10 + 10
    assert parameters("fashion-mlp") == 784 * 128 + 128 * 10
    assert parameters("cifar10-lenet") == 62_006
    assert parameters("lenet5") == 61_706
    assert parameters("two-conv") == 60 + 880 + 12_544 * 512 + 512 + 512 * 64 + 64 + 64 * 2 + 2
    assert 50_000 < parameters("digit-cnn") < 250_000


def test_the_course_s_numbers_are_kept():
    training = presets.preset("mnist-mlp").training
    assert (training.loss.name, training.batch_size, training.epochs) == ("mse", 512, 3)
    assert training.optimizer.args == Args(lr=0.01, momentum=0.9)
    assert presets.preset("fashion-mlp").training.optimizer.args == Args(lr=0.15, momentum=0.8)
    assert presets.preset("cifar10-lenet").data == Images(name="cifar10", normalisation="symmetric")
    raw, mended = (presets.preset(f"mnist-logistic-3{end}") for end in ("", "-kaiming"))
    assert {one.init for one in raw.network.layers if one.kind == "Linear"} == {"normal"}
    assert {one.init for one in mended.network.layers if one.kind == "Linear"} == {"kaiming_normal"}
    assert raw.training == mended.training


def test_a_document_stays_a_preset_whatever_stands_in_its_descent_room():
    document = replace(presets.preset("lenet5"), "descent.steps", 7)
    assert presets.name_of(document) == "lenet5"
