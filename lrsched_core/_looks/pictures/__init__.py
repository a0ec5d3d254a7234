"""Pictures: a schedule sampled so that no jump is lost, drawn by matplotlib, in a notebook, or in a terminal."""
