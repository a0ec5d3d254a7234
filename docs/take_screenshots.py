"""Makes the pictures of the command line and of the explorer: `python docs/take_screenshots.py`.

It needs the extra `explore`, selenium, and of the system chromium with chromedriver.
"""

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

DOCS = Path(__file__).parent
SHOWN = {
    "show": "Cosine(0.3, 0.01, steps=90_000).with_warmup(10_000)",
    "show-plan": "Plan(lr=wsd(3e-4, warmup=2_000, stable=70_000, decay=20_000), weight_decay=0.1, "
    "momentum=Linear(0.85, 0.95, steps=30_000))",
}
EXPLORED = "wsd(3e-4, warmup=2_000, stable=70_000, decay=20_000, decay_shape='sqrt')"
PINNED = "Cosine(3e-4, 3e-5, steps=90_000).with_warmup(2_000)"


def show(name: str, text: str) -> None:
    """What `lrsched-core show` prints in a terminal."""
    command = [sys.executable, "-m", "lrsched_core", "show", text]
    settings = {**os.environ, "COLUMNS": "100", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    settings.pop("NO_COLOR", None)
    master, slave = pty.openpty()
    with subprocess.Popen(command, stdout=slave, env=settings) as process:
        os.close(slave)
        printed = b"".join(iter(lambda: _read(master), b"")).decode()
    os.close(master)
    if process.returncode:
        raise SystemExit(process.returncode)
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    console.print(f"$ lrsched-core show '{text}'", highlight=False)
    console.print(Text.from_ansi(printed.replace("\r\n", "\n")))
    svg = console.export_svg(title="lrsched-core show", unique_id=name)
    # Fonts are the reader's: a picture should fetch nothing.
    (DOCS / f"{name}.svg").write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), encoding="utf-8")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's end of a terminal
        return b""


def explore() -> None:
    """The page of `lrsched-core explore`, with a curve pinned."""
    command = [sys.executable, "-m", "lrsched_core", "explore", EXPLORED, "--no-browser"]
    with (
        tempfile.TemporaryDirectory() as profile,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            url = re.match(r"http://[\w.:]+", server.stdout.readline()).group()
            _photograph(url, profile)
        finally:
            server.terminate()


def _photograph(url: str, profile: str) -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1120"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        # As it is by day, whatever the system has.
        day = {"name": "prefers-color-scheme", "value": "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [day]})
        browser.get(url)
        time.sleep(4)
        browser.find_element(By.CSS_SELECTOR, "input[data-part=pinned]").send_keys(PINNED, Keys.TAB)
        time.sleep(6)
        browser.save_screenshot(str(DOCS / "explorer.png"))
    finally:
        browser.quit()


if __name__ == "__main__":
    for name, text in SHOWN.items():
        show(name, text)
    explore()
