"""The server as programs see it: who is let in, what they share, when processes end."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from support.chromium import until
from support.served import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("served"), "--visitors", "3") as running:
        yield running


@pytest.fixture
async def browser():
    """A browser's cookies."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def painted(connection, text, seconds=60):
    """Read what the app paints until a text was there; colours and places are left out."""
    seen = ""

    async def read():
        nonlocal seen
        while text not in (said := re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)):
            message = await connection.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, said[-500:])
            if message.type == aiohttp.WSMsgType.BINARY:
                seen += message.data.decode("utf-8", "replace")
        return said

    return await asyncio.wait_for(read(), seconds)


async def typed(connection, text):
    await connection.send_str(json.dumps(["stdin", text]))


async def begun(connection, *, is_new=True):
    """Past the first screen: the tour that a newcomer is offered is left."""
    await painted(connection, "1/8" if is_new else "Contents")
    if is_new:
        await typed(connection, "\x1b")
        await asyncio.sleep(0.5)
        await typed(connection, "\x1b[H\x1b[B")  # the tour has put the cursor on its own question
    await asyncio.sleep(0.7)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}], ids=str
)
async def test_other_names_and_other_sites_are_refused(served, browser, headers):
    for path in ("", "ws", "static/js/textual.js"):
        async with browser.get(served.address + path, headers=headers) as answer:
            assert answer.status == 403


async def test_nothing_but_the_page_and_its_files(served, browser):
    for path in (
        "static/",
        "static/../../../quiz/cli.py",
        "static/%2e%2e/app_service.py",
        "download/abc",
        "progress.db",
    ):
        async with browser.get(served.address + path) as answer:
            assert answer.status in (403, 404), path


async def test_the_page_loads_nothing_from_elsewhere(served, browser):
    async with browser.get(served.address, headers={"Accept-Language": "zh-CN"}) as answer:
        page = await answer.text()
        assert "://" not in page
        assert "正在打开" in page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "HttpOnly" in answer.headers["Set-Cookie"]
        assert "SameSite=Strict" in answer.headers["Set-Cookie"]


async def test_a_browsers_progress_is_kept_and_is_nobody_elses(served, browser):
    async with browser.get(served.address):
        pass
    async with browser.ws_connect(served.address + "ws?width=100&height=30") as connection:
        await begun(connection)
        await typed(connection, "\r")
        await painted(connection, "Your answer")
        await typed(connection, "kept")
        await until(lambda: any("kept" in d.values() for d in served.drafts().values()), 20, "no draft")
    await until(lambda: not served.apps(), 20, "the app did not end with its page")
    async with aiohttp.ClientSession() as stranger, stranger.ws_connect(served.address + "ws") as connection:
        await begun(connection)
        await typed(connection, "\r")
        assert "kept" not in await painted(connection, "In your own words")
    async with browser.ws_connect(served.address + "ws") as connection:
        await begun(connection, is_new=False)
        await typed(connection, "\r")
        await painted(connection, "kept")
    await until(lambda: not served.apps(), 20, "the app did not end with its page")
    assert len(served.drafts()) == 1  # the stranger without a cookie left nothing


async def test_a_visitors_process_knows_nothing_of_the_server(served, browser):
    async with browser.ws_connect(served.address + "ws") as connection:
        await painted(connection, "Contents")
        (pid,) = served.apps()
        given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        environment = dict(item.split(b"=", 1) for item in given if b"=" in item)
        folder = environment[b"RNNQUIZ_DATA"].decode()
        assert environment[b"HOME"].decode() == folder
        assert str(Path(f"/proc/{pid}/cwd").readlink()) == folder
        assert not {b"EDITOR", b"VISUAL", b"PYTEST_CURRENT_TEST"} & environment.keys()
    await until(lambda: not served.apps(), 20, "the app did not end with its page")
    await until(lambda: not Path(folder).exists(), 20, "the folder was for this visit alone")


async def test_messages_that_mean_nothing_end_their_visit_alone(served, browser):
    async with browser.ws_connect(served.address + "ws?width=1000000000&height=-3") as good:
        await painted(good, "Contents")
        for message in ("", "[]", "{}", '["resize", {"width": "x"}]', '["resize", 3]', '["stdin"]', "no json"):
            async with browser.ws_connect(served.address + "ws") as bad:
                await bad.send_str(message)
                while (await asyncio.wait_for(bad.receive(), 30)).type != aiohttp.WSMsgType.CLOSE:
                    pass
        await good.send_str(json.dumps(["resize", {"width": 10**12, "height": 10**12}]))
        await typed(good, "q")
        while (await asyncio.wait_for(good.receive(), 30)).type != aiohttp.WSMsgType.CLOSE:
            pass
    await until(lambda: not served.apps(), 20, "an app is left")


async def test_no_more_than_so_many_at_once(served, browser):
    connections = [await browser.ws_connect(served.address + "ws") for _ in range(3)]
    for connection in connections:
        await painted(connection, "Contents")
    async with browser.ws_connect(served.address + "ws") as fourth:
        message = await asyncio.wait_for(fourth.receive(), 30)
        assert message.type == aiohttp.WSMsgType.CLOSE
    async with browser.get(served.address) as answer:
        assert answer.status == 503
        assert "Too many" in await answer.text()
    assert len(served.apps()) == 3
    for connection in connections:
        await connection.close()
    await until(lambda: not served.apps(), 20, "an app is left")


async def test_killed_it_takes_its_apps_with_it(tmp_path, browser):
    with Served(tmp_path) as served:
        async with browser.ws_connect(served.address + "ws") as connection:
            await painted(connection, "Contents")
            (pid,) = served.apps()
            served.process.kill()
            served.process.wait()

            def is_gone():
                try:
                    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
                except OSError:
                    return True

            await until(is_gone, 20, "the app outlived its server")
    left = set(served.temporary.iterdir())
    assert left
    with Served(tmp_path):
        assert not left & set(served.temporary.iterdir())
    assert not list(served.temporary.iterdir())


async def test_ones_own_progress_needs_the_key(tmp_path, browser):
    with Served(tmp_path, "--mine") as served:
        bare, _, query = served.address.partition("?")
        assert query.startswith("key=")
        for address in (bare, bare + "ws", bare + "?key=wrong"):
            async with browser.get(address) as answer:
                assert answer.status == 403
        async with browser.get(served.address) as answer:
            assert answer.status == 200
        async with browser.ws_connect(bare + "ws") as connection:
            await painted(connection, "Contents")
    assert not (tmp_path / "visitors").exists()
    assert served.process.returncode == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "70000"], "--port"),
        (["--port", "x"], "--port"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--visitors", "0"], "--visitors"),
        (["--graders", "-1"], "--graders"),
    ],
)
def test_bad_options_are_one_line_and_exit_2(tmp_path, options, words):
    done = _ended(tmp_path, *options)
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("language", "words"), [("en", "warning"), ("zh", "警告")])
def test_listening_for_others_is_warned_of(tmp_path, language, words):
    with Served(tmp_path, "--host", "0.0.0.0", "--lang", language) as served:
        pass
    assert words in served.err
    assert served.process.returncode == 0


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _ended(tmp_path, "--port", str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_textual_serve_it_says_what_to_install(tmp_path):
    hide = "import sys; sys.modules['textual_serve'] = None; sys.argv[1:] = ['serve']; from quiz.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", hide],
        capture_output=True,
        text=True,
        env={**os.environ, "RNNQUIZ_DATA": str(tmp_path), "LC_ALL": "C.UTF-8"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "rnnquiz: textual-serve is not installed; run: pip install 'rnnquiz[web]'\n"


def _ended(folder, *options):
    environment = {**os.environ, "RNNQUIZ_DATA": str(folder), "LC_ALL": "en_US.UTF-8"}
    command = [sys.executable, "-m", "quiz", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


@pytest.mark.slow
async def test_a_picture_goes_to_the_browser_and_to_no_file_here(tmp_path, browser):
    with Served(tmp_path) as served:
        async with browser.get(served.address):
            pass
        async with browser.ws_connect(served.address + "ws?width=120&height=40") as connection:
            await begun(connection)
            await typed(connection, "e")
            await painted(connection, "claims hold", 120)
            await asyncio.sleep(0.5)
            await typed(connection, "w")

            async def offered():
                while True:
                    message = await connection.receive()
                    if message.type == aiohttp.WSMsgType.TEXT and "deliver_file_start" in message.data:
                        return json.loads(message.data)[1]

            key = await asyncio.wait_for(offered(), 60)

            async def read_on():
                async for _ in connection:
                    pass

            reading = asyncio.create_task(read_on())
            async with browser.get(served.address + "download/" + key) as answer:
                assert answer.status == 200
                assert answer.headers["Content-Disposition"].startswith("attachment")
                assert (await answer.read()).startswith(b"\x89PNG")
            reading.cancel()
        assert not list(tmp_path.rglob("*.png"))


def test_a_port_that_is_taken_is_one_line_in_either_language(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for lang, reason in (("zh", "这个端口已被占用"), ("en", "Address already in use")):
            command = [sys.executable, "-m", "quiz", "serve", "--port", port, "--lang", lang]
            done = subprocess.run(
                command, env={**os.environ, "RNNQUIZ_DATA": str(tmp_path)}, capture_output=True, text=True, timeout=60
            )
            assert (done.returncode, done.stdout) == (2, "")
            assert reason in done.stderr
            assert len(done.stderr.splitlines()) == 1
