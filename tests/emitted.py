"""Runs emitted modules beside the values of their schedules: `python emitted.py CASES.json`, with any Python."""

import json
import sys
from pathlib import Path


def value(function, t):
    try:
        answer = function(t)
    except (OverflowError, TypeError, ValueError) as error:
        return type(error).__name__
    assert type(answer) is float, type(answer)
    return answer.hex()


def main(path):
    for name in ("lrsched_core", "numpy"):
        sys.modules[name] = None  # not to be found
    cases = json.loads(Path(path).read_text())
    for case in cases:
        names = {"__name__": "emitted"}
        exec(case["text"], names)
        assert names["__all__"] == list(case["values"]), names["__all__"]
        for public, values in case["values"].items():
            for t, expected in zip(case["times"], values, strict=True):
                found = value(names[public], t)
                if found != expected:
                    sys.exit(f"{case['text']}\n{public} at t = {t!r}: {found}, not {expected}")
            names["test_" + public]()
    print(f"{len(cases)} agree.")


if __name__ == "__main__":
    main(sys.argv[1])
