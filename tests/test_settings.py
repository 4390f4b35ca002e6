"""The user's preferences, kept between starts; whatever else is in the file does no harm."""

import pytest
from PySide6.QtCore import QByteArray, QSettings

from playground.settings import RECENT_FILES, Settings


@pytest.fixture
def store(qapp):  # noqa: ARG001
    """The file behind the settings."""
    return QSettings("torch-playground", "torch-playground")


@pytest.mark.usefixtures("qapp")
def test_a_fresh_user_follows_the_system_and_has_no_history():
    settings = Settings()
    assert settings.theme == "system"
    assert settings.workspace == ""
    assert settings.recent_files == []
    assert settings.geometry is None
    assert settings.arrangement("train") is None


@pytest.mark.usefixtures("qapp")
def test_what_is_kept_is_there_at_the_next_start():
    first = Settings()
    first.theme, first.workspace, first.geometry = "dark", "digits", QByteArray(b"here")
    first.keep_arrangement("train", QByteArray(b"docks"))
    second = Settings()
    assert (second.theme, second.workspace, second.geometry) == ("dark", "digits", QByteArray(b"here"))
    assert second.arrangement("train") == QByteArray(b"docks")
    second.forget_arrangements()
    assert first.arrangement("train") is None
    assert first.workspace == "digits"


def test_values_that_make_no_sense_count_as_none(store):
    for key, value in (("theme", "pink"), ("geometry", "text"), ("arrangement/1/train", 7), ("recent_files", "gone")):
        store.setValue(key, value)
    settings = Settings()
    assert settings.theme == "system"
    assert settings.geometry is None
    assert settings.arrangement("train") is None
    assert settings.recent_files == []


@pytest.mark.usefixtures("qapp")
def test_recent_files_are_few_newest_first_without_doubles_and_without_those_that_are_gone(tmp_path):
    settings = Settings()
    paths = [tmp_path / f"größe {number}.playground" for number in range(RECENT_FILES + 2)]
    for path in paths:
        path.touch()
        settings.add_recent_file(path)
    assert settings.recent_files == paths[: -RECENT_FILES - 1 : -1]
    settings.add_recent_file(paths[5])
    assert settings.recent_files[0] == paths[5]
    assert settings.recent_files.count(paths[5]) == 1
    paths[5].unlink()
    assert paths[5] not in Settings().recent_files


@pytest.mark.usefixtures("qapp")
def test_one_recent_file_alone_comes_back(tmp_path):
    path = tmp_path / "only.playground"
    path.touch()
    Settings().add_recent_file(path)
    assert Settings().recent_files == [path]
