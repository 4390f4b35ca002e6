"""Exports end as whole files with a proof, as failed files that say what differs, or as nothing at all."""

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
import safetensors.torch
import torch
from processes import is_over, until_true

from playground.engine import presets
from playground.engine.document import Document, replace
from playground.engine.export import ledger
from playground.engine.export.events import Exported, Exporting, NotExported, Proof
from playground.engine.export.job import Workshop, export_job
from playground.engine.export.model_file import save_model
from playground.engine.export.source import ExportSource, untrained
from playground.engine.export.spec import FORMATS, ExportSpec
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer, sequence
from playground.engine.network.spec import Custom, Source
from playground.engine.problems import Problem, Stopped

SPIRAL = presets.preset("spiral-mlp")


@pytest.fixture(scope="module")
def workshop():
    """Children that serve all tests of this module; one that a test kills is started again."""
    with Workshop() as children:
        yield children


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def specs(*formats, **inside):
    return [ExportSpec(each, **inside) for each in formats]


def run(workshop, out, *formats, source=None, at=None, stop=None, **inside):
    """All events of an export; `at` is called with each before the next is asked for."""
    events = []
    for event in export_job(source or untrained(SPIRAL, "net"), specs(*formats, **inside), out, stop, workshop):
        events.append(event)
        if at is not None:
            at(event)
    return events


def proofs(events):
    return [event.proof for event in events if isinstance(event, Exported)]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_every_format_is_made_proved_noted_and_laid_beside_its_proof(workshop, out):
    events = run(workshop, out, *FORMATS)
    found = proofs(events)
    assert [proof.format for proof in found] == list(FORMATS)
    for proof in found:
        path = Path(proof.path)
        assert proof.passed
        assert path == out / f"net{FORMATS[proof.format].suffix}"
        assert [one.batch for one in proof.batches] == [1, 2, 600]
        assert proof.largest_difference <= proof.tolerance == 1e-5
        assert proof.accuracy_net == proof.accuracy_export
        assert proof.data == "Spirals, test set"
        assert "the net is not trained yet" in proof.notes
        assert proof.latency_1 > 0
        assert proof.latency_64 > 0
        assert ledger.knows(proof.sha256)
        assert msgspec.json.decode((out / f"{path.name}.proof.json").read_bytes(), type=Proof) == proof
        if path.is_file():
            assert proof.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
            assert proof.size == path.stat().st_size
    assert not [name for name in names(out) if name.endswith("-tmp")]
    fractions = [event.fraction for event in events if isinstance(event, Exporting)]
    assert fractions == sorted(fractions)
    assert [event.stage for event in events[:3]] == ["reading", "converting", "proving"]


def test_legacy_is_said(workshop, out):
    (proof,) = proofs(run(workshop, out / "net.torchscript", "torchscript"))
    assert any("legacy" in note for note in proof.notes)


def test_a_trained_net_leaves_with_its_own_weights_and_accuracy(workshop, out, tmp_path):
    torch.manual_seed(5)
    net = build(SPIRAL.network).eval()
    weights = tmp_path / "weights é.safetensors"
    save_model(weights, net, SPIRAL)
    source = ExportSource(SPIRAL, weights, "net", 100)
    first, second = (proofs(run(workshop, out / "net.pt", "state_dict", source=each))[0] for each in (source, None))
    assert first.notes == ()
    assert first.sha256 != second.sha256
    run(workshop, out / "net.pt", "state_dict", source=source)
    for name, tensor in torch.load(out / "net.pt", weights_only=True).items():
        assert torch.equal(tensor, net.state_dict()[name])


def test_normalisation_and_softmax_inside_are_compared_with_plain_torch(workshop, out):
    source = untrained(presets.preset("mnist-mlp"), "digits")
    (proof,) = proofs(run(workshop, out / "digits.onnx", "onnx", source=source, normalise=True, softmax=True))
    assert proof.passed
    assert proof.samples == 1_000
    assert proof.data == "MNIST, the first of 10,000 test samples"


def test_random_inputs_are_said_where_the_data_are_not_here(workshop, out):
    source = untrained(presets.preset("fashion-mlp"), "clothes")
    (proof,) = proofs(run(workshop, out / "clothes.safetensors", "safetensors", source=source))
    assert "compared on random inputs: FashionMNIST is not on this machine" in proof.notes
    assert proof.accuracy_net is proof.accuracy_export is None


def altered(folder, event):
    """Change the file that is about to be proved."""
    if isinstance(event, Exporting) and event.stage == "proving":
        (path,) = folder.glob(".*/model.pt")
        weights = torch.load(path, weights_only=True)
        list(weights.values())[-1][0] += 1.0  # a bias, which every sample meets
        torch.save(weights, path)


def test_a_failed_proof_says_what_differs_and_keeps_the_file_aside(workshop, out):
    (good,) = proofs(run(workshop, out / "net.pt", "state_dict"))
    (proof,) = proofs(run(workshop, out / "net.pt", "state_dict", at=lambda event: altered(out, event)))
    assert not proof.passed
    assert proof.path == str(out / "net.pt.failed")
    assert "At batch 1 the outputs differ by up to" in proof.detail
    assert "sample 0" in proof.detail
    assert proof.largest_difference == pytest.approx(1.0, abs=1e-5)
    assert not ledger.knows(proof.sha256)
    kept = msgspec.json.decode((out / "net.pt.failed.proof.json").read_bytes(), type=Proof)
    assert kept == proof
    assert hashlib.sha256((out / "net.pt").read_bytes()).hexdigest() == good.sha256


def test_one_that_cannot_be_made_lets_the_others_go_on(workshop, out):
    events = run(workshop, out, "safetensors", "onnx", softmax=True)
    (refused,) = [event for event in events if isinstance(event, NotExported)]
    assert refused.format == "safetensors"
    assert refused.problem.code.startswith("export-")
    assert [proof.format for proof in proofs(events)] == ["onnx"]


def test_the_only_one_that_cannot_be_made_is_a_problem(workshop, out):
    with pytest.raises(Problem) as caught:
        run(workshop, out / "net.pt", "state_dict", softmax=True)
    assert caught.value.code.startswith("export-")
    assert names(out) == []


def test_one_converter_and_one_prover_serve_many_exports(workshop, out):
    run(workshop, out / "a.pt", "state_dict")
    children = workshop.converter.pid, workshop.prover.pid
    run(workshop, out / "a.pt", "state_dict")
    run(workshop, out / "c", "safetensors", "state_dict")
    assert (workshop.converter.pid, workshop.prover.pid) == children
    assert names(out) == ["a.pt", "a.pt.json", "a.pt.proof.json", "c"]


def test_a_folder_with_other_things_is_never_replaced(workshop, out):
    (out / "photos").mkdir()
    (out / "photos" / "one.png").touch()
    for format_ in ("folder", "state_dict"):
        with pytest.raises(Problem, match="a folder with other things has that name"):
            run(workshop, out / "photos", format_)
    assert names(out / "photos") == ["one.png"]


@pytest.mark.parametrize("stage", ["converting", "proving"])
def test_stop_is_honoured_in_the_middle_and_leaves_nothing(workshop, out, stage):
    stop = threading.Event()
    child = workshop.prover if stage == "proving" else workshop.converter
    workshop.warm()

    def at(event):
        if isinstance(event, Exporting) and event.stage == stage:
            os.kill(child.pid, signal.SIGSTOP)  # it will never answer
            threading.Thread(target=set_when_asked, args=(child, stop)).start()

    with pytest.raises(Stopped):
        run(workshop, out / "net.onnx", "onnx", at=at, stop=stop)
    assert child.pid is None
    assert names(out) == []


def set_when_asked(child, stop):
    until_true(child._turn.locked)
    stop.set()


def test_a_child_that_dies_is_one_problem_and_leaves_nothing(workshop, out):
    child = workshop.converter
    workshop.warm()

    def at(event):
        if isinstance(event, Exporting) and event.stage == "converting":
            os.kill(child.pid, signal.SIGSTOP)
            threading.Thread(target=kill_when_asked, args=(child,)).start()

    with pytest.raises(Problem) as caught:
        run(workshop, out / "net.pt", "state_dict", at=at)
    assert caught.value.code == "export-child"
    assert "memory" in caught.value.sentence
    assert names(out) == []
    run(workshop, out / "net.pt", "state_dict")


def kill_when_asked(child):
    until_true(child._turn.locked)
    os.kill(child.pid, signal.SIGKILL)


def test_a_job_that_nobody_follows_to_its_end_leaves_nothing(workshop, out):
    job = export_job(untrained(SPIRAL, "net"), specs("state_dict"), out / "net.pt", None, workshop)
    while getattr(next(job), "stage", "") != "proving":
        pass
    job.close()
    assert names(out) == []


def test_a_folder_made_for_exports_that_are_not_made_goes_again(workshop, out):
    (out / "there").mkdir()
    for name in ("new", "there"):
        job = export_job(untrained(SPIRAL, "net"), specs("state_dict", "safetensors"), out / name, None, workshop)
        next(job)
        assert (out / name).is_dir()
        job.close()
    assert names(out) == ["there"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_the_end_leaves_what_was_there(workshop, out, monkeypatch, number):
    run(workshop, out / "net.pt", "state_dict")
    before = {name: (out / name).read_bytes() for name in names(out)}

    def fails(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Problem) as caught:
        run(workshop, out / "net.pt", "state_dict", source=untrained(replace(SPIRAL, "training.seed", 7), "net"))
    monkeypatch.undo()
    assert caught.value.code == "file-unwritable"
    assert str(out / "net.pt") in caught.value.sentence
    assert {name: (out / name).read_bytes() for name in names(out)} == before


def test_a_folder_that_takes_no_files_is_refused_before_any_work(workshop, tmp_path, monkeypatch):
    def refuse(_folder, *_args, **_options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    job = export_job(untrained(SPIRAL, "net"), specs("onnx"), tmp_path / "net.onnx", None, workshop)
    with pytest.raises(Problem, match="read-only"):
        next(job)


def test_a_folder_that_is_not_there_and_one_that_is_a_file_are_refused(workshop, out):
    (out / "file").touch()
    for place in (out / "none" / "net.pt", out / "file" / "net.pt"):
        with pytest.raises(Problem, match="folder does not exist"):
            run(workshop, place, "state_dict")
    assert names(out) == ["file"]


def test_a_missing_weight_file_is_one_problem(workshop, out):
    source = ExportSource(SPIRAL, out / "gone.safetensors", "net", 10)
    with pytest.raises(Problem) as caught:
        run(workshop, out, "state_dict", "onnx", source=source)
    assert caught.value.code == "file-missing"
    assert names(out) == []


def test_an_own_layer_that_is_not_trusted_is_one_problem(workshop, out):
    own = Source(name="Own", text="class Own(nn.Module):\n    def forward(self, x):\n        return x\n")
    network = sequence(Custom(id="own", name="Own"), layer("Linear", in_features=2, out_features=2))
    document = Document(data=SPIRAL.data, network=msgspec.structs.replace(network, sources=(own,)))
    with pytest.raises(Problem) as caught:
        run(workshop, out / "net.pt", "state_dict", source=untrained(document, "net"))
    assert caught.value.code == "custom-untrusted"
    assert names(out) == []


@pytest.mark.parametrize("name", ["net ü 数 'quoted'", "n" * 250, "ü" * 125])
def test_unusual_names_work_and_so_do_those_of_their_proofs(workshop, out, name):
    folder = out / "a b 'c' \"d\" ü"
    folder.mkdir()
    for at in (None, lambda event: altered(folder, event)):
        (proof,) = proofs(run(workshop, folder / name, "state_dict", at=at))
        assert Path(proof.path).is_file()
    assert (folder / name).is_file()
    assert len(names(folder)) == 6


def test_a_history_that_cannot_be_written_is_a_note_on_a_whole_export(workshop, out, monkeypatch):
    def refuse(_proof, _name):
        raise Problem("file-unwritable", path="history.sqlite", detail="the disk is full")

    monkeypatch.setattr(ledger, "note", refuse)
    (proof,) = proofs(run(workshop, out / "net.pt", "state_dict"))
    assert proof.passed
    assert any("the disk is full" in note for note in proof.notes)


def test_a_file_holds_what_torch_writes(workshop, out):
    run(workshop, out, "safetensors", "state_dict")
    torch.manual_seed(SPIRAL.training.seed)
    plain = build(SPIRAL.network).state_dict()
    for found in (torch.load(out / "net.pt", weights_only=True), safetensors.torch.load_file(out / "net.safetensors")):
        assert found.keys() == plain.keys()
        assert all(torch.equal(found[name], plain[name]) for name in plain)


def test_nothing_stays_when_we_are_killed_in_the_middle(out):
    program = (
        "import os, sys; from pathlib import Path\n"
        "from playground.engine.export.job import Workshop, export_job\n"
        "from playground.engine.export.source import open_source\n"
        "from playground.engine.export.spec import ExportSpec\n"
        "with Workshop() as workshop:\n"
        f"    for event in export_job(open_source('lenet5'), [ExportSpec('onnx')], Path({str(out / 'net.onnx')!r}),\n"
        "                            None, workshop):\n"
        "        print(getattr(event, 'stage', ''), workshop.converter.pid, workshop.prover.pid, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        for line in parent.stdout:
            if line.startswith("converting"):
                break
        children = [int(number) for number in line.split()[1:]]
        assert len(names(out)) == 1
        parent.kill()
    until_true(lambda: names(out) == [] and all(is_over(child) for child in children))


def test_the_proof_is_readable_by_anyone(workshop, out):
    run(workshop, out / "net.pt", "state_dict")
    told = json.loads((out / "net.pt.proof.json").read_text(encoding="utf-8"))
    assert told["passed"] is True
    assert told["batches"][0] == {"batch": 1, "largest_difference": 0.0}
    assert told["versions"]["torch"] == torch.__version__
