"""The explorer in a real browser: what a hand does on the page, and what the page then shows."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

pytest.importorskip("nicegui")
pytest.importorskip("selenium")
BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if BROWSER is None or DRIVER is None:
    pytest.skip("needs chromium and chromedriver", allow_module_level=True)

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import lrsched_core
from lrsched_core import Cosine, from_json, parse

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
]
WARM = "Cosine(0.3, 0.01, steps=900).with_warmup(100)"


def driver(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(DRIVER))


class Explorer:
    """The page, by what a person sees and touches."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url

    def open(self):
        self.browser.get(self.url)
        self.until(lambda: self.curve(), "a curve")

    def until(self, condition, what):
        """Waits for something to become true, and gives it back."""
        last = time.monotonic() + 10
        while not (found := condition()):
            assert time.monotonic() < last, f"never there: {what}; {self.expression()!r}, {self.error()!r}"
            time.sleep(0.05)
        return found

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def curve(self, series=-1):
        """The points that the chart has been given."""
        return self.browser.execute_script(
            "const e = document.querySelector('[data-part=chart]');"
            "const c = e && getElement(+e.id.slice(1)).chart, s = c && c.getOption()?.series;"
            "return s && s.length ? s.at(arguments[0]).data : null",
            series,
        )

    def drawn(self, expression, series=-1):
        """Whether the chart shows that schedule."""
        schedule, points = parse(expression), self.curve(series)
        return all(abs(value - schedule(t)) <= 1e-9 for t, value in points if value is not None)

    def area(self, part):
        return self.find(f"textarea[data-part={part}], input[data-part={part}]")

    def expression(self):
        return self.area("expression").get_attribute("value")

    def write(self, part, text):
        area = self.area(part)
        area.send_keys(Keys.CONTROL, "a")
        area.send_keys(text or Keys.DELETE)

    def error(self):
        return self.find("[role=alert]").text

    def argument(self, name, what):
        return self.find(f'[data-argument="{name}"] {what}')

    def number(self, name):
        return self.argument(name, "input").get_attribute("value")

    def drag(self, name, dx):
        """Takes a slider by its knob and moves it by so many dots."""
        knob = self.argument(name, ".q-slider__thumb")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", knob)
        ActionChains(self.browser, duration=50).click_and_hold(knob).move_by_offset(dx, 0).release().perform()

    def press(self, label):
        self.find(f'button[aria-label="{label}"]').click()

    def copied_since(self, *before):
        """What is in the clipboard, if it is something new."""
        text = self.browser.execute_async_script(
            "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(''))"
        )
        return "" if text in before else text

    def text(self, title):
        return self.find(f'[data-text="{title}"]').text


@pytest.fixture(scope="module")
def explorer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explorer")
    # Without what tells NiceGUI that it runs in its own tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with (
        (folder / "errors").open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "lrsched_core", "explore", WARM, "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        ) as server,
    ):
        try:
            url = re.match(r"http://127\.0\.0\.1:\d+", server.stdout.readline()).group()
            browser = driver(folder / "profile")
            try:
                yield Explorer(browser, url)
            finally:
                browser.quit()
        finally:
            server.terminate()
    assert (folder / "errors").read_text() == ""


@pytest.fixture
def page(explorer):
    explorer.open()
    return explorer


def test_the_page_begins_with_what_was_asked_for(page):
    assert page.expression() == WARM
    assert page.drawn(WARM)
    assert [page.number(name) for name in ("base_lr", "final_lr", "start")] == ["0.3", "0.01", "0.0"]
    assert page.error() == ""


def test_a_slider_moves_the_curve_and_the_expression(page):
    before = page.curve()
    page.drag("base_lr", -12)
    moved = page.until(lambda: page.number("base_lr") != "0.3" and page.number("base_lr"), "another rate")
    expected = WARM.replace("0.3", moved)
    assert 0 < float(moved) < 0.3
    page.until(lambda: page.expression() == expected, expected)
    page.until(lambda: page.drawn(expected), "the new curve")
    assert page.curve() != before
    assert parse(page.expression()) == Cosine(float(moved), 0.01, steps=900).with_warmup(100)


def test_a_number_can_be_typed(page):
    field = page.argument("base_lr", "input")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("2.5e-1", Keys.ENTER)
    page.until(lambda: page.expression() == WARM.replace("0.3", "0.25"), "the number in the expression")
    page.until(lambda: page.drawn(WARM.replace("0.3", "0.25")), "the new curve")


def test_a_text_moves_the_sliders_and_the_curve(page):
    page.write("expression", "wsd(0.2, warmup=50, stable=300, decay=100)")
    page.until(
        lambda: page.browser.find_elements(By.CSS_SELECTOR, '[data-argument="stable"]'), "the recipe's arguments"
    )
    assert [page.number(name) for name in ("base_lr", "warmup", "stable", "decay")] == ["0.2", "50", "300", "100"]
    page.until(lambda: page.drawn("wsd(0.2, warmup=50, stable=300, decay=100)"), "the recipe's curve")
    page.drag("stable", 12)
    # Where the knob is taken, a hand may at first move it the other way.
    page.until(lambda: parse(page.expression())(380) == 0.2, "a longer plateau")


def test_a_text_that_is_none_shows_its_error_with_the_place(page):
    page.write("expression", "2 * Cosin(0.3, steps=9)")
    page.until(lambda: "do you mean Cosine" in page.error(), "the error")
    assert "column 5" in page.error()
    assert page.drawn(WARM), "the last curve stays"
    page.write("expression", "2 * Cosine(0.3, steps=9)")
    page.until(lambda: page.error() == "" and page.drawn("2 * Cosine(0.3, steps=9)"), "the curve of the text")
    assert page.number("factor") == "2"


PLAN = "Plan(lr=Cosine(0.3, steps=90).with_warmup(10), momentum=Linear(0.85, 0.95, steps=20))"
CLOCK = "Clock(updates_per_epoch=10, epochs=100)"


def test_a_plan_has_a_panel_and_cards_for_each_quantity(page):
    page.write("expression", PLAN)
    plan = parse(PLAN)
    page.until(lambda: page.drawn(str(plan["momentum"])), "the momentum")
    assert page.drawn(str(plan["lr"]), 0)
    assert page.browser.execute_script(
        "const e = document.querySelector('[data-part=chart]');"
        "return getElement(+e.id.slice(1)).chart.getOption().yAxis.map(axis => axis.name)"
    ) == ["lr", "momentum"]
    assert [e.text for e in page.browser.find_elements(By.CSS_SELECTOR, "[data-part=cards] > [role=heading]")] == [
        "lr",
        "momentum",
    ]
    assert "lrsched_torch.ScheduleLR(optimizer, plan)" in page.text("PyTorch")
    page.drag("start", 12)
    page.until(lambda: parse(page.expression())["lr"](0) > 0, "another start")
    assert parse(page.expression())["momentum"] == plan["momentum"]
    page.find('button[aria-label="add to momentum"], [aria-label="add to momentum"] button').click()
    item = page.until(
        lambda: [e for e in page.browser.find_elements(By.CSS_SELECTOR, ".q-menu .q-item") if e.text == "scale"],
        "scale in the menu",
    )
    item[0].click()
    page.until(lambda: "momentum=0.5 * Linear(" in page.expression(), "half the momentum")
    assert page.error() == ""


def test_a_plan_on_a_clock_has_a_card_of_it(page):
    page.write("expression", f"{PLAN}.on({CLOCK}, 'epochs')")
    page.until(lambda: page.browser.find_elements(By.CSS_SELECTOR, '[data-argument="updates_per_epoch"]'), "the clock")
    assert page.number("epochs") == "100"
    field = page.argument("batch_size", "input")
    field.send_keys("32", Keys.ENTER)
    page.until(lambda: next(value for _, value in page.curve() if value is not None) == 32, "the sizes of batches")
    expected = f"{CLOCK[:-1].replace('10,', '10, batch_size=32,')})"
    assert page.expression() == f"{PLAN}.on({expected}, 'epochs')"
    axis = page.browser.execute_script(
        "const e = document.querySelector('[data-part=chart]');"
        "const chart = getElement(+e.id.slice(1)).chart, axis = chart.getOption().xAxis.at(-1);"
        "return [axis.name, axis.axisLabel.customValues.map(t => axis.axisLabel.formatter(t))]"
    )
    assert axis == ["epochs", ["0", "20", "40", "60", "80", "100"]]
    assert page.error() == ""


def test_what_is_added_can_be_removed(page):
    parts = (("cooldown", ".cooldown("), ("repeat", ".repeat("), ("on", ".on(Clock("), ("scale", "0.5 * "))
    for name, part in parts:
        page.find("button.q-btn-dropdown").click()
        item = page.until(
            lambda name=name: [
                e for e in page.browser.find_elements(By.CSS_SELECTOR, ".q-menu .q-item") if e.text == name
            ],
            f"{name} in the menu",
        )
        item[0].click()
        page.until(lambda part=part: part in page.expression(), name)
        page.until(lambda: page.drawn(page.expression()), "its curve")
    for name in ("scale", "on", "repeat", "cooldown", "with_warmup"):
        page.press(f"remove {name}")
        page.until(lambda name=name: not page.browser.find_elements(
            By.CSS_SELECTOR, f'button[aria-label="remove {name}"]'), f"no {name}")  # fmt: skip
    page.until(lambda: page.expression() == "Cosine(0.3, 0.01, steps=900)", "the base alone")


def test_another_base_keeps_what_it_shares_and_the_warmup(page):
    choice = page.find(".base input")
    choice.send_keys(Keys.CONTROL, "a")
    choice.send_keys("Polynomial")
    option = page.until(
        lambda: [e for e in page.browser.find_elements(By.CSS_SELECTOR, ".q-menu .q-item") if e.text == "Polynomial"],
        "Polynomial in the list",
    )
    option[0].click()
    expected = "Polynomial(0.3, 0.01, steps=900).with_warmup(100)"
    page.until(lambda: page.expression() == expected, expected)
    assert page.number("power") == "2.0"
    page.until(lambda: page.drawn(expected), "its curve")


def test_a_pinned_curve_stays_behind(page):
    page.find("button.pin").click()
    page.until(lambda: len(page.curve(0)) and page.area("pinned").get_attribute("value") == WARM, "the pinned curve")
    page.drag("base_lr", -12)
    page.until(lambda: not page.drawn(WARM) and page.drawn(WARM, 0), "one curve that moved, one that did not")
    page.write("pinned", "Linear(0.3, steps=90")
    page.until(lambda: "was never closed" in page.find("body").text, "its error")


def test_what_is_read_aloud_has_names_and_the_real_values(page):
    slider = page.argument("base_lr", "[role=slider]")
    assert slider.get_attribute("aria-label") == "base_lr"
    assert slider.get_attribute("aria-valuetext") == "0.3"
    page.drag("base_lr", -12)
    page.until(lambda: page.number("base_lr") != "0.3", "another rate")
    page.until(
        lambda: page.argument("base_lr", "[role=slider]").get_attribute("aria-valuetext") == page.number("base_lr"),
        "the rate, not the slider's position",
    )
    told = page.until(
        lambda: (
            page.find("[data-part=chart]").get_attribute("aria-label").startswith(page.expression())
            and page.find("[data-part=chart]").get_attribute("aria-label")
        ),
        "the picture in words",
    )
    assert told.endswith(f"0 at t = 0, at most {float(page.number('base_lr')):.4g}, 0.01 at t = 1,200")
    unnamed = page.browser.execute_script(
        """
        const named = e => e.innerText || e.closest('[aria-label]') || e.closest('label')?.innerText;
        return [...document.querySelectorAll('button, input, textarea, [role=slider], [role=switch]')]
          .filter(e => !e.matches('.q-toggle__native') && !named(e)).map(e => e.outerHTML);
        """
    )
    assert unnamed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_by_day_and_by_night(page, scheme):
    """The contrast that WCAG 2 asks of text, 4.5, with the ground that is behind it."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        page.open()
        page.until(
            lambda: ("body--dark" in page.find("body").get_attribute("class")) == (scheme == "dark"), f"a {scheme} page"
        )
        page.until(lambda: not page.browser.execute_script("return document.getAnimations().length"), "rest")
        pale = page.browser.execute_script(
            """
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const rgba = color => {
              canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
              return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const light = color => color.slice(0, 3).map(c => c / 255)
              .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const ground = e => {
              for (; e; e = e.parentElement) {
                const color = rgba(getComputedStyle(e).backgroundColor);
                if (color[3] > 200) return color;
              }
              return [255, 255, 255, 255];
            };
            return [...document.querySelectorAll('body *')]
              .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
              .map(e => {
                const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))];
                return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.innerText];
              })
              .filter(([contrast]) => contrast < 4.5);
            """
        )
        assert pale == []
        expected = {"light": "#c2410c", "dark": "#fb923c"}[scheme]
        color = (
            "const e = document.querySelector('[data-part=chart]');"
            "return getElement(+e.id.slice(1)).chart.getOption().series.at(-1).lineStyle.color"
        )
        page.until(lambda: page.browser.execute_script(color) == expected, f"a curve in {expected}")
    finally:
        page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_logarithmic_axis_leaves_out_zero(page):
    page.find("[data-part=log]").click()
    page.until(lambda: page.curve()[0][1] is None, "no point at 0")
    page.until(lambda: all(value > 0 for _, value in page.curve() if value is not None), "positive points")


def test_the_texts_are_right_and_can_be_copied(page):
    page.browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    page.write("expression", "one_cycle(0.3, steps=500)*0.5")
    page.until(lambda: "one_cycle" in page.text("Python"), "the new texts")
    schedule = parse("one_cycle(0.3, steps=500) * 0.5")
    copied = {}
    for title in ("expression", "Python", "JSON", "PyTorch", "Keras", "MXNet", "JAX"):
        page.press(f"copy {title}")
        copied[title] = page.until(lambda: page.copied_since(*copied.values()), f"{title} in the clipboard")
    assert parse(copied["expression"]) == schedule
    assert from_json(copied["JSON"]) == schedule
    names = {}
    exec(copied["Python"], names)
    assert names["lr"] == schedule
    assert "lrsched_torch.ScheduleLR(optimizer, lr)" in copied["PyTorch"]
    assert "lrsched_keras.LearningRate(lr)" in copied["Keras"]
    assert "lrsched_mxnet.Scheduler(lr)" in copied["MXNet"]
    assert "optax.sgd(lr)" in copied["JAX"]
    for title in ("PyTorch", "Keras", "MXNet", "JAX"):
        assert copied[title].startswith("import ")
    assert lrsched_core.parse(repr(schedule)) == schedule


def asked(url, path, **headers):
    """The status and the headers of an answer, upgraded ones too."""
    host, port = url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def test_pages_from_elsewhere_can_neither_ask_nor_show_it(page):
    status, headers = asked(page.url, "/")
    assert status == 200
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    for path, extra in (("/", {}), (SOCKET, UPGRADE)):
        for origin in ("http://example.org", "http://127.0.0.1:1", "null"):
            assert asked(page.url, path, Origin=origin, **extra)[0] in (400, 403), (path, origin)
        assert asked(page.url, path, Origin=page.url, **extra)[0] in (101, 200)
    assert asked(page.url, "/", Host="example.org")[0] == 400


def test_a_port_in_use_is_said(page):
    port = page.url.rpartition(":")[2]
    command = [sys.executable, "-m", "lrsched_core", "explore", "--no-browser", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "`--port` must be one that is free" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_fetched_from_elsewhere_and_nothing_complains(page):
    asked = []
    for entry in page.browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            parameters = message["params"]
            asked.append(parameters.get("url") or parameters["request"]["url"])
    # The browser's own empty page, and pictures within the page, are no requests to anybody.
    asked = [url for url in asked if not url.startswith(("chrome:", "chrome-untrusted:", "data:", "blob:"))]
    assert any(url.startswith("ws:") for url in asked)
    assert {re.match(r"\w+://([^:/]*)", url).group(1) for url in asked} == {"127.0.0.1"}
    assert [entry for entry in page.browser.get_log("browser") if entry["level"] == "SEVERE"] == []
