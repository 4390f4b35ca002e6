"""The program in a process of its own: how it starts, how it ends, and what the next start finds."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from driving import LONG, PATIENCE_MS, SMALL, click, sentences, shown_program

from playground.engine import document as documents
from playground.engine.document import replace
from playground.engine.training import checkpoint

PRELUDE = """
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from playground import app, program

def say(**facts):
    print(json.dumps(facts), flush=True)

def when(condition, then):
    def look():
        if condition():
            timer.stop()
            then()
    timer = QTimer(program_shown, interval=10)
    timer.timeout.connect(look)
    timer.start()

class Watched(app.Program):
    def show(self, file=None):
        global program_shown, window, run
        program_shown, window, run = self, self.window, self.run
        watch()
        super().show(file)

app.Program = Watched
"""
COLD = """
def no_torch():
    return None
    yield

def watch():
    program.load = no_torch
    Watched._start_warm = lambda self, warm: None
    heavy = {"torch", "pyqtgraph"}
    window.painted.connect(lambda: say(heavy=sorted(heavy & set(sys.modules)), status=window.status.currentMessage()))
    when(lambda: window.status.currentMessage(), then)

def then():
    say(torch="torch" in sys.modules, status=window.status.currentMessage())
    window.close()
"""
RUNNING = """
def watch():
    when(lambda: window.device_label.text(), lambda: window.training.controls.primary.click())
    when(lambda: run.state == "running" and len(run.history) > 20, then)

def then():
    say(folder=str(run.folder), epochs=len(run.history.epochs))
    {then}
"""
EXITING = """
def watch():
    when(lambda: window.device_label.text(), lambda: window.workspaces.switch("tensors"))
    when(lambda: "In [" in console_text(), then)

def console_text():
    room = program_shown.rooms.get("tensors")
    terminal = room.console_panel.terminal if room else None
    return terminal._control.toPlainText() if terminal else ""

def then():
    program_shown.session.push("training.epochs", 77, "an edit")
    console = program_shown.rooms["tensors"].console
    console.cell_done.connect(lambda: say(cell="ends"))
    say(cell="begins")
    console.run_cell("import os; os._exit(0)")
"""
STUBBORN = (
    EXITING.partition("def then")[0].replace("def watch", "def open_console")
    + """
def watch():
    open_console()

def then():
    window.training.controls.primary.click()
    when(lambda: run.state == "running" and len(run.history) > 20, hold)

def hold():
    say(folder=str(run.folder))
    console = program_shown.rooms["tensors"].console
    console.engine.namespace["told"] = told = []
    endless = "while True:\\n    try:\\n        while True: pass\\n    except BaseException: pass"
    console.run_cell(f"net; told.append(1)\\n{endless}")
    when(lambda: told, close)

def close():
    say(cell="holds the run")
    window.close()
"""
)
MAIN = "\nsys.exit(app.main(sys.argv[1:]))\n"


@pytest.fixture
def start(tmp_path):
    """Starts the program with a script that watches it; a process that is left over is ended."""
    started = []

    def start(script, document=SMALL):
        path = tmp_path / "mine.playground"
        path.write_bytes(documents.encode(document))
        command = [sys.executable, "-c", PRELUDE + script + MAIN, str(path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ended(process):
    """What the process said, line by line, and its complaints; its exit status has to be 0."""
    out, err = process.communicate(timeout=PATIENCE_MS / 1000)
    assert process.returncode == 0, err
    assert "QThread" not in err
    assert "Traceback" not in err
    return [json.loads(line) for line in out.splitlines()]


def test_the_window_is_painted_before_torch_is_loaded_and_the_status_says_so(start):
    painted, then = ended(start(COLD))
    assert painted["heavy"] == []
    assert then == {"torch": False, "status": "Loading PyTorch"}


@pytest.mark.timeout(200)
def test_a_window_closed_in_the_middle_of_an_epoch_keeps_the_run_and_ends_well(start):
    (said,) = ended(start(RUNNING.format(then="window.close()"), LONG))
    document, _restore = checkpoint.load(Path(said["folder"]))
    assert document == LONG


@pytest.mark.timeout(200)
def test_sigterm_keeps_run_and_edits_and_the_next_start_recovers_them(start, fresh_user, qapp):  # noqa: ARG001
    edit = 'program_shown.session.push("training.epochs", 77, "an edit")'
    process = start(RUNNING.format(then=f"{edit}\n    say(ready=True)"), LONG)
    folder = Path(json.loads(process.stdout.readline())["folder"])
    assert json.loads(process.stdout.readline()) == {"ready": True}
    process.send_signal(signal.SIGTERM)
    assert ended(process) == []
    checkpoint.load(folder)
    (autosave,) = (fresh_user / "data" / "autosave").glob(f"{process.pid}-*.playground")
    edited = replace(LONG, "training.epochs", 77)
    assert documents.decode(autosave.read_bytes()) == edited
    with shown_program(fresh_user) as program:
        assert sentences(program) == ["The last session ended before its changes were saved."]
        click(program.window, "notice_action_recover")
        assert program.session.document == edited
        assert program.window.isWindowModified()
        assert not autosave.exists()
        assert sentences(program) == []


@pytest.mark.timeout(200)
def test_a_cell_that_ends_the_process_loses_no_edit(start, fresh_user, qapp):  # noqa: ARG001
    process = start(EXITING)
    said = ended(process)
    assert said == [{"cell": "begins"}]  # and nothing after it: the process ended there and then
    (autosave,) = (fresh_user / "data" / "autosave").glob(f"{process.pid}-*.playground")
    edited = replace(SMALL, "training.epochs", 77)
    assert documents.decode(autosave.read_bytes()) == edited
    with shown_program(fresh_user) as program:
        click(program.window, "notice_action_recover")
        assert program.session.document == edited


@pytest.mark.timeout(200)
def test_a_cell_that_cannot_be_interrupted_keeps_no_run_from_its_checkpoint_and_no_window_from_closing(start):
    said = ended(start(STUBBORN, LONG))
    assert said[1] == {"cell": "holds the run"}
    document, _restore = checkpoint.load(Path(said[0]["folder"]))
    assert document == LONG


def test_edits_of_a_process_that_was_killed_can_be_forgotten(fresh_user, qapp):  # noqa: ARG001
    autosave = fresh_user / "data" / "autosave" / f"{_dead_process()}-1.playground"
    autosave.parent.mkdir(parents=True)
    autosave.write_bytes(documents.encode(SMALL))
    with shown_program(fresh_user) as program:
        before = program.session.document
        click(program.window, "notice_action_forget")
        assert program.session.document == before
        assert not autosave.exists()


def test_an_autosave_that_is_damaged_is_said_and_harms_nothing(fresh_user, qapp):  # noqa: ARG001
    autosave = fresh_user / "data" / "autosave" / f"{_dead_process()}-1.playground"
    autosave.parent.mkdir(parents=True)
    autosave.write_bytes(documents.encode(SMALL)[:50])
    with shown_program(fresh_user) as program:
        before = program.session.document
        click(program.window, "notice_action_recover")
        assert "is not a playground document" in sentences(program)[0]
        assert program.session.document == before


def test_sigterm_ends_the_program_even_where_nothing_can_be_kept(start, fresh_user):
    script = COLD.replace("window.close()", "sabotage()") + (
        "def sabotage():\n"
        "    import os, signal\n"
        "    from playground.engine.folders import data_folder\n"
        "    data_folder().mkdir(parents=True, exist_ok=True)\n"
        "    (data_folder() / 'autosave').write_text('a file where the folder should be')\n"
        "    program_shown.session.push('training.epochs', 77, 'an edit')\n"
        "    QTimer.singleShot(0, window, lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
    )
    process = start(script)
    _, err = process.communicate(timeout=PATIENCE_MS / 1000)
    assert process.returncode == 0, err
    assert "QThread" not in err
    assert (fresh_user / "data" / "autosave").is_file()


def _dead_process() -> int:
    """The number of a process that is gone."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert not Path(f"/proc/{gone.pid}").exists() or os.name != "posix"
    return gone.pid
