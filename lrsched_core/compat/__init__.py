"""Schedules for those who come from another library: its constructors, with its names, giving schedules of this one.

One module per library (`lrsched_core.compat.torch`, `.torchvision`, `.transformers`, `.timm`, `.pytorch_warmup`,
`.fvcore`, `.keras`, `.optax`, `.mxnet`), one function per original. It takes the original's arguments by their own
names and, first, what the original reads from the optimizer: `base_lr`. What comes out is a composition of this
library's own schedules, printable and comparable like any other; no framework is imported.

    >>> from lrsched_core.compat import torch
    >>> torch.CosineAnnealingLR(0.1, T_max=50, clean=True)
    Cosine(0.1, steps=50)

A schedule made here equals the original update for update, but for rounding, wherever the two were compared, its quirks
included: `CosineAnnealingLR` rises again after `T_max`. The docstring of each function names the quirks, and those that
are faults which no schedule here reproduces. `clean=True`, where an original has a quirk, gives what this library does
instead: pieces begin and end where they were told to, and the end is held. The comparison with the live originals is
`docs/parity.md`.
"""
