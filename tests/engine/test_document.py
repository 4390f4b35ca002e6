"""The document: the same after writing and reading, and one sentence with the field for whatever is wrong."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine import document as documents
from playground.engine import presets
from playground.engine.data.spec import Augment, Images, Points, RandomData
from playground.engine.document import Document
from playground.engine.network.spec import Branches, Layer, NetworkSpec, Repeat, Residual
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec

NAMES = st.text(min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
)
ARGS = st.dictionaries(NAMES, VALUES, max_size=3).map(Args)
COUNTS = st.integers(0, 10_000_000)
POSITIVE = st.integers(1, 10_000_000)
SEEDS = st.integers(0, 2**32 - 1)
LAYERS = st.builds(Layer, id=st.uuids().map(str), kind=NAMES, args=ARGS, enabled=st.booleans(), frozen=st.booleans())
NODES = st.recursive(
    LAYERS,
    lambda inner: (
        st.builds(Residual, id=st.uuids().map(str), body=st.tuples(inner), shortcut=st.just(()) | st.tuples(LAYERS))
        | st.builds(Branches, id=st.uuids().map(str), branches=st.tuples(st.tuples(inner), st.tuples(LAYERS)))
        | st.builds(Repeat, id=st.uuids().map(str), body=st.tuples(inner), times=st.integers(1, 1_000))
    ),
    max_leaves=4,
)
NETWORKS = st.lists(NODES, max_size=3, unique_by=lambda node: node.id).map(
    lambda nodes: NetworkSpec(layers=tuple(nodes))
)
DATA = (
    st.builds(Points, samples=POSITIVE, test=COUNTS, classes=st.integers(2, 10), noise=st.floats(0, 1e6), seed=COUNTS)
    | st.builds(RandomData, shape=st.lists(POSITIVE, max_size=4).map(tuple), outputs=POSITIVE)
    | st.builds(Images, folder=st.text(max_size=20), augment=st.none() | st.builds(Augment, rotation=st.floats(0, 180)))
)
TRAININGS = st.builds(
    TrainingSpec,
    loss=st.builds(LossSpec),
    optimizer=st.builds(OptimizerSpec, name=NAMES, args=ARGS),
    schedule=st.none() | st.builds(ScheduleSpec, name=NAMES, args=ARGS),
    batch_size=st.integers(1, 1_000_000),
    epochs=st.integers(1, 100_000),
    seed=SEEDS,
    device=st.sampled_from(["auto", "cpu", "mps", "cuda", "cuda:3"]),
)
DOCUMENTS = st.builds(Document, title=st.text(max_size=30), data=DATA, network=NETWORKS, training=TRAININGS)


@settings(max_examples=60)
@given(DOCUMENTS)
def test_reading_what_was_written_gives_the_same_document(document):
    text = documents.encode(document)
    again = documents.decode(text)
    assert again == document
    assert hash(again) == hash(document)
    assert documents.encode(again) == text


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_comes_back_as_it_was(name):
    assert documents.decode(documents.encode(presets.preset(name))) == presets.preset(name)


def plain(**changes):
    """The usual document as plain values, with some set by dotted path (dots written as __)."""
    found = json.loads(documents.encode(Document()))
    for path, value in changes.items():
        *parents, last = path.split("__")
        parent = found
        for name in parents:
            parent = parent[name]
        parent[last] = value
    return found


LAYER = {"node": "layer", "id": "a", "kind": "Linear", "args": {}}


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("title", 3, "title"),
        ("title", None, "title"),
        ("data__kind", "movies", "data.kind"),
        ("data__name", "mnist2", "data.name"),
        ("data__validation", -1, "data.validation"),
        ("data__validation", 1.5, "data.validation"),
        ("data__augment", {"rotation": 400}, "data.augment.rotation"),
        ("data__augment", {"rotate": 4}, "data.augment"),
        ("network", None, "network"),
        ("network__layers", [LAYER | {"args": [1]}], "network.layers[0].args"),
        ("network__layers", [LAYER | {"args": {"a": {"b": 1}}}], "network.layers[0].args"),
        ("network__layers", [LAYER, LAYER | {"id": "b", "init": "ones"}], "network.layers[1].init"),
        ("network__layers", [LAYER, LAYER], "network"),
        ("network__layers", [{"node": "layer", "id": "a"}], "network.layers[0]"),
        ("training__batch_size", 0, "training.batch_size"),
        ("training__batch_size", "64", "training.batch_size"),
        ("training__batch_size", True, "training.batch_size"),
        ("training__epochs", 0, "training.epochs"),
        ("training__seed", 2**32, "training.seed"),
        ("training__device", "tpu", "training.device"),
        ("training__device", "cuda:", "training.device"),
        ("training__device", "cuda:0\n", "training.device"),
        ("training__loss__name", "hinge", "training.loss.name"),
        ("training__loss__reduction", "none", "training.loss.reduction"),
        ("training__optimizer__args", 5, "training.optimizer.args"),
        ("training__schedule", {"args": {}}, "training.schedule"),
        ("training__schedule", {"name": "StepLR", "every": "day"}, "training.schedule.every"),
        ("training__deterministic", 1, "training.deterministic"),
        ("training__speed", 1, "training"),
        ("notes", "mine", "$"),
        ("format", 0, "format"),
        ("format", "1", "format"),
        ("format", 1.5, "format"),
    ],
)
def test_a_wrong_field_is_named_in_one_sentence(path, value, field):
    with pytest.raises(Problem) as caught:
        documents.decode(json.dumps(plain(**{path: value})).encode(), "mine.playground")
    assert caught.value.code == "document-field"
    assert caught.value.fields["field"] == field
    assert caught.value.sentence.startswith(f"mine.playground: the field {field} is wrong: ")
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("found", [2, 99, 2**70])
def test_a_document_from_a_newer_version_is_said_to_be_newer_whatever_else_it_holds(found):
    with pytest.raises(Problem) as caught:
        documents.decode(json.dumps(plain(format=found, feelings="many")).encode())
    assert caught.value.code in ("document-newer", "document-field")
    assert caught.value.code == "document-newer" or found > 2**63


@pytest.mark.parametrize(
    "text",
    [b"", b"null", b"3", b"[]", b"{}", b'{"title": ""}', b"{", b"\xff\xfe\x00", b'{"format": NaN}', b"[" * 100_000],
)
def test_what_is_no_document_is_one_sentence(text):
    with pytest.raises(Problem) as caught:
        documents.decode(text, "mine.playground")
    assert caught.value.code == "document-syntax"
    assert caught.value.sentence.startswith("mine.playground is not a playground document: ")
    assert len(caught.value.sentence) < 300


def test_nesting_beyond_all_measure_is_refused_and_not_an_overflow():
    deep = json.loads("[" * 200 + "]" * 200)
    layers = [LAYER | {"args": {"a": deep}}]
    with pytest.raises(Problem) as caught:
        documents.decode(json.dumps(plain(network__layers=layers)).encode())
    assert caught.value.code == "document-field"


def test_a_file_beyond_all_measure_is_refused_before_it_is_parsed():
    with pytest.raises(Problem) as caught:
        documents.decode(b" " * (documents.MAX_BYTES + 1))
    assert caught.value.code == "file-too-large"


@settings(max_examples=100)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_document_with_a_wrong_byte_is_read_or_refused_with_a_problem(place, byte):
    text = bytearray(documents.encode(presets.preset("lenet5")))
    text[place % len(text)] = byte
    try:
        documents.decode(bytes(text))
    except Problem as problem:
        assert problem.code in ("document-syntax", "document-field", "document-newer")  # noqa: PT017 (either is right)


def test_a_document_cut_short_anywhere_is_refused():
    text = documents.encode(presets.preset("lenet5")).rstrip()
    for end in range(0, len(text), 37):
        with pytest.raises(Problem):
            documents.decode(text[:end])


@pytest.mark.parametrize(
    ("key", "text", "path", "value"),
    [
        ("title", "Mein Netz", "title", "Mein Netz"),
        ("title", "3", "title", "3"),
        ("epochs", "7", "training.epochs", 7),
        ("training.epochs", "7", "training.epochs", 7),
        ("lr", "0.5", "training.optimizer.args.lr", 0.5),
        ("lr", "1", "training.optimizer.args.lr", 1.0),
        ("lr", "1e-3", "training.optimizer.args.lr", 0.001),
        ("training.optimizer.args.momentum", "0.9", "training.optimizer.args.momentum", 0.9),
        ("training.optimizer.args.nesterov", "true", "training.optimizer.args.nesterov", True),
        ("training.optimizer.args.nesterov", "True", "training.optimizer.args.nesterov", True),
        ("optimizer.name", "Adam", "training.optimizer.name", "Adam"),
        ("device", "cpu", "training.device", "cpu"),
        ("deterministic", "true", "training.deterministic", True),
        ("schedule", '{"name": "StepLR", "args": {"step_size": 1}}', "training.schedule.name", "StepLR"),
        ("validation", "1000", "data.validation", 1_000),
        ("data", '{"kind": "points", "name": "moons"}', "data.name", "moons"),
        ("folder", "C:\\daten", "data.folder", "C:\\daten"),
    ],
)
def test_a_setting_is_changed_from_text(key, text, path, value):
    changed = documents.set_text(Document(), key, text)
    assert documents.get(changed, path) == value
    assert type(documents.get(changed, path)) is type(value)


def test_a_setting_can_be_taken_away():
    with_schedule = documents.set_text(Document(), "schedule", '{"name": "StepLR"}')
    assert documents.set_text(with_schedule, "schedule", "null") == Document()


@pytest.mark.parametrize(
    ("key", "text", "code", "words"),
    [
        ("epoch", "7", "setting-unknown", "did you mean training.epochs"),
        ("", "7", "setting-unknown", "did you mean"),
        ("name", "7", "setting-ambiguous", "training.loss.name"),
        ("epochs", "many", "setting-wrong", "epochs=many"),
        ("epochs", "0", "setting-wrong", "epochs=0"),
        ("epochs", "1.5", "setting-wrong", "whole number"),
        ("lr", "NaN", "setting-wrong", "finite"),
        ("device", "tpu", "setting-wrong", "tpu"),
        ("format", "2", "setting-unknown", "did you mean"),
        ("training.optimizer.args.", "2", "setting-unknown", "did you mean"),
        ("training", "{", "setting-wrong", "training={"),
        ("schedule", '{"nam": 1}', "setting-wrong", "nam"),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence(key, text, code, words):
    with pytest.raises(Problem, match=words) as caught:
        documents.set_text(Document(), key, text)
    assert caught.value.code == code
    assert "\n" not in caught.value.sentence


def test_changing_a_field_leaves_the_document_itself_alone():
    document = Document()
    assert documents.replace(document, "training.epochs", 9).training.epochs == 9
    assert documents.set_plain(document, "training.epochs", 9).training.epochs == 9
    assert document == Document()


def test_setting_a_plain_value_is_as_strict_as_a_file():
    with pytest.raises(Problem, match="batch_size") as caught:
        documents.set_plain(Document(), "training.batch_size", 0)
    assert caught.value.code == "setting-wrong"
