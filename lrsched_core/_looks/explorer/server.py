"""The server of the page: on this machine, for this machine."""

import socket

from nicegui import app, core, ui
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrsched_core._errors import refusal
from lrsched_core._looks.explorer.page import Page

HOST = "127.0.0.1"
_HOSTS = (HOST, "localhost")


class _Private:
    """Keeps pages from elsewhere out: none may ask this one, by WebSocket or otherwise, or show it within itself."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...]) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin and origin not in self._origins:
            await self._refuse(scope, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Frame-Options"] = "DENY"
                headers["Content-Security-Policy"] = "frame-ancestors 'none'"
            await send(message)

        await self._app(scope, receive, guarded)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # against policy
            return
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"from another origin"})


def serve(text: str, *, port: int | None, browser: bool) -> None:
    """Serves the page until it is interrupted.

    Args:
        text: The expression that a new page begins with.
        port: Where; a free one if it is not given.
        browser: Whether to open a browser.

    Raises:
        OSError: If the port is in use, or nobody may listen there.
    """
    chosen = _free_port() if port is None else _checked(port)
    origins = tuple([f"http://{host}:{chosen}" for host in _HOSTS])

    @ui.page("/", title="lrsched-core", favicon="📉")
    def _page() -> None:
        Page(text)

    # A page from elsewhere must not reach this one under a name of its own.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_HOSTS])
    app.add_middleware(_Private, origins=origins)
    # The server of the events answers beside the middleware.
    core.sio.eio.cors_allowed_origins = [*origins]
    app.on_startup(lambda: print(f"http://{HOST}:{chosen}  (stop it by Ctrl-C)", flush=True))
    ui.run(
        host=HOST, port=chosen, title="lrsched-core", show=browser, reload=False, show_welcome_message=False, dark=None
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _checked(port: int) -> int:
    with socket.socket() as trial:
        # A server that has just ended still holds its port for a while, from which nobody is kept.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            raise refusal(
                OSError, "--port", "be one that is free", f"{port} ({error.strerror}); without it, a free one is taken"
            ) from None
    return port
