"""Run by other Pythons: each reads and writes what version 1 of the forms says. Prints what it writes."""

import copy
import json
import pickle
import sys
from pathlib import Path

from lrsched_core import from_json, parse

for line in Path(__file__).with_name("version1.jsonl").read_text(encoding="utf-8").splitlines():
    golden = json.loads(line)
    schedule = parse(golden["text"])
    assert repr(schedule) == golden["repr"], golden
    assert schedule.to_json() == json.dumps({**golden["form"]}), golden
    for other in (parse(golden["repr"]), from_json(schedule.to_json()), copy.copy(schedule)):
        assert other == schedule, golden
        assert hash(other) == hash(schedule)
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    value = schedule(3) if callable(schedule) else {}  # a rule has none
    values = value.values() if isinstance(value, dict) else [value]  # a plan has several
    sys.stdout.write(f"{schedule!r} {schedule.to_json()} {[x.hex() for x in values]}\n")
