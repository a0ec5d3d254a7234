"""Train one LeNet in three frameworks with one schedule object, and compare the rates they used."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from fashion import data, report
from fashion.training import FRAMEWORKS, History, train
from matplotlib.backend_bases import FigureCanvasBase
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lrsched_core import Cosine, Schedule, parse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)


def whole_number(least: int, most: int = 2**31 - 1) -> Callable[[str | int], int]:
    """How to read an option; typer's own message for a number out of range keeps the value back."""

    def read(text: str | int) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            msg = f"must be a whole number from {least} to {most}, got {text}."
            raise typer.BadParameter(msg)
        return number

    return read


@app.command()
def main(
    schedule: Annotated[
        str | None,
        typer.Option(
            metavar="EXPRESSION",
            help='By optimizer updates, such as "Cosine(0.3, 0.01, steps=600).with_warmup(100)". '
            "Without it: a cosine from 0.3 to 0.01 over the whole run, its first tenth a warmup.",
            show_default=False,
        ),
    ] = None,
    epochs: Annotated[
        int, typer.Option(parser=whole_number(1), metavar="N", help="Times through the training images.")
    ] = 5,
    framework: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help=f"Only these: {', '.join(FRAMEWORKS)}; repeated, or with commas.", show_default=False
        ),
    ] = None,
    data_folder: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="A folder with the four files of Fashion-MNIST, or the word 'digits' for "
            f"scikit-learn's. Without it: the environment variable {data.ENVIRONMENT_VARIABLE}, "
            f"{data.DEBIAN_FOLDER}, a download.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to save the picture.")] = Path("demo.png"),
    seed: Annotated[
        int, typer.Option(parser=whole_number(0), metavar="N", help="For weights and the order of images.")
    ] = 0,
    limit: Annotated[
        int | None,
        typer.Option(parser=whole_number(1), metavar="N", help="Use only so many images.", show_default=False),
    ] = None,
) -> None:
    """Train LeNet in PyTorch, Keras and MXNet with the same learning-rate schedule.

    Prints a table, with the largest difference between the rate that each optimizer used and the
    schedule, and saves a picture. A few minutes on two cores.
    """
    frameworks, missing = _frameworks(framework)
    _check_picture(out)
    lr = _parse(schedule)
    images = _load(data_folder, limit)
    updates = epochs * images.updates_per_epoch
    if lr is None:
        warmup = max(1, updates // 10)
        lr = Cosine(0.3, 0.01, steps=max(1, updates - warmup)).with_warmup(warmup)
    _check_rates(lr, updates)
    console.print(f"Schedule: {lr}, for {updates:,} updates (epochs: {epochs}).")
    try:
        histories = []
        with _Display(frameworks, epochs=epochs, updates=updates) as display:
            for name in frameworks:
                display.begin(name)
                histories.append(train(name, lr, images, epochs=epochs, seed=seed, watch=display.show))
    except KeyboardInterrupt:
        console.print("Stopped: no table, no picture.")
        raise typer.Exit(130) from None
    console.print(report.table(histories, lr, images, missing=missing))
    report.picture(histories, lr, images).savefig(out)
    console.print(f"Picture: {out.resolve()}")


def _frameworks(asked: list[str] | None) -> tuple[list[str], list[str]]:
    """What to train in, and what would be too if it were installed."""
    names = [name.strip() for item in asked or FRAMEWORKS for name in item.split(",")]
    for name in names:
        if name not in FRAMEWORKS:
            _refuse("--framework", f"must be one of {', '.join(FRAMEWORKS)}, got {name!r}.")
    missing = [name for name in names if FRAMEWORKS[name].missing]
    installed = [name for name in names if name not in missing]
    if missing and (asked or not installed):
        packages = " ".join(FRAMEWORKS[missing[0]].missing)
        rule = f"must be an installed one, got {missing[0]!r}. Hint: pip install {packages}"
        _refuse("--framework", rule)
    return list(dict.fromkeys(installed)), missing


def _check_picture(out: Path) -> None:
    """Refuse before the training what would fail after it."""
    known = FigureCanvasBase.get_supported_filetypes()
    if out.suffix[1:].lower() not in known:
        _refuse("--out", f"must end in one of {', '.join(sorted(known))}, got {str(out)!r}.")
    if not os.access(out.parent, os.W_OK):
        _refuse("--out", f"must be in a folder that can be written, got {str(out)!r}.")


def _load(folder: str | None, limit: int | None) -> data.Data:
    """Find the images, and say which they are: the first line of the output."""
    try:
        with console.status("Looking for Fashion-MNIST (a download is 30 MB) ..."):
            found = data.load(folder)
    except (OSError, ValueError) as error:
        by_environment = not folder and data.ENVIRONMENT_VARIABLE in os.environ
        _refuse(data.ENVIRONMENT_VARIABLE if by_environment else "--data", str(error))
    if limit is not None:
        found = found.limited(limit)
    sizes = f"{len(found.train):,} training and {len(found.test):,} test images"
    console.print(f"Data: {found.name}, {found.source}: {sizes}.")
    return found


def _parse(text: str | None) -> Schedule | None:
    try:
        return None if text is None else parse(text)
    except (TypeError, ValueError) as error:
        _refuse("--schedule", str(error))


def _check_rates(schedule: Schedule, updates: int) -> None:
    """Ask for every rate of the run before it begins: a growing schedule may fail late."""
    try:
        rates = [schedule(t) for t in range(updates)]
    except ArithmeticError as error:
        _refuse("--schedule", str(error))
    for t, rate in enumerate(rates):
        if rate < 0:
            _refuse("--schedule", f"must give rates >= 0, got {rate} at t={t}.")


def _refuse(option: str, message: str) -> NoReturn:
    raise typer.BadParameter(message, param_hint=f"'{option}'")


class _Display:
    """A progress bar for each framework; where the output is no terminal, a line for each epoch."""

    def __init__(self, frameworks: list[str], *, epochs: int, updates: int) -> None:
        self._epochs = epochs
        self._updates = updates
        self._progress = Progress(
            TextColumn("{task.description:7}"),
            BarColumn(bar_width=18),
            TextColumn("{task.fields[state]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks = {
            name: self._progress.add_task(_title(name), start=False, total=updates, state="waits")
            for name in frameworks
        }

    def __enter__(self) -> _Display:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, framework: str) -> None:
        """Say that this one is loaded and compiled, which may take seconds."""
        self._progress.start_task(self._tasks[framework])
        self._progress.update(self._tasks[framework], state="starts")

    def show(self, history: History) -> None:
        """Bring the bar, or the lines, up to date."""
        done = len(history.rates)
        number = -(-done * self._epochs // self._updates)
        state = f"epoch {number}/{self._epochs}, rate {history.rates[-1]:.4f}"
        if history.epochs:
            state += f", test accuracy {history.epochs[-1].test_accuracy:.1%}"
        self._progress.update(self._tasks[history.framework], completed=done, state=state)
        # Only once the epoch is tested has it as many epochs as its updates make.
        ended = done * self._epochs == len(history.epochs) * self._updates
        if ended and not console.is_terminal:
            console.print(f"{_title(history.framework):7} {state}")


def _title(framework: str) -> str:
    return FRAMEWORKS[framework].title


if __name__ == "__main__":
    app()
