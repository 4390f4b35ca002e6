"""Random nets as ONNX: onnxruntime gives torch's numbers at three batch sizes."""

import tempfile
from pathlib import Path

import torch
from hypothesis import HealthCheck, Phase, given, settings

from tests.engine.export.reopening import largest_difference, net_of, of_network, reopened, written
from tests.engine.network.random_stacks import stacks

# An export takes a second; a hundred nets are tried by hand where the exporter or torch has changed.
NETS = 4


@given(stacks())
@settings(max_examples=NETS, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_a_random_net_as_onnx_agrees_with_torch(stack):
    network, shape = stack
    document = of_network(network, shape)
    net = net_of(document)
    with tempfile.TemporaryDirectory() as folder:
        run = reopened("onnx", written(document, net, Path(folder), "onnx"), document)
    assert largest_difference(run, net, shape, batches=(1, 3, 64)) <= 1e-5
    assert torch.is_grad_enabled()
