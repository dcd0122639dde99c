"""In a real Chromium: two visitors at once, in Chinese and in English."""

import asyncio
import json

import pytest
from support import chromium
from support.chromium import Chromium, until
from support.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed")]

RIGHT = "return f * c + i * g"


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path / "data", EDITOR="touch") as running:
        yield running


@pytest.fixture
async def browser(tmp_path):
    async with Chromium(tmp_path / "profile") as running:
        yield running


async def opened(browser, served, **options):
    page = await browser.visit(served.address, **options)
    await page.paints("目录" if options.get("language") == "zh-CN" else "Contents")
    if options.get("context") is None:
        await page.paints("1/8")
        await page.press("Escape", "Escape", 27)  # leaves the tour that a newcomer is offered
        await page.paints("导览已结束" if options.get("language") == "zh-CN" else "tour is over")
        await page.press("Home", "Home", 36)  # the tour has put the cursor on its own question
        await page.press("ArrowDown", "ArrowDown", 40)
    await asyncio.sleep(0.5)
    return page


async def enter(page):
    await page.press("Enter", "Enter", 13)


async def test_two_visitors_type_at_once_and_share_nothing(browser, served):
    mine, yours = await asyncio.gather(
        opened(browser, served, language="zh-CN"), opened(browser, served, language="en-US")
    )
    await asyncio.gather(enter(mine), enter(yours))
    await asyncio.gather(mine.paints("你的回答"), yours.paints("Your answer"))
    for chinese, english in zip("循环网络按时间共享权重", "recurrence", strict=False):
        await asyncio.gather(mine.type(chinese), yours.type(english))

    def texts():
        return sorted(text for drafts in served.drafts().values() for text in drafts.values())

    await until(lambda: texts() == ["recurrence", "循环网络按时间共享权"], 20, lambda: f"{served.drafts()}")
    assert "权重" not in yours.said
    assert "recurrence" not in mine.said
    assert len(served.drafts()) == 2
    assert [url for page in (mine, yours) for url in page.asked if not url.startswith(served.address)] == []
    assert mine.failed == yours.failed == []

    assert len(served.apps()) == 2
    await mine.close()
    await until(lambda: len(served.apps()) == 1, 15, "the app did not end with its tab")
    again = await opened(browser, served, context=mine.context, language="zh-CN")
    await enter(again)
    await again.paints("循环网络按时间共享权")
    await yours.close()
    await again.close()
    await until(lambda: not served.apps(), 15, "the apps did not end with their tabs")


async def test_an_input_method_composes_at_the_cursor(browser, served):
    page = await opened(browser, served, language="zh-CN", size=(1000, 600))
    await enter(page)
    await page.paints("你的回答")
    await page.type("先写一行")
    await page.paints("先写一行")
    await asyncio.sleep(0.3)
    await page.call("Input.imeSetComposition", text="men", selectionStart=3, selectionEnd=3)
    place = "JSON.stringify(document.querySelector('.xterm-helper-textarea').getBoundingClientRect())"
    found = json.loads(await page.run(place))
    # Behind three cells of border and four characters of two cells, nine or ten pixels each; on the fourth line.
    assert 90 <= found["left"] <= 120
    assert 57 <= found["top"] <= 69
    await page.type("门")
    await page.paints("门")
    await until(lambda: any("先写一行门" in d.values() for d in served.drafts().values()), 20, served.drafts)


async def test_code_is_graded_and_the_servers_files_stay_out_of_reach(browser, served):
    page = await opened(browser, served, language="en-US", size=(1300, 760))
    await page.type("/")
    await page.paints("Questions, points, tasks")
    await page.type("lstm-cell-state")
    await page.paints("found")
    await asyncio.sleep(0.7)
    await enter(page)
    await page.paints("Your code")
    assert "$EDITOR" not in page.said
    await page.press("F4", "F4", 115)
    await page.paints("In the browser the server's own editors cannot be opened")
    await page.type(RIGHT)
    await page.paints("i * g")
    await asyncio.sleep(0.5)
    await page.press("F5", "F5", 116)
    await page.paints("Passed")
    await page.paints("more cases searched", 60)
    await page.close()
