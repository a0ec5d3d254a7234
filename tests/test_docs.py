"""The pages are made without a warning, and nothing on them is fetched from elsewhere."""

import re
import subprocess
import sys
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


class Fetched(HTMLParser):
    """What a browser loads by itself when it shows a page, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.loads, self.links, self.anchors = [], [], set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.anchors.add(given.get("id"))
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(given["href"])
        elif "src" in given:
            self.loads.append(given["src"])


def read(page):
    parser = Fetched()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def test_no_page_needs_the_internet(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        for loaded in read(page).loads:
            assert not re.match(r"(?:https?:)?//", loaded), (page.name, loaded)
            assert (page.parent / loaded.partition("?")[0]).is_file(), (page.name, loaded)
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:|@import [\"']?https?:", style.read_text(encoding="utf-8")), style


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
