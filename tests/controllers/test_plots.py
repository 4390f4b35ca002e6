"""Plots as files: a PNG that can be read, a CSV with every step, and a disk that refuses."""

import csv

import numpy as np
import pytest
from driving import STEPS, answer_dialogs, sentences, train
from PIL import Image


@pytest.fixture
def trained(program):
    train(program)
    return program


def test_the_table_holds_every_step_of_the_run(trained, tmp_path, monkeypatch):
    answer_dialogs(monkeypatch, tmp_path / "loss.csv")
    trained.window.loss.save_table_requested.emit()
    rows = list(csv.DictReader((tmp_path / "loss.csv").open()))
    np.testing.assert_array_equal(
        [float(row["train"]) for row in rows[:STEPS]], trained.run.history.step_series("loss")
    )
    assert [float(row["step"]) for row in rows[:3]] == [0, 1, 2]
    assert trained.window.status.currentMessage() == "Saved loss.csv"


def test_the_picture_is_a_png(trained, tmp_path, monkeypatch):
    answer_dialogs(monkeypatch, tmp_path / "loss.png")
    trained.window.loss.save_image_requested.emit()
    with Image.open(tmp_path / "loss.png") as picture:
        assert picture.format == "PNG"
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 10


def test_a_folder_that_refuses_is_one_notice(trained, tmp_path, monkeypatch):
    for request in ("save_table_requested", "save_image_requested"):
        answer_dialogs(monkeypatch, tmp_path / "missing" / "loss")
        getattr(trained.window.loss, request).emit()
    assert len(sentences(trained)) == 1
    assert "was not saved: the folder does not exist" in sentences(trained)[0]


def test_the_next_run_begins_with_empty_plots(trained):
    train(trained)
    assert len(trained.window.loss.table()[0].values) == STEPS + 1
