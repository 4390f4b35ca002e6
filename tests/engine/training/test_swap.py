"""Another network under a run: what matches goes on as it was, bit for bit."""

import copy

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import nn
from training_samples import prepared

from playground.engine import document as documents
from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network import edits
from playground.engine.network.sequence import layer, residual, sequence
from playground.engine.network.spec import NetworkSpec
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.run import TrainingRun
from playground.engine.training.spec import OptimizerSpec, TrainingSpec
from playground.engine.training.swap import Kept, swap_network

NETWORK = sequence(
    layer("Linear", in_features=2, out_features=8),
    layer("BatchNorm1d", num_features=8),
    layer("ReLU"),
    layer("Linear", in_features=8, out_features=2),
)


def run_of(optimizer: str = "Adam", network: NetworkSpec = NETWORK) -> TrainingRun:
    """A run that has taken five steps."""
    training = TrainingSpec(optimizer=OptimizerSpec(name=optimizer, args=Args(lr=0.05)), batch_size=20, device="cpu")
    document = Document(data=Points(samples=100, test=20), network=network, training=training)
    run = TrainingRun(document, prepared(document))
    for _ in range(5):
        run.step()
    return run


def losses(run: TrainingRun, count: int = 5) -> list[float]:
    for _ in range(count):
        run.step()
    run.read_back()
    return run.history.step_series("loss")[-count:].tolist()


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop", "LBFGS"])
def test_a_layer_without_weights_put_in_and_taken_out_again_changes_no_loss(optimizer: str) -> None:
    straight, swapped = run_of(optimizer), run_of(optimizer)
    longer = edits.insert(NETWORK, edits.Place("", "layers", 3), [layer("Identity")])
    kept = swap_network(swapped, longer)
    assert (kept.kept, kept.fresh) == (("linear1", "norm1", "linear2"), ())
    swap_network(swapped, NETWORK)
    if optimizer == "LBFGS":  # its memory of past steps is one vector over all parameters, and starts anew
        straight.optimizer.state.clear()
    assert losses(swapped) == losses(straight)


def test_a_changed_layer_starts_anew_and_the_others_keep_weights_statistics_and_the_optimisers_memory() -> None:
    run = run_of()
    first, norm = run.net[0], run.net[1]
    weight, mean = first.weight.detach().clone(), norm.running_mean.clone()
    momentum = run.optimizer.state[first.weight]["exp_avg"].clone()
    wider = edits.insert(NETWORK, edits.Place("", "layers", 4), [layer("Linear", in_features=2, out_features=2)])
    kept = swap_network(run, wider)
    assert kept.kept == ("linear1", "norm1", "linear2")
    assert kept.fresh == ("linear3",)
    assert torch.equal(run.net[0].weight, weight)
    assert torch.equal(run.net[1].running_mean, mean)
    assert torch.equal(run.optimizer.state[run.net[0].weight]["exp_avg"], momentum)
    assert run.net[4].weight not in run.optimizer.state
    assert len(losses(run)) == 5
    assert run.document.network == wider


def test_a_layer_of_another_size_is_a_new_one() -> None:
    run = run_of()
    network = edits.change_args(NETWORK, "linear1", out_features=16)
    network = edits.change_args(network, "norm1", num_features=16)
    network = edits.change_args(network, "linear2", in_features=16)
    kept = swap_network(run, network)
    assert kept.fresh == ("linear1", "norm1", "linear2")
    assert len(run.optimizer.state) == 0
    assert len(losses(run)) == 5


def test_other_initial_weights_are_drawn_and_learn_as_in_plain_torch() -> None:
    run = run_of()
    plain = copy.deepcopy(run.net)
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.05)
    optimizer.load_state_dict(copy.deepcopy(run.optimizer.state_dict()))
    torch.set_rng_state(run.context.states.cpu)
    drawn = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))[0]
    nn.init.kaiming_normal_(drawn.weight)
    nn.init.zeros_(drawn.bias)
    for old, new in zip(plain[0].parameters(), drawn.parameters(), strict=True):
        del optimizer.state[old]
        old.data = new.data

    kept = swap_network(run, edits.set_field(NETWORK, "linear1", "init", "kaiming_normal"))
    assert kept == Kept(kept=("norm1", "linear2"), fresh=("linear1",))
    assert torch.equal(run.net[0].weight, drawn.weight)
    assert not run.net[0].bias.any()

    expected = []
    for step in range(5, 10):
        batch = run.batches[step]
        optimizer.zero_grad()
        loss = F.cross_entropy(plain(batch.inputs), batch.targets)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    assert losses(run) == expected


def test_the_same_initial_weights_are_not_drawn_again() -> None:
    zeros = edits.set_field(NETWORK, "linear2", "init", "zeros")
    run = run_of(network=zeros)
    weight = run.net[3].weight
    kept = swap_network(run, edits.insert(zeros, edits.Place("", "layers", 3), [layer("Identity")]))
    assert kept.fresh == ()
    assert run.net[4].weight is weight


def test_layers_that_moved_into_a_block_keep_their_weights() -> None:
    run = run_of()
    weight = run.net[3].weight
    network = edits.wrap(NETWORK, ["relu1"], "residual")
    kept = swap_network(run, network)
    assert kept.fresh == ()
    assert run.net[3].weight is weight


def test_a_frozen_layer_learns_no_more_and_a_thawed_one_again() -> None:
    run = run_of()
    swap_network(run, edits.set_field(NETWORK, "linear1", "frozen", True))
    weight = run.net[0].weight.detach().clone()
    losses(run)
    assert torch.equal(run.net[0].weight, weight)
    swap_network(run, NETWORK)
    losses(run)
    assert not torch.equal(run.net[0].weight, weight)


def test_a_network_that_does_not_fit_is_refused_and_the_run_goes_on_as_it_was() -> None:
    straight, refused = run_of(), run_of()
    with pytest.raises(Problem) as raised:
        swap_network(refused, edits.change_args(NETWORK, "linear2", in_features=9))
    assert raised.value.code == "layer-misfit"
    assert refused.document.network == NETWORK
    assert losses(refused) == losses(straight)


def test_what_a_run_with_another_network_keeps_can_be_restored() -> None:
    run = run_of()
    block = sequence(residual(layer("Linear", in_features=8, out_features=8))).layers
    network = edits.insert(NETWORK, edits.Place("", "layers", 3), block)
    swap_network(run, network)
    losses(run)
    state = run.state()
    after = losses(run)
    other = TrainingRun(documents.replace(run.document, "network", network), prepared(run.document))
    other.restore(state)
    assert losses(other) == after


def test_weights_that_were_broken_before_the_edit_are_told_of_the_network_that_broke_them() -> None:
    run = run_of("SGD")
    loss = run.loss
    run.loss = lambda outputs, targets: 1e6 * loss(outputs, targets)
    run.set_learning_rate(1e38)
    assert torch.isfinite(run.train_batch())  # the loss is finite, the weights behind it are not
    with pytest.raises(Problem) as raised:
        swap_network(run, edits.insert(NETWORK, edits.Place("", "layers", 3), [layer("ReLU")]))
    assert raised.value.code == "loss-not-finite"
    assert run.document.network == NETWORK


def test_a_loss_that_breaks_right_after_the_edit_goes_back_to_the_edited_network() -> None:
    run = run_of("SGD")
    wider = edits.insert(NETWORK, edits.Place("", "layers", 4), [layer("Linear", in_features=2, out_features=2)])
    swap_network(run, wider)
    run.set_learning_rate(1e38)
    with pytest.raises(Problem) as raised:
        losses(run)
    assert raised.value.code == "loss-not-finite"
    assert run.document.network == wider
    assert all(torch.isfinite(parameter).all() for parameter in run.net.parameters())
