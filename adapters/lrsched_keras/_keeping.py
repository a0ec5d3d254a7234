"""What a callback follows, and the state of its rule, saved and loaded with the optimizer."""

import json
from collections.abc import Mapping
from os import PathLike
from typing import Any, NamedTuple

import keras
import numpy as np

from lrsched_core._errors import refusal, refuse
from lrsched_core._run.changes import form_of, value_of

# The attribute of an optimizer under which Keras finds it, and the entry that it makes in a file.
ATTRIBUTE = "lrsched"
ENTRY = "json"
_VERSION = 1


class Kept(NamedTuple):
    """What is saved of one callback.

    Attributes:
        unit: What its time counts.
        given: What it was told to follow, by hyperparameter: schedules, or names of what cannot be read back.
        history: What was in force, where it was told otherwise before.
        epochs: The epochs that have begun.
        rule: What reacts to a metric, if anything does.
        state: What the rule remembers.
    """

    unit: str
    given: dict[str, Any]
    history: dict[str, Any]
    epochs: int = 0
    rule: Any = None
    state: Any = None


# A loss, as that is what Keras saves and loads with an optimizer, and does nothing else with.
class Memory(keras.losses.Loss):
    """What the callbacks of an optimizer are to remember: Keras saves it wherever it saves the optimizer."""

    def __init__(self) -> None:
        super().__init__(name=ATTRIBUTE)
        self.kept: dict[tuple[str, ...], Kept] = {}  # by what the callback sets
        self._loaded: dict[tuple[str, ...], Kept] = {}  # of these, what no callback has taken over yet

    def of(self, names: set[str]) -> list[Kept]:
        """What was kept of callbacks that set some of these."""
        return [kept for key, kept in self.kept.items() if names & {*key}]

    def loaded(self, names: set[str]) -> list[Kept]:
        """The same, if it was loaded and not taken over yet."""
        return [self._loaded.pop(key) for key in [*self._loaded] if names & {*key}]

    def keep(self, kept: Kept) -> None:
        """Replaces what was kept of callbacks that set some of the same."""
        names = {*kept.given}
        self.kept = {key: other for key, other in self.kept.items() if not names & {*key}}
        self.kept[tuple(kept.given)] = kept

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Nothing to do: this is no loss of a model."""
        raise NotImplementedError

    def save_own_variables(self, store: Any) -> None:
        """Writes everything as JSON, in bytes, since a store takes arrays."""
        forms = [
            {
                "unit": kept.unit,
                "given": form_of(kept.given),
                "history": form_of(kept.history),
                "epochs": kept.epochs,
                "rule": form_of(kept.rule) if kept.rule is not None else None,
                "state": kept.state,
            }
            for kept in self.kept.values()
        ]
        text = json.dumps({"version": _VERSION, "callbacks": forms}, separators=(",", ":"))
        store[ENTRY] = np.frombuffer(text.encode(), np.uint8)

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Reads what was written; a file without it changes nothing."""
        if ENTRY in store.keys():  # noqa: SIM118  # in Keras 3.7 a store has no `in` of its own
            self.kept = read(store[ENTRY])
            self._loaded = dict(self.kept)


def read(entry: Any) -> dict[tuple[str, ...], Kept]:
    """What `Memory` wrote.

    Raises:
        ValueError: If it is something else.
    """
    made = {}
    try:
        forms = json.loads(bytes(np.asarray(entry, np.uint8)))
        for form in forms["callbacks"] if forms["version"] == _VERSION else [forms["version"]]:
            given, history = ({**value_of(form[key])} for key in ("given", "history"))
            rule = None if form["rule"] is None else value_of(form["rule"])
            made[tuple(given)] = Kept(form["unit"], given, history, form["epochs"], rule, form["state"])
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        rule = f"be what a ScheduleCallback keeps, in version {_VERSION}"
        raise refusal(ValueError, f"{ATTRIBUTE}/vars/{ENTRY}", rule, "something else") from error
    return made


def memory_of(optimizer: Any) -> Memory:
    """The memory of an optimizer, which it is given if it has none."""
    memory = getattr(optimizer, ATTRIBUTE, None)
    if not isinstance(memory, Memory):
        memory = Memory()
        setattr(optimizer, ATTRIBUTE, memory)
    return memory


def read_file(argument: str, path: Any) -> dict[str, dict[tuple[str, ...], Kept]]:
    """What a `.keras` or `.weights.h5` file holds, by the place of the optimizer in it.

    Args:
        argument: What a message calls the path.
        path: The path.

    Raises:
        TypeError: If it is no path.
        ValueError: If the file is something else.
    """
    import zipfile

    import h5py

    if not isinstance(path, str | PathLike):
        raise refuse(TypeError, argument, "the path of a file", path)
    found: dict[str, dict[tuple[str, ...], Kept]] = {}

    def look(name: str, item: Any) -> None:
        if name.endswith(f"{ATTRIBUTE}/vars/{ENTRY}"):
            found[name.removesuffix(f"/{ATTRIBUTE}/vars/{ENTRY}")] = read(item[()])

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as inner, h5py.File(inner) as file:
                file.visititems(look)
        else:
            with h5py.File(path) as file:
                file.visititems(look)
    except (KeyError, OSError) as error:
        if getattr(error, "errno", None):  # there is none, or it may not be read: the system says so
            raise
        raise refuse(ValueError, argument, "a .keras or .weights.h5 file", str(path)) from error
    return found
