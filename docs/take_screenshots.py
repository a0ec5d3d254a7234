"""Makes the pictures of the command line and of the explorer: `python docs/take_screenshots.py`.

It needs the extra `explore`, selenium, and of the system chromium with chromedriver.
"""

import io
import os
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

from lrsched_core import parse
from lrsched_core._looks.command import tables
from lrsched_core._looks.command.chart import chart

DOCS = Path(__file__).parent
SHOWN = "Cosine(0.3, 0.01, steps=90_000).with_warmup(10_000)"
EXPLORED = "wsd(3e-4, warmup=2_000, stable=70_000, decay=20_000, decay_shape='sqrt')"
PINNED = "Cosine(3e-4, 3e-5, steps=90_000).with_warmup(2_000)"


def show() -> None:
    """What `lrsched-core show` prints in a terminal."""
    os.environ["COLUMNS"] = "100"  # of the terminal
    schedule = parse(SHOWN)
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    console.print(f"$ lrsched-core show '{SHOWN}'", highlight=False)
    console.print(Text.from_ansi(chart([schedule], stop=None, width=100, log=False, color=True)))
    console.print(tables.phases(schedule, None))
    console.print(tables.values(schedule, None))
    svg = console.export_svg(title="lrsched-core show", unique_id="show")
    # Fonts are the reader's: a picture should fetch nothing.
    (DOCS / "show.svg").write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), encoding="utf-8")


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
        browser.get(url)
        time.sleep(2)
        browser.find_element(By.CSS_SELECTOR, "input[data-part=pinned]").send_keys(PINNED, Keys.TAB)
        time.sleep(2)
        browser.save_screenshot(str(DOCS / "explorer.png"))
    finally:
        browser.quit()


if __name__ == "__main__":
    show()
    explore()
