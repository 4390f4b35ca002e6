"""What a checkpoint tells of its run without the data set."""

import pytest
import torch
from training_samples import begun, experiment, steps

from playground.engine.training import checkpoint

DOCUMENT = experiment(optimizer="Adam", args={"lr": 0.05}, epochs=9)


@pytest.fixture
def saved(tmp_path):
    """A folder with the checkpoints of step 2 and, newest, step 4."""
    run = begun(DOCUMENT)
    for _ in range(2):
        steps(run, 2)
        checkpoint.save(run, tmp_path)
    return tmp_path


def test_a_checkpoint_is_read_without_its_data(tmp_path):
    run = begun(DOCUMENT)
    losses = steps(run, 4)
    checkpoint.save(run, tmp_path)
    record = checkpoint.read(tmp_path)
    assert (record.document, record.step) == (DOCUMENT, 4)
    assert record.weights == checkpoint.weights_file(tmp_path)
    assert record.history.step_series("loss").tolist() == losses
    assert record.history.epochs == run.history.epochs != []
    assert (record.started.device, record.started.threads) == ("cpu", torch.get_num_threads())
    assert record.versions["torch"] == torch.__version__


def test_a_damaged_newest_checkpoint_is_read_from_the_one_before(saved):
    checkpoint.weights_file(saved).write_bytes(b"damaged")
    assert checkpoint.read(saved).step == 2


def test_a_checkpoint_from_before_the_machine_was_noted_is_read(saved, monkeypatch):
    whole = checkpoint._read_state

    def early(path, data):
        state = whole(path, data)
        return {name: state[name] for name in ("run", "history", "document")}

    monkeypatch.setattr(checkpoint, "_read_state", early)
    record = checkpoint.read(saved)
    assert (record.step, record.started, record.versions) == (4, None, {})
