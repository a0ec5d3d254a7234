"""JAX in 64 bits."""

import jax


def double_precision():
    """Return the context in which JAX computes in 64 bits; its newer versions have it in another place."""
    return jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64()
