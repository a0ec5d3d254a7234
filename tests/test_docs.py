"""The pages are made without a warning, fetch nothing from elsewhere, and are whole in a browser without a network."""

import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")
for framework in ("torch", "keras", "mxnet"):
    pytest.importorskip(framework)

fcntl = pytest.importorskip("fcntl")
tomllib = pytest.importorskip("tomllib")

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages, made anew, once for all processes: strictly, so that a broken link or reference fails."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, made = shared / "site", shared / "site.made"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
            done = subprocess.run(
                [*command, "--fresh-env", "--builder", "html", DOCS, folder],
                capture_output=True,
                text=True,
                timeout=600,
            )
            assert done.returncode == 0, done.stderr
            made.touch()
    return folder


# Where an address stands that a browser fetches by itself; of <link>, all but those that only name another page.
LOADED = ("src", "srcset", "poster", "data", "background", "xlink:href", "action", "formaction", "ping")
NAMES = {"alternate", "author", "canonical", "copyright", "help", "index", "license", "next", "prev", "search", "top"}
ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"""url\(\s*["']?([^)"']*)|@import\s+["']([^"']*)""")
IN_SCRIPT = re.compile(
    r"""(?:fetch|import|importScripts|Worker|EventSource|WebSocket|\.open\((?:"GET"|'GET'),)\s*\(?\s*["'`]((?:\w+:)?//[^"'`]*)"""
    r"""|\.(?:src|href)\s*=\s*["'`]((?:\w+:)?//[^"'`]*)"""
)


class Fetched(HTMLParser):
    """What a browser loads by itself when it shows a page, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.loads, self.links, self.anchors, self.scripts = [], [], set(), []
        self.within = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.within = tag
        self.anchors.add(given.get("id"))
        self.loads += styled(given.get("style") or "")
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "link":
            if not NAMES.issuperset(given.get("rel", "").split()):
                self.loads.append(given["href"])
        elif "href" in given and tag not in ("area", "base"):  # of SVG
            self.loads.append(given["href"])
        for name in LOADED:
            if given.get(name):
                self.loads += [one.split()[0] for one in given[name].split(",")] if name == "srcset" else [given[name]]

    def handle_data(self, text):
        if self.within == "style":
            self.loads += styled(text)
        elif self.within == "script":
            self.scripts.append(text)


def styled(text):
    """What a style loads."""
    return [first or second for first, second in IN_STYLE.findall(text)]


@cache
def read(page):
    parser = Fetched()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def foreign(addresses):
    """Those that are not beside the page, nor within it."""
    return [one for one in addresses if ELSEWHERE.match(one)]


def test_no_page_needs_the_internet(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        shown = read(page)
        assert foreign(shown.loads) == [], page.name
        assert IN_SCRIPT.findall("".join(shown.scripts)) == [], page.name
        for loaded in shown.loads:
            path = loaded.partition("?")[0].partition("#")[0]
            if path and not loaded.startswith("data:"):
                assert (page.parent / path).is_file(), (page.name, loaded)
    for style in [*site.rglob("*.css"), *site.rglob("*.svg")]:
        assert foreign(styled(style.read_text(encoding="utf-8"))) == [], style
    for picture in site.rglob("*.svg"):
        assert foreign(read(picture).loads) == [], picture
    for script in site.rglob("*.js"):
        assert IN_SCRIPT.findall(script.read_text(encoding="utf-8")) == [], script


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://elsewhere.org/a.js"></script>',
        '<script src="//elsewhere.org/a.js"></script>',
        '<link rel="preconnect" href="https://elsewhere.org">',
        '<link rel="stylesheet" href="https://elsewhere.org/a.css">',
        '<img srcset="a.png 1x, https://elsewhere.org/a.png 2x">',
        '<object data="https://elsewhere.org/a.svg"></object>',
        '<svg><image xlink:href="https://elsewhere.org/a.png"/></svg>',
        '<svg><use href="https://elsewhere.org/a.svg#b"/></svg>',
        '<p style="background: url(https://elsewhere.org/a.png)"></p>',
        '<style>@import "https://elsewhere.org/a.css";</style>',
        "<style>@font-face { src: url('//elsewhere.org/a.woff2') }</style>",
        '<script>fetch("https://elsewhere.org")</script>',
        "<script>picture.src = 'https://elsewhere.org/a.png'</script>",
    ],
)
def test_what_is_fetched_from_elsewhere_would_be_noticed(text):
    parser = Fetched()
    parser.feed(text)
    assert foreign(parser.loads) or IN_SCRIPT.findall("".join(parser.scripts))


class Links(HTMLParser):
    """(address, text) of the links in what a page says, without those that stand beside it."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.article = self.inside = False

    def handle_starttag(self, tag, attributes):
        if tag == "article":
            self.article = True
        elif tag == "a" and self.article:
            self.inside = True
            self.found.append((dict(attributes).get("href", ""), ""))

    def handle_endtag(self, tag):
        if tag == "article":
            self.article = False
        elif tag == "a":
            self.inside = False

    def handle_data(self, text):
        if self.inside:
            address, said = self.found[-1]
            self.found[-1] = address, said + text


def links_of(page, site):
    """(target, text) of each link: of a page of the site, or of README as a code host shows it."""
    if page.suffix == ".md":
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = re.findall(r"(?<!!)\[([^\]]*)\]\(([^)#\s]*)[^)]*\)", text)
        return [((page.parent / target).resolve(), " ".join(text.split())) for text, target in found]
    parser = Links()
    parser.feed(page.read_text(encoding="utf-8"))
    found = [((page.parent / target.partition("#")[0]).resolve(), text) for target, text in parser.found]
    return [
        (DOCS.joinpath(path.relative_to(site)).with_suffix(".md"), text) for path, text in found if site in path.parents
    ]


# What people look for, the text of the link to it, the page, and what stands there.
LOOKED_FOR = [
    ("epochs to steps", r"epochs, samples or tokens (?:in)?to steps", "units", "clock.steps"),
    ("resume", r"\bresume\b", "resume", "load_state_dict"),
    ("my own schedule", r"schedule of your own", "own", "CustomSchedule"),
    ("which schedule", r"which (?:schedule|one)\b.*\bfor what", "catalogue", "Which schedule for what"),
]


@pytest.mark.parametrize("first", ["README.md", "index.html"])
@pytest.mark.parametrize(("wanted", "text", "page", "there"), LOOKED_FOR, ids=[row[0] for row in LOOKED_FOR])
def test_what_people_look_for_is_one_click_from_where_they_begin(site, first, wanted, text, page, there):
    start = ROOT / first if first.endswith(".md") else site / first
    leading = [said for target, said in links_of(start, site) if target == DOCS / f"{page}.md"]
    assert any(re.search(text, said) for said in leading), (wanted, leading)
    assert there in re.sub(r"<[^>]*>", "", (site / f"{page}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("first", ["README.md", "index.html"])
def test_every_page_is_two_clicks_from_where_people_begin(site, first):
    """By links in what the pages say, whatever a theme puts beside it."""
    reached = {ROOT / first if first.endswith(".md") else DOCS / first.replace(".html", ".md")}
    for _ in range(2):
        pages = [page for page in reached if page.suffix == ".md" and (page == ROOT / first or DOCS in page.parents)]
        shown = [page if page.parent == ROOT else site / page.relative_to(DOCS).with_suffix(".html") for page in pages]
        reached |= {target for page in shown if page.exists() for target, _ in links_of(page, site)}
    written = {page for page in DOCS.rglob("*.md") if "_build" not in page.parts} - {DOCS / "index.md"}
    assert sorted(page.relative_to(DOCS).as_posix() for page in written - reached) == []


def test_every_link_within_the_pages_leads_somewhere(site):
    for page in site.rglob("*.html"):
        for link in read(page).links:
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link) or not link:
                continue
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page.name, link)
            if anchor and target.suffix == ".html":
                assert anchor in read(target).anchors, (page.name, link)


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_a_page_with_all_that_it_holds(site, notebook):
    page = (site / "notebooks" / f"{notebook.stem}.html").read_text(encoding="utf-8")
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    assert "$" not in re.sub(r"<pre>.*?</pre>|<script.*?</script>|<code.*?</code>", "", page, flags=re.DOTALL)
    outputs = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert "".join(cell["source"]).strip() in shown
            outputs += cell["outputs"]
    texts = ["".join(output["text"]).replace("\r", "") for output in outputs if output["output_type"] == "stream"]
    assert [text for text in texts if text.strip() not in shown] == []
    assert page.count('src="data:image/png;') == sum("image/png" in output.get("data", {}) for output in outputs)
    assert page.count("<svg ") >= sum(
        "<svg " in "".join(output.get("data", {}).get("text/html", "")) for output in outputs
    )


def test_every_formula_is_drawn(site):
    for page in site.rglob("*.html"):
        text = re.sub(r"<pre>.*?</pre>|<code.*?</code>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "$$" not in text, page
        assert r"\frac" not in text, page
    assert (site / "catalogue.html").read_text(encoding="utf-8").count("<math") > 40


def test_a_formula_that_is_not_understood_is_refused(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "_extensions"))
    import mathml
    from sphinx.errors import ExtensionError

    assert "<mfrac>" in mathml.mathml(r"\tfrac12 x", "inline")
    with pytest.raises(ExtensionError, match="cannot draw the formula"):
        mathml.mathml(r"\nosuchcommand{x}", "inline")


# In a browser

WIDTHS = (1280, 400)
FACTS = """
const wide = (e) => e.scrollWidth > e.clientWidth + 1;
const size = (e) => { const box = e.getBoundingClientRect(); return Math.min(box.width, box.height); };
return {
  overflow: document.documentElement.scrollWidth - window.innerWidth,
  pictures: [...document.images].filter((e) => !(e.complete && e.naturalWidth > 0 && size(e) > 0)).map((e) => e.src),
  formulas: [...document.querySelectorAll("math, .math")].filter(
    (e) => size(e) <= 0 || !e.closest("math") && !e.querySelector("math")
           || e.tagName.toLowerCase() === "math" && !(e instanceof MathMLElement)).map((e) => e.textContent),
  cropped: [...document.querySelectorAll("article pre, article .table-wrapper")].filter(wide).map((e) => e.textContent),
  counted: [document.images.length, document.querySelectorAll("math").length],
};
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A browser for which no host but this one is there."""
    pytest.importorskip("selenium")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-dev-shm-usage",
        "disable-background-networking",
        "disable-component-update",
        "no-first-run",
        "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service(driver)) as browser:
        yield browser


@pytest.fixture(scope="module")
def served(site):
    """The address of the pages."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def complaints(browser, address):
    """What pages asked for in vain or elsewhere since the browser was last asked, and what the console says."""
    said = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    asked = {}  # by pages: a browser asks itself for parts of its own
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        given = message["params"]
        if message["method"] == "Network.requestWillBeSent" and re.match("https?:|wss?:", given["request"]["url"]):
            asked[given["requestId"]] = given["request"]["url"]
        elif message["method"] == "Network.loadingFailed" and given["requestId"] in asked:
            said.append(f"failed: {asked[given['requestId']]}, {given['errorText']}")
        elif message["method"] == "Network.responseReceived" and given["response"]["status"] >= 400:
            said.append(f"{given['response']['status']}: {given['response']['url']}")
    return said + [f"asked for {url}" for url in asked.values() if not url.startswith(f"{address}/")]


def widen(browser, width):
    """Makes the window this wide."""
    shape = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)


def faults(browser, address, page):
    """What is wrong with a page, wide and narrow, and how many pictures and formulas it has."""
    widen(browser, WIDTHS[0])
    browser.get(f"{address}/{page}")
    said = complaints(browser, address)
    for width in WIDTHS:
        widen(browser, width)
        found = browser.execute_script(FACTS)
        said += [f"a picture that is not there at {width} px: {one}" for one in found["pictures"]]
        said += [f"a formula that is not drawn at {width} px: {one}" for one in found["formulas"]]
        if found["overflow"] > 0:
            said.append(f"{found['overflow']} px too wide at {width} px")
        if width == WIDTHS[0]:
            said += [f"cut off at {width} px: {one.strip()[:80]}" for one in found["cropped"]]
    return [f"{page}: {one}" for one in said], found["counted"]


def test_every_page_is_whole_in_a_browser_without_a_network(site, served, browser):
    pages = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html") if "_static" not in page.parts)
    seen = [faults(browser, served, page) for page in pages]
    assert [one for said, _ in seen for one in said] == []
    pictures, formulas = (sum(counts) for counts in zip(*(counted for _, counted in seen), strict=True))
    assert pictures > 50
    assert formulas > 100


@pytest.mark.parametrize(
    ("content", "noticed"),
    [
        ('<img src="_images/nowhere.svg">', "404: "),
        ('<img src="_images/nowhere.svg">', "a picture that is not there"),
        ('<img src="_images/schedules.svg" style="width: 0">', "a picture that is not there"),
        ('<img src="https://elsewhere.org/a.png">', "asked for https://elsewhere.org/a.png"),
        ('<script src="http://192.0.2.1/a.js"></script>', "failed: "),
        ("<script>fetch('//elsewhere.org/a.json')</script>", "asked for http://elsewhere.org/a.json"),
        ("<script>undefined.value</script>", "TypeError"),
        ('<div class="math">$$x^2$$</div>', "a formula that is not drawn"),
        ("<math></math>", "a formula that is not drawn"),
        ('<p style="width: 2000px">wide</p>', "px too wide"),
        ("<article><pre style='overflow: auto'>" + "x" * 300 + "</pre></article>", "cut off"),
    ],
)
def test_what_is_wrong_with_a_page_would_be_noticed(site, tmp_path, browser, content, noticed):
    shutil.copytree(site / "_images", tmp_path / "_images")
    (tmp_path / "page.html").write_text(f"<!doctype html><link rel=icon href=data:,><body>{content}", encoding="utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said, _ = faults(browser, f"http://127.0.0.1:{server.server_port}", "page.html")
        server.shutdown()
    assert any(noticed in one for one in said), said


@pytest.mark.parametrize(
    ("typed", "page"), [("cooldown", "changes.html"), ("epochs", "units.html"), ("wsd", "catalogue.html")]
)
def test_the_search_finds_what_is_typed(served, browser, typed, page):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    widen(browser, 1280)
    browser.get(f"{served}/index.html")
    browser.find_element(By.CSS_SELECTOR, "input.sidebar-search").send_keys(typed, Keys.ENTER)
    last = time.monotonic() + 20
    while not (found := browser.find_elements(By.CSS_SELECTOR, f'#search-results li a[href^="{page}"]')):
        assert time.monotonic() < last, browser.find_element(By.TAG_NAME, "body").text
        time.sleep(0.05)
    assert found[0].is_displayed()
    assert complaints(browser, served) == []


# Addresses


def test_every_address_of_the_project_is_one_that_its_metadata_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source, documentation = project["urls"]["Source"], project["urls"]["Documentation"]
    owner, name = source.rsplit("/", 2)[1:]
    assert documentation == f"https://{owner}.github.io/{name}/"
    raw = f"https://raw.githubusercontent.com/{owner}/{name}/main/"
    written = {
        address
        for path in [*ROOT.glob("*.*"), *DOCS.rglob("*.md"), *DOCS.glob("*.py"), *ROOT.glob(".github/**/*.yml"),
                     *ROOT.glob("lrsched_core/**/*.py"), *ROOT.glob("adapters/**/*.py")]
        if path.is_file() and "_build" not in path.parts and path.suffix in {".md", ".py", ".toml", ".cff", ".yml"}
        for address in re.findall(r"""https?://[^\s<>()"'`]*""", path.read_text(encoding="utf-8"))
        if name in address
    }  # fmt: skip
    within = f"{source}/blob/main/"
    files = {address.removeprefix(start) for address in written for start in (within, raw) if address.startswith(start)}
    others = {address for address in written if not address.startswith((within, raw, documentation))}
    assert others <= {*project["urls"].values(), f"https://pypi.org/project/{project['name']}/"}
    assert [file for file in files if file and not (ROOT / file.rstrip(".")).exists()] == []
    assert {"CHANGELOG.md", "SECURITY.md"} <= {file.rstrip(".") for file in files}
