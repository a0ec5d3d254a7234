"""Settings that must hold before a test module imports a framework."""

import os

# One thread for each process: tests run in as many as there are cores, and threads that wait for each other at the end
# of every little operation cost more than all tests where the cores are taken.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

import numpy as np
from hypothesis import HealthCheck, settings

# MXNet 1.9.1 looks up numpy.bool when it is imported. NumPy 1.24 to 1.26 have none; NumPy 2 does.
# The library patches nothing, so whoever imports MXNet does it: here, once, for every test.
if "bool" not in vars(np):
    np.bool = bool

# On the CPU unless told otherwise, with TensorFlow behind Keras, without windows and start-up chatter.
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["MPLBACKEND"] = "Agg"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

# No deadlines: a framework's first call may take seconds. In CI, the same examples every time.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
# Ten times as many, before a release: pytest --hypothesis-profile=thorough.
settings.register_profile("thorough", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")
