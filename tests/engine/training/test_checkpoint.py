"""What becomes of checkpoints when the process dies, the disk fills up, or somebody meddles with the files."""

import errno
import hashlib
import io
import json
import os
import pickle
import shutil
from pathlib import Path

import pytest
import torch
from training_samples import begun, experiment, finish, prepared, same_bits, steps

from playground.engine.files import backup_of
from playground.engine.network.sequence import layer
from playground.engine.problems import Problem
from playground.engine.training import checkpoint
from playground.engine.training.control import Control, RunEnded
from playground.engine.training.events import EpochDone, SaveFailed
from playground.engine.training.job import training_job
from playground.engine.training.run import TrainingRun

DOCUMENT = experiment(optimizer="Adam", args={"lr": 0.05}, epochs=9)
OPERATIONS = ((os, "fsync"), (os, "link"), (Path, "replace"), (Path, "open"), (Path, "unlink"))


@pytest.fixture(scope="module")
def run():
    return begun(DOCUMENT)


@pytest.fixture(scope="module")
def states(run):
    """The run after 0, 2, 4 and 6 steps."""
    found = {0: run.state()}
    for step in (2, 4, 6):
        steps(run, 2)
        found[step] = run.state()
    return found


@pytest.fixture
def saved(run, states, tmp_path):
    """A folder with the checkpoints of step 2 and, newest, step 4; the run is at step 6."""
    for step in (2, 4):
        run.restore(states[step])
        checkpoint.save(run, tmp_path)
    run.restore(states[6])
    return tmp_path


def loaded(folder):
    """A run brought to where the folder's checkpoint is."""
    document, restore = checkpoint.load(folder)
    found = TrainingRun(document, prepared(document))
    restore(found)
    return found


def step_in(folder, states):
    """The step of the checkpoint that loads, after making sure that it is whole."""
    found = loaded(folder)
    state = states[found.step_count]
    assert all(torch.equal(value, state["model"][name]) for name, value in found.net.state_dict().items())
    assert torch.equal(found.context.states.cpu, state["cpu_generator"])
    return found.step_count


def code_of(folder):
    with pytest.raises(Problem) as caught:
        loaded(folder)
    return caught.value.code


def die_at(number):
    """Make the process die, as if killed, in place of the operation on files of that number."""
    done = 0

    def counted(operation):
        def instead(*arguments, **named):
            nonlocal done
            done += 1
            if done == number:
                os._exit(9)
            return operation(*arguments, **named)

        return instead

    for where, name in OPERATIONS:
        setattr(where, name, counted(getattr(where, name)))


def save_in_a_process_that_dies(run, folder, number):
    """Whether the save was over before its operation of that number."""
    child = os.fork()
    if child == 0:
        die_at(number)
        try:
            checkpoint.save(run, folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_at_any_moment_of_a_save_leaves_this_checkpoint_or_the_one_before(run, states, tmp_path, before):
    start = tmp_path / "start"
    start.mkdir()
    for step in (2, 4) if before else ():
        run.restore(states[step])
        checkpoint.save(run, start)
    run.restore(states[6])
    reached, number, over = [], 0, False
    while not over:
        number += 1
        folder = tmp_path / str(number)
        shutil.copytree(start, folder)
        over = save_in_a_process_that_dies(run, folder, number)
        there = before or (folder / checkpoint.INDEX).exists()
        reached.append(step_in(folder, states) if there else code_of(folder))
        checkpoint.save(run, folder)
        assert step_in(folder, states) == 6
        assert not list(folder.glob("*.playground-tmp"))
    assert number > 10
    assert reached == sorted(reached, key=str, reverse=not before)  # once the new one is there, it stays
    assert set(reached) == ({4, 6} if before else {"checkpoint-missing", 6})


def test_a_kill_while_the_same_step_is_saved_again_leaves_a_whole_checkpoint(run, states, tmp_path):
    run.restore(states[4])
    run.set_learning_rate(0.05)
    number, over = 0, False
    while not over:
        number += 1
        folder = tmp_path / str(number)
        run.restore(states[4])
        checkpoint.save(run, folder)
        run.set_learning_rate(0.01)  # the same step and weights, another state
        over = save_in_a_process_that_dies(run, folder, number)
        assert step_in(folder, states) == 4


def test_only_the_newest_two_checkpoints_are_kept(run, states, saved):
    checkpoint.save(run, saved)
    checkpoint.save(run, saved)
    assert len(list(saved.glob("step-*"))) <= 4
    assert step_in(saved, states) == 6


def test_a_damaged_backup_does_not_keep_a_run_from_saving(run, states, saved):
    backup_of(saved / checkpoint.INDEX).write_bytes(b"\xff{")
    (saved / checkpoint.INDEX).write_bytes(b"\x00")
    checkpoint.save(run, saved)
    assert step_in(saved, states) == 6


def damaged(data):
    """The bytes cut short and with single ones flipped, all over."""
    places = sorted({0, 1, len(data) // 2, len(data) - 1, *range(0, len(data), max(1, len(data) // 12))})
    yield from (data[:place] for place in places)
    for place in places:
        yield data[:place] + bytes([data[place] ^ 0x81]) + data[place + 1 :]


@pytest.mark.parametrize("part", ["weights", "state", "index"])
def test_a_damaged_part_gives_way_to_the_checkpoint_before(states, saved, part):
    index = json.loads((saved / checkpoint.INDEX).read_bytes())
    path = saved / (checkpoint.INDEX if part == "index" else index[part])
    whole = path.read_bytes()
    for data in damaged(whole):
        path.write_bytes(data)
        found = checkpoint.load(saved)[0]
        assert found == DOCUMENT
        if data != whole and part != "index":  # a flipped digit of the index's step number changes nothing
            assert step_in(saved, states) == 2
    path.write_bytes(whole)
    assert step_in(saved, states) == 4


def test_without_one_before_a_damaged_part_is_one_sentence(saved):
    backup_of(saved / checkpoint.INDEX).unlink()
    index = json.loads((saved / checkpoint.INDEX).read_bytes())
    path = saved / index["state"]
    whole = path.read_bytes()
    for data in damaged(whole):
        path.write_bytes(data)
        assert code_of(saved) == "checkpoint-corrupt"
    path.unlink()
    assert code_of(saved) == "file-missing"


def test_an_empty_folder_and_no_folder_hold_no_checkpoint(tmp_path):
    assert code_of(tmp_path) == "checkpoint-missing"
    assert code_of(tmp_path / "nowhere") == "checkpoint-missing"


def rewritten(folder, **changes):
    """The index with other fields, and no checkpoint before it."""
    path = folder / checkpoint.INDEX
    backup_of(path).unlink(missing_ok=True)
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))


def with_state(folder, data):
    """Another state file, noted with its right digest."""
    (folder / "step-4.state").write_bytes(data)
    rewritten(folder, state="step-4.state", state_sha256=hashlib.sha256(data).hexdigest())


class Planted:
    """What runs a program when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("write", [torch.save, pickle.dump])
def test_a_pickle_that_runs_code_is_refused_and_does_not_run(saved, tmp_path, write):
    planted, buffer = tmp_path / "planted", io.BytesIO()
    write({"document": Planted(planted)}, buffer)
    with_state(saved, buffer.getvalue())
    assert code_of(saved) == "checkpoint-unsafe"
    assert not planted.exists()


@pytest.mark.parametrize(
    "content",
    [
        [1, 2],
        {},
        {"document": 5},
        {"document": "{"},
        {"document": "", "run": 3, "history": {}},
    ],
)
def test_a_state_that_is_none_is_one_sentence(saved, content):
    buffer = io.BytesIO()
    torch.save(content, buffer)
    with_state(saved, buffer.getvalue())
    assert code_of(saved) in ("checkpoint-corrupt", "document-syntax")


@pytest.mark.parametrize(("key", "value"), [("run", 3), ("run", {}), ("history", None), ("history", {"columns": {}})])
def test_a_state_with_other_contents_is_one_sentence(saved, key, value):
    index = json.loads((saved / checkpoint.INDEX).read_bytes())
    kept = torch.load(saved / index["state"], weights_only=True)
    buffer = io.BytesIO()
    torch.save(kept | {key: value}, buffer)
    with_state(saved, buffer.getvalue())
    assert code_of(saved) == "checkpoint-mismatch"


@pytest.mark.parametrize("name", ["../planted.state", "/etc/passwd", "", "..", ".", "a/b", "\0"])
def test_an_index_that_names_files_outside_its_folder_is_refused(saved, name):
    (saved.parent / "planted.state").write_bytes(b"")
    rewritten(saved, state=name)
    assert code_of(saved) in ("checkpoint-corrupt", "file-unreadable")


def test_an_index_from_a_newer_version_is_said_to_be_newer_whatever_else_it_holds(saved):
    rewritten(saved, format=2, mirror="elsewhere")
    assert code_of(saved) == "document-newer"


@pytest.mark.parametrize("changes", [{"format": "1"}, {"step": "four"}, {"weights": None}, {"more": 1}])
def test_an_index_with_a_wrong_field_is_corrupt(saved, changes):
    rewritten(saved, **changes)
    assert code_of(saved) == "checkpoint-corrupt"


def test_weights_of_another_net_are_one_sentence(saved):
    other = begun(experiment(layers=(layer("Linear", in_features=2, out_features=3),)))
    checkpoint.save(other, saved.parent / "other")
    weights = checkpoint.weights_file(saved.parent / "other").read_bytes()
    (saved / "step-4.safetensors").write_bytes(weights)
    rewritten(saved, weights="step-4.safetensors", weights_sha256=hashlib.sha256(weights).hexdigest())
    assert code_of(saved) == "checkpoint-mismatch"


def fill_the_disk(monkeypatch, saves):
    """The disk is full for that many flushed files."""
    fsync, left = os.fsync, saves

    def full(handle):
        nonlocal left
        left -= 1
        if left >= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)


@pytest.mark.parametrize("files", [1, 2, 3])
def test_a_full_disk_leaves_the_checkpoint_before_as_it_was(run, states, saved, monkeypatch, files):
    fsync, count = os.fsync, 0

    def full(handle):
        nonlocal count
        count += not Path(f"/proc/self/fd/{handle}").is_dir()  # folders are flushed too, and cost no space
        if count == files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="the disk is full") as caught:
        checkpoint.save(run, saved)
    assert caught.value.code == "file-unwritable"
    assert step_in(saved, states) == 4
    assert not list(saved.glob("*.playground-tmp"))
    monkeypatch.undo()
    checkpoint.save(run, saved)
    assert step_in(saved, states) == 6


def test_a_run_goes_on_when_a_save_fails_on_its_way_and_says_so(tmp_path, monkeypatch):
    fill_the_disk(monkeypatch, 1)
    events, result = finish(training_job(experiment(epochs=2), Control(), out=tmp_path))
    failed = [event for event in events if isinstance(event, SaveFailed)]
    assert ["the disk is full" in event.problem.sentence for event in failed] == [True]
    assert (result.stopped, loaded(tmp_path).step_count) == (False, result.step)


def test_a_save_that_fails_at_the_end_is_never_taken_for_one_that_worked(tmp_path, monkeypatch):
    fill_the_disk(monkeypatch, 1_000)
    control, seen = Control(), []
    with pytest.raises(Problem, match="the disk is full"):
        seen.extend(training_job(experiment(epochs=2), control, out=tmp_path))
    assert code_of(tmp_path) == "checkpoint-missing"
    with pytest.raises(RunEnded):
        control.between_steps(lambda run: run).result(timeout=1)


def test_an_epoch_is_on_the_disk_before_the_next_one_is_told(tmp_path):
    seen = []
    for event in training_job(experiment(epochs=3), Control(), out=tmp_path):
        if seen and isinstance(seen[-1], EpochDone) and seen[-1].epoch < 3:
            assert loaded(tmp_path).step_count == seen[-1].step
        seen.append(event)
    assert loaded(tmp_path).done


def test_a_folder_that_cannot_be_made_is_one_sentence(run, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Problem) as caught:
        checkpoint.save(run, tmp_path / "file" / "run")
    assert caught.value.code == "file-unwritable"


def test_a_folder_with_a_long_name_of_other_letters_works(run, states, tmp_path):
    folder = tmp_path / "Läufe und 图像" / ("数" * 80)
    run.restore(states[4])
    checkpoint.save(run, folder)
    assert step_in(folder, states) == 4


def test_the_weights_file_is_the_newest_checkpoint_s(run, states, saved):
    from playground.engine.export.model_file import load_model

    document, net = load_model(checkpoint.weights_file(saved))
    run.restore(states[4])
    assert document == DOCUMENT
    assert same_bits(net, run.net)
    with pytest.raises(Problem) as caught:
        checkpoint.weights_file(saved / "nowhere")
    assert caught.value.code == "checkpoint-missing"
