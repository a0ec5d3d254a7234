"""Train LeNet with five schedules in three frameworks, several times each, and say what came out.

A finished run is kept as a file and never trained again: what is killed goes on where it was.
"""

from __future__ import annotations

import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from importlib.util import find_spec
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Annotated, Any

import typer
from fashion import chapter, data, findings, records
from fashion.records import Run, Setting
from fashion.running import ONE_THREAD, trained, trained_on_ray
from fashion.training import FRAMEWORKS, History
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)


@app.command()
def main(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where records, table and pictures are kept.")
    ] = records.RESULTS,
    epochs: Annotated[int, typer.Option(min=1, metavar="N", help="How long each run is.")] = chapter.EPOCHS,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many runs of each kind. Without it: 3 in PyTorch, 1 in the others."),
    ] = None,
    framework: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=f"Only this one of {', '.join(FRAMEWORKS)}; repeated for several."),
    ] = None,
    data_folder: Annotated[
        str | None, typer.Option("--data", metavar="FOLDER", help="The files of Fashion-MNIST, or the word 'digits'.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Use only so many images.")] = None,
    jobs: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many runs at a time, each on one core.")
    ] = os.cpu_count() or 1,
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Train on a Ray cluster: where its head is, or the word 'auto'."),
    ] = None,
) -> None:
    """Train what has not been trained yet; then write the table and the pictures from all records.

    About 2 to 3 minutes of one core for each of 25 runs: half an hour on two cores.
    """
    frameworks = _installed(framework)
    if ray is not None and find_spec("ray") is None:
        msg = 'needs Ray. Hint: pip install "lrsched-core[ray]"'
        raise typer.BadParameter(msg, param_hint="'--ray'")
    try:
        images = data.load(data_folder)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="'--data'") from None
    if limit is not None:
        images = images.limited(limit)
    console.print(f"Data: {images.name}, {images.source}.")
    setting = Setting(images.name, len(images.train), images.batch_size, epochs)
    # Seed by seed: whoever stops early has a whole table of the first.
    number = dict.fromkeys(frameworks, seeds) if seeds else chapter.SEEDS
    runs = [
        Run(name, of, seed)
        for seed in range(max(number.values()))
        for name in chapter.SCHEDULES
        for of in frameworks
        if seed < number[of]
    ]
    try:
        absent = records.missing(runs, setting, chapter.SCHEDULES, out)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="'--out'") from None
    console.print(f"Records: {len(runs) - len(absent)} of {len(runs)} runs are in {out}.")
    try:
        if ray is None:
            _train_all(absent, setting, jobs=jobs, arguments=(data_folder, limit, epochs, out))
        elif absent:
            for record in trained_on_ray(absent, chapter.SCHEDULES, ray, data_folder, limit, epochs):
                records.save(record, out)
                last = record.epochs[-1]
                console.print(f"{record.run}: loss {last.train_loss:.3f}, test accuracy {last.test_accuracy:.1%}")
    except KeyboardInterrupt:
        console.print("Stopped. Finished runs are kept: the same command goes on from here.")
        raise typer.Exit(130) from None
    findings.write(records.load_all(out), out)
    console.print(f"Results: {out / findings.PAGE}")


def _installed(asked: list[str] | None) -> list[str]:
    for name in asked or ():
        if name not in FRAMEWORKS:
            msg = f"must be one of {', '.join(FRAMEWORKS)}, got {name!r}."
            raise typer.BadParameter(msg, param_hint="'--framework'")
        if FRAMEWORKS[name].missing:
            msg = f"must be an installed one, got {name!r}. Hint: pip install {' '.join(FRAMEWORKS[name].missing)}"
            raise typer.BadParameter(msg, param_hint="'--framework'")
    found = [name for name in asked or FRAMEWORKS if not FRAMEWORKS[name].missing]
    for name in FRAMEWORKS if not asked else ():
        if name not in found:
            console.print(f"{FRAMEWORKS[name].title} is not installed: going on without.")
    return list(dict.fromkeys(found))


def _train_all(runs: list[Run], setting: Setting, *, jobs: int, arguments: tuple[Any, ...]) -> None:
    """Train them side by side, each in a process of its own: a framework, loaded, stays loaded."""
    if not runs:
        return
    os.environ.update(ONE_THREAD)  # before a framework is loaded, which only the processes do
    # Threads would share the interpreter, and a forked framework hangs.
    context = get_context("spawn")
    news = context.Queue()
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=18),
        MofNCompleteColumn(),
        TextColumn("epochs {task.fields[state]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    whole = progress.add_task("all", total=len(runs) * setting.epochs, state="")
    bars = {}
    with progress, ProcessPoolExecutor(jobs, context, _begin, (news,), max_tasks_per_child=1) as pool:
        pending: set[Future[None]] = {pool.submit(_train, run, *arguments) for run in runs}
        try:
            while pending:
                done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                while not news.empty():
                    run, epoch, state = news.get()
                    if run not in bars:
                        bars[run] = progress.add_task(str(run), total=setting.epochs, state="")
                    progress.update(bars[run], completed=epoch, state=state)
                    progress.advance(whole)
                    if epoch == setting.epochs:
                        progress.remove_task(bars[run])
                        console.print(f"{run}: {state}")
                for future in done:
                    future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin(news: Any) -> None:
    global _news
    _news = news
    # Ctrl-C reaches every process of the terminal: one message, the parent's, is enough.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _train(run: Run, data_folder: str | None, limit: int | None, epochs: int, out: Path) -> None:
    told = 0

    def tell(history: History) -> None:
        nonlocal told
        parent = parent_process()
        if parent is not None and not parent.is_alive():
            raise SystemExit(1)  # killed: nobody is left to read what would come out
        if len(history.epochs) > told:
            told = len(history.epochs)
            last = history.epochs[-1]
            _news.put((run, told, f"loss {last.train_loss:.3f}, test accuracy {last.test_accuracy:.1%}"))

    records.save(trained(run, chapter.SCHEDULES[run.schedule], data_folder, limit, epochs, tell), out)


if __name__ == "__main__":
    app()
