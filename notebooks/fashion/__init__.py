"""LeNet on Fashion-MNIST in three frameworks: what the demo and the notebooks share.

`data` finds the images; `lenet_torch`, `lenet_keras` and `lenet_mxnet` each hold the network and a
native training loop; `training` runs any of them by name; `report` makes the table and the picture.
"""

import os

# Before a framework loads OpenMP: by default its idle threads spin, and on a busy or small machine
# they take the core from the thread they wait for (PyTorch then needed up to five times as long).
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
