"""What an optimizer has used, update by update."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Rows:
    """A table of what was used: one row an update.

    Attributes:
        rows: One dict for each update: `update`, counted from 0, and the values by name.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, update: int, values: Mapping[str, float]) -> None:
        """Notes what an update has used."""
        self.rows.append({"update": update, **values})

    def save(self, path: Any) -> None:
        """Writes the rows as CSV, with every digit, in the form that `lrsched-core check` reads."""
        names = list(dict.fromkeys(name for row in self.rows for name in row)) or ["update"]
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(self.rows)
