"""Emission: a schedule as the text of a module that needs neither this library nor any other."""
