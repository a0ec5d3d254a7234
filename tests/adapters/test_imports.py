"""What an adapter exports, and what its import says where the framework is absent, too old or broken."""

import doctest
import importlib
import os
import re
import subprocess
import sys

import pytest

NAMES = {
    "torch": ["ScheduleLR", "from_torch", "plan_of", "record"],
    "keras": ["LearningRate", "Record", "ScheduleCallback", "from_keras", "plan_of"],
    "mxnet": ["Record", "Scheduler", "from_mxnet", "plan_of"],
}
every_adapter = pytest.mark.parametrize("framework", NAMES)


@every_adapter
def test_an_adapter_exports_its_names(framework):
    pytest.importorskip(framework)
    assert importlib.import_module(f"lrsched_{framework}").__all__ == NAMES[framework]


@every_adapter
def test_the_examples_in_the_docstrings_run(framework):
    pytest.importorskip(framework)
    adapter = importlib.import_module(f"lrsched_{framework}")
    for module in {sys.modules[getattr(adapter, name).__module__] for name in adapter.__all__}:
        result = doctest.testmod(module, extraglobs=vars(adapter))
        assert result.attempted > 0, module
        assert result.failed == 0, module


IMPORT = """
try:
    import lrsched_{framework}
except Exception as error:
    print(type(error).__name__, getattr(error, "name", None), error, sep="|")
"""


def said(framework, before="", source=None, folder=None):
    """What a fresh interpreter prints where the import fails; `source` is then all that there is of the framework."""
    if source is not None:
        (folder / f"{framework}.py").write_text(source)
    folders = [str(folder), *sys.path] if folder else sys.path
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import sys\n{before}\n{IMPORT.format(framework=framework)}"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(folders)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def install(framework):
    return f'Hint: pip install "lrsched-core[{framework}]"'


def on_python(minor):
    version = f"namedtuple('V', 'major minor micro')(3, {minor}, 0)"
    return f"import lrsched_core; from collections import namedtuple; sys.version_info = {version}; "


ABSENT = {framework: f"sys.modules[{framework!r}] = None" for framework in NAMES}
MXNET = "lrsched_mxnet needs MXNet 1.9.1"
# The framework, what is done before the import, all that there is of the framework, and what is said: ... is anything.
CASES = [
    ("torch", ABSENT["torch"], None, f"ModuleNotFoundError|torch|lrsched_torch needs PyTorch. {install('torch')}."),
    # Before 2.9 options other than the rate would never move, and nothing would say so.
    (
        "torch",
        "from torch.optim import lr_scheduler; del lr_scheduler.LRScheduler._update_lr",
        None,
        f"ImportError|torch|lrsched_torch needs PyTorch 2.9 or later, got 2.... {install('torch')}.",
    ),
    (
        "keras",
        ABSENT["keras"],
        None,
        f"...|keras|lrsched_keras needs Keras 3.7 or later. {install('keras')}",
    ),
    *[
        (
            "keras",
            "",
            f"__version__ = {version!r}",
            f'ImportError|keras|lrsched_keras needs Keras 3.7 or later, got {version}. Hint: pip install "keras>=3.7"',
        )
        for version in ("2.15.0", "3.0.0", "3.6.0", "3.6.1.dev0")
    ],
    ("mxnet", on_python(12) + ABSENT["mxnet"], None, f"ModuleNotFoundError|mxnet|{MXNET}. {install('mxnet')}"),
    *[
        ("mxnet", "", f"__version__ = {version!r}", f"ImportError|mxnet|{MXNET}, got {version}. {install('mxnet')}")
        for version in ("1.8.0", "2.0.0b1")
    ],
    # For these MXNet has no wheels: to install it would lead in circles.
    *[
        (
            "mxnet",
            on_python(minor) + ABSENT["mxnet"],
            None,
            f"...|{MXNET}, which runs on Python 3.12 at most, got Python 3.{minor}: ...environment of Python 3.12...",
        )
        for minor in (13, 14)
    ],
    (
        "mxnet",
        "",
        "raise ModuleNotFoundError('No module named distutils', name='distutils')",
        "...|MXNet 1.9.1 needs distutils, which Python 3.12 no longer has. Hint: pip install setuptools",
    ),
    # Another fault is its own: to install the framework again would be the wrong cure.
    *[(name, "", "import not_there", "ModuleNotFoundError|not_there|No module named 'not_there'") for name in NAMES],
    ("mxnet", "", "import numpy; numpy.nothing", "AttributeError|nothing|module 'numpy' has no attribute 'nothing'"),
]


@pytest.mark.parametrize(("framework", "before", "source", "expected"), CASES, ids=[case[-1][:60] for case in CASES])
def test_an_import_that_fails_says_why_and_what_to_do(framework, before, source, expected, tmp_path):
    if before.startswith("from torch"):
        pytest.importorskip("torch")
    pattern = re.escape(expected).replace(re.escape("..."), ".*")
    assert re.fullmatch(f"{pattern}\n", said(framework, before, source, tmp_path), re.DOTALL)


def test_a_keras_without_its_backend_says_so_itself():
    pytest.importorskip("keras")
    text = said("keras", "sys.modules['tensorflow'] = None")
    assert text.split("|")[1].startswith("tensorflow")
    assert "lrsched" not in text


def test_without_numpy_bool_the_import_of_mxnet_says_what_to_set_and_sets_nothing_and_that_is_enough():
    pytest.importorskip("mxnet")
    text = said("mxnet", "import atexit, numpy; atexit.register(lambda: print('bool' in vars(numpy)))")
    assert text.startswith("ImportError|mxnet|MXNet 1.9.1 cannot be imported with this NumPy")
    assert text.endswith("run `import numpy; numpy.bool = bool` before the import.\nFalse\n")
    assert said("mxnet", "import numpy; numpy.bool = bool") == ""
