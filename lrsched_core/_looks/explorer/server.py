"""The server of the page: on this machine, for this machine."""

import socket

from nicegui import app, ui
from starlette.middleware.trustedhost import TrustedHostMiddleware

from lrsched_core._looks.explorer.page import Page

HOST = "127.0.0.1"


def serve(text: str, *, port: int | None, browser: bool) -> None:
    """Serves the page until it is interrupted.

    Args:
        text: The expression that a new page begins with.
        port: Where; a free one if it is not given.
        browser: Whether to open a browser.
    """
    chosen = port or _free_port()

    @ui.page("/", title="lrsched-core", favicon="📉")
    def _page() -> None:
        Page(text)

    # A page from elsewhere must not reach this one under a name of its own.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    app.on_startup(lambda: print(f"http://{HOST}:{chosen}  (stop it by Ctrl-C)", flush=True))
    ui.run(
        host=HOST, port=chosen, title="lrsched-core", show=browser, reload=False, show_welcome_message=False
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])
