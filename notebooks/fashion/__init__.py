"""LeNet on Fashion-MNIST in three frameworks: what the demo and the notebooks share.

`data` finds the images; `lenet_torch`, `lenet_keras` and `lenet_mxnet` each hold the network and a
native training loop; `training` runs any of them by name; `report` makes the demo's table and picture.

The experiments: `chapter` holds the schedules; `records` keeps what a run measured; `claims` are what the chapter says
of its curves; `findings` writes the page of results, and `overview` draws its pictures.

The notebooks: `runs` gives them the experiments' runs, `curves` draws those of one framework and `measures` tabulates
them; `source` shows code; `short` says how much of everything the tests' short mode takes.
"""

import os

# Before a framework loads OpenMP: by default its idle threads spin, and on a busy or small machine
# they take the core from the thread they wait for (PyTorch then needed up to five times as long).
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
