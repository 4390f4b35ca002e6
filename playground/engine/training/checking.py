"""Whether a run of a document could begin and take its steps, asked without its data and without memory for its net."""

import math
from typing import Literal

import torch
from torch import nn

from playground.engine.data.facts import Facts, describe
from playground.engine.document import Document
from playground.engine.network.analysis import check_network
from playground.engine.network.builder import build
from playground.engine.network.sizes import TORCH_ERRORS
from playground.engine.network.spec import Layer, NetworkSpec, working
from playground.engine.problems import Problem
from playground.engine.training.losses import loss_function
from playground.engine.training.optimizers import build_optimizer, build_scheduler


def check_document(document: Document) -> None:
    """Refuse what a run of this document would refuse before its first step, the device apart.

    Raises
    ------
    Problem
        Where layers, loss, optimiser and schedule do not fit together, or do not fit the data.
    """
    facts, training = describe(document.data), document.training
    net = build(document.network, "meta")
    check_network(document.network, facts)
    loss_function(training.loss, facts)
    check_steps(document.network, facts, training.batch_size)
    optimizer = build_optimizer(training.optimizer, net)
    steps = math.ceil(facts.train / training.batch_size)
    build_scheduler(training.schedule, optimizer, training.epochs, steps, validates=facts.validation > 0)


def check_steps(network: NetworkSpec, facts: Facts, batch_size: int) -> None:
    """Refuse a fitting network that fails on some batch or split: tried without memory, where there is reason to.

    Raises
    ------
    Problem
        `batch-lone`, `split-lone`, or `network-inplace` where a layer overwrites what an earlier one needs.
    """
    is_alone = facts.train % batch_size == 1 or batch_size == 1
    if is_alone and _failure(network, facts, 1) and not _failure(network, facts, 2):
        raise Problem("batch-lone", samples=facts.train, batch=batch_size)
    if 1 in (facts.validation, facts.test) and _failure(network, facts, 1, "eval") and not _failure(network, facts, 2):
        raise Problem("split-lone")
    nodes = (node for node, _, _ in working(network.layers))
    overwrites = any(isinstance(node, Layer) and node.args.get("inplace") for node in nodes)
    if overwrites and "inplace operation" in _failure(network, facts, 2):
        raise Problem("network-inplace")


def _failure(network: NetworkSpec, facts: Facts, rows: int, mode: Literal["train", "eval"] = "train") -> str:
    """What torch says against a step of the network on a batch of so many rows, tried in shape alone."""
    net = build(network, "meta").train(mode == "train")
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.momentum = 0.0  # None would be worked out of a count, which has no value here
    try:
        output = net(torch.zeros(rows, *facts.shape, device="meta")).sum()
        if output.requires_grad:
            torch.autograd.backward(output)
    except TORCH_ERRORS as error:
        return str(error) or type(error).__name__
    return ""
