"""A real Chromium, driven over its DevTools socket: pages in contexts of their own, keys, what the page's socket received."""

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

import aiohttp

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)


def find():
    """The browser's program; None where there is none."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


class Chromium:
    """`async with Chromium(folder) as browser: page = await browser.visit(url)`."""

    def __init__(self, folder):
        self.folder = Path(folder)

    async def __aenter__(self):
        self._process = await asyncio.create_subprocess_exec(
            find(),
            *FLAGS,
            f"--user-data-dir={self.folder}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.folder)},
        )
        where = self.folder / "DevToolsActivePort"
        await until(lambda: where.exists() and len(where.read_text().splitlines()) == 2, 60, "Chromium did not start")
        port, path = where.read_text().splitlines()
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0)
        self._numbers = itertools.count(1)
        self._answers = {}
        self.pages = {}
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        with suppress(Exception):
            await asyncio.wait_for(self.call("Browser.close"), 5)
        self._reader.cancel()
        await self._http.close()
        with suppress(ProcessLookupError):
            if self._process.returncode is None:
                self._process.kill()
        await self._process.wait()

    async def _read(self):
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                answer = self._answers.pop(told["id"], None)
                if answer is not None and not answer.done():
                    answer.set_result(told)
            elif told.get("sessionId") in self.pages:
                self.pages[told["sessionId"]].hear(told["method"], told["params"])

    async def call(self, method, session=None, **parameters):
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "params": parameters}
        if session:
            request["sessionId"] = session
        await self._socket.send_str(json.dumps(request))
        told = await asyncio.wait_for(answer, 30)
        assert "error" not in told, f"{method}: {told['error']}"
        return told["result"]

    async def visit(self, url, *, language="en", size=(1000, 600), context=None):
        """A page in a context (cookies and all) of its own, or in that of another page."""
        if context is None:
            context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        target = await self.call("Target.createTarget", url="about:blank", browserContextId=context)
        found = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = Page(self, target["targetId"], found["sessionId"], context)
        self.pages[page.session] = page
        await page.call("Network.enable")
        await page.call("Page.enable")
        await page.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        width, height = size
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        await page.call("Page.navigate", url=url)
        return page


class Page:
    """One page."""

    def __init__(self, browser, target, session, context):
        self.browser, self.target, self.session, self.context = browser, target, session, context
        self.painted = ""
        """Everything that the terminal was sent."""
        self.asked = []
        """Addresses that the page asked for."""
        self.failed = []

    def hear(self, method, parameters):
        if method == "Network.webSocketFrameReceived":
            frame = parameters["response"]
            if frame["opcode"] == 2:
                self.painted += base64.b64decode(frame["payloadData"]).decode("utf-8", "replace")
        elif method == "Network.requestWillBeSent":
            self.asked.append(parameters["request"]["url"])
        elif method == "Network.loadingFailed":
            self.failed.append(parameters)

    async def call(self, method, **parameters):
        return await self.browser.call(method, self.session, **parameters)

    @property
    def said(self):
        """What was painted, without colours and places."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.painted)

    async def paints(self, text, seconds=30):
        """Wait until the terminal was sent a text."""
        await until(lambda: text in self.said, seconds, lambda: f"{text!r} did not come: {self.said[-800:]!r}")

    async def type(self, text):
        """Type a text, as an input method commits it."""
        await self.call("Input.insertText", text=text)

    async def press(self, key, code, number):
        text = {"Enter": "\r"}.get(key)
        more = {"text": text} if text else {}
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number, **more
            )
            more = {}

    async def run(self, expression):
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    async def picture(self, path):
        found = await self.call("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(found["data"]))

    async def close(self):
        await self.browser.call("Target.closeTarget", targetId=self.target)


async def until(condition, seconds, why):
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        assert loop.time() < end, why() if callable(why) else why
        await asyncio.sleep(0.05)
