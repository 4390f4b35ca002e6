"""Whether a run of a document could begin, asked without its data and without memory for its net."""

import math

from playground.engine.data.facts import describe
from playground.engine.document import Document
from playground.engine.network.analysis import check_network
from playground.engine.network.builder import build
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
    optimizer = build_optimizer(training.optimizer, net)
    steps = math.ceil(facts.train / training.batch_size)
    build_scheduler(training.schedule, optimizer, training.epochs, steps, validates=facts.validation > 0)
