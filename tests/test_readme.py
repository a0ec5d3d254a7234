"""The README's Python blocks run, from top to bottom, as a reader would run them."""

import doctest
import re
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
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


def test_every_python_block_of_the_readme_runs():
    text = README.read_text(encoding="utf-8")
    assert list(python_blocks(text)), "the README has no Python example"
    run_blocks(text)


def test_a_wrong_output_in_a_readme_would_be_noticed():
    with pytest.raises(pytest.fail.Exception, match=r"Expected:\n    3\nGot:\n    2"):
        run_blocks("```python\n>>> 1 + 1\n3\n```\n")


def test_a_failing_program_in_a_readme_would_be_noticed():
    with pytest.raises(NameError, match="undefined"):
        run_blocks("```python\nx = 1\n```\n\n```python\nx + undefined\n```\n")


def test_a_block_that_says_so_is_not_run():
    run_blocks("<!-- not run: needs a cluster -->\n```python\nundefined\n```\n")
