"""What a server leaves in the temporary folder."""

import tempfile

import pytest

from quiz.web.scratch import PREFIX, scratch, sweep


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_of_two_servers_neither_takes_the_others_folder(temporary):
    with scratch() as mine, scratch() as other:
        (mine / "typed").write_text("x")
        sweep(temporary)
        assert (mine / "typed").exists()
        assert other.exists()
    assert not list(temporary.iterdir())


def test_what_no_server_holds_is_taken_away_and_nothing_else(temporary):
    left = temporary / f"{PREFIX}left"
    (left / "visit-1").mkdir(parents=True)
    (left / "lock").touch()
    (temporary / f"{PREFIX}begun").mkdir()  # not locked yet
    (temporary / f"{PREFIX}file").touch()
    (temporary / "another").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(temporary / "another")
    (temporary / "another" / "lock").touch()
    with scratch():
        assert not left.exists()
    names = {path.name.removeprefix(PREFIX) for path in temporary.iterdir()}
    assert names == {"begun", "file", "another", "link"}
