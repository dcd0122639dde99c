"""A second deck in a folder: asked about before its code runs, then beside the notes in everything that is practised."""

import sys
from pathlib import Path

import pytest

from quiz import decks, session, shelf
from quiz.app.screens.code import CodeScreen
from quiz.app.screens.home import HomeScreen
from quiz.app.screens.question import QuestionScreen
from quiz.app.screens.trust import TrustScreen
from quiz.app.widgets.editor import CodeArea
from quiz.app.widgets.outline import Outline
from quiz.decks import Choices

FOLDER = Path(__file__).parents[1] / "decks" / "attention"


@pytest.fixture(autouse=True)
def _empty_shelf():
    yield
    for deck in shelf.opened():
        shelf.close_deck(deck.name)


@pytest.fixture
def added(store):
    """The store, with the deck's folder in it but no agreement."""
    Choices(store.get, store.set).add(FOLDER)
    return store


async def until(pilot, condition, seconds=30.0):
    waited = 0.0
    while not condition():
        await pilot.pause(0.05)
        waited += 0.05
        assert waited < seconds, "waited too long"
    await pilot.pause()


def titles(pilot):
    return [title.en for title, _ in pilot.app.screen.query_one(Outline).parts]


def ids(pilot):
    return [heading.id for _, headings in pilot.app.screen.query_one(Outline).parts for heading in headings]


def loaded():
    return [
        name for name in sys.modules if name.startswith("rnnquiz_deck_") and name.endswith("q01_scaled_dot_product")
    ]


async def ask_to_load(pilot):
    await until(pilot, lambda: "Deck attention (Enter to load)" in titles(pilot))
    await pilot.press("end", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, TrustScreen))


async def test_nothing_of_a_deck_runs_before_it_was_agreed_to(make_app, added):
    before = loaded()
    async with make_app().run_test() as pilot:
        await ask_to_load(pilot)
        assert loaded() == before
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        assert "Deck attention (Enter to load)" in titles(pilot)
        assert loaded() == before
    assert Choices(added.get, added.set).agreed == []


async def test_agreed_once_it_opens_and_is_remembered(make_app, added):
    async with make_app().run_test() as pilot:
        await ask_to_load(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Deck attention" in titles(pilot))
        assert ids(pilot)[-10:] == list(shelf.question_ids())[-10:]
    assert Choices(added.get, added.set).agreed == [str(FOLDER.resolve())]
    shelf.close_deck("attention")
    async with make_app("zh").run_test() as pilot:
        await until(pilot, lambda: "Deck attention" in titles(pilot))
        assert len(ids(pilot)) == 26


async def test_what_is_practised_is_logged_under_the_decks_name(make_app, added):
    Choices(added.get, added.set).agree(FOLDER.resolve())
    async with make_app().run_test() as pilot:
        await until(pilot, lambda: "Deck attention" in titles(pilot))
        outline = pilot.app.screen.query_one(Outline)
        await pilot.press("end", "up", "up")
        assert outline.current.heading.id == "attention:kv-cache", (outline.cursor, ids(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, QuestionScreen))
        await pilot.press("ctrl+r")
        await pilot.press("3")
        await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    assert list(added.standings()) == ["recall:attention:kv-cache"]
    card = session.parse_card("recall:attention:kv-cache")
    assert card == session.Card("recall", "attention:kv-cache")
    shelf.close_deck("attention")
    assert session.parse_card("recall:attention:kv-cache") is None


@pytest.mark.parametrize(("change", "verdict"), [("", "pass"), ("/ np.sqrt(q.shape[-1]).astype(q.dtype)", "fail")])
async def test_its_coding_task_is_graded(make_app, added, change, verdict):
    Choices(added.get, added.set).agree(FOLDER.resolve())
    source = (FOLDER / "solutions" / "scaled_dot_product.py").read_text(encoding="utf-8").replace(change or "\0", "")
    async with make_app().run_test() as pilot:
        await until(pilot, lambda: "Deck attention" in titles(pilot))
        pilot.app.open_card(session.Card("code", "attention:scaled-dot-product", "attention:scaled-dot-product"))
        await until(pilot, lambda: isinstance(pilot.app.screen, CodeScreen))
        screen = pilot.app.screen
        screen.query_one(CodeArea).text = source
        await pilot.press("f5")
        await until(pilot, lambda: screen.report is not None)
        assert screen.report.verdict == verdict
        assert (screen.report.diagnosis is None) == (verdict == "pass")
    assert added.best_verdicts() == {"attention:scaled-dot-product": verdict}


async def test_a_deck_with_faults_is_named_and_harms_nothing(make_app, store, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "q01_none.py").write_text("QUESTION = 1 +\n", encoding="utf-8")
    choices = Choices(store.get, store.set)
    choices.add(folder)
    choices.agree(folder.resolve())
    async with make_app().run_test() as pilot:
        await until(pilot, lambda: any("broken: 1 fault (" in title for title in titles(pilot)))
        assert len(ids(pilot)) == 16


def test_decks_of_one_name_are_told_apart(tmp_path):
    for parent in ("a", "b"):
        (tmp_path / parent / "mine").mkdir(parents=True)
    found = decks.offers([str(tmp_path / "a" / "mine"), str(tmp_path / "b" / "mine"), str(tmp_path / "a" / "mine")])
    assert [offer.name for offer in found if offer.origin == "folder"] == ["mine", "mine-2"]


def test_an_installed_package_is_offered_without_being_imported(tmp_path, monkeypatch):
    package = tmp_path / "some_deck_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    info = tmp_path / "some_deck-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-deck\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[rnnquiz.decks]\nsome = some_deck_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (offer,) = [o for o in decks.offers([]) if o.name == "some"]
    assert offer.folder == package.resolve()
    with pytest.raises(PermissionError, match="not agreed"):
        decks.load(offer, [])
