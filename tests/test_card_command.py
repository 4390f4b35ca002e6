"""`torch-playground card`: a run, a preset or a document as one HTML file."""

import pytest

from playground.cli import BAD_INPUT, DONE, main


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_is_found_by_its_name_and_its_card_called_so(here, fresh_user, capsys):
    folder = fresh_user / "data" / "runs" / "line-1"
    assert main(["train", "linear-regression", "--epochs", "1", "--out", str(folder)]) == DONE
    assert main(["card", "line-1"]) == DONE
    assert capsys.readouterr().out.endswith("wrote line-1.html\n")
    text = (here / "line-1.html").read_text(encoding="utf-8")
    assert "Trained to the end" in text
    assert "for 1 epoch (10 steps)" in text


def test_a_preset_gives_the_card_of_a_net_that_is_not_trained(here):
    assert main(["card", "linear-regression", "--out", "line.html"]) == DONE
    assert "It has not been trained" in (here / "line.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["card", "no-such-run"], ["card", "linear-regression", "--proof", "none.json"]])
def test_what_is_not_there_is_one_sentence(here, capsys, arguments):
    assert main(arguments) == BAD_INPUT
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(here.iterdir()) == []
