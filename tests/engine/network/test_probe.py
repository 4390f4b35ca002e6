"""Looking into a layer: every number against torch written plainly."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from playground.engine.data.spec import Points
from playground.engine.inbox import Inbox
from playground.engine.network.builder import build
from playground.engine.network.convolution import explain
from playground.engine.network.private_draws import PrivateDraws
from playground.engine.network.probe import FreshNet, probe, probing_job
from playground.engine.network.probe_activations import Passage, activations
from playground.engine.network.probe_events import Filters, ProbeRequest, Sample
from playground.engine.network.probe_samples import batch
from playground.engine.network.probe_weights import filters, heat_map, histogram
from playground.engine.presets import preset
from playground.engine.training.control import RunEnded

LENET = preset("lenet5")


def request(view, layer="", **changes):
    """A look into the first convolution of LeNet-5, as a seed draws it."""
    network = LENET.network
    given = {"layer": layer or network.layers[0].id, "network": network, "data": LENET.data, "seed": 3}
    return ProbeRequest(view=view, **given | changes)


def fresh_lenet(seed=3):
    torch.manual_seed(seed)
    return build(LENET.network)


def layer_id(kind):
    return next(layer.id for layer in LENET.network.layers if layer.kind == kind)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: F.dropout(torch.ones(50)),
        lambda: F.dropout2d(torch.ones(1, 9, 2, 2)),
        lambda: F.alpha_dropout(torch.ones(50), training=True),
        lambda: F.rrelu(-torch.ones(50), training=True),
        lambda: F.fractional_max_pool2d(torch.arange(64.0).view(1, 1, 8, 8), 2, output_size=3),
        lambda: nn.init.kaiming_uniform_(torch.empty(4, 3, 3, 3)),
        lambda: nn.init.orthogonal_(torch.empty(5, 5)),
        lambda: nn.init.trunc_normal_(torch.empty(20)),
        lambda: F.gumbel_softmax(torch.ones(9)),
    ],
)
def test_private_draws_are_those_of_the_seed_and_leave_the_generator_alone(draw):
    torch.manual_seed(11)
    expected = draw()
    torch.manual_seed(5)
    state = torch.get_rng_state()
    with PrivateDraws(11):
        found = draw()
    assert torch.equal(found, expected)
    assert torch.equal(torch.get_rng_state(), state)


def test_a_fresh_net_is_the_one_a_run_of_the_seed_starts_with():
    found = probe(request("filters"), FreshNet()).found
    weight = fresh_lenet()[0].weight.detach()
    np.testing.assert_array_equal(found.images, weight[:, 0].numpy())
    assert (found.total, found.channels, found.limit) == (6, 1, float(weight.abs().max()))


def test_filters_over_three_channels_are_colour_pictures_and_others_show_one_channel():
    colour, deep = nn.Conv2d(3, 8, 5), nn.Conv2d(7, 8, (3, 2))
    np.testing.assert_array_equal(filters(colour, 0, ()).images, colour.weight.detach().permute(0, 2, 3, 1).numpy())
    np.testing.assert_array_equal(filters(deep, 4, ()).images, deep.weight.detach()[:, 4].numpy())
    assert filters(deep, 99, ()).channel == 6


def test_neurons_that_see_the_whole_picture_are_shown_as_pictures():
    layer = nn.Linear(12, 5)
    found = filters(layer, 0, (1, 3, 4))
    assert found.inputs
    np.testing.assert_array_equal(found.images, layer.weight.detach().view(5, 3, 4).numpy())
    assert filters(layer, 0, ()) is None
    assert filters(nn.ReLU(), 0, (1, 3, 4)) is None


def test_filters_of_a_transposed_convolution_stand_by_output():
    layer = nn.ConvTranspose2d(2, 5, 3)
    np.testing.assert_array_equal(filters(layer, 1, ()).images, layer.weight.detach()[1].numpy())


def test_a_histogram_counts_as_torch_does():
    values = torch.randn(1000)
    found = histogram(values)
    counts, edges = torch.histogram(values.double(), 60)
    np.testing.assert_array_equal(found.counts, counts.long().numpy())
    np.testing.assert_allclose(found.edges, edges.numpy(), rtol=1e-12)  # both step from the smallest to the largest
    assert found.mean == pytest.approx(float(values.double().mean()), rel=1e-12)
    assert (found.low, found.high) == (float(values.min()), float(values.max()))


def test_a_histogram_counts_what_is_not_finite_apart():
    found = histogram(torch.tensor([1.0, float("nan"), float("inf"), 0.0]))
    assert (found.total, found.not_finite, found.zeros, found.counts.sum()) == (4, 2, 1, 2)
    assert histogram(torch.tensor([float("nan")])).counts.sum() == 0


def test_a_large_heat_map_keeps_the_extreme_of_every_block():
    values = torch.randn(300, 200)
    found = heat_map(values)
    assert (found.shape, found.block, found.values.shape) == ((300, 200), (3, 2), (100, 100))
    block = values[3:6, 8:10].flatten()
    assert found.values[1, 4] == float(block[block.abs().argmax()])
    assert np.abs(found.values).max() == float(values.abs().max())


def test_a_small_heat_map_is_the_matrix_itself():
    values = torch.randn(4, 3, 2)
    np.testing.assert_array_equal(heat_map(values).values, values.flatten(1).numpy())
    assert heat_map(torch.randn(5)).shape == (1, 5)


def test_gradients_are_those_of_the_last_backward():
    net = fresh_lenet()
    net(batch(LENET.data, Sample(), 4)).square().mean().backward()
    found = probe(request("weights", peek=lambda look: look(net, 7), parameter="bias"), FreshNet())
    assert (found.step, found.found.names, found.found.name) == (7, ("weight", "bias"), "bias")
    np.testing.assert_array_equal(found.found.gradient.heat_map.values[0], net[0].bias.grad.numpy())
    assert probe(request("weights"), FreshNet()).found.gradient is None


def test_activations_are_what_the_layer_gives_the_sample():
    sample = Sample("test", 12)
    found = probe(request("activations", sample=sample), FreshNet()).found
    with torch.no_grad():
        expected = fresh_lenet()[0](batch(LENET.data, sample, 1))
    np.testing.assert_array_equal(found.images, expected[0].numpy())
    assert found.shape == tuple(expected.shape[1:])


def test_a_vector_is_one_row():
    found = probe(request("activations", LENET.network.layers[-1].id), FreshNet()).found
    assert found.images.shape == (1, 1, 10)


def test_a_drawing_is_framed_and_normalised_as_the_data_are():
    ink = np.zeros((28, 28), np.float32)
    ink[4:24, 12:16] = 1
    inputs = batch(LENET.data, Sample(ink=ink), 3)
    assert inputs.shape == (3, 1, 28, 28)
    assert float(inputs[0].min()) == pytest.approx(float(inputs[1].min()))  # the background of the set itself
    assert float(inputs[0].max()) == pytest.approx(float(inputs[2].max()), abs=0.02)


def test_a_drawing_is_refused_where_the_data_are_no_digits():
    data = Points(name="moons")
    found = probe(request("activations", data=data, sample=Sample(ink=np.ones((9, 9), np.float32))), FreshNet())
    assert found.problem.code == "model-not-digits"


def test_saturation_and_silence_are_shares_of_the_values():
    net = nn.Sequential(nn.Sigmoid(), nn.Tanh(), nn.ReLU())
    inputs = torch.linspace(-6, 6, 24).view(2, 12)
    sigmoid = torch.sigmoid(inputs[0])
    share = ((sigmoid < 0.05) | (sigmoid > 0.95)).double().mean().item()
    assert activations(Passage(net, "0", inputs)).saturated == share > 0
    tanh = torch.tanh(sigmoid)
    assert activations(Passage(net, "1", inputs)).saturated == (tanh > 0.9).double().mean().item()
    relu = activations(Passage(nn.Sequential(nn.ReLU()), "0", inputs))
    assert (relu.silent, relu.dead, relu.saturated) == (1.0, 0.0, None)


def test_a_dropout_layer_shows_the_mask_that_the_seed_draws():
    net = nn.Sequential(nn.Dropout(0.3), nn.ReLU())
    inputs = torch.randn(2, 40)
    inputs[0, 5] = 0  # passes or not, and is 0 both times
    found = activations(Passage(net, "0", inputs, training=True, seed=4))
    torch.manual_seed(4)
    np.testing.assert_array_equal(found.images[0, 0], F.dropout(inputs, 0.3)[0].numpy())
    torch.manual_seed(4)
    np.testing.assert_array_equal(found.kept[0, 0], (F.dropout(torch.ones(2, 40), 0.3)[0] != 0).numpy())
    assert activations(Passage(net, "0", inputs)).kept is None


def test_batch_norm_shows_what_it_keeps_and_what_the_batch_has():
    net = nn.Sequential(nn.BatchNorm2d(3))
    net[0].running_mean.fill_(0.5)
    inputs = torch.randn(4, 3, 5, 5)
    training = activations(Passage(net, "0", inputs, training=True))
    statistics = training.statistics
    np.testing.assert_allclose(statistics.batch_mean, inputs.mean((0, 2, 3)).numpy(), rtol=1e-5)
    np.testing.assert_allclose(statistics.batch_variance, inputs.var((0, 2, 3), correction=0).numpy(), rtol=1e-5)
    np.testing.assert_array_equal(statistics.running_mean, np.full(3, 0.5, np.float32))
    assert statistics.uses_batch
    assert torch.equal(net[0].running_mean, torch.full((3,), 0.5))  # looking does not teach
    expected = nn.functional.batch_norm(inputs, None, None, training=True)[0]
    np.testing.assert_array_equal(training.images, expected.numpy())
    assert not activations(Passage(net, "0", inputs)).statistics.uses_batch


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 6, 3),
        nn.Conv2d(4, 6, 5, stride=2, padding=2, bias=False),
        nn.Conv2d(4, 6, (3, 2), padding="same", dilation=2),
        nn.Conv2d(4, 6, 3, groups=2, padding=(0, 1)),
        nn.Conv2d(4, 4, 3, groups=4, padding="valid"),
        nn.Conv2d(4, 6, 3, padding=2, padding_mode="reflect"),
        nn.Conv2d(4, 6, 3, padding=2, padding_mode="circular"),
    ],
)
def test_a_value_of_a_convolution_is_the_sum_of_its_products_and_the_bias(layer):
    inputs = torch.randn(4, 9, 8)
    outputs = layer(inputs[None])[0].detach()
    last = tuple(size - 1 for size in outputs.shape)
    for place in ((0, 0, 0), last, (2, 1, 3)):
        cell = explain(layer, inputs, outputs, place)
        assert cell.place == place
        assert cell.output == float(outputs[place])
        # float64 against float32 sums of at most 100 products of size about 1
        assert cell.total == pytest.approx(cell.output, abs=2e-5)
        by_hand = (cell.window.astype(float) * cell.filter).sum() + (cell.bias or 0)
        assert by_hand == pytest.approx(cell.total, abs=1e-12)
    np.testing.assert_array_equal(cell.outputs, outputs[2].numpy())


def test_the_window_of_a_value_stands_in_the_input_where_it_says():
    layer, inputs = nn.Conv2d(2, 3, 3, stride=2, padding=1), torch.randn(2, 7, 7)
    cell = explain(layer, inputs, layer(inputs[None])[0].detach(), (1, 0, 2))
    assert (cell.rows, cell.columns) == ((-1, 0, 1), (3, 4, 5))
    assert not cell.window[:, 0].any()  # padding
    np.testing.assert_array_equal(cell.window[:, 1:], inputs[:, :2, 3:6].numpy())


def test_a_place_outside_the_output_becomes_the_nearest_inside():
    found = probe(request("cell", cell=(99, 99, -1)), FreshNet()).found
    channels, rows, _ = found.shape
    assert found.place == (channels - 1, rows - 1, 0)


def test_without_a_place_it_is_the_middle_of_the_first_channel():
    found = probe(request("cell"), FreshNet()).found
    _, rows, columns = found.shape
    assert found.place == (0, rows // 2, columns // 2)


def test_only_convolutions_have_cells():
    assert probe(request("cell", layer_id("Linear")), FreshNet()).found is None


def test_the_first_view_with_something_to_show_is_taken():
    others = ("weights", "activations")
    kinds = {"Conv2d": "filters", "ReLU": "activations"}
    for kind, view in kinds.items():
        found = probe(replace(request("filters", layer_id(kind)), otherwise=others), FreshNet())
        assert (found.view, found.problem) == (view, None)
        assert found.found is not None
    nothing = probe(replace(request("filters", layer_id("ReLU")), otherwise=("weights",)), FreshNet())
    assert nothing.found is None


def test_layers_without_weights_have_none_to_show():
    assert probe(request("weights", layer_id("Flatten")), FreshNet()).found is None


def test_a_sample_that_does_not_fit_is_a_sentence():
    found = probe(request("activations", data=Points(name="moons")), FreshNet())
    assert found.found is None
    assert "does not get through it" in found.problem.sentence


def test_an_unknown_layer_is_a_sentence():
    assert "no such layer" in probe(request("filters", "gone"), FreshNet()).problem.sentence


def test_looking_leaves_the_net_of_a_run_as_it_is():
    net = fresh_lenet().train()
    before, mode = copy.deepcopy(net.state_dict()), net.training
    for view in ("filters", "weights", "activations", "cell"):
        probe(request(view, peek=lambda look: look(net, 1), training=True), FreshNet())
    assert all(torch.equal(value, before[key]) for key, value in net.state_dict().items())
    assert net.training is mode


def test_the_job_answers_the_newest_request_and_skips_runs_that_are_over():
    inbox, answers = Inbox(), []

    def over(_look):
        raise RunEnded

    inbox.put("over", request("filters", peek=over))
    inbox.put("probe", request("filters", version=1))
    inbox.put("probe", request("filters", version=2))
    inbox.put("last", request("filters", version=3))
    for answer in probing_job(inbox):
        answers.append(answer)
        if answer.request.version == 3:
            inbox.close()
    assert [answer.request.version for answer in answers] == [2, 3]
    assert all(isinstance(answer.found, Filters) for answer in answers)
