"""The web server: a page with a terminal in it, and a process of the app behind each open page.

textual-serve gives the terminal's JavaScript, the protocol with the app's process and the delivery of files. Who may
connect, what a process is given and when it ends are decided here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from answers.model import Language
from quiz.catalogue import message
from quiz.web import visitors
from quiz.web.app import CONFINED, DECKS
from quiz.web.scratch import scratch

log = logging.getLogger("rnnquiz.serve")
HERE = Path(__file__).parent
STATIC = Path(textual_serve.__file__).parent / "static"
PER_VISITOR = 4
"""Apps that one browser may have open at once."""
PATIENCE = 5.0
"""Seconds that an app has to end by itself when its page is gone."""
LARGEST_MESSAGE = 1 << 20
"""Bytes that a browser may send at once: a paste."""
KEY_COOKIE = "rnnquiz-key"
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        "img-src 'self' data: blob:; connect-src 'self' ws://{host} wss://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve."""

    data: Path
    """The server's own data folder; visitors' lie in a folder of it."""
    host: str = "127.0.0.1"
    port: int = 8000
    most: int = 16
    """Apps that may be open at once, over all visitors."""
    graders: int = 2
    """Submissions that may be graded at once, over all visitors."""
    key: str = ""
    """With a key, everybody who has it works on the owner's own progress; without, each visitor on theirs."""
    language: Language | None = None
    """For visitors; else as their browser asks."""
    decks: str = ""
    """The decks that the owner has agreed to, as JSON."""


class Visit(AppService):
    """One open page and the process of the app behind it."""

    def __init__(self, environment: dict[str, str], folder: Path, **pipes: Any) -> None:
        super().__init__("rnnquiz", **pipes)
        self._environment = environment
        self._folder = folder

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "quiz.web.app",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            cwd=self._folder,
            start_new_session=True,  # Ctrl+C in the server's terminal is the server's affair
        )
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Ask the app to end; kill it where it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().stop(), PATIENCE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 1.0)
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


class Server:
    """Serves the app. `run` lasts until a signal asks it to end."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.downloads = DownloadManager()
        self._open: dict[web.WebSocketResponse, str] = {}
        self._page = Template((HERE / "page.html").read_text(encoding="utf-8"))
        self._slots = ""
        self._scratch = Path()

    # ------------------------------------------------------------ its life

    async def run(self, started: Callable[[str], None]) -> None:
        """Listen; `started` is told the address. OSError where nobody can listen there."""
        ending = _listen_for_end()
        with scratch() as self._scratch:
            slots = self._scratch / "graders"  # every visitor may write there, and in no other's folder
            slots.mkdir()
            self._slots = f"{self.options.graders}:{slots}"
            runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=PATIENCE + 3)
            await runner.setup()
            try:
                await web.TCPSite(runner, self.options.host, self.options.port).start()
                started(self._address(runner))
                await ending.wait()
            finally:
                await runner.cleanup()

    def _address(self, runner: web.AppRunner) -> str:
        port = runner.addresses[0][1]
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        query = f"?key={self.options.key}" if self.options.key else ""
        return f"http://{host}:{port}/{query}"

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard])
        application.add_routes(
            [
                web.get("/", self.page),
                web.get("/ws", self.terminal),
                web.get("/download/{key}", self.download),
                web.get("/page.css", lambda _: self._file("page.css")),
                web.get("/page.js", lambda _: self._file("page.js")),
                web.static("/static", STATIC),
            ]
        )
        application.on_shutdown.append(self._close_all)
        return application

    async def _file(self, name: str) -> web.StreamResponse:
        return web.FileResponse(HERE / name)

    async def _close_all(self, _: web.Application) -> None:
        await asyncio.gather(*(socket.close() for socket in list(self._open)), return_exceptions=True)

    # ------------------------------------------------------------ who may

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse pages of other sites, and names that somebody else has pointed at this machine."""
        name = visitors.host_name(request.host)
        if visitors.is_loopback(self.options.host) and not visitors.is_loopback(name) and name != self.options.host:
            raise web.HTTPForbidden(text="not by this name")
        if not visitors.is_same_origin(request.headers.get("Origin"), request.host):
            raise web.HTTPForbidden(text="not from another site")
        if self.options.key and not self._has_key(request):
            raise web.HTTPForbidden(text=message("serve.no_key").of(self._language(request)), content_type="text/plain")
        response = await handler(request)
        if not response.prepared:
            for header, value in SECURITY.items():
                response.headers[header] = value.replace("{host}", request.host)
        return response

    def _has_key(self, request: web.Request) -> bool:
        import hmac

        given = request.query.get("key") or request.cookies.get(KEY_COOKIE, "")
        return hmac.compare_digest(given.encode(), self.options.key.encode())

    def _language(self, request: web.Request) -> Language:
        return self.options.language or visitors.accepted_language(request.headers.get("Accept-Language", "")) or "en"

    # ------------------------------------------------------------ the page

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page with the terminal; a browser that comes for the first time is given its token."""
        language = self._language(request)
        if len(self._open) >= self.options.most:
            raise web.HTTPServiceUnavailable(text=message("serve.full").of(language), headers={"Retry-After": "60"})
        text = self._page.substitute(
            lang="zh-CN" if language == "zh" else "en",
            opening=message("serve.opening").of(language),
            closed=message("serve.closed").of(language),
            again=message("serve.again").of(language),
            script=message("serve.script").of(language),
            size=visitors.fitted(request.query.get("fontsize", ""), range(8, 49), 16),
        )
        response = web.Response(text=text, content_type="text/html", charset="utf-8")
        response.headers["Cache-Control"] = "no-store"
        if self.options.key:
            response.set_cookie(KEY_COOKIE, self.options.key, httponly=True, samesite="Strict")
        elif not visitors.is_token(request.cookies.get(visitors.COOKIE)):
            token, year = visitors.new_token(), 365 * 86400
            secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
            response.set_cookie(visitors.COOKIE, token, max_age=year, httponly=True, samesite="Strict", secure=secure)
        return response

    # ------------------------------------------------------------ the terminal

    async def terminal(self, request: web.Request) -> web.StreamResponse:
        """A process of the app for as long as this connection lasts."""
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=LARGEST_MESSAGE)
        await socket.prepare(request)
        token = request.cookies.get(visitors.COOKIE)
        known = token if token is not None and visitors.is_token(token) else ""
        mine = sum(name == known for name in self._open.values()) if known else 0
        if len(self._open) >= self.options.most or mine >= PER_VISITOR:
            await socket.close(code=1013, message=b"full")
            return socket
        self._open[socket] = known
        try:
            with ExitStack() as rooms:
                await self._attend(request, socket, self._room(known, rooms))
        except Exception:
            log.exception("a visit broke off")
        finally:
            del self._open[socket]
            await socket.close()
        return socket

    def _room(self, token: str, rooms: ExitStack) -> Path:
        """The folder of a visit: the owner's with the key, the visitor's own, or one for this visit alone."""
        if self.options.key:
            folder = self.options.data
        elif token:
            folder = visitors.folder_of(token, self.options.data / "visitors")
        else:
            visit = tempfile.TemporaryDirectory(prefix="visit-", dir=self._scratch, ignore_cleanup_errors=True)
            folder = Path(rooms.enter_context(visit))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    async def _attend(self, request: web.Request, socket: web.WebSocketResponse, folder: Path) -> None:
        width = visitors.fitted(request.query.get("width"), visitors.COLUMNS, 80)
        height = visitors.fitted(request.query.get("height"), visitors.LINES, 24)
        home = Path.home() if self.options.key else folder
        language = self._language(request)
        environment = visitors.environment(os.environ, folder, home, language, self._slots, (width, height))
        if not self.options.key:
            environment |= {CONFINED: "1", DECKS: self.options.decks, "TMPDIR": str(folder)}
        visit = Visit(
            environment,
            folder,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,
            download_manager=self.downloads,
        )
        try:
            await visit.start(width, height)
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await asyncio.wait_for(_pass_on(message.data, visit, socket), 30)
        except (TimeoutError, ValueError, TypeError, KeyError, IndexError):
            log.warning("a visit sent what cannot be understood, or its app hung; it was ended")
        finally:
            await visit.stop()

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file that the app delivers: a picture, a report."""
        key = request.match_info["key"]
        try:
            found = await self.downloads.get_download_metadata(key)
        except KeyError:
            raise web.HTTPNotFound from None
        name = "".join(c if c.isalnum() or c in "._-" else "_" for c in found.file_name)
        headers = {
            "Content-Type": found.mime_type or "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async for chunk in self.downloads.download(key):
            await response.write(chunk)
        await response.write_eof()
        return response


async def _pass_on(data: str, visit: Visit, socket: web.WebSocketResponse) -> None:
    """One message of the page. ValueError and its like for what is none."""
    kind, *rest = json.loads(data)
    if kind == "stdin":
        await visit.send_bytes(str(rest[0]).encode("utf-8", "replace"))
    elif kind == "resize":
        width = visitors.fitted(rest[0]["width"], visitors.COLUMNS, 80)
        await visit.set_terminal_size(width, visitors.fitted(rest[0]["height"], visitors.LINES, 24))
    elif kind == "ping":
        await socket.send_json(["pong", str(rest[0])[:64]])
    elif kind == "blur":
        await visit.blur()
    elif kind == "focus":
        await visit.focus()


def _listen_for_end() -> asyncio.Event:
    """Set by Ctrl+C or a signal to end."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with contextlib.suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(getattr(signal, name), asked.set)
    return asked
