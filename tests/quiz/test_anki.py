"""The Anki package, opened by Anki itself (extra `compare`), and what of it can be told without."""

import errno
from pathlib import Path

import pytest

from answers.deck import BUILT_IN
from quiz import anki


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_question_and_drill_is_a_card_with_a_key_of_its_own(language):
    cards = list(anki.cards(BUILT_IN, language))
    assert len({card.key for card in cards}) == len(cards)
    assert len(cards) == sum(1 + len(q.drills) for q in BUILT_IN.questions())
    assert all(card.front.strip() and card.back.strip() for card in cards)
    assert all(any(tag.startswith("section::") for tag in card.tags) for card in cards)


def test_ids_are_the_same_everywhere():
    assert anki.stable_id("deck/rnn/zh") == anki.stable_id("deck/rnn/zh") != anki.stable_id("deck/rnn/en")
    assert 0 < anki.stable_id("x") < 2**31


def test_a_package_that_finds_no_room_leaves_the_earlier_one_as_it_was(tmp_path, monkeypatch):
    genanki = pytest.importorskip("genanki")

    def no_room(_package, file):
        Path(file).write_bytes(b"PK")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(genanki.Package, "write_to_file", no_room)
    (tmp_path / "rnn.apkg").write_text("earlier")
    with pytest.raises(OSError, match="No space"):
        anki.export(BUILT_IN, tmp_path / "rnn.apkg", pictures=False)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["earlier"]


@pytest.mark.compare
def test_anki_imports_it_and_a_second_import_doubles_nothing(tmp_path):
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    package = tmp_path / "rnn.apkg"
    count = anki.export(BUILT_IN, package, pictures=True)
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        for _ in range(2):
            request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
            collection.import_anki_package(request)
            assert collection.note_count() == count
        names = {deck.name for deck in collection.decks.all_names_and_ids()}
        assert {"rnnquiz rnn::中文", "rnnquiz rnn::English"} <= names
        assert collection.find_notes("tag:section::2.3 tag:zh")
        shown = collection.get_note(collection.find_notes("tag:question::lstm-flow tag:en -tag:drill")[0])["Back"]
        assert "rnnquiz-rnn-lstm-flow-en.png" in shown
        assert (tmp_path / "collection.media" / "rnnquiz-rnn-lstm-flow-en.png").is_file()
    finally:
        collection.close()
