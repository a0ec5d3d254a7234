"""The courses of batches: what each update takes, where sizes change, and how epochs end."""

from collections.abc import Sequence
from math import ceil, inf
from typing import NamedTuple

from lrsched_core._evaluation.times import Exact
from lrsched_core._run.consumption import Course


class Level(NamedTuple):
    """A size of batches, in samples, and what must be reached for an update to begin with it."""

    size: int
    at: Exact


class Batches:
    """Lays out the courses of a run, stretch by stretch.

    Attributes:
        samples: Courses of samples.
        epochs: Courses of epochs; none if epochs have no size.
    """

    def __init__(self, levels: Sequence[Level], *, by_updates: bool, epoch: int | None, drop_last: bool) -> None:
        self.samples: list[Course] = []
        self.epochs: list[Course] = []
        self._by_updates = by_updates
        self._drop_last = drop_last
        self._updates = self._consumed = self._completed = self._position = 0
        # The stretches of the present epoch: its size is known when it is over.
        self._present: list[Course] = []
        for level, following in zip(levels, [*levels[1:], Level(1, inf)], strict=True):  # type: ignore[arg-type]
            self._until = following.at
            if epoch is None:
                self._take(level.size)
            else:
                self._take_from(epoch, level.size)

    def _ahead(self, updates: int, samples: int) -> float:
        """How many times so many updates, of so many samples, are whole before the next size holds."""
        if self._until == inf:
            return inf
        first = ceil(self._until)
        return max(0, (first - self._updates) // updates if self._by_updates else (first - self._consumed) // samples)

    def _updates_ahead(self, size: int) -> float:
        """How many updates begin before the next size holds."""
        if self._until == inf or self._by_updates:
            return self._ahead(1, 1)
        return max(0, -(-(ceil(self._until) - self._consumed) // size))

    def _take(self, size: int) -> None:
        updates = self._updates_ahead(size)
        if updates:
            _append(self.samples, Course(self._updates, self._consumed, size))
            self._passed(updates, 1, size)

    def _take_from(self, epoch: int, size: int) -> None:
        while self._updates_ahead(size):
            left = epoch - self._position
            updates = epoch // size if self._drop_last else -(-epoch // size)
            samples = updates * size if self._drop_last else epoch
            alike = 0 if self._position else self._ahead(updates, samples)
            if self._drop_last and alike * updates == self._updates_ahead(size) < inf:
                alike -= 1  # what is left of the last one may hold a batch of the next size
            if alike:
                self._take_epochs(alike, updates, samples, min(size, epoch))
                if alike == inf:
                    return
            elif left >= size:
                self._take_batches(int(min(self._updates_ahead(size), left // size)), size)
            elif self._drop_last:
                self._end_epoch()
            else:
                self._take_batches(1, left)
            if self._position == epoch:
                self._end_epoch()

    def _take_epochs(self, epochs: float, updates: int, samples: int, size: int) -> None:
        lack = updates * size - samples
        course = Course(self._updates, self._consumed, size, lack, updates if lack else 1)
        _append(self.samples, course)
        _append(self.epochs, course._replace(base=self._completed * samples, unit=samples))
        self._passed(epochs, updates, samples)
        if epochs != inf:
            self._completed += int(epochs)

    def _take_batches(self, updates: int, size: int) -> None:
        _append(self.samples, Course(self._updates, self._consumed, size))
        self._present.append(Course(self._updates, self._position, size))
        self._position += updates * size
        self._passed(updates, 1, size)

    def _end_epoch(self) -> None:
        samples = self._position
        for course in self._present:
            _append(self.epochs, course._replace(base=self._completed * samples + course.base, unit=samples))
        self._present = []
        self._position = 0
        self._completed += 1

    def _passed(self, times: float, updates: int, samples: int) -> None:
        if times != inf:
            self._updates += int(times) * updates
            self._consumed += int(times) * samples


def _append(courses: list[Course], course: Course) -> None:
    """Adds a course, unless it only continues the last one."""
    course = course.times(1)
    if courses:
        last = courses[-1]
        straight = not last.lack and (last.rate, last.unit) == (course.rate, course.unit) and not course.lack
        if straight and last.after(course.start - last.start) == course.base:
            return
    courses.append(course)
