"""The Python blocks of README and of every page of the docs run, from top to bottom, as a reader would run them."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The recipes are programs that tests/loops and tests/recipes kill and resume.
PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "_build" not in page.parts and "recipes" not in page.parts
]
NOT_RUN = "<!-- not run:"  # on the line before a block, followed by the reason

FENCE = re.compile(r"^```python\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def python_blocks(text):
    """Yield (line number, code) of each fenced Python block that is meant to run."""
    for block in FENCE.finditer(text):
        line_before = text[: block.start()].rstrip("\n").rpartition("\n")[2]
        if not line_before.startswith(NOT_RUN):
            yield text.count("\n", 0, block.start(1)), block.group(1)


def run_blocks(text, name="README.md"):
    """Run the blocks in one namespace: those with ``>>>`` as doctests, the others as programs."""
    namespace = {"__name__": "__main__"}
    for line, code in python_blocks(text):
        if ">>>" in code:
            report = []
            example = doctest.DocTestParser().get_doctest(code, namespace, name, name, line)
            doctest.DocTestRunner(optionflags=FLAGS).run(example, out=report.append, clear_globs=False)
            if report:
                pytest.fail("".join(report))
            namespace |= example.globs
        else:
            exec(compile("\n" * line + code, name, "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_python_block_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # for what a page writes
    text = page.read_text(encoding="utf-8")
    for framework in ("torch", "keras", "mxnet", "jax", "matplotlib"):
        if re.search(rf"^\s*(?:>>> )?(?:import|from) (?:lrsched_)?{framework}\b", text, re.MULTILINE):
            pytest.importorskip(framework)
    run_blocks(text, page.name)


def test_the_pages_that_people_begin_with_have_something_to_run():
    for page in ("README.md", "docs/index.md", "docs/start.md"):
        assert list(python_blocks((ROOT / page).read_text(encoding="utf-8"))), page


def test_a_wrong_output_in_a_readme_would_be_noticed():
    with pytest.raises(pytest.fail.Exception, match=r"Expected:\n    3\nGot:\n    2"):
        run_blocks("```python\n>>> 1 + 1\n3\n```\n")


def test_a_failing_program_in_a_readme_would_be_noticed():
    with pytest.raises(NameError, match="undefined"):
        run_blocks("```python\nx = 1\n```\n\n```python\nx + undefined\n```\n")


def test_a_block_that_says_so_is_not_run():
    run_blocks("<!-- not run: needs a cluster -->\n```python\nundefined\n```\n")
