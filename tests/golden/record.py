"""Adds to the golden forms what has none yet, from the table of examples: `python tests/golden/record.py`.

What stands there is read for ever, and never written anew.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
FORMS = HERE / "version1.jsonl"
sys.path.insert(0, str(HERE.parent))

from examples import CLASSES, OPERATORS


def unrecorded() -> list[str]:
    """A line for each class of whose form there is none, alone or within another."""
    known = FORMS.read_text(encoding="utf-8")
    return [
        json.dumps({"text": repr(example.trained), "repr": repr(example.trained), "form": example.trained.to_dict()})
        for name, example in {**CLASSES, **OPERATORS}.items()
        if f'"type": "{name}"' not in known
    ]


if __name__ == "__main__":
    with FORMS.open("a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in unrecorded())
