"""The rooms of core: each knows those below it and none above, as the tree shows them from the bottom up."""

import ast
import re
from pathlib import Path

import pytest

CORE = Path(__file__).parent.parent / "lrsched_core"

# From the bottom up. The values that operators, and methods, make of each other are one ring, within one room.
FLOORS = [
    {"_evaluation"},
    {"math"},  # what users write functions of time with
    {"_value"},
    {"_catalogue"},
    {"_run"},
    {"_text"},
    {"compat"},
    {"_looks"},
]
# Stand outside of the rooms: what every room may use, and what starts from the top.
GROUND = {"_errors", "_hints", "_names"}
ENTRANCES = {"", "__main__"}
DOORS = "_value.doors"  # names what is above, and imports it by name when it is asked for


def modules():
    """Each module by its name within the package, with its syntax tree."""
    for path in sorted(CORE.rglob("*.py")):
        parts = path.relative_to(CORE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree, *, types=False):
    """What a module imports of the package when it runs, within functions too; `types`: for types alone as well."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from imported(ast.Module(node.body if types else node.orelse), types=types)
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "lrsched_core":
            yield from (f"{node.module}.{alias.name}".removeprefix("lrsched_core.") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (a.name.removeprefix("lrsched_core.") for a in node.names if a.name.startswith("lrsched_core."))
        yield from imported(node, types=types)


def floor(module):
    room = module.partition(".")[0]
    return next((i for i, rooms in enumerate(FLOORS) if room in rooms), None)


def upward(module, tree, *, types=False):
    """What a module imports from above."""
    here = floor(module)
    for name in imported(tree, types=types):
        there = floor(name)
        if there is not None and (here is None or there > here):
            yield name


def test_every_module_stands_in_a_room():
    outside = {name for name, _ in modules() if floor(name) is None}
    assert outside <= GROUND | ENTRANCES


def test_no_room_imports_one_above_it():
    found = [(name, up) for name, tree in modules() if name not in ENTRANCES for up in upward(name, tree)]
    assert found == []


def test_only_the_clock_of_a_method_is_a_type_from_above():
    """`s.on(clock, unit)` tells editors what a clock is."""
    found = {(name, up) for name, tree in modules() if name not in ENTRANCES for up in upward(name, tree, types=True)}
    assert found == {("_value.schedule", "_run.clock.Clock")}


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("_value.schedule", "from lrsched_core._text.data import to_json"),
        ("_value.schedule", "def to_json(self):\n    from lrsched_core._text import data"),
        ("_evaluation.pieces", "import lrsched_core._value.schedule"),
        ("_catalogue.steps", "if x:\n    from lrsched_core import _looks"),
        ("compat.torch", "from lrsched_core._looks.command import app"),
        ("_value.base", "if TYPE_CHECKING:\n    x = 1\nelse:\n    import lrsched_core._looks"),
    ],
)
def test_an_import_that_runs_up_would_be_noticed(module, line):
    assert [*upward(module, ast.parse(line))]


def test_the_values_that_need_each_other_are_few_and_in_one_room():
    names = {name for name, _ in modules()}
    arrows = {
        name: {
            target
            for wanted in imported(tree)
            for target in (wanted, wanted.rpartition(".")[0])
            if target in names and target not in ("", name)
        }
        for name, tree in modules()
    }

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in arrows[waiting.pop()] - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    reach = {name: reached(name) for name in names}
    ring = {name for name in names if name in reach[name]}
    assert {name.partition(".")[0] for name in ring} == {"_value"}
    assert len(ring) <= 12, sorted(ring)


def test_one_file_has_the_doors_upward():
    text = {name: (CORE / f"{name.replace('.', '/')}.py") for name, _ in modules() if name.startswith("_value.")}
    named = {
        name
        for name, path in text.items()
        if path.is_file() and "lrsched_core._text" in path.read_text(encoding="utf-8")
    }
    assert named == {DOORS}


def test_the_page_of_the_tests_names_every_folder_and_every_shared_file():
    here = Path(__file__).parent
    text = (here / "README.md").read_text(encoding="utf-8")
    folders = [f"{path.parent.name}/" for path in here.glob("*/*.py")]
    shared = [path.name for path in here.glob("*.py") if not path.name.startswith("test_")]
    known = {"conftest.py", "jax_precision.py", "emitted.py"}  # settings, a call and a program
    assert sorted({name for name in [*folders, *shared] if f"`{name}`" not in text} - known) == []
    named = re.findall(r"`([a-z_]+(?:/[a-z_]*)*(?:/|\.py))`", text)
    assert [
        name for name in named if not (here / name).exists() and not name.startswith(("docs/", "lrsched_core/"))
    ] == []
