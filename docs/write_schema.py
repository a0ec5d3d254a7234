"""Write the JSON Schema of schedules: `python docs/write_schema.py`."""

import json
from pathlib import Path

from lrsched_core import json_schema

PATH = Path(__file__).parent / "schedule.schema.json"


def text() -> str:
    """The file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
