"""The commands."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from rich.console import Console

import lrsched_core
from lrsched_core import Schedule
from lrsched_core._command import tables
from lrsched_core._command.chart import chart
from lrsched_core._command.expressions import described, read, source
from lrsched_core._command.files import write
from lrsched_core._pictures.curve import sensible_stop

app = typer.Typer(
    name="lrsched-core",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Learning-rate schedules: look at them, compare them, write them down.\n\n"
    "EXPR is an expression as Python prints it, `Cosine(0.3, steps=15).with_warmup(5)`; JSON; `@file` with either; "
    "or `-` for standard input.",
    pretty_exceptions_enable=False,
)

Expression = Annotated[
    Schedule, typer.Argument(parser=read, metavar="EXPR", show_default=False, help="A schedule; see above.")
]
Expressions = Annotated[
    list[Schedule], typer.Argument(parser=read, metavar="EXPR...", show_default=False, help="Schedules; see above.")
]
To = Annotated[
    float | None, typer.Option("--to", min=0, help="The last t; somewhat after the last change if not given.")
]
Log = Annotated[bool, typer.Option("--log", help="A logarithmic axis of rates.")]


def run() -> None:
    """Runs a command, and ends quietly where the reader of a pipe has gone."""
    try:
        app()
    except BrokenPipeError:
        # Python would complain when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # as a program that the signal has ended


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lrsched-core {lrsched_core.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it and exit.")
    ] = False,
) -> None:
    pass


def _console() -> Console:
    # A pipe gets lines that are as long as they need to be.
    return Console() if sys.stdout.isatty() else Console(width=600, no_color=True)


def _number(t: float | None) -> float | None:
    return int(t) if t is not None and t.is_integer() else t


@app.command(epilog="Example: `lrsched-core show 'Cosine(0.3, 0.01, steps=15).with_warmup(5)'`")
def show(expr: Expression, to: To = None, log: Log = False) -> None:
    """Show a schedule: chart, phases and values."""
    console = _console()
    print(chart([expr], stop=_number(to), width=min(console.width, 100), log=log, color=sys.stdout.isatty()))
    console.print(tables.phases(expr, _number(to)))
    console.print(tables.values(expr, _number(to)))


@app.command(epilog="Example: `lrsched-core plot 'Cosine(0.3, steps=90)' 'Linear(0.3, steps=90)' -o curves.png`")
def plot(
    exprs: Expressions,
    output: Annotated[Path, typer.Option("--output", "-o", help="A file: .png, .svg, .pdf or .html.")],
    to: To = None,
    log: Log = False,
    label: Annotated[list[str] | None, typer.Option(help="What a curve is called; once for each.")] = None,
    steps_per_epoch: Annotated[float | None, typer.Option(min=0, help="Add an axis of epochs.")] = None,
) -> None:
    """Draw schedules into a file."""
    from lrsched_core._command.pictures import save

    try:
        save(exprs, output, stop=_number(to), log=log, labels=label or None, steps_per_epoch=steps_per_epoch)
    except (ValueError, ImportError, OSError) as error:
        raise typer.BadParameter(str(error)) from None


@app.command(epilog="Example: `lrsched-core values 'Factor(0.1, 0.5, every=30)' --to 90 --format csv`")
def values(
    expr: Expression,
    to: Annotated[float, typer.Option("--to", min=0, help="The last t, which is included.")],
    start: Annotated[float, typer.Option("--from", min=0, help="The first t.")] = 0,
    step: Annotated[float, typer.Option(min=0, help="From one t to the next.")] = 1,
    format: Annotated[Literal["csv", "json", "parquet"], typer.Option(help="What is written.")] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output if not given.")] = None,
) -> None:
    """Write the values of a schedule as CSV, JSON or Parquet."""
    if not step:
        raise typer.BadParameter("--step must be > 0.")  # noqa: EM101
    count = int((to - start) / step + 1e-9) + 1
    if count > 100_000_000:
        raise typer.BadParameter(f"{count:,} values are too many.")  # noqa: EM102
    t = start + step * np.arange(max(count, 0), dtype=np.float64)
    write(t, expr(t), format, output)


@app.command(epilog="Example: `lrsched-core diff 'Cosine(0.3, steps=90)' 'Linear(0.3, steps=90)'`")
def diff(
    first: Expression,
    second: Expression,
    to: To = None,
    tolerance: Annotated[float, typer.Option(min=0, help="Relative differences up to this are none.")] = 0.0,
) -> None:
    """Compare two schedules at whole t: exit with 1 if they differ, 0 if not."""
    from lrsched_core._command.differences import compare

    last = _number(to)
    if last is None:
        last = max(sensible_stop(first), sensible_stop(second))
    found = compare(first, second, int(last), tolerance)
    if found is None:
        print(f"No difference at t = 0, 1, ..., {int(last):,}.")
        return
    print(f"first difference:   t = {found.first:,}: {found.at_first[0]!r} and {found.at_first[1]!r}")
    print(f"largest difference: t = {found.largest:,}: {found.at_largest[0]!r} and {found.at_largest[1]!r}")
    width = min(_console().width, 100)
    print(chart([first, second], stop=last, width=width, log=False, color=sys.stdout.isatty()))
    raise typer.Exit(1)


@app.command(epilog="Example: `lrsched-core check metrics.csv 'Cosine(0.3, steps=900).with_warmup(100)'`")
def check(
    log: Annotated[
        Path,
        typer.Argument(
            metavar="LOG",
            help="CSV (Lightning, Keras, exports of W&B and MLflow), JSON lines, `trainer_state.json`, Keras' history "
            "as JSON, or TensorBoard's event files.",
        ),
    ],
    expr: Expression,
    column: Annotated[str | None, typer.Option(help="The name of the rates, where it is not found.")] = None,
    time: Annotated[str | None, typer.Option(help="The name of the steps, where it is not found.")] = None,
    offset: Annotated[
        float | None,
        typer.Option(
            help="What is added to a row's step to get the update that used its rate, 0 for the first: -1 where steps "
            "begin at 1. Known writers need none."
        ),
    ] = None,
    tolerance: Annotated[float, typer.Option(help="How far a rate may be from the plan, as a part of it.")] = 1e-6,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A picture: .png, .svg or .pdf.")] = None,
) -> None:
    """Compare the rates of a log with a plan: exit with 1 if they deviate, 0 if not, and say why."""
    from lrsched_core._command.check import check as checked

    try:
        described, found = checked(
            log, expr, column=column, time=time, offset=offset, tolerance=tolerance, output=output
        )
    except (TypeError, ValueError, ImportError, OSError) as error:
        raise typer.BadParameter(str(error)) from None
    print(described)
    print(found)
    if not found.ok:
        raise typer.Exit(1)


@app.command(name="list", epilog="Example: `lrsched-core list | grep -i cosine`")
def list_() -> None:
    """List every schedule and recipe, with formulas."""
    _console().print(tables.catalogue())


@app.command(epilog="Example: `lrsched-core convert 'torch.optim.lr_scheduler.StepLR(0.1, step_size=30)'`")
def convert(
    description: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="A call in the names of torch, Keras, transformers, timm, optax, MXNet, ...; Keras' configuration in "
            "JSON; or the fields of a transformers `TrainingArguments` in JSON. `@file` and `-` as elsewhere.",
        ),
    ],
    lr: Annotated[
        float | None, typer.Option(min=0, help="The optimizer's rate, where a variable stands for it.")
    ] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Without the quirks of the original.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, not an expression.")] = False,
) -> None:
    """Turn a schedule of another library into an expression, or into JSON."""
    from lrsched_core._command import descriptions

    try:
        schedule = descriptions.convert(source(description), lr=lr, clean=clean)
        print(lrsched_core.to_json(schedule) if as_json else schedule)
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None


@app.command(epilog="Example: `lrsched-core explore 'wsd(3e-4, warmup=100, stable=700, decay=200)'`")
def explore(
    expr: Annotated[str, typer.Argument(metavar="EXPR", help="What the page begins with.")] = (
        "Cosine(0.3, 0.01, steps=900).with_warmup(100)"
    ),
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="A free one if not given.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Compose schedules with sliders, on a page in the browser that only this machine can reach."""
    text = source(expr).strip()
    schedule = described(text)
    try:
        from lrsched_core._explorer.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("nicegui", "starlette"):
            raise
        raise typer.BadParameter('The explorer needs NiceGUI: pip install "lrsched-core[explore]"') from None  # noqa: EM101
    serve(repr(schedule) if text.startswith("{") else text, port=port, browser=browser)
