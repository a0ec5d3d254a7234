"""Execute the notebooks of this folder and store what they show: `make notebooks`."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import nbformat
import typer
from fashion.short import ENVIRONMENT_VARIABLE
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

FOLDER = Path(__file__).parent
NOTEBOOKS = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
_SHORT_TIMEOUT = 300  # seconds for a cell; a full run may train for hours

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)


def read(path: Path) -> NotebookNode:
    """The notebook in a file."""
    return nbformat.read(path, as_version=4)


def execute(
    notebook: NotebookNode, *, short: bool = False, watch: Callable[[int], None] = lambda done: None
) -> NotebookNode:
    """A copy of the notebook with the outputs of a run from top to bottom, as it is to be stored.

    It runs in this folder, in a new kernel of this very Python, whatever kernels the machine has.

    Args:
        notebook: Whatever outputs it has.
        short: In short mode.
        watch: Called before each cell, with how many are done.

    Raises:
        nbclient.exceptions.CellExecutionError: If a cell raises.
    """
    copy = nbformat.from_dict(notebook)
    with TemporaryDirectory() as folder:
        kernel = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # without others, Jupyter's is this Python
            connection_file=str(Path(folder) / "kernel.json"),
            transport="ipc",
            ip=str(Path(folder) / "socket"),
        )
        client = NotebookClient(
            copy,
            km=kernel,
            resources={"metadata": {"path": str(FOLDER)}},
            timeout=_SHORT_TIMEOUT if short else None,
            record_timing=False,
            coalesce_streams=True,
        )
        # Cell by cell: where all are executed at once, nbclient fails on Ctrl-C.
        with client.setup_kernel(cleanup_kc=True, env=_environment(folder, short=short)):
            for index, cell in enumerate(copy.cells):
                watch(index)
                client.execute_cell(cell, index)
    _shrink_pictures(copy)
    return tidied(copy)


def _environment(folder: str, *, short: bool) -> dict[str, str]:
    """What a reader with this environment activated would have, and no settings of a test run."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return {
        **kept,
        **dict.fromkeys(_THREADS, "1"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "IPYTHONDIR": folder,  # nobody's own profile
        ENVIRONMENT_VARIABLE: "1" if short else "",
    }


# As in the experiments: on more threads, sums have other last bits, and a run that hangs on them goes elsewhere.
_THREADS = "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "MXNET_CPU_WORKER_NTHREADS"

# Under pytest, IPython doesn't see what C++ writes; the others would hide pictures, or a missing quiet_import.
_UNWANTED = {"PYTEST_CURRENT_TEST", "PYTEST_VERSION", "MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"}


def tidied(notebook: NotebookNode) -> NotebookNode:
    """A copy with nothing in it that depends on the machine or the moment, beside what the code shows."""
    copy = nbformat.from_dict(notebook)
    copy.metadata = nbformat.from_dict(
        {
            "executed_code": code_digest(copy),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in copy.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in ("tags",) if key in cell.metadata})
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = NotebookNode()
    return copy


def _shrink_pictures(notebook: NotebookNode) -> None:
    """Give pictures few colours, as lines and letters have: a quarter of the size."""
    for data in (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())):
        if "image/png" in data:
            file = io.BytesIO()
            picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
            picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(file, "png", optimize=True)
            data["image/png"] = base64.b64encode(file.getvalue()).decode()


def code_digest(notebook: NotebookNode) -> str:
    """Tells whether the code is what it was when the outputs were stored."""
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def store(notebook: NotebookNode, path: Path) -> None:
    """Write it, at once or not at all."""
    new = path.with_suffix(".ipynb.new")
    new.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    new.replace(path)


@app.command()
def main(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help=f"Only these: {', '.join(NOTEBOOKS)}.", show_default=False),
    ] = None,
    short: Annotated[bool, typer.Option("--short", help="Few epochs, few images, nothing stored.")] = False,
) -> None:
    """Execute notebooks from top to bottom, in place. One that fails is left as it was."""
    for name in names or ():
        if name not in NOTEBOOKS:
            message = f"must be one of {', '.join(NOTEBOOKS)}, got {name!r}."
            raise typer.BadParameter(message, param_hint="'NAME'")
    try:
        failed = [name for name in names or NOTEBOOKS if not _executed(name, short=short)]
    except KeyboardInterrupt:
        console.print("Stopped: the last one is left as it was.")
        raise typer.Exit(130) from None
    if failed:
        console.print(f"Failed: {', '.join(failed)}.")
        raise typer.Exit(1)


def _executed(name: str, *, short: bool) -> bool:
    """Execute one under a progress bar; True if it went well."""
    notebook = read(NOTEBOOKS[name])
    columns = TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(name, total=len(notebook.cells))
        try:
            executed = execute(notebook, short=short, watch=lambda done: progress.update(task, completed=done))
        except (CellExecutionError, DeadKernelError) as error:
            progress.stop()
            console.print(str(error), markup=False)
            return False
        progress.update(task, completed=len(notebook.cells))
    if not short:
        store(executed, NOTEBOOKS[name])
    return True


if __name__ == "__main__":
    app()
