"""Run a recipe as a program, `train.py HEADING KILL_AFTER`; each process notes the rates of its updates."""

import os
import signal
import sys
from pathlib import Path

import torch.distributed as dist

from loops.recipes import run
from loops.updates import watched

heading, kill_after = sys.argv[1], int(sys.argv[2])
rank, processes = (int(os.environ.get(name, default)) for name, default in (("RANK", 0), ("WORLD_SIZE", 1)))
updates = 0


def note(rate):
    """Write a rate down, exactly; then die where told so, by the one signal that no process can catch."""
    global updates
    updates += 1
    with Path(f"rates-{rank}").open("a") as file:
        file.write(rate.hex() + "\n")
    if updates == kill_after:
        # Not before all have got so far: then the last one alone, and it is the loop's business that the others end.
        if dist.is_initialized():
            dist.barrier()
        if rank == processes - 1:
            os.kill(os.getpid(), signal.SIGKILL)


with watched(note):
    run(heading)
# Without Python's own way out: on that, torch's threads of gloo may abort a process that has finished.
os._exit(0)
