"""The guards of conftest.py catch what they are there for."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = (Path(__file__).parent / "conftest.py").read_text()
OPTIONS = '[tool.pytest.ini_options]\nqt_api = "pyside6"\nqt_log_level_fail = "WARNING"\n'
SUITE = """
import threading
import pytest
from PySide6.QtCore import QSettings, QThread, qWarning

kept = []
end = threading.Event()

def test_leaks_a_qthread(qapp):
    kept.append(QThread())
    kept[0].start()

def test_ends_it(qapp):
    kept[0].quit()
    assert kept[0].wait(5000)

def test_leaks_a_python_thread():
    threading.Thread(target=end.wait, name="forgotten").start()

def test_ends_that_too():
    end.set()

def test_makes_qt_warn(qapp):
    qWarning("odd")

@pytest.mark.parametrize("turn", [1, 2])
def test_sees_no_settings_of_another_test(turn):
    settings = QSettings("torch-playground", "torch-playground")
    assert settings.value("seen") is None
    settings.setValue("seen", 1)
    settings.sync()
"""


def test_leaked_threads_and_qt_warnings_fail_and_settings_are_fresh(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    pytester.makeconftest(CONFTEST)
    pytester.makepyprojecttoml(OPTIONS)
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("-rfEp", "-p", "no:cacheprovider", "-p", "no:xvfb")
    result.assert_outcomes(passed=6, failed=1, errors=2)
    result.stdout.fnmatch_lines_random(
        [
            "ERROR *::test_leaks_a_qthread*",
            "E * still running after the test: <PySide6.QtCore.QThread*",
            "ERROR *::test_leaks_a_python_thread*",
            "E * still running after the test: <Thread(forgotten*",
            "FAILED *::test_makes_qt_warn*",
        ]
    )


def test_data_goes_to_a_folder_of_the_test(fresh_user: Path) -> None:
    assert Path(os.environ["TORCH_PLAYGROUND_DATA"]).parent == fresh_user
