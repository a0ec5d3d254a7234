"""The simplest explanation of a log: how the schedule must have been asked for these rates to come out."""

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._run.audit.candidates import Candidate, candidates, prefix, probe
from lrsched_core._run.audit.causes import Cause, of_ahead, of_clock, of_factor, of_held, of_stale
from lrsched_core._run.audit.clocks import PLANNED
from lrsched_core._run.audit.rows import Rows, planned_at
from lrsched_core._value.inspection import boundaries, repeats

if TYPE_CHECKING:
    from lrsched_core._value.schedule import Schedule

# So many candidates are followed to where they stop explaining, and so many changes after that.
_STARTS, _CHANGES = 4, 6
# A jump of the clock is searched for among so many.
_JUMPS = 200_000
_JUMPS_TRIED = 6
_LOOKED_BACK = 20_000
_ENOUGH = 3
# What it costs at least to begin with another clock or factor.
_ANEW = 2.0


class Found(NamedTuple):
    """Causes that together explain every row."""

    cost: float
    causes: tuple[Cause, ...]


class _Stretch(NamedTuple):
    """What explains rows from one on, and how many."""

    length: int
    cost: float
    causes: tuple[Cause, ...]
    candidate: Candidate
    ahead: float


def explain(schedule: "Schedule", rows: Rows) -> Found | None:
    """The simplest explanation, None if none was found."""
    search = _Search(schedule, rows)
    return min(search.found(), key=lambda found: found.cost, default=None)


class _Search:
    def __init__(self, schedule: "Schedule", rows: Rows) -> None:
        self.schedule, self.rows = schedule, rows
        edges = () if repeats(schedule) else boundaries(schedule)
        self.stop = edges[-1] if edges else 0

    def found(self) -> list[Found]:
        first = self.starting(self.rows)
        complete = [Found(s.cost, s.causes) for s in first if s.length == len(self.rows)]
        cheapest = min([found.cost for found in complete], default=inf)
        # The plan itself is the likeliest beginning, however far it reaches.
        followed = [s for s in first if s.candidate == Candidate(PLANNED)][:1]
        if cheapest >= 2:
            first.sort(key=lambda s: (-s.length, s.cost))
            followed += [s for s in first if s.length < len(self.rows) and s not in followed][:_STARTS]
        for stretch in followed:
            found = self.follow(stretch, cheapest) if stretch.length >= 2 else None
            if found is not None:
                complete.append(found)
                cheapest = min(cheapest, found.cost)
        return complete

    def starting(self, rows: Rows) -> list[_Stretch]:
        """What explains the first rows."""
        since = float(rows.t[0]) if rows is not self.rows else 0.0
        stretches = []
        for candidate in candidates(self.schedule, rows):
            length = prefix(self.schedule, rows, candidate)
            stretches.append(_Stretch(length, candidate.cost, self.causes(candidate, since), candidate, 0))
        held = self.held(rows, since)
        return [*stretches, held] if held else stretches

    def causes(self, candidate: Candidate, since: float) -> tuple[Cause, ...]:
        found: list[Cause] = []
        if candidate.clock != PLANNED:
            found.append(of_clock(candidate.clock, self.stop, since))
        if candidate.factor != 1.0:
            found.append(of_factor(candidate.factor, since))
        return tuple(found)

    def follow(self, first: _Stretch, limit: float) -> Found | None:
        """What happened where an explanation ends, until all rows are explained, or it costs too much."""
        done, cost, causes = first.length, first.cost, first.causes
        current = first
        for _ in range(_CHANGES):
            if done >= len(self.rows):
                return Found(cost, causes)
            if not done or cost >= limit:
                return None
            options = [s for s in self.changes(current, done, limit - cost) if s.length > 0]
            if not options:
                return None
            current = max(options, key=lambda s: (s.length, -s.cost))
            done, cost, causes = done + current.length, cost + current.cost, causes + current.causes
        return Found(cost, causes) if done >= len(self.rows) else None

    def changes(self, before: _Stretch, start: int, limit: float) -> list[_Stretch]:
        """What may have happened at a row, and does not cost more than that."""
        rest = self.rows.since(start)
        since = float(rest.t[0])
        options = [*self.stale(before, rest), *self.jumped(before, start)]
        held = self.held(rest, since)
        if held and len(rest) >= _ENOUGH:
            options.append(held)
        if max([s.length for s in options], default=0) < len(rest) and limit > _ANEW:
            begun = [s for s in self.starting(rest) if s.candidate != Candidate(PLANNED)]
            options += [s._replace(cost=s.cost + 1) for s in begun]
        return options

    def held(self, rows: Rows, since: float) -> _Stretch | None:
        """One rate until the end, though the plan has others."""
        import numpy as np

        rate = float(rows.rates[0])
        if not rows.match(np.full(len(rows), rate)).all():
            return None
        initial = bool(rows.only(slice(0, 1)).match(planned_at(self.schedule, np.zeros(1)))[0])
        return _Stretch(len(rows), 1.05, (of_held(rate, since, initial),), Candidate(PLANNED), 0)

    def stale(self, before: _Stretch, rest: Rows) -> list[_Stretch]:
        """One rate for some rows, and then what was to be expected."""
        import numpy as np

        rate = float(rest.rates[0])
        same = ~rest.match(np.full(len(rest), rate))
        length = int(same.argmax()) if same.any() else len(rest)
        expected = rest.match(before.candidate.values(self.schedule, rest.t, before.ahead))
        while length > 1 and expected[length - 1]:
            length -= 1
        if length >= len(rest):
            return []
        after = prefix(self.schedule, rest.since(length), before.candidate, before.ahead)
        if not after:
            return []
        cause = of_stale(rate, float(rest.t[0]), float(rest.t[length - 1]))
        cost = 0.9 if rest.t[0] == rest.t[length - 1] else 0.95
        return [_Stretch(length + after, cost, (cause,), before.candidate, before.ahead)]

    def jumped(self, before: _Stretch, start: int) -> list[_Stretch]:
        """The clock is ahead, or behind, from a row on."""
        import numpy as np

        rest, last = self.rows.since(start), float(self.rows.t[start - 1])
        clock, candidate = before.candidate.clock, before.candidate
        probes = rest.only(probe(rest))
        if not len(probes):
            return []
        asked = clock.times(probes.t)
        resumes = clock.times(_between(last, float(rest.t[0]))) - clock.times(0)
        aheads = _jumps(resumes, float(np.floor(clock.times(rest.t[:1])[0])))
        values = candidate.factor * planned_at(self.schedule, asked[None, :] + aheads[:, None])
        matched = probes.match(values) & (asked[None, :] + aheads[:, None] >= 0)
        lengths = np.where(matched.all(axis=1), matched.shape[1], matched.argmin(axis=1))
        options = []
        for i in np.argsort(-lengths, kind="stable")[:_JUMPS_TRIED].tolist():
            ahead = float(aheads[i])
            if lengths[i] and ahead != before.ahead:
                length = prefix(self.schedule, rest, candidate, ahead)
                cause = self.jump(candidate, ahead, start)
                # That a resume is behind it, one can see from some jumps.
                cost = (1.1 if cause.kind == "jump" else 1.0) + 1e-6 * i
                options.append(_Stretch(length, cost, (cause,), candidate, ahead))
        return options

    def jump(self, candidate: Candidate, ahead: float, start: int) -> Cause:
        """A jump before a row: at the resume that makes most sense, if the rows before it leave a choice."""
        import numpy as np

        earlier = self.rows.only(slice(max(start - _LOOKED_BACK, 0), start))
        agree = earlier.match(candidate.values(self.schedule, earlier.t, ahead))
        agree &= candidate.clock.times(earlier.t) + ahead >= 0
        unclear = len(agree) if agree.all() else int((~agree[::-1]).argmax())
        last = float(self.rows.t[start - unclear - 1]) if start > unclear else -1.0
        t = _between(last, float(self.rows.t[start]))
        times = candidate.clock.times(t) - candidate.clock.times(0)  # since its beginning
        fitting = np.flatnonzero(np.abs(times) == abs(ahead))
        i = int(fitting[-1]) if fitting.size else len(t) - 1
        return of_ahead(ahead, float(times[i]), float(t[i]))


def _between(last: float, first: float) -> Any:
    """The updates after a row, until another one."""
    import numpy as np

    return np.arange(np.floor(last) + 1, first + 1) if 1 <= first - last < _JUMPS else np.array([first])


def _jumps(resumes: Any, now: float) -> Any:
    """By how much a clock may be ahead: begun again, counted twice, or anything, nearer values first."""
    import numpy as np

    whole = resumes[resumes == np.floor(resumes)][::-1]
    reach = int(min(max(now, 1_000), _JUMPS))
    steps = np.arange(1, reach + 1, dtype=np.float64)
    near = np.stack([-steps, steps], axis=1).ravel()
    found = np.concatenate([-whole, whole, near])
    found = found[found != 0]
    _, first = np.unique(found, return_index=True)
    return found[np.sort(first)]
