"""The commands."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer

import lrsched_core
from lrsched_core._errors import refuse
from lrsched_core._looks.command import ends, expressions, streams, tables
from lrsched_core._looks.command.chart import HEIGHT, chart
from lrsched_core._looks.command.differences import differing, last_shown
from lrsched_core._looks.command.ends import Refusal
from lrsched_core._looks.command.expressions import Typed, described, source
from lrsched_core._looks.command.files import write
from lrsched_core._looks.command.overview import overview
from lrsched_core._looks.pictures.quantities import quantities

app = typer.Typer(
    name="lrsched-core",
    cls=ends.Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Learning-rate schedules and plans: look at them, compare them, write them down.\n\n"
    "EXPR is an expression as Python prints it, `Cosine(0.3, steps=15).with_warmup(5)` or "
    "`Plan(lr=Cosine(0.3, steps=15), weight_decay=0.1)`; JSON; `@file` with either; or `-` for standard input.",
    pretty_exceptions_enable=False,
)

Expression = Annotated[
    Typed, typer.Argument(parser=expressions.read, metavar="EXPR", show_default=False, help="A schedule or a plan.")
]
Expressions = Annotated[
    list[Typed],
    typer.Argument(parser=expressions.read, metavar="EXPR...", show_default=False, help="Schedules, or plans."),
]
To = Annotated[
    Any,
    typer.Option(
        "--to",
        parser=expressions.duration,
        metavar="T",
        help="The last t; if not given, somewhat after the last change.",
    ),
]
Log = Annotated[bool, typer.Option("--log", help="A logarithmic axis of rates.")]

_MOST_VALUES = 100_000_000
# Up to here whole times are compared.
_LAST = 2**53
# Longer lines are not easily read.
_READABLE = 80
# How many lines a table has at most and at least beside those of its frame, and a chart at least.
_ROWS, _FEWEST, _FRAME, _LEAST_CHART = 15, 8, 4, 10


def run() -> None:
    """Runs a command."""
    ends.run(app)


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


# Descriptions of commands are arguments and no docstrings, which `python -OO` takes away.
@app.command(
    help="Show the chart, phases and values of a schedule, or the curves and phases of each quantity of a plan.",
    epilog="Example: `lrsched-core show 'Cosine(0.3, 0.01, steps=15).with_warmup(5)'`",
)
def show(expr: Expression, to: To = None, log: Log = False) -> None:
    # All of it is seen at once.
    room = streams.lines()
    console = streams.console()
    if isinstance(expr.value, lrsched_core.Plan):
        console.print(overview(expr.value, to, log=log, width=streams.width(), lines=room))
        return
    rows = min(max(room - _LEAST_CHART - _FRAME, _FEWEST), _ROWS)
    table = tables.phases_and_values(expr.value, to, streams.width(), rows)
    taken = len(console.render_lines(table, pad=False))
    height = min(max(room - taken, _LEAST_CHART), HEIGHT)
    print(chart([(expr.name, expr.value)], stop=to, log=log, height=height))
    console.print(table)


@app.command(
    help="Draw schedules into a file, or plans, with one panel per quantity.",
    epilog="Example: `lrsched-core plot 'Cosine(0.3, steps=90)' 'Linear(0.3, steps=90)' -o curves.png`",
)
def plot(
    exprs: Expressions,
    output: Annotated[Path, typer.Option("--output", "-o", help="A file: .png, .svg, .pdf or .html.")],
    to: To = None,
    log: Log = False,
    label: Annotated[list[str] | None, typer.Option(help="What a curve is called; given once for each.")] = None,
    steps_per_epoch: Annotated[
        Any, typer.Option(parser=expressions.duration, metavar="STEPS", help="Add an axis of epochs.")
    ] = None,
    apart: Annotated[
        bool | None,
        typer.Option(
            "--apart/--together",
            help="Draw each schedule in a panel of its own, or all in one picture; apart if there are more than six.",
            show_default=False,
        ),
    ] = None,
) -> None:
    from lrsched_core._looks.command.pictures import save

    save(exprs, output, apart=apart, stop=to, log=log, labels=label or None, steps_per_epoch=steps_per_epoch)


@app.command(
    help="Write the values of a schedule, or of each quantity of a plan, as CSV, JSON or Parquet.",
    epilog="Example: `lrsched-core values 'Factor(0.1, 0.5, every=30)' --to 90 --format csv`",
)
def values(
    expr: Expression,
    to: Annotated[
        Any, typer.Option("--to", parser=expressions.time, metavar="T", help="The last t, which is included.")
    ],
    start: Annotated[
        Any, typer.Option("--from", parser=expressions.time, metavar="T", help="The first t.", show_default="0")
    ] = "0",
    step: Annotated[
        Any, typer.Option(parser=expressions.duration, metavar="T", help="From one t to the next.", show_default="1")
    ] = "1",
    format: Annotated[Literal["csv", "json", "parquet"], typer.Option(help="What is written.")] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output if not given.")] = None,
) -> None:
    if to < start:
        raise refuse(Refusal, "--to", f">= `--from`, which is {start!r}", to)
    count = (to - start) / step + 1e-9
    if count > _MOST_VALUES:
        message = f"{count:.3g} values are too many: `--step` must be such that there are at most {_MOST_VALUES:,}."
        raise Refusal(message)
    t = start + step * np.arange(int(count) + 1, dtype=np.float64)
    if float(to) != to or (np.diff(t) <= 0).any():
        raise refuse(Refusal, "--to", "such that floats tell the times apart", to)
    columns = quantities(expr.value)
    if "t" in columns:
        raise refuse(Refusal, "EXPR", "without a quantity 't', as the column of times is called", expr.value)
    write(t, {name: schedule(t) for name, schedule in columns.items()}, format, output)


@app.command(
    help="Compare two schedules, or two plans, at whole t: exit with 0 if they are equal, 1 if they differ, 2 if "
    "something is wrong.",
    epilog="Example: `lrsched-core diff 'Cosine(0.3, steps=90)' 'Linear(0.3, steps=90)'`",
)
def diff(
    first: Expression,
    second: Expression,
    to: Annotated[
        Any,
        typer.Option(
            "--to",
            parser=expressions.time,
            metavar="T",
            help="The last t that is compared; if not given, as far as the schedules change.",
        ),
    ] = None,
    tolerance: Annotated[
        Any,
        typer.Option(
            parser=expressions.share,
            metavar="SHARE",
            help="The largest relative difference that counts as none.",
            show_default="0",
        ),
    ] = "0",
) -> None:
    until = None if to is None else int(to) + 1
    if until is not None and until > _LAST:
        raise refuse(Refusal, "--to", f"< {_LAST}", to)
    old, new = expressions.alike([first, second])
    found = lrsched_core.diff(old, new, until=until, tolerance=tolerance)
    print(found)
    if found:
        curves = differing(found, first.name, second.name)
        with suppress(OverflowError):  # of a growth, which no chart has room for
            print(chart(curves, stop=last_shown(found, to), log=False) if curves else "")
        raise typer.Exit(1)


@app.command(
    name="list",
    help="List every schedule and recipe; with NAME, describe one: arguments, formula, example, source.",
    epilog="Example: `lrsched-core list | grep -i cosine`, `lrsched-core list Cosine`",
)
def list_(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", show_default=False, help="A schedule or a recipe.")
    ] = None,
) -> None:
    width = min(streams.columns(), _READABLE)
    print(tables.catalogue(width) if name is None else tables.entry(name, width))


@app.command(
    help="Turn a schedule of another library into an expression, or into JSON.",
    epilog="Example: `lrsched-core convert 'torch.optim.lr_scheduler.StepLR(0.1, step_size=30)'`",
)
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
        Any,
        typer.Option(
            parser=expressions.share,
            metavar="LR",
            help="The optimizer's learning rate, where a variable stands for the optimizer.",
        ),
    ] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Leave out the quirks of the original.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, not an expression.")] = False,
) -> None:
    from lrsched_core._looks.command import conversion

    try:
        schedule = conversion.convert(source(description), lr=lr, clean=clean)
    except TypeError as error:  # an argument that the original does not have
        raise Refusal(ends.bounded(str(error))) from None
    print(lrsched_core.to_json(schedule) if as_json else schedule)


@app.command(
    help="Compare the rates of a log with a plan and explain deviations: exit with 0 if there are none, 1 if there "
    "are, 2 if something is wrong.",
    epilog="Example: `lrsched-core check metrics.csv 'Cosine(0.3, steps=900).with_warmup(100)'`",
)
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
    column: Annotated[
        str | None, typer.Option(help="The name of the rates, where it is not found; or of another quantity of a plan.")
    ] = None,
    time: Annotated[str | None, typer.Option(help="The name of the steps, where it is not found.")] = None,
    offset: Annotated[
        float | None,
        typer.Option(
            help="What is added to a row's step to get the update that used its rate, 0 for the first: -1 where steps "
            "begin at 1. Logs of known writers need none."
        ),
    ] = None,
    tolerance: Annotated[float, typer.Option(help="The largest relative difference that counts as none.")] = 1e-6,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A picture: .png, .svg or .pdf.")] = None,
) -> None:
    from lrsched_core._looks.command.check import check as checked

    try:
        described, found = checked(
            log, expr.logged(column), column=column, time=time, offset=offset, tolerance=tolerance, output=output
        )
    except (TypeError, ValueError, ImportError, OSError) as error:
        raise typer.BadParameter(str(error)) from None
    print(described)
    print(found)
    if not found.ok:
        raise typer.Exit(1)


@app.command(
    help="Write a schedule, or each of a plan, as a Python function that needs nothing installed, with its test.",
    epilog="Example: `lrsched-core emit 'Cosine(0.3, steps=15).with_warmup(5)' -o learning_rate.py`",
)
def emit(
    expr: Expression,
    name: Annotated[str, typer.Option(help="What the function is called.")] = "learning_rate",
    numpy: Annotated[bool, typer.Option("--numpy", help="A function of NumPy arrays, which needs NumPy.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output if not given.")] = None,
) -> None:
    try:
        value: Any = expr.value
        text = lrsched_core.emit(value, name=name, numpy=numpy)
        if output is None:
            print(text, end="")
        else:
            output.write_text(text, encoding="utf-8", newline="\n")
    except (TypeError, ValueError, OSError) as error:
        raise typer.BadParameter(str(error)) from None


@app.command(
    help="Compose schedules and plans with sliders, on a page in the browser that only this machine can reach.",
    epilog="Example: `lrsched-core explore 'wsd(3e-4, warmup=100, stable=700, decay=200)'`",
)
def explore(
    expr: Annotated[str, typer.Argument(metavar="EXPR", help="What the page begins with.")] = (
        "Cosine(0.3, 0.01, steps=900).with_warmup(100)"
    ),
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="A free one if not given.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    text = source(expr).strip()
    value = described(text)
    try:
        from lrsched_core._looks.explorer.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("nicegui", "starlette"):
            raise
        raise Refusal('The explorer needs NiceGUI: pip install "lrsched-core[explore]"') from None  # noqa: EM101
    serve(repr(value) if text.startswith("{") else text, port=port, browser=browser)
