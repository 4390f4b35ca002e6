"""Weights for an open network: what fits whole is kept at once, what fits in part when somebody says so."""

import os

import pytest
import torch
from torch import nn

from playground.engine.data.spec import Points
from playground.engine.document import Document, replace
from playground.engine.export.model_file import load_model, save_model
from playground.engine.export.reading.importing import KEPT, Imported, Offer, compare_job, open_job, use_job
from playground.engine.folders import data_folder
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.problems import Problem

DOCUMENT = Document(
    data=Points(samples=40, test=20),
    network=sequence(layer("Linear", in_features=2, out_features=3), layer("Linear", in_features=3, out_features=2)),
)
OTHER = replace(DOCUMENT, "network", sequence(layer("Linear", in_features=2, out_features=3)))


def result_of(job):
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def test_weights_that_fit_become_a_model_file_of_the_document(tmp_path):
    net = build(DOCUMENT.network)
    torch.save(net.state_dict(), tmp_path / "a net.pt")
    found = result_of(compare_job(tmp_path / "a net.pt", DOCUMENT))
    assert isinstance(found, Imported)
    assert found.model.parent == data_folder() / "imports"
    assert found.model.name.startswith("a-net-")
    document, loaded = load_model(found.model)
    assert document == DOCUMENT
    assert all(torch.equal(tensor, net.state_dict()[name]) for name, tensor in loaded.state_dict().items())


def test_what_is_lacking_is_what_plain_torch_draws_with_the_seed(tmp_path):
    torch.save({"0.weight": torch.ones(3, 2)}, tmp_path / "half.pt")
    offer = result_of(compare_job(tmp_path / "half.pt", DOCUMENT))
    assert isinstance(offer, Offer)
    assert not (data_folder() / "imports").exists()
    found = load_model(result_of(use_job(offer)).model)[1].state_dict()
    torch.manual_seed(DOCUMENT.training.seed)
    plain = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2)).state_dict()
    for name in plain:
        assert torch.equal(found[name], torch.ones(3, 2) if name == "0.weight" else plain[name])


def test_comparing_and_filling_draw_nothing_from_torch_s_generator(tmp_path):
    torch.save({"0.weight": torch.ones(3, 2)}, tmp_path / "half.pt")
    offer = result_of(compare_job(tmp_path / "half.pt", DOCUMENT))
    generator = torch.get_rng_state()
    result_of(compare_job(tmp_path / "half.pt", DOCUMENT))
    result_of(use_job(offer))
    assert torch.equal(torch.get_rng_state(), generator)


def test_a_file_of_ours_is_opened_with_the_network_that_it_names(tmp_path):
    net = build(OTHER.network)
    save_model(tmp_path / "other.safetensors", net, OTHER)
    offer = result_of(compare_job(tmp_path / "other.safetensors", DOCUMENT))
    assert isinstance(offer, Offer)
    found = result_of(open_job(offer))
    assert found.document == OTHER
    assert torch.equal(load_model(found.model)[1][0].weight, net[0].weight)


def test_weights_of_which_nothing_fits_are_refused(tmp_path):
    torch.save({"conv.weight": torch.zeros(4, 4)}, tmp_path / "foreign.pt")
    with pytest.raises(Problem) as caught:
        result_of(compare_job(tmp_path / "foreign.pt", DOCUMENT))
    assert caught.value.code == "weights-foreign"
    assert "no tensor of the file (1) fits one of the network (4)" in caught.value.sentence


def test_a_layer_of_untrusted_code_is_not_built_to_be_filled(tmp_path):
    text = f"open({str(tmp_path / 'planted')!r}, 'w').close()\nclass Own(nn.Module):\n    pass\n"
    network = NetworkSpec(layers=(Custom(id="1", name="Own"),), sources=(Source(name="Own", text=text),))
    torch.save({"0.weight": torch.zeros(2)}, tmp_path / "weights.pt")
    with pytest.raises(Problem) as caught:
        result_of(compare_job(tmp_path / "weights.pt", replace(DOCUMENT, "network", network)))
    assert caught.value.code == "custom-untrusted"
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize(
    ("dtype", "how"),
    [(torch.float16, "exactly"), (torch.bfloat16, "exactly"), (torch.float64, "with rounding")],
)
def test_numbers_of_another_type_are_converted_and_that_is_said(dtype, how, tmp_path):
    state = build(DOCUMENT.network).to(dtype).state_dict()
    torch.save(state, tmp_path / "other.pt")
    found = result_of(compare_job(tmp_path / "other.pt", DOCUMENT))
    name = str(dtype).removeprefix("torch.")
    assert f"4 tensors are {name} in the file and converted {how} to float32, as the network has it." in found.told
    loaded = load_model(found.model)[1].state_dict()
    assert all(torch.equal(tensor, state[each].float()) for each, tensor in loaded.items())


def test_what_needs_no_conversion_is_not_spoken_of(tmp_path):
    torch.save(build(DOCUMENT.network).state_dict(), tmp_path / "same.pt")
    assert result_of(compare_job(tmp_path / "same.pt", DOCUMENT)).told == "All 4 tensors fit."


def test_imports_of_long_ago_go_but_the_newest_twenty_stay(tmp_path):
    folder = data_folder() / "imports"
    folder.mkdir(parents=True)
    for number in range(KEPT + 5):
        (folder / f"{number}.safetensors").touch()
        os.utime(folder / f"{number}.safetensors", (1_000_000 + number, 1_000_000 + number))
    (folder / "of-mine.txt").touch()
    torch.save(build(DOCUMENT.network).state_dict(), tmp_path / "new.pt")
    found = result_of(compare_job(tmp_path / "new.pt", DOCUMENT))
    kept = {path.name for path in folder.iterdir()}
    assert kept == {found.model.name, "of-mine.txt", *(f"{number}.safetensors" for number in range(6, KEPT + 5))}


def test_what_was_imported_today_stays_however_much_it_is(tmp_path):
    folder = data_folder() / "imports"
    folder.mkdir(parents=True)
    for number in range(KEPT + 5):
        (folder / f"{number}.safetensors").touch()
    torch.save(build(DOCUMENT.network).state_dict(), tmp_path / "new.pt")
    result_of(compare_job(tmp_path / "new.pt", DOCUMENT))
    assert len(list(folder.iterdir())) == KEPT + 6
