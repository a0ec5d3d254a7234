"""A number in, a number out: one call of the schedule."""

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, Race, Spread
from benchmarks.policies import OURS, Policy, height, in_any_order, phases
from benchmarks.rivals import NOT_INSTALLED, contestants, missing
from benchmarks.section import Bench, Section, Table, nanoseconds, ranking, times
from lrsched_core import Cosine, Schedule, SquareRoot

FORMULA_BARS = {
    Policy.WARMUP_COSINE: (Bar.WARMUP_COSINE, Bar.WARMUP_COSINE_RIVALS),
    Policy.THREE_PHASES: (Bar.THREE_PHASES, Bar.THREE_PHASES_RIVALS),
    Policy.ONE_CYCLE: (Bar.ONE_CYCLE, Bar.ONE_CYCLE_RIVALS),
    Policy.RESTARTS: (Bar.RESTARTS, Bar.RESTARTS_RIVALS),
}
RIVALS = ("textbook", "MXNet", "fvcore", "transformers", "timm")


def measure(bench: Bench) -> Section:
    """Every policy, then how cost grows with pieces, nesting and time."""
    results = {policy: bench.race(f"scalar: {policy}", contestants(policy)) for policy in Policy}
    measured: dict[Bar, Spread] = {}
    for policy, (formula, rivals) in FORMULA_BARS.items():
        result = results[policy]
        measured[formula] = result.ratio("ours", "formula")
        if known := [name for name in RIVALS if name in result.times]:
            measured[rivals] = result.ratio("ours", result.fastest(known))
    section = Section(
        "One call with a number",
        "Times are net of an empty loop. *formula* is a plain function with literal constants and no checks; the other "
        "rows are how many times as long a call takes. All are asked in the order of training; where there are many "
        "pieces or milestones, in any order. Schedulers that change when they are asked (MXNet's and the textbook's, "
        "except the cosines) are asked for 0, 1, 2, ..., since they give something else otherwise. transformers gives "
        "factors, not rates; under `jax.jit` a call returns before the value is there.",
        _tables(results),
        measured,
    )
    for table, more in (_function(bench), _pieces(bench), _far(bench)):
        section.tables.append(table)
        section.measured.update(more)
    return section


def _tables(results: dict[Policy, Race]) -> list[Table]:
    """Half of the policies each, so that a row can be read."""
    policies = list(results)
    middle = len(policies) // 2
    return [_table({policy: results[policy] for policy in half}) for half in (policies[:middle], policies[middle:])]


def _table(results: dict[Policy, Race]) -> Table:
    names = dict.fromkeys(name for result in results.values() for name in result.times)
    rows = [("formula, time", *[nanoseconds(result.median("formula")) for result in results.values()])]
    rows.append(("ours, time", *[nanoseconds(result.median("ours")) for result in results.values()]))
    for name in names:
        if name != "formula":
            cells = [times(r.ratio(name, "formula")) if name in r.times else "" for r in results.values()]
            rows.append((f"{name} / formula", *cells))
    rows += [(name, *[NOT_INSTALLED] * len(results)) for name in missing()]
    return Table(f"From {next(iter(results))} to {list(results)[-1]}", ("", *results), rows)


def _function(bench: Bench) -> tuple[Table, dict[Bar, Spread]]:
    formula, schedule, bare = "formula", "the schedule", "its function()"
    known = contestants(Policy.WARMUP_COSINE)
    result = bench.race(
        "scalar: function()",
        {
            formula: known["formula"],
            schedule: known["ours"],
            bare: Contestant(OURS[Policy.WARMUP_COSINE].function(), known["ours"].arguments),
        },
    )
    return ranking("Warmup + cosine, with and without the object", result, formula), {
        Bar.FUNCTION: result.ratio(bare, formula)
    }


def _pieces(bench: Bench) -> tuple[Table, dict[Bar, Spread]]:
    schedules = {
        "3 phases": OURS[Policy.THREE_PHASES],
        "3 cosines": phases(3),
        "100 phases": OURS[Policy.PHASES_100],
        "100 phases, nested": nested(100),
        "1000 phases": OURS[Policy.PHASES_1000],
    }
    result = bench.race(
        "scalar: pieces", {name: Contestant(schedule, in_any_order) for name, schedule in schedules.items()}
    )
    rows = [(name, nanoseconds(result.median(name)), times(result.ratio(name, "3 phases"))) for name in schedules]
    return Table("Pieces, asked in any order", ("", "time", "x 3 phases"), rows), {
        Bar.PHASES_100: result.ratio("100 phases", "3 phases"),
        Bar.PHASES_1000: result.ratio("1000 phases", "3 phases"),
        Bar.DEPTH: result.ratio("100 phases, nested", "100 phases"),
    }


def nested(depth: int, length: int = 1000) -> Schedule:
    """As many cosines as `depth`, each inside the one before it."""
    schedule: Schedule = Cosine(height(depth - 1), 0.001, steps=length)
    for i in reversed(range(depth - 1)):
        schedule = Cosine(height(i), 0.001, steps=length).then(schedule, at=length)
    return schedule


def _far(bench: Bench) -> tuple[Table, dict[Bar, Spread]]:
    schedules = {"cosine": Cosine(0.1, steps=2 * 10**9), "inverse square root": SquareRoot(0.1)}
    result = bench.race(
        "scalar: far times",
        {
            f"{name}, t = {t:g}": Contestant(schedule, lambda n, t=t: [t] * n)
            for name, schedule in schedules.items()
            for t in (10, 10**9)
        },
    )
    ratios = {name: result.ratio(f"{name}, t = 1e+09", f"{name}, t = 10") for name in schedules}
    rows = [
        (
            name,
            nanoseconds(result.median(f"{name}, t = 10")),
            nanoseconds(result.median(f"{name}, t = 1e+09")),
            times(ratio),
        )
        for name, ratio in ratios.items()
    ]
    return Table("Far times", ("", "t = 10", "t = 1e9", "ratio"), rows), {
        Bar.FAR_COSINE: ratios["cosine"],
        Bar.FAR_SQUARE_ROOT: ratios["inverse square root"],
    }
