"""Throws hostile text at `parse` and `from_json`: `python -m tests.fuzz --inputs 1000000`."""

import argparse
import os
import sys
from multiprocessing import get_context

from .trial import try_out


def main() -> int:
    """Exits with 1 if something happened that may not."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many (default: a million)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for how long at most")
    parser.add_argument("--seed", type=int, default=0, help="another one gives other inputs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    options = parser.parse_args()
    each = -(-options.inputs // options.jobs)
    with get_context("spawn").Pool(options.jobs) as pool:
        waiting = [
            pool.apply_async(try_out, (each, options.seed * 1000 + job), {"seconds": options.seconds})
            for job in range(options.jobs)
        ]
        trials = [result.get() for result in waiting]
    print(f"{sum(t.inputs for t in trials)} inputs, of which {sum(t.read for t in trials)} were read")
    print("longest: {:.3f} s of CPU, {}".format(*max(t.longest for t in trials)))
    print("most memory: {:.1f} MB, {}".format(*max(t.most for t in trials)))
    faults = [fault for trial in trials for fault in trial.faults]
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
