"""Tries one input after the other, and notes what may not happen."""

import json
import resource
import signal
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lrsched_core import from_json, parse

from .inputs import READERS, Maker

SECONDS, MEGABYTES = 1.0, 100.0
# The first call lays out as many pieces as may be read, all at once.
SECONDS_TO_ASK = 3.0
# What nothing that only reads does. Python's own imports open files; `warm_up` has them done before.
FORBIDDEN = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "open", "import", "pty.", "webbrowser.")
ANSWERS = (TypeError, ValueError)


class TooLongError(BaseException):
    """What no `except Exception` catches."""


@dataclass
class Trial:
    """How it went so far."""

    inputs: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)
    longest: tuple[float, str] = (0.0, "")
    most: tuple[float, str] = (0.0, "")
    events: list[str] = field(default_factory=list)
    listening: bool = False

    def hear(self, event: str, _arguments: Any) -> None:
        if self.listening and event.startswith(FORBIDDEN):
            self.events.append(event)

    def fault(self, what: str, text: str) -> None:
        self.faults.append(f"{what}: {text[:2000]!r}")

    def run(self, kind: str, text: str, *, thoroughly: bool) -> None:
        """Reads a text; thoroughly: also asks and writes what was read."""
        self.inputs += 1
        before, high = _resident(), _peak()
        schedule = self._timed("reading", text, lambda: READERS[kind](text))
        if (peak := _peak()) > high and peak - before > self.most[0]:
            self.most = (peak - before, text[:200])
            if peak - before > MEGABYTES:
                self.fault(f"{peak - before:.0f} MB", text)
        if schedule is None:
            return
        self.read += 1
        if thoroughly:
            for t in (0, 7.5, 10**9):
                self._timed(f"t = {t}", text, lambda t=t: schedule(t), OverflowError)
            # A text too long to be read again, and of more pieces than may be read, are the exceptions.
            again = self._timed("repr", text, lambda: parse(repr(schedule)))
            if again is not None and again != schedule:
                self.fault("another schedule from repr", text)
            again = self._timed("JSON", text, lambda: from_json(schedule.to_json()))
            if again != schedule:
                self.fault("another schedule from JSON", text)

    def _timed(self, what: str, text: str, action: Any, *also: type[Exception]) -> Any:
        result = None
        signal.setitimer(signal.ITIMER_VIRTUAL, 4 * SECONDS)
        started = time.process_time()
        self.listening = True
        try:
            result = action()
        except (*ANSWERS, *also):
            pass
        except TooLongError:
            self.fault(f"{what} takes more than {4 * SECONDS} s", text)
        except BaseException as error:
            self.fault(f"{what} raises {type(error).__name__}: {error}", text)
        finally:
            self.listening = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        seconds = time.process_time() - started
        if seconds > self.longest[0]:
            self.longest = (seconds, f"{what}: {text[:200]}")
            if seconds > (SECONDS_TO_ASK if what.startswith("t =") else SECONDS):
                self.fault(f"{what} takes {seconds:.2f} s", text)
        if self.events:
            self.fault(f"{what} does {self.events}", text)
            self.events.clear()
        return result


def try_out(inputs: int, seed: int, *, seconds: float = float("inf"), every: int = 20) -> Trial:
    """So many inputs, or as many as the time allows; every so many are tried thoroughly."""
    trial, maker = Trial(), Maker(seed)
    sys.addaudithook(trial.hear)
    handler = signal.signal(signal.SIGVTALRM, _too_long)
    warnings.simplefilter("ignore", SyntaxWarning)  # "1if" is no expression of ours, but of Python
    warnings.simplefilter("ignore", DeprecationWarning)
    warm_up()
    end = time.monotonic() + seconds
    try:
        while trial.inputs < inputs and time.monotonic() < end:
            trial.run(*maker.input(), thoroughly=trial.inputs % every == 0)
    finally:
        signal.signal(signal.SIGVTALRM, handler)
    return trial


def warm_up() -> None:
    """Has everything imported that is imported when it is first needed."""
    for text in ("Tanh(0.1, steps=0.3).stretch(0.1).repeat(3, growth=1.5) + Geometric(1, 2, steps=3)", "Cosin(1)", "é"):
        try:
            from_json(parse(text).to_json())(3)
        except ValueError:
            continue
    json.loads("[1]")


def _too_long(_number: int, _frame: Any) -> None:
    raise TooLongError


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
