"""Runs that are killed for real and go on: one process imports a framework, and forks another for each stretch."""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path


def forked(function, *arguments):
    """Call a function in a process of its own; return how that ended: by 0, by 1 after an error, by minus a signal."""
    if not (child := os.fork()):
        code = 1
        try:
            function(*arguments)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def stretches(train):
    """Train each run of the program's arguments, FOLDER and a list of [name, checkpoint every, kill].

    `train(folder, log, every, kill)` writes to a log, and goes on from the last checkpoint in the folder: the first
    time until it is killed, the second time to its end.
    """
    for name, every, kill in json.loads(sys.argv[2]):
        folder = Path(sys.argv[1]) / name
        folder.mkdir()
        ends = [forked(train, folder, folder / "first", every, kill)]
        if kill is not None:
            ends.append(forked(train, folder, folder / "second", every, None))
        print(name, *ends)


def said_by(program, *arguments):
    """Return what a program prints, given as text; it sees the modules of the tests."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,  # a fork that hangs should not hang the suite
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(log):
    """Return the words of each line of a log, which there may not be."""
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []
