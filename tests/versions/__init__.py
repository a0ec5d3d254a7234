"""Which versions of Python and the frameworks work together, tried: `make matrix`."""
