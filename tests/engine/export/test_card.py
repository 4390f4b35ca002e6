"""A model card holds the run's own numbers, needs nothing but itself, and nothing in it can be markup of a user."""

import re
import threading
from dataclasses import replace

import msgspec
import numpy as np
import pytest
import torch
from card_samples import BLOBS, LINE, NUMBERS, WRITTEN, Reader, experiment, source_of, text_of, trained
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine import presets
from playground.engine.data.sets import load_present
from playground.engine.data.spec import Images
from playground.engine.export.card.card import Carding, card_job
from playground.engine.export.card.source import CardSource, of_run, opened, proofs_in, read_proof
from playground.engine.export.events import BatchProof, Proof
from playground.engine.export.source import open_source, untrained
from playground.engine.problems import Problem, Stopped
from playground.engine.training import checkpoint
from playground.engine.training.events import EpochDone, Score, Steps
from playground.engine.training.history import History

DOCUMENT = experiment()
PROOF = Proof(
    format="onnx",
    path="/home/somebody/blobs.onnx",
    sha256="ab" * 32,
    size=1234,
    passed=True,
    detail="",
    notes=("one core",),
    data="Blobs, test",
    samples=50,
    batches=(BatchProof(batch=1, largest_difference=1e-7), BatchProof(batch=50, largest_difference=3e-7)),
    tolerance=1e-5,
    accuracy_net=0.5,
    accuracy_export=0.5,
    latency_1=0.2,
    latency_64=1.5,
    runtime="onnxruntime 1.2",
    versions={},
)


@pytest.fixture(scope="module")
def source():
    return source_of(DOCUMENT)


@pytest.fixture(scope="module")
def page(source):
    return Reader(text_of(replace(source, proofs=(PROOF,))))


def confusion_of(net, data):
    """Counted one by one: true classes by row, predicted ones by column."""
    test = load_present(data).test
    counts = np.zeros((3, 3), dtype=int)
    with torch.no_grad():
        for sample, label in zip(test.inputs, test.targets, strict=True):
            counts[int(label), int(net(sample.unsqueeze(0)).argmax())] += 1
    return counts


def test_confusion_and_accuracies_are_those_of_plain_torch(source, page):
    counts = confusion_of(source.net, BLOBS)
    rows = {row[0]: row[1:] for row in page.rows if len(row) == 4 and row[0] in "012"}
    for index in range(3):
        shown = [row[1:] for row in page.rows if len(row) == 4 and row[0] == str(index)]
        assert shown == [list(map(str, counts[index]))]
        share = 100 * counts[index, index] / counts[index].sum()
        assert [str(index), f"{share:.2f}\N{NO-BREAK SPACE}%", str(counts[index].sum())] in page.rows
    right = int(np.trace(counts))
    assert 0 < right < 50, "the net must make mistakes for this test to tell anything"
    assert f"Of the 50 test samples it recognises {right} ({100 * right / 50:.2f} %)" in page.text
    assert len(rows) == 3


def test_the_layers_stand_with_shapes_parameters_and_operations(page):
    assert ["Linear 2 → 8", "8", "24", "32"] in page.rows
    assert ["Linear 8 → 3", "3", "27", "48"] in page.rows
    assert ["In all", "51", "80"] in page.rows


def test_settings_versions_and_the_program_are_told(source, page):
    assert "SGD(lr=0.1)" in page.text
    assert torch.__version__ in page.texts
    assert "bit for bit on this machine" in page.texts
    program = next(text for text in page.texts if text.startswith('"""A plain PyTorch program'))
    assert f"torch.set_num_threads({source.started.threads})" in program
    compile(program, "program", "exec")


def test_an_export_is_told_with_its_proof_and_without_its_folder(page):
    assert "✓ Proof passed" in page.texts
    assert "blobs.onnx, 1.2\N{NO-BREAK SPACE}kB" in page.texts
    assert "3e-07 (allowed: 1e-05)" in page.texts
    assert "somebody" not in page.text


def test_a_failed_proof_says_what_differs(source):
    failed = msgspec.structs.replace(PROOF, passed=False, detail="At batch 1 output 2 differs by 0.5.")
    page = Reader(text_of(replace(source, proofs=(failed,))))
    assert {"✗ Proof failed", "At batch 1 output 2 differs by 0.5."} <= set(page.texts)


def test_curves_have_axes_legends_and_words_for_those_who_cannot_see_them(page):
    described = [attrs["aria-label"] for tag, attrs in page.tags if tag == "svg" and attrs.get("role") == "img"]
    assert any(text.startswith("Loss of the training batches, from") for text in described)
    assert any(text.startswith("Accuracy of the training batches, from") for text in described)
    assert {"Training batches", "Validation", "Test", "Step"} <= set(page.texts)


def test_every_picture_has_a_description_and_every_table_headings(page):
    pictures = [attrs for tag, attrs in page.tags if tag in ("svg", "img")]
    assert all(attrs.get("alt") or attrs.get("aria-label") or attrs.get("aria-hidden") for attrs in pictures)
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in page.tags if tag == "th")


def test_the_same_source_and_moment_give_the_same_card(source):
    assert text_of(source) == text_of(source)


def test_a_card_asks_for_nothing_outside_itself(source):
    text = text_of(replace(source, proofs=(PROOF,)))
    page = Reader(text)
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    wanted = [attrs[name] for _, attrs in page.tags for name in ("src", "href", "data", "action") if name in attrs]
    assert wanted
    assert all(place.startswith("data:image/png;base64,") for place in wanted)
    assert not {"script", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in page.tags}
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "://" not in text


@pytest.fixture(scope="module")
def untold():
    """An untrained net with a proof, and the tags of its card."""
    source = CardSource(DOCUMENT, trained(DOCUMENT, 0).net.eval(), "x", 0, proofs=(PROOF,))
    return source, tags_of(source)


def tags_of(source):
    return [(tag, sorted(attrs)) for tag, attrs in Reader(text_of(source)).tags]


@settings(max_examples=20)
@given(st.text(min_size=1), st.sampled_from(['<script>alert("x")</script>', "\"'><img src=x onerror=y>", "]]>-->{#"]))
def test_no_text_of_a_user_becomes_markup(untold, text, attack):
    source, tags = untold
    words = f"{text}{attack}"
    proof = msgspec.structs.replace(PROOF, notes=(words,), path=words, data=words, runtime=words)
    assert tags_of(replace(source, document=experiment(title=words), title=words, proofs=(proof,))) == tags


def test_words_of_a_template_stay_words(source):
    assert "{{ 7 * 7 }}" in Reader(text_of(replace(source, title="{{ 7 * 7 }}"))).headings


def test_an_untrained_net_says_so_and_has_no_curves():
    source = opened(untrained(DOCUMENT, "blobs"))
    page = Reader(text_of(source))
    assert "Not trained" in page.texts
    assert "It has not been trained" in page.text
    assert "How it learned" not in page.headings
    torch.manual_seed(DOCUMENT.training.seed)
    assert torch.equal(source.net[0].weight, torch.nn.Linear(2, 8).weight)


def test_a_run_that_was_stopped_says_how_far_it_came():
    page = Reader(text_of(source_of(DOCUMENT, steps=4)))
    assert "Training not finished" in page.texts
    assert "for 1 of 4 epochs (4 steps; it was stopped or still runs)" in page.text


def test_without_a_test_set_the_sections_about_it_are_absent():
    data = msgspec.structs.replace(BLOBS, test=0)
    page = Reader(text_of(source_of(experiment(data))))
    assert "Confusion matrix" not in page.headings
    assert "Blobs has no test samples here, so that nothing was predicted." in page.texts


def test_a_data_set_that_is_not_here_is_named_and_its_sections_left_out(tmp_path):
    elsewhere = Images(name="cifar10", folder=str(tmp_path / "nowhere"))
    document = msgspec.structs.replace(presets.preset("cifar10-lenet"), data=elsewhere)
    text = text_of(opened(untrained(document, "cifar")))
    page = Reader(text)
    assert "CIFAR-10 is not on this machine; download it, or give the folder that holds it." in page.texts
    assert not {"Confusion matrix", "Samples"} & set(page.headings)
    assert str(tmp_path) not in text


def test_a_net_that_does_not_fit_its_data_is_refused():
    with pytest.raises(Problem, match="ends in shape"):
        text_of(opened(untrained(experiment(outputs=4), "four")))


def test_a_regression_is_told_by_its_errors():
    source = source_of(experiment(LINE, inputs=1, outputs=1, loss="mse"))
    test = load_present(LINE).test
    with torch.no_grad():
        wrong = (source.net(test.inputs) - test.targets).double()
    page = Reader(text_of(source))
    assert f"{float(wrong.square().mean().sqrt()):.4g}" in page.texts
    assert (
        f"{float(1 - wrong.square().sum() / (test.targets.double() - test.targets.double().mean()).square().sum()):.4g}"
        in page.texts
    )
    assert {"The net's values", "Predicted against true"} <= set(page.headings)
    assert "Accuracy" not in page.headings


def test_values_without_a_line_are_drawn_against_the_truth():
    page = Reader(text_of(source_of(experiment(NUMBERS, loss="mse"))))
    assert "Predicted against true" in page.headings
    assert "The net's values" not in page.headings


@pytest.mark.parametrize(("data", "inputs", "outputs", "loss"), [(BLOBS, 2, 3, "cross_entropy"), (LINE, 1, 1, "mse")])
def test_a_net_whose_weights_are_no_numbers_still_has_a_card(data, inputs, outputs, loss):
    source = opened(untrained(experiment(data, inputs=inputs, outputs=outputs, loss=loss), "broken"))
    with torch.no_grad():
        source.net[0].weight.fill_(torch.nan)
    assert "nan" not in Reader(text_of(source)).text.lower()


def test_images_show_the_mistakes_of_which_the_net_was_most_certain():
    source = opened(untrained(presets.preset("mnist-mlp"), "mlp"))
    page = Reader(text_of(source))
    test = load_present(source.document.data).test
    with torch.no_grad():
        chances = source.net(test.inputs).softmax(dim=1)
    certainty, chosen = chances.max(dim=1)
    worst = int(torch.where(chosen != test.targets, certainty, torch.zeros(())).argmax())
    told = [attrs["alt"] for tag, attrs in page.tags if tag == "img"]
    assert told[0] == f"Test image {worst}: {int(test.targets[worst])}, predicted {int(chosen[worst])}"
    assert told[16] == f"Test image 0: {int(test.targets[0])}, predicted {int(chosen[0])}"
    assert len(told) == 32


def test_a_million_steps_make_a_small_card_that_keeps_the_extremes(source):
    losses = 2.0 + np.sin(np.arange(1_000_000))
    losses[777_777] = 9.0
    history = History()
    history.record(Steps(0, losses, np.full(len(losses), 0.5), np.full(len(losses), 0.1), samples=1, seconds=1.0))
    for number in range(1, 2_001):
        history.record(EpochDone(number, 500 * number, Score(1.0, 0.5), None, Score(1.0, 0.5), 1.0))
    text = text_of(replace(source, history=history, steps=1_000_000))
    assert len(text) < 400_000
    lines = re.findall(r'<path class="line" d="([^"]+)"', text)
    assert max(path.count(",") for path in lines) <= 1_000
    highest = min(float(y) for path in lines for y in re.findall(r",([\d.]+)", path))
    assert highest < 30, "the one loss of 9 reaches the top of the chart"


def test_a_run_between_two_steps_and_its_folder_give_the_same_card(tmp_path):
    run = trained(DOCUMENT)
    checkpoint.save(run, tmp_path / "blobs")
    (tmp_path / "blobs" / "blobs.onnx.proof.json").write_bytes(msgspec.json.encode(PROOF))
    (tmp_path / "blobs" / "other.proof.json").write_text("no proof")
    from_folder = opened(open_source(tmp_path / "blobs"))
    assert from_folder.proofs == (PROOF,)
    assert text_of(from_folder) == text_of(replace(of_run(run), proofs=(PROOF,)))


def test_a_source_stays_as_it_was_while_the_run_goes_on():
    run = trained(DOCUMENT, 3)
    source = of_run(run)
    before = text_of(source)
    for _ in range(5):
        run.step()
    run.read_back()
    assert text_of(source) == before


def test_a_file_that_is_no_proof_is_refused(tmp_path):
    path = tmp_path / "a.proof.json"
    path.write_text('{"format": "onnx"}')
    with pytest.raises(Problem, match="it is no proof of an export"):
        read_proof(path)
    assert proofs_in(tmp_path) == ()


def test_the_job_tells_how_far_it_is_and_writes_the_card_whole(source, tmp_path):
    out = tmp_path / "card.html"
    events = list(card_job(lambda: source, out, WRITTEN))
    assert all(isinstance(event, Carding) for event in events)
    assert [event.fraction for event in events] == sorted(event.fraction for event in events)
    assert out.read_text(encoding="utf-8") == text_of(source)
    assert list(tmp_path.iterdir()) == [out]


def test_a_stopped_job_leaves_no_file(source, tmp_path):
    stop = threading.Event()
    job = card_job(lambda: source, tmp_path / "card.html", WRITTEN, stop)
    while next(job).stage != "predicting":
        pass
    stop.set()
    with pytest.raises(Stopped):
        list(job)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_problem(source, tmp_path):
    with pytest.raises(Problem, match="was not saved"):
        list(card_job(lambda: source, tmp_path / "none" / "card.html", WRITTEN))
