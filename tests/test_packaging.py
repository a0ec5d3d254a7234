"""What is installed, what an import costs, and which way dependencies point."""

import ast
import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lrsched_core

ROOT = Path(__file__).parent.parent
PACKAGES = {"lrsched_core", "lrsched_torch", "lrsched_keras", "lrsched_mxnet"}

# The path of the wheel that is installed, set by `make test`.
TESTED_WHEEL = os.environ.get("LRSCHED_TEST_WHEEL")


def run_python(code, cwd, **environment):
    """Run the code in a fresh interpreter that doesn't see the checkout."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def third_party_modules(code, cwd):
    """The top-level modules beyond the standard library that running the code loads."""

    def loaded(code):
        done = run_python(f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')", cwd)
        assert done.returncode == 0, done.stderr
        return {name.partition(".")[0] for name in done.stdout.split()}

    return loaded(code) - loaded("") - sys.stdlib_module_names


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel under test; where the tests run without one, a wheel built from the checkout."""
    if TESTED_WHEEL:
        return ROOT / TESTED_WHEEL
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [path] = folder.glob("*.whl")
    return path


# Public names


def test_all_is_exactly_what_is_public():
    public = {name for name in dir(lrsched_core) if not name.startswith("_")}
    modules = {name for name in public if type(getattr(lrsched_core, name)) is type(sys)}
    assert set(lrsched_core.__all__) - {"__version__"} == public - modules


def test_every_public_name_can_be_the_first_that_is_asked_for(tmp_path):
    names = sorted(lrsched_core.__all__)
    code = f"import sys\nfor name in {names!r}:\n    exec(f'from lrsched_core import {{name}}')\n"
    forget = (
        "    for module in [m for m in sys.modules if m.startswith('lrsched_core')]:\n        del sys.modules[module]\n"
    )
    done = run_python(code + forget, tmp_path)
    assert done.returncode == 0, done.stderr


def test_an_import_of_everything_gives_all(tmp_path):
    done = run_python("before = {*dir()}\nfrom lrsched_core import *\nprint(*{*dir()} - before - {'before'})", tmp_path)
    assert {*done.stdout.split(), "__version__"} == {*lrsched_core.__all__}, done.stderr


def test_type_checkers_read_the_names_that_are_loaded():
    stub = Path(lrsched_core.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    stated = {}
    for node in ast.parse(stub).body:
        if isinstance(node, ast.ImportFrom):
            [name] = node.names
            assert name.asname == name.name  # else it would not be public
            stated[name.name] = node.module
    assert {name for name in stated if not name.startswith("_")} | {"__version__"} == {*lrsched_core.__all__}
    for name, home in stated.items():
        assert getattr(importlib.import_module(home), name) is getattr(lrsched_core, name)


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="module 'lrsched_core' has no attribute 'Cosin'"):
        lrsched_core.Cosin  # noqa: B018  # the look-up is what is tested


def test_a_schedule_loads_only_what_it_needs(tmp_path):
    done = run_python(
        "from lrsched_core import Cosine\nimport sys\nprint('lrsched_core._text.parse' in sys.modules)", tmp_path
    )
    assert done.stdout.split() == ["False"], done.stderr


def test_all_names_nothing_twice():
    assert len(lrsched_core.__all__) == len(set(lrsched_core.__all__))


@pytest.mark.parametrize("name", sorted(set(lrsched_core.__all__) - {"__version__"}))
def test_every_public_name_is_documented(name):
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "recipes").glob("*.md")]
    assert getattr(lrsched_core, name).__doc__
    assert any(re.search(rf"\b{name}\b", page.read_text(encoding="utf-8")) for page in pages), "no page mentions it"


def test_no_public_module():
    """A public name has one address: the package root."""
    modules = {path.stem for path in Path(lrsched_core.__file__).parent.glob("*.py")}
    assert {name for name in modules if not name.startswith("_")} == {"math"}  # written with, not imported from here


# Imports


def test_importing_core_loads_the_standard_library_only(tmp_path):
    assert third_party_modules("from lrsched_core import *", tmp_path) == {"lrsched_core"}


COMPAT = sorted(path.stem for path in (ROOT / "lrsched_core" / "compat").glob("[a-z]*.py"))


@pytest.mark.parametrize("library", COMPAT)
def test_what_stands_for_a_library_does_not_load_it(library, tmp_path):
    code = f"from lrsched_core.compat import {library}"
    assert third_party_modules(code, tmp_path) == {"lrsched_core"}


def test_the_documentation_of_compat_lists_every_library():
    documentation = importlib.import_module("lrsched_core.compat").__doc__
    assert [name for name in COMPAT if f".{name}`" not in documentation] == []


@pytest.mark.parametrize("import_", ["import numpy", "import lrsched_core, numpy.linalg"])
def test_an_import_of_numpy_would_be_noticed(tmp_path, import_):
    assert "numpy" in third_party_modules(import_, tmp_path)


def test_an_import_that_another_module_makes_would_be_noticed(tmp_path):
    (tmp_path / "innocent.py").write_text("import numpy\n")
    assert {"innocent", "numpy"} <= third_party_modules("import innocent", tmp_path)


BANNED = ["jax", "keras", "mxnet", "optax", "tensorflow", "torch", "lrsched_torch"]


def ruff(code, filename):
    """What ruff, with the project's configuration, says about the code in a file of that name."""
    pytest.importorskip("ruff")
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--stdin-filename", filename, "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize("module", BANNED)
@pytest.mark.parametrize("import_", ["import {}", "from {} import nn", "import {}.nn"])
def test_core_may_not_import_a_framework(module, import_):
    code = f'"""A module."""\n\n\ndef late():\n    """Hide it."""\n    {import_.format(module)}\n'
    assert "TID251" in ruff(code, "lrsched_core/_somewhere.py")


def test_an_adapter_may_import_its_framework():
    assert "TID251" not in ruff("import torch\n", "adapters/lrsched_torch/_somewhere.py")


# The layout and the wheel


def test_the_adapters_folder_is_not_a_package():
    """With an __init__.py it would hide PyPI's `adapters`, which is somebody else's."""
    assert [path.name for path in (ROOT / "adapters").glob("*.py")] == []


@pytest.mark.skipif(not TESTED_WHEEL, reason="`make test` tests the installed wheel")
@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_the_installed_packages_are_tested_and_not_the_checkout(package):
    spec = importlib.util.find_spec(package)
    assert "site-packages" in Path(spec.origin).parts
    assert lrsched_core.__file__ != str(ROOT / "lrsched_core" / "__init__.py")


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel):
    in_checkout = {
        path.relative_to(folder).as_posix()
        for folder in (ROOT, ROOT / "adapters")
        for package in PACKAGES
        for path in (folder / package).rglob("*")
        if path.suffix in {".py", ".pyi"} or path.name == "py.typed"
    }
    in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert in_wheel == in_checkout
    assert {name.partition("/")[0] for name in in_wheel} == PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_package_says_that_it_is_typed(package, wheel):
    assert f"{package}/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_version_is_written_once(wheel):
    _, version, *_ = wheel.name.split("-")
    assert version == lrsched_core.__version__


def test_the_changelog_and_the_citation_name_the_version():
    version = re.escape(lrsched_core.__version__)
    assert re.search(rf"^## \[{version}\] - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert re.search(rf"^version: {version}$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)


@pytest.mark.skipif(not TESTED_WHEEL, reason="`make test` tests the installed wheel")
def test_the_installed_distribution_has_the_version():
    assert importlib.metadata.version("lrsched-core") == lrsched_core.__version__


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        return archive.read(name).decode()


def test_what_a_package_index_shows_links_to_nothing_beside_it(wheel):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = metadata(wheel).partition("\n\n")[2]
    links = re.findall(r"\]\(([^)#]+)\)", shown)
    assert links
    assert [link for link in links if not link.startswith("https://")] == []
    # What is linked exists, here.
    relative = [link.removeprefix(prefix) for link in links for prefix in re.findall(r"https:.*/main/", link)]
    assert relative
    assert [path for path in relative if not (ROOT / path).exists()] == []
    assert len(readme.encode()) < 7_000
    assert "$" not in re.sub(r"```.*?```|`[^`]*`", "", shown, flags=re.DOTALL)  # no raw formula


def test_two_builds_are_the_same_file_to_the_byte(wheel, tmp_path):
    pytest.importorskip("build")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [again] = tmp_path.glob("*.whl")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()


def pins(path):
    """The versions that a file of requirements/ asks for, by name."""
    asked = [Requirement(line.rstrip(" \\")) for line in path.read_text().splitlines() if re.match(r"[\w.-]+==", line)]
    return {canonicalize_name(one.name): str(one.specifier) for one in asked}


def test_every_dependency_is_pinned(wheel):
    """What pyproject.toml asks for, requirements/ pins: the Makefile's environment has it all."""
    asked = {
        canonicalize_name(Requirement(line.removeprefix("Requires-Dist: ")).name)
        for line in metadata(wheel).splitlines()
        if line.startswith("Requires-Dist: ")
    }
    pinned = {name for file in ("all.txt", "cluster.txt", "test.txt") for name in pins(ROOT / "requirements" / file)}
    assert asked <= pinned


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "requirements").glob("*.txt")))
def test_every_pin_has_its_hashes(file):
    locked = ROOT / "requirements" / "locked" / file
    assert pins(locked) == pins(ROOT / "requirements" / file), "run `make pins`"
    entries = re.split(r"\n(?=[\w.-]+==)", locked.read_text())[1:]
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
