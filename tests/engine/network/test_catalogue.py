"""The catalogue that forms are made from says what the installed torch says."""

import subprocess
import sys

import torch
from torch import nn

from playground.assets import resource
from playground.engine.network.arguments import complaint
from playground.engine.network.catalogue import NO_DEFAULT, layers, optimizers, schedulers
from playground.engine.network.generate_catalogue import generate
from playground.engine.spec import Args

ASKED_FOR = (
    "Linear Conv1d Conv2d Conv3d ConvTranspose2d Embedding MaxPool2d AvgPool2d AdaptiveAvgPool2d Flatten Unflatten "
    "ReLU LeakyReLU GELU SiLU Sigmoid Tanh Softmax LogSoftmax BatchNorm1d BatchNorm2d LayerNorm Dropout"
)


def test_the_committed_file_is_what_the_installed_torch_gives():
    assert resource("catalogue.json").read_text(encoding="utf-8") == generate()


def test_reading_it_needs_no_torch():
    code = (
        "import sys; from playground.engine.network import catalogue, labels, arguments; catalogue.layers();"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_layer_asked_for_is_there():
    assert set(ASKED_FOR.split()) <= set(layers())


def test_every_argument_has_a_sentence_and_a_type():
    for section in (layers(), optimizers(), schedulers()):
        for entry in section.values():
            assert entry.doc.endswith(".")
            for argument in entry.arguments:
                assert argument.types, (entry.kind, argument.name)
                assert argument.doc.endswith("."), (entry.kind, argument.name)
                assert "\\" not in argument.doc
                assert "`" not in argument.doc


def test_arguments_carry_defaults_choices_and_ranges():
    conv = layers()["Conv2d"]
    assert conv.argument("kernel_size").default is NO_DEFAULT
    assert conv.argument("kernel_size").types == ("int", "pair")
    assert conv.argument("padding_mode").choices == ("zeros", "reflect", "replicate", "circular")
    assert (layers()["Dropout"].argument("p").minimum, layers()["Dropout"].argument("p").maximum) == (0, 1)
    assert conv.argument("device") is None


def test_every_optimiser_of_torch_is_there_with_what_to_know_about_it():
    named = {
        name
        for name, member in vars(torch.optim).items()
        if isinstance(member, type)
        and issubclass(member, torch.optim.Optimizer)
        and member is not torch.optim.Optimizer
    }
    assert set(optimizers()) == named
    assert "sparse" in optimizers()["SparseAdam"].refused
    assert optimizers()["Muon"].note
    assert optimizers()["LBFGS"].note
    assert optimizers()["SGD"].complete(Args(lr=0.1)) == {
        "lr": 0.1,
        "momentum": 0,
        "dampening": 0,
        "weight_decay": 0,
        "nesterov": False,
        "maximize": False,
    }


def test_every_default_passes_its_own_check():
    for section in (layers(), optimizers(), schedulers()):
        for entry in section.values():
            required = {argument.name for argument in entry.arguments if argument.required}
            given = {name: value for name, value in entry.complete({}).items() if name not in required}
            found = complaint(entry, given)
            assert found is None or found.split()[0] in required, (entry.kind, found)


def test_schedules_with_plain_arguments_can_be_made_from_them():
    plain = {
        "CosineAnnealingWarmRestarts": {"T_0": 3},
        "CyclicLR": {"base_lr": 0.1, "max_lr": 1.0},
        "ExponentialLR": {"gamma": 0.9},
        "MultiStepLR": {"milestones": (2, 4)},
        "OneCycleLR": {"max_lr": 1.0, "total_steps": 10},
        "StepLR": {"step_size": 2},
        "CosineAnnealingLR": {"T_max": 10},
    }
    for kind, entry in schedulers().items():
        args = entry.complete(plain.get(kind, {}))
        optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1, momentum=0.5)
        assert complaint(entry, Args(args)) is None
        assert getattr(torch.optim.lr_scheduler, kind)(optimizer, **args)
    assert "LambdaLR" not in schedulers()
    assert schedulers()["CosineAnnealingLR"].argument("T_max").default is None


def test_wrong_arguments_are_told_in_words():
    conv = layers()["Conv2d"]
    good = Args(in_channels=1, out_channels=6, kernel_size=5)
    assert complaint(conv, good) is None
    assert complaint(conv, good.with_(kernel_size=(5, 3), padding="same")) is None
    assert complaint(conv, good.without("kernel_size")) == (
        "kernel_size is missing; give a whole number or two whole numbers"
    )
    assert complaint(conv, good.with_(kernal=3)) == "it has no argument kernal; did you mean kernel_size?"
    assert complaint(conv, good.with_(kernel_size=2.5)) == (
        "kernel_size must be a whole number or two whole numbers, not 2.5"
    )
    assert complaint(conv, good.with_(kernel_size=(1, 2, 3))).endswith("not [1, 2, 3]")
    assert complaint(conv, good.with_(stride=0)) == "stride must be at least 1, not 0"
    assert complaint(conv, good.with_(padding="around")) == "padding must be one of valid, same, not around"
    assert complaint(conv, good.with_(bias=1)) == "bias must be true or false, not 1"
    assert complaint(layers()["Identity"], Args(x=1)) == "it has no argument x; it takes none"
    assert complaint(optimizers()["Adam"], Args(betas=(0.9,))) == "betas must be a list of numbers, not [0.9]"
