"""300 random networks: shapes, counts, operations and generated text agree with plain PyTorch for all of them."""

import torch
from hypothesis import HealthCheck, given, settings
from random_stacks import stacks
from torch.utils.flop_counter import FlopCounterMode

from playground.engine.document import Document, decode, encode
from playground.engine.network.analysis import analyse
from playground.engine.network.builder import build, names
from playground.engine.scripts.net import network_script

FORMS = ("sequential", "class")
RANDOM = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@given(stacks())
@RANDOM
def test_shapes_counts_and_text_are_those_of_plain_pytorch(stack):
    spec, shape = stack
    analysis = analyse(spec, shape)
    assert analysis.problem is None, analysis.problem
    torch.manual_seed(11)
    net = build(spec).eval()
    outputs_agree(analysis, net, torch.randn(2, *shape))
    assert analysis.parameters == sum(p.numel() for p in net.parameters())
    tensors = [name for name, _ in net.named_parameters()]
    assert all(
        any(name.startswith(f"{prefix}.") for prefixes in names(spec).values() for prefix in prefixes)
        for name in tensors
    )
    for form in FORMS:
        assert built_alike(network_script(spec, 11, form), net, torch.randn(2, *shape))
    assert decode(encode(Document(network=spec))).network == spec


def outputs_agree(analysis, net, x):
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        for facts, module in zip(analysis.layers, net, strict=True):
            x = module(x)
            assert facts.output == tuple(x.shape[1:])
    assert 2 * analysis.flops == counter.get_total_flops()


def built_alike(text, net, x):
    ran = {}
    exec(compile(text, "program.py", "exec"), ran)
    theirs = ran["net"].eval()
    mine, other = list(net.state_dict().values()), list(theirs.state_dict().values())
    with torch.no_grad():
        return len(mine) == len(other) and all(map(torch.equal, mine, other)) and torch.equal(net(x), theirs(x))
