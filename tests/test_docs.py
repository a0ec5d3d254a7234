"""The pages are made without a warning, and nothing on them is fetched from elsewhere."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")
for framework in ("torch", "keras", "mxnet"):
    pytest.importorskip(framework)

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages, made anew: strictly, so that a broken link or reference fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--builder", "html"]
    made = subprocess.run([*command, DOCS, folder], capture_output=True, text=True, timeout=600)
    assert made.returncode == 0, made.stderr
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


@pytest.mark.parametrize(
    ("wanted", "page", "there"),
    [
        ("epochs, samples or tokens into steps", "units.html", "clock.steps"),
        ("save and resume", "resume.html", "load_state_dict"),
        ("a schedule of your own", "own.html", "CustomSchedule"),
        ("which one for what", "catalogue.html", "Which schedule for what"),
    ],
)
def test_what_people_look_for_is_one_click_from_the_first_page(site, wanted, page, there):
    first = (site / "index.html").read_text(encoding="utf-8")
    [row] = [row for row in re.findall(r"<tr.*?</tr>", first, re.DOTALL) if wanted in re.sub(r"<[^>]*>", "", row)]
    assert f'href="{page}"' in row
    assert there in re.sub(r"<[^>]*>", "", (site / page).read_text(encoding="utf-8"))


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
