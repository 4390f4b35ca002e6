"""Downloads: whole and checked, or nothing; mirrors in turn; a stop at any moment."""

import hashlib
import threading
import time

import pytest

from playground.engine.data import download as module
from playground.engine.data.download import Stopped, download
from playground.engine.problems import Problem

CONTENT = bytes(range(256)) * 4_000
MD5 = hashlib.md5(CONTENT).hexdigest()


def returned(generator):
    events = []
    while True:
        try:
            events.append(next(generator))
        except StopIteration as end:
            return end.value, events


def failure_of(generator):
    with pytest.raises(Problem) as caught:
        returned(generator)
    assert caught.value.code == "data-download"
    return caught.value.sentence


def test_a_good_file_arrives_whole_and_its_progress_is_told(mirror):
    mirror.files["good"] = CONTENT
    content, events = returned(download("good", [f"{mirror.url}good"], MD5))
    assert content == CONTENT
    assert {event.phase for event in events} == {"data"}
    assert events[-1].fraction == 1.0
    assert events[-1].text == "good: 1.0 of 1.0 MB"


def test_the_next_mirror_is_asked_when_the_first_has_no_such_file_or_a_wrong_one(mirror):
    mirror.files.update({"wrong/file": CONTENT[::-1], "good/file": CONTENT})
    urls = [f"{mirror.url}{place}/file" for place in ("missing", "wrong", "good")]
    assert returned(download("file", urls, MD5))[0] == CONTENT
    assert mirror.asked == ["/missing/file", "/wrong/file", "/good/file"]


def test_wrong_bytes_are_refused_and_the_sentence_says_what_was_expected(mirror):
    mirror.files["wrong"] = b"not the data set"
    sentence = failure_of(download("wrong", [f"{mirror.url}wrong"], MD5))
    assert MD5 in sentence
    assert hashlib.md5(b"not the data set").hexdigest() in sentence


def test_a_truncated_file_is_refused(mirror):
    mirror.files["cut"] = CONTENT
    mirror.cut.add("cut")
    assert "it ended after 512,000 of 1,024,000 bytes" in failure_of(download("cut", [f"{mirror.url}cut"], MD5))


def test_a_missing_file_is_a_sentence_with_its_address(mirror):
    sentence = failure_of(download("none", [f"{mirror.url}none"], MD5))
    assert "404" in sentence
    assert f"{mirror.url}none" in sentence


def test_no_server_at_all_is_a_sentence():
    assert "refused" in failure_of(download("none", ["http://127.0.0.1:1/none"], MD5))


def test_a_stall_ends_after_the_time_allowed(mirror, monkeypatch):
    monkeypatch.setattr(module, "STALL_SECONDS", 0.2)
    mirror.files["stalled"] = CONTENT
    mirror.stalled.add("stalled")
    assert "nothing came for 0.2 seconds" in failure_of(download("stalled", [f"{mirror.url}stalled"], MD5))


def test_more_bytes_than_any_data_set_has_are_refused(mirror, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 100_000)
    mirror.files["huge"] = CONTENT
    assert "more than 100,000 bytes" in failure_of(download("huge", [f"{mirror.url}huge"], MD5))


def test_stop_ends_a_hanging_download_at_once(mirror):
    mirror.files["stalled"] = CONTENT
    mirror.stalled.add("stalled")
    stop, ended = threading.Event(), []

    def run():
        with pytest.raises(Stopped):
            returned(download("stalled", [f"{mirror.url}stalled"], MD5, stop))
        ended.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    assert mirror.stalling.wait(10)
    asked = time.monotonic()
    stop.set()
    thread.join(10)
    assert ended[0] - asked < 2.0  # far below the 20 seconds after which a stall is given up
