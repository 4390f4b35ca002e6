"""Facts are known without loading: neither torch nor a file is touched."""

import subprocess
import sys

import pytest

from playground.engine.data.facts import describe
from playground.engine.data.spec import Augment, Images, Points, RandomData
from playground.engine.problems import Problem


def test_mnist_is_described_with_its_own_mean_and_deviation():
    facts = describe(Images())
    assert (facts.title, facts.shape, facts.outputs, facts.task) == ("MNIST", (1, 28, 28), 10, "classification")
    assert facts.classes == tuple("0123456789")
    assert (facts.train, facts.validation, facts.test) == (60_000, 0, 10_000)
    assert (facts.mean, facts.std) == ((0.1307,), (0.3081,))


@pytest.mark.parametrize(
    ("normalisation", "mean", "std"),
    [
        ("standard", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
        ("unit", (0.0,) * 3, (1.0,) * 3),
        ("symmetric", (0.5,) * 3, (0.5,) * 3),
    ],
)
def test_every_normalisation_has_one_figure_a_channel(normalisation, mean, std):
    facts = describe(Images(name="cifar10", normalisation=normalisation))
    assert (facts.mean, facts.std) == (mean, std)
    assert (facts.train, facts.test) == (50_000, 10_000)


def test_the_validation_split_is_taken_from_the_training_samples():
    facts = describe(Images(name="fashion-mnist", validation=5_000, augment=Augment(shift=2.0)))
    assert (facts.train, facts.validation, facts.test) == (55_000, 5_000, 10_000)
    assert len(facts.classes) == 10


@pytest.mark.parametrize("spec", [Images(validation=60_000), Points(samples=10, validation=11)])
def test_a_validation_split_that_leaves_nothing_is_a_problem(spec):
    with pytest.raises(Problem) as caught:
        describe(spec)
    assert caught.value.code == "data-split"
    assert caught.value.fields["available"] in (60_000, 10)


@pytest.mark.parametrize(
    ("spec", "shape", "outputs", "task"),
    [
        (Points(name="spirals", classes=5), (2,), 5, "classification"),
        (Points(name="xor", classes=5), (2,), 2, "classification"),
        (Points(name="plane"), (2,), 1, "regression"),
        (Points(name="line"), (1,), 1, "regression"),
        (RandomData(shape=(3, 8, 8), outputs=4), (3, 8, 8), 4, "regression"),
    ],
)
def test_generated_sets_say_their_task_and_shape(spec, shape, outputs, task):
    facts = describe(spec)
    assert (facts.shape, facts.outputs, facts.task) == (shape, outputs, task)
    assert len(facts.classes) == (outputs if task == "classification" else 0)
    assert facts.mean == facts.std == ()


def test_describing_a_set_imports_no_torch():
    code = (
        "import sys; from playground.engine.data.facts import describe; from playground.engine.data.spec import Images;"
        "describe(Images()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
